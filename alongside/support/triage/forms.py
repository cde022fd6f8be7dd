"""What the queue's page asks, and what a saved view asks."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.forms import HiddenInput

from alongside.core.pages.fields import choose_from
from alongside.support.referrals.models import Referral
from alongside.support.triage.queue import Wanted
from alongside.support.triage.rules import FILTERS

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
    view = forms.CharField(required=False, max_length=40, widget=HiddenInput)
    sort = forms.CharField(required=False, max_length=20, widget=HiddenInput)

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, pairs in choices.items():
            choose_from(self, name, pairs)

    def wanted(self, base: str = "") -> Wanted:
        """What was asked for. `base`: the fixed view under a saved one. A search looks through everything."""
        found = self.cleaned_data if self.is_valid() else {}
        asked = {name: found.get(name, "") for name in ("q", "crime", "council", "source", "flag", "view")}
        asked["view"] = "all" if asked["q"] else base or asked["view"] or "to_do"
        return Wanted(**asked)


class NameView(forms.Form):
    name = forms.CharField(
        label="What is it called?", max_length=40, help_text="For example, High risk in the north. Name no victim.",
    )  # fmt: skip


class SaveView(NameView):
    """A name for the view that is open, whose filters and order come along unseen."""

    open_on = forms.BooleanField(label="Open the queue on it from now on", required=False)
    shared = forms.BooleanField(label="Share it with everybody in the hub", required=False)
    view = forms.CharField(max_length=20, widget=HiddenInput)
    crime = forms.CharField(required=False, max_length=40, widget=HiddenInput)
    council = forms.CharField(required=False, max_length=40, widget=HiddenInput)
    source = forms.CharField(required=False, max_length=40, widget=HiddenInput)
    flag = forms.CharField(required=False, max_length=40, widget=HiddenInput)
    sort = forms.CharField(required=False, max_length=20, widget=HiddenInput)

    def __init__(self, *args: Any, may_share: bool, **words: Any) -> None:
        super().__init__(*args, **words)
        if not may_share:
            del self.fields["shared"]

    @property
    def given(self) -> dict[str, Any]:
        """What the action takes, beside who and when."""
        kept = dict(self.cleaned_data)
        kept.pop("open_on")
        filters = {name: kept.pop(name) for name in FILTERS}
        return {**kept, "filters": filters}
