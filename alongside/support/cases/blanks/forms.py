"""The little form of each gap, in place."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.blanks import rules

Choices = Sequence[tuple[str, str]]
YES_NO = (("yes", "Yes"), ("no", "No"))
BOOKS = {"sex": "sexes", "ethnicity": "ethnic_groups", "language": "languages"}
FEW = 8  # choices that are shown one under another


def _today() -> date:
    return london_date(timezone.now())


class Fill(forms.Form):
    """The base of each: `given` is what the action takes."""

    @property
    def given(self) -> dict[str, Any]:
        return self.cleaned_data


class BirthDate(Fill):
    birth_date = DateBoxesField(
        label="When were they born?", name="date of birth", required=False, birth=False, latest=_today
    )  # fmt: skip
    age_said = forms.IntegerField(
        label="Or how old are they?", min_value=0, max_value=120, required=False,
        error_messages={"invalid": "Enter an age in whole years, like 34"},
    )  # fmt: skip
    mark_optional = False

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and found.get("birth_date") is None and found.get("age_said") is None:
            self.add_error("birth_date", "Enter a date of birth, or an age, or say below what came of asking")
        return found


class Chosen(Fill):
    """One choice of a book, without the codes that say nothing."""

    def __init__(self, *args: Any, name: str, label: str, choices: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        listed = [(code, title) for code, title in choices if code not in {*rules.UNSAID, rules.NOT_SAID}]
        few = len(listed) <= FEW
        self.fields[name] = forms.ChoiceField(
            label=label, choices=listed if few else [("", "Choose"), *listed],
            widget=forms.RadioSelect if few else forms.Select, error_messages={"required": "Choose an answer"},
        )  # fmt: skip
        choose_from(self, name, listed if few else [("", "Choose"), *listed])


class AccessNeeds(Fill):
    access_needs = forms.CharField(
        label="What do they need to use the service?", max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text="A disability or long illness and what helps: a lift, large print, a signer, breaks.",
        error_messages={"required": "Write what they need, or say below what came of asking"},
    )  # fmt: skip


class Agreed(Fill):
    answer = forms.ChoiceField(
        label="Did they agree to be supported?", choices=YES_NO, widget=forms.RadioSelect,
        error_messages={"required": "Choose what they said"},
    )  # fmt: skip

    @property
    def given(self) -> dict[str, Any]:
        return {"given": self.cleaned_data["answer"] == "yes"}


PLAIN: Mapping[str, type[Fill]] = {"birth_date": BirthDate, "access_needs": AccessNeeds, "agreement": Agreed}
LABELS = {"sex": "What is their sex?", "ethnicity": "Which ethnic group do they say they are of?",
          "language": "Which language do they speak best?",
          "interpreter": "Do they need an interpreter?"}  # fmt: skip


def of(code: str, data: Any, books: Mapping[str, Choices]) -> Fill | None:
    """The form of a gap; None for what is done on a page of its own."""
    if code in LABELS:
        choices = books.get(code, YES_NO)
        return Chosen(data, name=code, label=LABELS[code], choices=choices)
    return PLAIN[code](data) if code in PLAIN else None


class SetAside(forms.Form):
    """A button: what came of asking."""

    came = forms.CharField(max_length=10)
