"""The forms of group work, named for their verbs: labels, hints and shape."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from alongside.core.clocks import LONDON, london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.appointments.rules import LONGEST, Repeat
from alongside.support.cases.groups.models import Group
from alongside.support.cases.groups.queries import Line
from alongside.support.cases.groups.rules import Marked

Choices = Sequence[tuple[str, str]]
NEUTRAL = (
    "Something that says nothing of why people come, such as “Tuesday group”. It may be seen on a paper or a door."
)
STATES = (("", "Running"), ("ended", "Ended"), ("all", "All"))
MOST_PLACES = 60


def today() -> date:
    return london_date(timezone.now())


def _number(label: str, least: int, most: int, unit: str, **options: Any) -> forms.IntegerField:
    wrong = dict.fromkeys(
        ("min_value", "max_value", "invalid"), f"Enter {unit} as a number from {least} to {most}"
    )  # fmt: skip
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=wrong, **options)


class _Chosen(forms.Form):
    """A form whose fields are given their choices by name; one that has none to choose from is left out."""

    def __init__(self, *args: Any, choices: Mapping[str, Choices], **words: Any) -> None:
        super().__init__(*args, **words)
        for name, found in choices.items():
            if not found:
                del self.fields[name]
            elif isinstance(self.fields[name], forms.MultipleChoiceField | forms.ChoiceField):
                choose_from(self, name, found)


class Groups(_Chosen):
    """Filters of the list of groups; nothing wrong is refused."""

    mark_optional = False
    state = forms.ChoiceField(label="State", required=False, choices=STATES)
    kind = forms.ChoiceField(label="Kind", required=False)
    service = forms.ChoiceField(label="Service", required=False)

    @property
    def asked(self) -> dict[str, str]:
        self.is_valid()
        return dict(self.cleaned_data)


class Change(_Chosen):
    name = forms.CharField(label="Name", help_text=NEUTRAL, max_length=60)
    ends_on = DateBoxesField(label="Last day", name="last day", required=False)
    places = _number("For how many people?", 1, MOST_PLACES, "places")
    leaders = forms.MultipleChoiceField(
        label="Who leads it?", widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one person who leads it"},
    )  # fmt: skip
    place = forms.ChoiceField(label="At what kind of place?")

    @property
    def given(self) -> dict[str, Any]:
        """What was entered, as the action takes it."""
        return {**self.cleaned_data, "leaders": [UUID(one) for one in self.cleaned_data["leaders"]]}


class SetUp(Change):
    service = forms.ChoiceField(label="Of which service?")
    kind = forms.ChoiceField(label="What kind of group is it?", widget=forms.RadioSelect)
    starts_on = DateBoxesField(label="First day", name="first day")

    field_order = ("service", "kind", "name", "starts_on", "ends_on", "places", "leaders", "place")


class ChangeSeen(Change):
    seen = forms.IntegerField(widget=forms.HiddenInput)

    @staticmethod
    def start(group: Group) -> dict[str, Any]:
        return {"name": group.name, "ends_on": group.ends_on, "places": group.places, "place": group.place,
                "leaders": [str(one) for one in group.leaders]}  # fmt: skip


class Add(_Chosen):
    group = forms.ChoiceField(label="Which group?", widget=forms.RadioSelect)
    now = forms.ChoiceField(
        label="Is it a place, or interest?", widget=forms.RadioSelect, choices=(("yes", "A place in the group now"),
        ("no", "The list of interest, until there is room")),
    )  # fmt: skip
    sure = forms.BooleanField(label="They can be in one group all the same", required=False)


class Leave(_Chosen):
    reason = forms.ChoiceField(
        label="Why do they leave?", widget=forms.RadioSelect, error_messages={"required": "Choose why they leave"}
    )


class PlanMeetings(forms.Form):
    day = DateBoxesField(label="On which day?", name="day")
    from_time = forms.TimeField(
        label="At what time?", help_text="For example, 14:30", input_formats=("%H:%M", "%H.%M"),
        error_messages=dict.fromkeys(("required", "invalid"), "Enter the time as hours and minutes, like 14:30"),
    )  # fmt: skip
    minutes = _number("For how many minutes?", 1, LONGEST, "minutes")
    repeats = forms.ChoiceField(
        label="Does it repeat?", required=False, choices=(("", "No"), *Appointment.Repeats.choices)
    )  # fmt: skip
    times = _number("How many times in all?", 1, 100, "times", required=False)
    until = DateBoxesField(label="Or until which day?", name="last day", required=False)

    @property
    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        repeat = Repeat(said["repeats"], said["times"], said["until"]) if said["repeats"] else None
        return {"day": said["day"], "from_time": said["from_time"], "minutes": said["minutes"], "repeat": repeat}


class Register(forms.Form):
    """One mark and one note for each member, and what is true of the session."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    minutes = _number("How many minutes did it take?", 1, LONGEST, "minutes")
    note = forms.CharField(
        label="About the session", required=False, max_length=10_000, widget=forms.Textarea,
        help_text="What was done, and about no one person: what concerns one of them belongs in their own note.",
    )  # fmt: skip
    despite = forms.ChoiceField(
        label="Contact with somebody is held. Why could this not wait?", required=False, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, lines: Sequence[Line], marks: Choices, despite: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        self.lines = lines
        for line in lines:
            key, held = line.member.pk.hex, line.marked
            self.fields[f"mark_{key}"] = forms.ChoiceField(
                label=line.member.case.victim.full_name, choices=marks, required=False, widget=forms.RadioSelect,
                initial=held.mark if held else None,
            )  # fmt: skip
            self.fields[f"note_{key}"] = forms.CharField(
                label="A note about them alone", required=False, max_length=4000, widget=forms.Textarea,
                initial=held.note if held else "",
            )  # fmt: skip
        if despite:
            choose_from(self, "despite", despite)
        else:
            del self.fields["despite"]

    @staticmethod
    def start(starts_at: datetime, ends_at: datetime, minutes: int, note: str) -> dict[str, Any]:
        planned = int((ends_at.astimezone(LONDON) - starts_at.astimezone(LONDON)).total_seconds() // 60)
        return {"minutes": minutes or planned, "note": note}

    @property
    def marks(self) -> dict[UUID, Marked]:
        """Those who were marked; who was not stays as they were."""
        given = self.cleaned_data
        found = {line.member.pk: Marked(given[f"mark_{line.member.pk.hex}"], given[f"note_{line.member.pk.hex}"])
                 for line in self.lines}  # fmt: skip
        return {key: marked for key, marked in found.items() if marked.mark}

    @property
    def given(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {"marks": self.marks, "despite": said.get("despite", ""), **{
            name: said[name] for name in ("seen", "minutes", "note")
        }}  # fmt: skip
