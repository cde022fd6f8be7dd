"""The forms of the other party, named for their verbs."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.others.queries import Opened

Choices = Sequence[tuple[str, str]]
LONGEST, LINE = 2000, 200


def _text(label: str, help_text: str = "", *, rows: int = 0, longest: int = LONGEST) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows}) if rows else forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=longest, widget=widget)


def _one(label: str, missing: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, help_text=help_text, widget=forms.RadioSelect, error_messages={"required": missing}
    )  # fmt: skip


def _some(label: str, help_text: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, help_text=help_text, required=False, widget=forms.CheckboxSelectMultiple
    )  # fmt: skip


class _Chosen(forms.Form):
    """A form whose choices are those of the rulebook's day."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, found in choices.items():
            if name in self.fields:
                choose_from(self, name, found)


class Add(_Chosen):
    name = _text("Name", "As far as you know it. A first name alone will do.", longest=LINE)
    aliases = _text("Other names", "Nicknames, short forms, other spellings: one a line.", rows=3)
    born = DateBoxesField(
        label="Date of birth", name="date of birth", required=False, latest=lambda: london_date(timezone.now())
    )  # fmt: skip
    relation = _one("How do they stand to the person we support?", "Choose how they stand to the person we support")
    lives = _one("Where do they live?", "Choose where they live, or that it is not known")
    knows = _some("What do they know?", "Tick only what somebody told you.")
    dangers = _some(
        "Is a visit dangerous?", "Everybody who opens the case sees what you tick here, and nothing else of this page."
    )  # fmt: skip
    warning = _text("What makes a visit dangerous, in words", "Seen here alone.", rows=2)
    description = _text("What they look like", "So that a colleague would know them at the door.", rows=3)
    vehicle = _text("Their car", "Make, colour, number plate.", longest=LINE)
    phones = _text(
        "Their telephone numbers", "One a line. From then on nothing of ours goes to these numbers on this case, "
        "whatever else was said of them.", rows=2,
    )  # fmt: skip
    emails = _text("Their e-mail addresses", "One a line. The same holds.", rows=2)


class Revise(Add):
    why = _one("Why do you change this?", "Choose why you change it")
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def start(found: Opened) -> dict[str, Any]:
        party = found.party
        return {
            **found.said, "born": found.born, "relation": party.relation, "lives": party.lives, "knows": party.knows,
            "dangers": list(found.dangers), "seen": party.number,
        }  # fmt: skip


class OpenParty(_Chosen):
    reason = _one("Why do you open it?", "Choose why you open it", "It stands in the list of who looked.")


class Remove(_Chosen):
    why = _one("Why are they taken off this case?", "Choose why")
    seen = forms.IntegerField(widget=forms.HiddenInput)


class AddCondition(_Chosen):
    kind = _one("What is it?", "Choose what it is")
    words = _text("What it says", "Whom and where they may not go near, in short.", rows=3)
    until = DateBoxesField(label="Last day", name="last day", required=False)


class EndCondition(_Chosen):
    why = _one("Why is it no longer kept?", "Choose why")


class Settle(_Chosen):
    answer = _one("What did you decide?", "Choose what was decided")
    words = _text("What does it rest on?", "In a few words. Name nobody: both cases keep it.", rows=3)
