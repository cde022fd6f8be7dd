"""What the pages of restricted records ask."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django import forms
from django.forms import CheckboxSelectMultiple, RadioSelect, Textarea

from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.keeping.restricted.rules import OUTCOMES

Choices = Iterable[tuple[str, str]]


def _words(label: str, hint: str) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, widget=Textarea({"rows": 3}), max_length=1_000)


class Restrict(forms.Form):
    """Why a record is for named people only, and who they are here."""

    reason = forms.ChoiceField(label="Why must it be restricted?", widget=RadioSelect)
    words = _words("What should those who are named know?", "Sealed. Only they read it.")
    people = forms.MultipleChoiceField(
        label="Who may open it here?", widget=CheckboxSelectMultiple,
        help_text="You are named too. At every other organisation that has it, those whom the rulebook names are.",
        error_messages={"required": "Name at least one person here"},
    )  # fmt: skip

    def __init__(self, *args: Any, reasons: Choices, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)
        choose_from(self, "people", people)

    @property
    def said(self) -> dict[str, Any]:
        return {**self.cleaned_data, "people": [UUID(key) for key in self.cleaned_data["people"]]}


class Name(forms.Form):
    """One more colleague."""

    person = forms.ChoiceField(label="Name somebody else here")

    def __init__(self, *args: Any, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "person", [("", "Choose"), *people])


class AskToLift(forms.Form):
    """Why the record need not be restricted any more."""

    why = _words("Why need it not be restricted any more?", "Sealed. Whoever confirms it reads this.")


class BreakSeal(forms.Form):
    """Which record, and why it cannot wait."""

    reference = forms.CharField(
        label="The record’s exact reference", max_length=20, help_text="For example, AL-7K3M-P4WX",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    reason = forms.ChoiceField(label="Why must you open it now?", widget=RadioSelect)
    words = _words("What has happened?", "Sealed. The privacy officer and those who are named read it.")

    def __init__(self, *args: Any, reasons: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "reason", reasons)


class Review(forms.Form):
    """What the privacy officer thinks of it."""

    move = forms.ChoiceField(label="Was it justified?", widget=RadioSelect, choices=list(OUTCOMES.items()))
    words = _words("Why, and what is done about it", "Sealed. Those who are named read it.")


class Declare(forms.Form):
    """Who knows the person, and how."""

    whose = forms.ChoiceField(label="Who knows them?", required=False)
    relation = forms.ChoiceField(label="How do you know them?", widget=RadioSelect)

    def __init__(self, *args: Any, relations: Choices, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "relation", relations)
        others = list(people)
        choose_from(self, "whose", [("", "I do"), *others])
        if not others:
            del self.fields["whose"]

    def said(self, by: UUID | None) -> dict[str, Any]:
        """What was said; of oneself where nobody else was chosen."""
        whose = self.cleaned_data.get("whose")
        return {**self.cleaned_data, "whose": UUID(whose) if whose else by}


class DeclareName(Declare):
    """The same by name, where there is no record yet or it must not be looked for."""

    given_name = forms.CharField(label="Given name", max_length=100, required=False)
    family_name = forms.CharField(label="Family name", max_length=100)
    birth_date = DateBoxesField(
        label="Date of birth", name="date of birth", birth=True, required=False,
        help_text="If you know it. Without it, every record of that name is closed.",
    )  # fmt: skip
    field_order = ("whose", "given_name", "family_name", "birth_date", "relation")


class LiftConflict(forms.Form):
    """Why the record may be opened to them again."""

    why = forms.CharField(
        label="Why may they open it again?", max_length=200, help_text="Do not name the person whose record it is."
    )
