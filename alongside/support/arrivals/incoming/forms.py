"""What is asked of somebody who telephones, writes or comes in, in the order of a conversation. Shape only."""

from datetime import date
from typing import Any

from django import forms

from alongside.support.arrivals.incoming import rules
from alongside.support.arrivals.incoming.models import TakenDown
from alongside.support.arrivals.intake.forms import Refer
from alongside.support.arrivals.intake.questions import one_of, text

SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("", ("danger",)),
    ("Who is calling", ("channel", "caller", "consent")),
    ("Who needs support", ("kind", "postcode")),
    ("How to reach them safely", ("phone", "phone_safe", "message", "email", "email_safe", "safe_times",
                                  "instructions")),
    ("What happened", ("crime_type", "reported", "occurred_from", "high_risk", "flags")),
    ("What would help us", ("language", "interpreter", "access_needs", "notes", "source_ref")),
)  # fmt: skip
WHO = "Who is calling, and who are they to them?"


class TakeDown(Refer):
    """A referrer's questions, and those that only a conversation can ask."""

    danger = one_of("Is anybody in danger right now?", [("no", "No"), ("yes", "Yes, or they are not sure")],
                    need="Ask first whether anybody is in danger right now")  # fmt: skip
    channel = one_of("How did they come to you?", TakenDown.Channel.choices, need="Say how they came to you")
    caller = one_of("Who are you speaking to?", TakenDown.Caller.choices, need="Say who you are speaking to")
    other_name = text(WHO, 200)
    professional_name = text("Their name, organisation and how to reach them", 200)
    message = one_of("May we leave a message?", [("yes", "Yes"), ("no", "No")], need="")

    def __init__(self, data: Any = None, *, on: date, initial: Any = None) -> None:
        super().__init__(data, on=on, initial={"channel": "phone", **(initial or {})})
        self.order_fields(("danger", "channel", "caller", "other_name", "professional_name", "consent"))
        self.fields["consent"].label = "Do they agree that we keep this and contact them?"
        self.fields["notes"].label = "What they said, in their words"
        self.fields["source_ref"].label = "Crime reference, if they have one"

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        caller = said.get("caller", "")
        said["caller_name"] = said.get(f"{caller}_name", "") if caller != rules.SELF else ""
        for _, words in rules.faults(said):
            self.add_error(f"{caller}_name", forms.ValidationError(words))
        return said
