"""The form of a referral on the spot, as the hub sees it, and the set-up of an event."""

from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from django import forms

from alongside.core import clocks
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake.questions import any_of, one_of, text
from alongside.support.desk.onthespot import queries

Choices = Iterable[tuple[str, str]]
SAFE = [("yes", "Yes"), ("no", "No"), ("unsure", "Not sure")]


class Take(forms.Form):
    """What a worker asks in under a minute. What it must hold is a rule, the same for a phone and for this page."""

    mark_optional = True
    danger = one_of("Is anybody in danger right now?", [("no", "No"), ("yes", "Yes")], need="")
    given_name = text("First name", 100, need="Enter what they want to be called")
    family_name = text("Last name", 100)
    age = one_of("Age", [("adult", "18 or over"), ("young", "Under 18")], need="Choose their age group")
    happened = forms.ChoiceField(label="What happened", error_messages={"required": "Choose the nearest"})
    phone = text("Phone number", 40)
    phone_safe = one_of("Is it safe for us to call it?", SAFE, need="")
    times = any_of("When is it safe?")
    message = one_of("May we leave a message?", [("yes", "Yes"), ("no", "No")], need="")
    email = text("E-mail address", 254)
    email_safe = one_of("Is it safe for us to e-mail them?", SAFE, need="")
    others = text("Who else may answer or read it? What to say", 300)
    notes = text("Anything else, in their words", 1000, lines=3)
    agreed = forms.BooleanField(
        label="They agree that the hub gets this and contacts them about support",
        error_messages={"required": "Without their agreement nothing may be sent"},
    )

    def __init__(self, data: Any = None, *, on: date, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        choose_from(self, "happened", [("", "Choose"), *queries.happened(on)])
        choose_from(self, "times", queries.times(on))


class SetUp(forms.Form):
    """An event."""

    name = text("Name", 100, need="Enter a name that workers know it by")
    kind = forms.ChoiceField(label="Kind of event")
    place = text("Place", 200, need="Enter where it is")
    council = forms.ChoiceField(label="Council", error_messages={"required": "Choose a council"})
    day = DateBoxesField(name="day on which it begins", label="Begins on", required=True)
    starts = forms.TimeField(label="At", error_messages={"required": "Enter a time, like 13:00",
                                                         "invalid": "Enter a time, like 13:00"})  # fmt: skip
    until_day = DateBoxesField(name="day on which it ends", label="Ends on", required=True)
    ends = forms.TimeField(label="At", error_messages={"required": "Enter a time, like 18:30",
                                                       "invalid": "Enter a time, like 18:30"})  # fmt: skip
    organisations = any_of("Who works there besides the hub?")
    services = any_of("Which services are there?")

    def __init__(
        self, data: Any = None, *, on: date, councils: Choices, organisations: Choices, services: Choices,
        initial: Any = None,
    ) -> None:  # fmt: skip
        super().__init__(data, initial=initial)
        choose_from(self, "kind", rulebook.choices("occasion_kinds", on))
        choose_from(self, "council", [("", "Choose"), *councils])
        choose_from(self, "organisations", organisations)
        choose_from(self, "services", services)

    @property
    def said(self) -> dict[str, Any]:
        """What the action takes."""
        got = self.cleaned_data
        return {
            **{name: got[name] for name in ("name", "kind", "place", "council", "services")},
            "organisations": [int(one) for one in got["organisations"]],
            "starts_at": _moment(got["day"], got["starts"]), "ends_at": _moment(got["until_day"], got["ends"]),
        }  # fmt: skip


def _moment(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=clocks.LONDON)
