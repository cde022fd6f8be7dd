"""What the pages of a first assessment ask. Shape only: choices come from the rulebook."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.forms import CheckboxSelectMultiple, RadioSelect, Textarea

from alongside.core.pages.fields import choose_from
from alongside.support.desk.assessment.models import Detail
from alongside.support.desk.assessment.rules import LEVELS, NOT_ASKED, Children, Found

Choices = Iterable[tuple[str, str]]
DANGER = (("no", "No"), ("yes", "Yes, or perhaps"), ("dealt_with", "There was, and help has been called"))
YES_NO = (("yes", "Yes"), ("no", "No"), ("unknown", "Not known"))
MOST = 2_000


def _words(label: str, *, hint: str = "", lines: int = 2, most: int = MOST) -> forms.CharField:
    shape: forms.Widget = Textarea({"rows": lines}) if lines > 1 else forms.TextInput()
    return forms.CharField(label=label, required=False, max_length=most, widget=shape, help_text=hint)


def _any(label: str, hint: str = "") -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=CheckboxSelectMultiple, help_text=hint)


def _one(label: str, choices: Choices, *, start: str, hint: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=tuple(choices), required=False, widget=RadioSelect, initial=start, help_text=hint
    )


class Chosen(forms.Form):
    """A form whose choices are given by field when it is made."""

    def __init__(self, *args: Any, books: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name in self.fields.keys() & books.keys():
            choose_from(self, name, books[name])


class Assess(Chosen):
    """Everything but the needs, which `assess` puts in by the rulebook."""

    danger = forms.ChoiceField(
        label="Is anybody in danger now?", choices=DANGER, widget=RadioSelect,
        error_messages={"required": "Say whether anybody is in danger now"},
    )  # fmt: skip
    vulnerability = _any("What makes it harder for them?")
    harder = _words("In their words", hint="What makes it harder, or what helped before.")
    others = _any("Is anybody else at risk?", "From the same person or the same danger. Name nobody.")
    others_words = _words("What you know about that")
    children = _one("Are there children in the home?", Detail.Answer.choices, start=NOT_ASKED)
    children_count = forms.IntegerField(
        label="How many?", required=False, min_value=1, max_value=20,
        error_messages={"invalid": "Enter a number of children, like 2", "min_value": "Enter a number from 1 to 20",
                        "max_value": "Enter a number from 1 to 20"},
    )  # fmt: skip
    children_ages = _words("How old are they?", hint="For example: 3, 7 and 12, or a new baby", lines=1, most=100)
    children_carers = _words("Who cares for them, and where are they now?", lines=1, most=300)
    child_concern = _one("Are you worried about a child?", Detail.Answer.choices, start=NOT_ASKED)
    language = forms.ChoiceField(label="Language", required=False)
    interpreter = _one("Is an interpreter needed?", YES_NO, start="unknown")
    access = _any("What do they need so that they can use a service?")
    access_words = _words("Anything else that helps them", lines=1, most=300)
    high_risk = forms.BooleanField(label="High risk: act today", required=False)
    entitlements = _any("Which Enhanced Rights apply?")
    why = _words("Why they apply, or why they do not", hint="Only the hub reads this.", lines=3, most=4000)
    summary = _words(
        "Summary for the service", hint="The service reads this, and the needs above, once it accepts.", lines=4,
        most=4000,
    )  # fmt: skip

    @property
    def found(self) -> Found:
        """What was found, as the action takes it."""
        said = self.cleaned_data
        needs = [name.removeprefix("level_") for name in self.fields if name.startswith("level_")]
        kept = ("harder", "others_words", "language", "access_words", "high_risk", "why", "summary")
        lists = ("vulnerability", "others", "access", "entitlements")
        more: dict[str, Any] = {**{name: said[name] for name in kept}, **{name: tuple(said[name]) for name in lists}}
        return Found(
            levels={need: said[f"level_{need}"] or NOT_ASKED for need in needs},
            words={need: said[f"words_{need}"] for need in needs},
            interpreter=said["interpreter"] or "unknown", children=self._children(), **more,
        )  # fmt: skip

    def _children(self) -> Children:
        said = self.cleaned_data
        return Children(
            any=said["children"] or NOT_ASKED, count=said["children_count"], ages=said["children_ages"],
            carers=said["children_carers"], concern=said["child_concern"] or NOT_ASKED,
        )  # fmt: skip


def assess(needs: Choices) -> type[Assess]:
    """The form with a question for each need: how much help they want, and their words."""
    levels = (*LEVELS.items(), (NOT_ASKED, "Not asked"))
    asked: dict[str, forms.Field] = {}
    for code, title in needs:
        asked[f"level_{code}"] = _one(title, levels, start=NOT_ASKED)
        asked[f"words_{code}"] = _words("In their words", lines=1)
    made = type("Assess", (Assess,), {**asked, "field_order": ["danger", *asked]})
    return cast(type[Assess], made)


class Decide(Chosen):
    entitlements = _any("Which Enhanced Rights apply?")
    why = forms.CharField(
        label="Why do you keep or change it?", max_length=4000, widget=Textarea({"rows": 4}),
        help_text="Only the hub reads this.", error_messages={"required": "Say why you keep or change it"},
    )  # fmt: skip
