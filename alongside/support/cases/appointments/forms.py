"""The forms of appointments, named for their verbs: labels, hints and shape."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.utils import timezone

from alongside.core.clocks import LONDON, london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.appointments.rules import LONGEST, Repeat, Wanted

Choices = Sequence[tuple[str, str]]
NOBODY = ("", "Nobody for now")
NO_ADDRESS = (
    "Not an address or a telephone number: those belong with the ways to make contact, where they are kept safe."
)
ON_SEAL = "Room, court or building, if it is needed. It is kept sealed and stands in no list, print or calendar."
MOST_KM = 1000
NOT_NEEDED = "none"  # a radio button needs a value


def today() -> date:
    return london_date(timezone.now())


def _number(label: str, most: int, unit: str, **options: Any) -> forms.IntegerField:
    wrong = dict.fromkeys(("min_value", "max_value", "invalid"), f"Enter {unit} as a number up to {most}")
    return forms.IntegerField(label=label, min_value=0, max_value=most, error_messages=wrong, **options)


def _time(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, help_text="For example, 14:30", input_formats=("%H:%M", "%H.%M"),
        error_messages=dict.fromkeys(("required", "invalid"), "Enter the time as hours and minutes, like 14:30"),
    )  # fmt: skip


def _choose(label: str, **options: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, widget=forms.RadioSelect, **options)


def _words(label: str, hint: str = NO_ADDRESS, length: int = 10_000) -> forms.CharField:
    return forms.CharField(label=label, help_text=hint, required=False, max_length=length, widget=forms.Textarea)


class _Chosen(forms.Form):
    """A form whose fields are given their choices by name; one that has none to choose from is left out."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, found in choices.items():
            if found:
                choose_from(self, name, found)
            else:
                del self.fields[name]

    @property
    def person(self) -> UUID | None:
        worker = self.cleaned_data.get("worker")
        return UUID(worker) if worker else None


class Seen(_Chosen):
    seen = forms.IntegerField(widget=forms.HiddenInput)


class _When(forms.Form):
    day = DateBoxesField(label="On which day?", name="day")
    from_time = _time("At what time?")
    minutes = _number("For how many minutes?", LONGEST, "minutes")


class Plan(_Chosen, _When):
    """What, when, with whom, at what kind of place; and how it repeats."""

    kind = _choose("What is planned?", error_messages={"required": "Choose what kind of appointment it is"})
    worker = forms.ChoiceField(label="Who?", required=False)
    place = forms.ChoiceField(label="At what kind of place?")
    whereabouts = forms.CharField(label="Exact place", help_text=ON_SEAL, required=False, max_length=300)
    interpreter = forms.BooleanField(label="An interpreter is needed", required=False)
    repeats = forms.ChoiceField(
        label="Does it repeat?", required=False, choices=(("", "No"), *Appointment.Repeats.choices),
    )  # fmt: skip
    times = _number("How many times in all?", 100, "times", required=False)
    until = DateBoxesField(label="Or until which day?", name="last day", required=False)
    sure = forms.BooleanField(label="I have read when it is safe, and this time fits", required=False)
    despite = _choose("Outside the hours that are safe: why?", required=False)

    field_order = ("kind", "day", "from_time", "minutes", "worker", "place", "whereabouts", "interpreter")

    @property
    def wanted(self) -> Wanted:
        given = self.cleaned_data
        return Wanted(
            kind=given.get("kind", ""), day=given.get("day"), from_time=given["from_time"], minutes=given["minutes"],
            worker=self.person, place=given["place"], whereabouts=given["whereabouts"],
            interpreter=given.get("interpreter", False), sure=given.get("sure", False),
            despite=given.get("despite", ""),
        )  # fmt: skip

    @property
    def repeat(self) -> Repeat | None:
        given = self.cleaned_data
        return Repeat(given["repeats"], given["times"], given["until"]) if given["repeats"] else None


class Revise(Plan):
    """The same on its day: for this one, or for all that follow."""

    following = forms.BooleanField(label="Change all that follow in this series too", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, series: bool, **words: Any) -> None:
        super().__init__(*args, **words)
        for name in ("day", "interpreter", "repeats", "times", "until", *(() if series else ("following",))):
            del self.fields[name]


class Move(Seen, _When):
    reason = _choose("Why is it moved?", error_messages={"required": "Choose why"})
    sure = forms.BooleanField(label="I have read when it is safe, and this time fits", required=False)
    despite = _choose("Outside the hours that are safe: why?", required=False)

    def wanted(self, old: Appointment, whereabouts: str) -> Wanted:
        """What was planned, at its new time."""
        given = self.cleaned_data
        kept = Wanted(old.kind, given["from_time"], given["minutes"], old.worker, old.place, whereabouts)
        return replace(kept, day=given["day"], sure=given.get("sure", False), despite=given.get("despite", ""))


class Cancel(Seen):
    reason = _choose("Why is it cancelled?", error_messages={"required": "Choose why"})
    following = forms.BooleanField(label="Cancel all that follow in this series too", required=False)


class _Held(forms.Form):
    """What is asked of anything that happened; all but the note has an answer already."""

    way = _choose("How did it take place?", error_messages={"required": "Choose how it took place"})
    minutes = _number("How many minutes did it take?", LONGEST, "minutes")
    note = _words("What was said or agreed")
    interpreter = _choose("Did the interpreter come?", required=False)
    travel_minutes = _number("Minutes of travel, there and back", LONGEST, "minutes", required=False)
    travel_km = _number("Kilometres of travel", MOST_KM, "kilometres", required=False)
    despite = _choose("Contact is held. Why could this not wait?", required=False)

    def travelled(self) -> dict[str, Any]:
        return {name: self.cleaned_data.get(name) or 0 for name in ("travel_minutes", "travel_km")}


class Record(Seen, _Held):
    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        return {**self.cleaned_data, **self.travelled()}


class RecordNew(_Chosen, _Held):
    """What happened without being planned."""

    USUAL: ClassVar[Mapping[str, Any]] = {"kind": "call", "way": "phone", "minutes": 30, "place": "remote"}

    kind = _choose("What was it?", error_messages={"required": "Choose what kind of appointment it was"})
    day = DateBoxesField(label="On which day?", name="day", latest=today)
    from_time = _time("From about what time?")
    place = forms.ChoiceField(label="At what kind of place?")

    field_order = ("kind", "way", "day", "from_time", "minutes", "place", "note")

    @staticmethod
    def now(at: datetime, last: Mapping[str, Any]) -> dict[str, Any]:
        """What the form starts from: what was recorded last, ending this minute."""
        return {**RecordNew.USUAL, **last, "day": london_date(at), "from_time": clock(at)}

    @property
    def given(self) -> dict[str, Any]:
        given = self.cleaned_data
        wanted = Wanted(given["kind"], given["from_time"], given["minutes"], None, given["place"], day=given["day"])
        said = {"way": given["way"], "note": given["note"], "despite": given.get("despite", "")}
        return {"wanted": wanted, **said, **self.travelled()}


def clock(at: datetime) -> str:
    """A time as its box takes it."""
    return f"{at.astimezone(LONDON):%H:%M}"


class Miss(Seen):
    reason = _choose("Why did it not happen?", error_messages={"required": "Choose why it did not happen"})
    note = _words("What you know of it")
    despite = _choose("Contact is held. Why could this not wait?", required=False)


class BookInterpreter(Seen):
    state = _choose("How does the booking stand?")
    language = forms.ChoiceField(label="Language", required=False)
    booking = forms.CharField(
        label="Agency and its reference", required=False, max_length=200,
        help_text="Kept sealed. The interpreter’s name is not needed.",
    )  # fmt: skip

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        state = self.cleaned_data["state"]
        return {**self.cleaned_data, "state": "" if state == NOT_NEEDED else state}


class Calendar(forms.Form):
    """Which days and whose; nothing wrong is refused."""

    mark_optional = False
    view = forms.ChoiceField(label="Show", required=False, choices=(("week", "A week"), ("day", "A day")))
    whose = forms.ChoiceField(label="Whose", required=False)
    day = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "whose", people)

    @property
    def asked(self) -> dict[str, Any]:
        self.is_valid()
        given = dict(self.cleaned_data)
        return {"view": given.get("view") or "week", "whose": given.get("whose", ""), "day": given.get("day")}
