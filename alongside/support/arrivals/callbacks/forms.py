"""The two short forms of somebody who asks to be called. Shape only."""

from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from alongside.core import clocks
from alongside.core.pages.fields import choose_from
from alongside.support.arrivals.callbacks import queries
from alongside.support.arrivals.intake import queries as intake
from alongside.support.arrivals.intake.questions import ELSEWHERE, Call, Now, PhoneField, one_of, text


class Danger(Now):
    """Asked before anything else."""


class Again(Call):
    """When to call, for somebody whose number we have."""


class Ask(Call):
    number = PhoneField("Phone number", need="Enter the number that we should call")
    name = text("Who should we ask for?", 100, need="Enter a name to ask for; any name will do")
    message = one_of("If you do not answer, may we leave a message?",
                     [("yes", "Yes, a short one that says nothing about why"), ("no", "No")],
                     need="Say whether we may leave a message")  # fmt: skip
    others = text("Could anybody else answer? Tell us what to say", 300, lines=2)
    council = forms.ChoiceField(
        label="Which council area are you in?", error_messages={"required": "Choose a council area"}
    )
    young = forms.BooleanField(label="I am under 18", required=False)
    field_order = ("number", "name", "council", "day", "hours", "never", "message", "others", "young")

    def __init__(self, data: Any = None, *, on: date) -> None:
        super().__init__(data, on=on)
        if queries.only_hub():
            del self.fields["council"]
        else:
            choose_from(self, "council", [("", "Choose"), *intake.councils_served(), (ELSEWHERE, "Somewhere else")])

    def clean(self) -> dict[str, Any]:
        return {"council": "", **super().clean()}


def today() -> date:
    return clocks.london_date(timezone.now())
