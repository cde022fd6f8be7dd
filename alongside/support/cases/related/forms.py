"""The forms of people around a case, named for their verbs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.related.models import Professional, Relative
from alongside.support.cases.related.queries import Known

Choices = Sequence[tuple[str, str]]
LINE, LONGEST = 200, 2000
OFF = {"autocomplete": "off"}


def _line(label: str, help_text: str = "") -> forms.CharField:
    widget = forms.TextInput(attrs=OFF)
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=LINE, widget=widget)


def _words(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=LONGEST, widget=forms.Textarea
    )  # fmt: skip


def _one(label: str, missing: str, help_text: str = "", **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=help_text, widget=forms.RadioSelect, error_messages={"required": missing}, **options
    )  # fmt: skip


class _Chosen(forms.Form):
    """A form whose choices are those of the rulebook's day."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, found in choices.items():
            if name in self.fields:
                choose_from(self, name, found)


class AddRelative(_Chosen):
    relation = _one("Who are they?", "Choose who they are")
    name = _line("Name", "As they are called. It may be left empty.")
    birth_date = DateBoxesField(label="Date of birth", name="date of birth", required=False)
    age_said = forms.IntegerField(
        label="Or their age, if nobody knows the date", required=False, min_value=0, max_value=120,
        error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), "Enter an age from 0 to 120"),
    )  # fmt: skip
    lives = _one("Where do they live?", "Choose where they live", choices=Relative.Lives.choices)
    responsibility = _one("Of a child: who has parental responsibility?", "", required=False)
    school = _line("School or nursery")
    needs = _words("What they need themselves", "In a few words: health, fears, who cares for them.")
    social_worker = _line("Social worker", "Name and council, if there is one.")
    reference = _line(
        "Reference of their own case", "If your organisation supports them too. Only those who may open both see it."
    )  # fmt: skip


class ReviseRelative(AddRelative):
    why = _one("Why do you change this?", "Choose why you change it")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def start(known: Known) -> dict[str, Any]:
        names = ("relation", "birth_date", "age_said", "lives", "responsibility")
        reference = known.own_case.reference if known.own_case else ""
        return {
            **{name: getattr(known.row, name) for name in names}, **known.said, "reference": reference,
            "seen": known.row.number,
        }  # fmt: skip


class AddProfessional(_Chosen):
    role = _one("What do they do?", "Choose what they do")
    name = _line("Name")
    organisation = _line("Where they work")
    phone = _line("Telephone")
    email = _line("E-mail")
    may_be_told = _one(
        "May they be told that the person is supported here?", "Choose whether they may be told",
        "Ask the person each is about, and not the professional.", choices=Professional.Told.choices,
    )  # fmt: skip
    told_on = DateBoxesField(label="When was this said?", name="day on which it was said")

    @staticmethod
    def begun() -> dict[str, Any]:
        return {"told_on": london_date(timezone.now())}


class ReviseProfessional(AddProfessional):
    why = _one("Why do you change this?", "Choose why you change it")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def start(known: Known) -> dict[str, Any]:
        names = ("role", "may_be_told", "told_on")
        return {**{name: getattr(known.row, name) for name in names}, **known.said, "seen": known.row.number}


class Remove(_Chosen):
    why = _one("Why are they taken off this case?", "Choose why")
    seen = forms.IntegerField(widget=forms.HiddenInput)
