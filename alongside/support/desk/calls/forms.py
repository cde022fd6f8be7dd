"""What a call asks, a step at a time, and what came of one. Shape only: choices come from the view."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.forms import CheckboxSelectMultiple, RadioSelect, Textarea

from alongside.core.pages.fields import choose_from
from alongside.support.desk.calls import rules
from alongside.support.desk.calls.rules import Script, Step

Choices = Iterable[tuple[str, str]]
YES_NO = (("yes", "Yes"), ("no", "No"))
THEN = (("plan", "When the contact plan says"), ("set", "At a time that I choose"))


def _one(label: str, choices: Choices, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=tuple(choices), widget=RadioSelect, required=False, help_text=hint)


def _from_list(label: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False)


def _any(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=CheckboxSelectMultiple)


class Call(forms.Form):
    """Every question of a call but the notes, which `call` puts in by the script."""

    speaking = _one("Who answered?", (("them", "It is them"), ("else", "Somebody else"), ("none", "Nobody")))
    safe = _one("Can they talk safely now?", (("yes", "Yes"), ("no", "No, or I am not sure")))
    danger = _one("Is anybody in danger now?", (
        ("no", "No"), ("yes", "Yes, or perhaps"), ("dealt_with", "There was, and help has been called"),
    ))  # fmt: skip
    needs = _any("What would help?")
    language = _from_list("Language")
    interpreter = _one("Is an interpreter needed?", YES_NO)
    access = _any("What makes it easier for them?")
    support = _one("May we support them?", YES_NO)
    contact = _one("May we ring them again?", YES_NO)
    share = _one("May we give their name to a service?", YES_NO)
    share_with = _from_list("To which service?")
    way = _from_list("Which number or address did you talk about?")
    way_safe = _one("Is it safe?", YES_NO)
    way_times = forms.RegexField(
        r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d(;([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d)*$",
        label="When is it safe?", required=False, max_length=100,
        help_text="Hours, like 10:00-12:00 or 10:00-12:00;18:00-20:00. Leave it empty for any time in the day.",
        error_messages={"invalid": "Enter hours like 10:00-12:00, with “;” between two"},
    )  # fmt: skip
    way_message = _one("May we leave a message?", YES_NO)
    next_day = _from_list("When shall we ring again?")
    next_hours = _from_list("Between which hours?")

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, pairs in choices.items():
            choose_from(self, name, pairs)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if bool(said.get("next_day")) != bool(said.get("next_hours")):
            self.add_error("next_hours", "Choose a day and hours, or neither")
        if said.get("way_safe") and not said.get("way"):
            self.add_error("way", "Choose which number or address you talked about")
        if said.get("share") == "yes" and not said.get("share_with"):
            self.add_error("share_with", "Choose the service that they agreed to")
        return said

    def wrong_here(self, here: Step) -> bool:
        """Whether this step has to be put right first. The first questions must be answered."""
        wrong = set(self.errors)
        if here.asks in rules.NEEDED and here.asks not in wrong and not self.cleaned_data.get(here.asks):
            self.add_error(here.asks, "Choose an answer before you go on")
        return bool(set(self.errors) & {*here.fields, "__all__"})

    def wrong_step(self, script: Script) -> str:
        """The first step that has to be put right; empty where all of them may be recorded."""
        faults = (step.code for step in script.steps if set(self.errors) & set(step.fields))
        return next(faults, "") or rules.missing(script.steps, self.cleaned_data)


def call(steps: Iterable[Step]) -> type[Call]:
    """The form with a box for notes at each step of the script."""
    notes = {
        rules.note(step.code): forms.CharField(label="Notes", required=False, max_length=rules.NOTE, widget=Textarea)
        for step in steps if rules.note(step.code) in step.fields
    }  # fmt: skip
    return cast(type[Call], type("Call", (Call,), notes))


class Outcome(forms.Form):
    result = forms.ChoiceField(
        label="What came of it?", widget=RadioSelect, error_messages={"required": "Choose what came of it"}
    )
    then = forms.ChoiceField(label="When do we try next?", choices=THEN, widget=RadioSelect, initial="plan")
    note = forms.CharField(
        label="Note", required=False, max_length=rules.NOTE, widget=Textarea,
        help_text="Only what the next person needs to know.",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, results: Choices) -> None:
        super().__init__(data)
        choose_from(self, "result", results)
