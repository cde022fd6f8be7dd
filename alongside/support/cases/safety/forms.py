"""The forms of safety plans, named for their verbs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.safety import queries, rules
from alongside.support.cases.safety.models import Entry, Paper

Choices = Sequence[tuple[str, str]]


class _Piece(forms.Form):
    words = forms.CharField(
        label="What they will do", max_length=rules.LONGEST, widget=forms.Textarea,
        help_text="In their own words. Not an address or a telephone number: keep those with the ways to make contact.",
    )  # fmt: skip
    who = forms.ChoiceField(
        label="Who does it?", choices=Entry.Who.choices, widget=forms.RadioSelect,
        error_messages={"required": "Choose who does it"},
    )  # fmt: skip
    review_on = DateBoxesField(label="Gone through again on", name="day", required=False)


class Add(_Piece):
    section = forms.ChoiceField(
        label="Part of the plan", widget=forms.RadioSelect, error_messages={"required": "Choose the part of the plan"}
    )
    field_order = ("section", "words", "who", "review_on")

    def __init__(self, *args: Any, sections: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "section", sections)

    @staticmethod
    def start(section: str) -> dict[str, Any]:
        on = london_date(timezone.now())
        return {"section": section, "who": Entry.Who.VICTIM, "review_on": queries.usual_review(on)}


class Revise(_Piece):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class Press(forms.Form):
    """A button beside a piece."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    may_print = forms.BooleanField(required=False)


class Review(forms.Form):
    review_on = DateBoxesField(label="Gone through again on", name="day")


class PrintOut(forms.Form):
    home_shared = forms.ChoiceField(
        label="Do they share their home with whoever may harm them, or does that person come and go there?",
        choices=Paper.Home.choices, widget=forms.RadioSelect,
        error_messages={"required": "Say whether their home is shared with whoever may harm them"},
    )  # fmt: skip
    kept_how = forms.ChoiceField(
        label="If so, or if you do not know: how is the paper kept safe?", required=False, widget=forms.RadioSelect,
        help_text="If none of these is true, do not print. Go through the plan together until they know it by heart.",
    )  # fmt: skip
    checked = forms.BooleanField(
        required=False, label="I have read it through: it names nobody who may harm them, and no place",
    )  # fmt: skip

    def __init__(self, *args: Any, keeping: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "kept_how", keeping)
