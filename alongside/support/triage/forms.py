"""What the queue's page asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import HiddenInput

from alongside.core.pages.fields import choose_from
from alongside.support.referrals.models import Referral
from alongside.support.triage.queue import Wanted

Choices = Iterable[tuple[str, str]]


class Queue(forms.Form):
    """The search and filters above the queue."""

    q = forms.CharField(
        label="Search by reference, ours or theirs, or by family name", required=False, max_length=60,
        widget=forms.TextInput({"type": "search"}),
    )  # fmt: skip
    crime = forms.ChoiceField(label="What happened", required=False)
    council = forms.ChoiceField(label="Council", required=False)
    source = forms.ChoiceField(label="Source", required=False, choices=[("", "All"), *Referral.Source.choices])
    flag = forms.ChoiceField(label="Flag", required=False)
    view = forms.CharField(required=False, max_length=20, widget=HiddenInput)
    sort = forms.CharField(required=False, max_length=20, widget=HiddenInput)

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, pairs in choices.items():
            choose_from(self, name, pairs)

    def wanted(self) -> Wanted:
        """What was asked for. A search looks through everything, whatever view it was begun from."""
        found = self.cleaned_data if self.is_valid() else {}
        asked = {name: found.get(name, "") for name in ("q", "crime", "council", "source", "flag", "view")}
        asked["view"] = "all" if asked["q"] else asked["view"] or "to_do"
        return Wanted(**asked)
