"""What the queue's page asks, and what a saved view asks; and who takes on what was ticked."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.forms import HiddenInput
from django.http import QueryDict

from alongside.core.pages.fields import choose_from
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.triage.queue import Wanted
from alongside.support.desk.triage.rules import FILTERS

Choices = Iterable[tuple[str, str]]
SOURCES = [choice for choice in Referral.Source.choices if choice[0] != Referral.Source.BROUGHT]  # those come to no hub


class Queue(forms.Form):
    """The search and filters above the queue."""

    q = forms.CharField(
        label="Search by reference, ours or theirs, or by family name", required=False, max_length=60,
        widget=forms.TextInput({"type": "search"}),
    )  # fmt: skip
    crime = forms.ChoiceField(label="What happened", required=False)
    council = forms.ChoiceField(label="Council", required=False)
    source = forms.ChoiceField(label="Source", required=False, choices=[("", "All"), *SOURCES])
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


class Ticked:
    """The rows that were ticked, each with whose it was on the page; and the view to go back to."""

    def __init__(self, data: QueryDict) -> None:
        self.rows, self.view = data.getlist("row"), data.get("view", "")

    @property
    def seen(self) -> dict[UUID, UUID | None]:
        """Keys with whose each was. What is no key was not ticked on our page, and is left out."""
        found: dict[UUID, UUID | None] = {}
        for one in self.rows:
            key, _, worker = one.partition(":")
            try:
                found[UUID(key)] = UUID(worker) if worker else None
            except ValueError:
                continue
        return found


class Allocate(forms.Form):
    worker = forms.TypedChoiceField(label="Who takes them on?", coerce=UUID, widget=forms.RadioSelect)

    def __init__(self, *args: Any, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "worker", people)
