"""What the rota's pages ask."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.pages.fields import DateBoxesField, choose_from
from alongside.support.people.duty.rules import WEEKDAYS

Choices = Iterable[tuple[str, str]]


def today() -> date:
    return london_date(timezone.now())


def _name(weekday: int) -> str:
    return f"weekday_{weekday}"


class SetWeek(forms.Form):
    """A person for each weekday, or nobody."""

    def __init__(self, *args: Any, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choices = [("", "Whoever’s turn it is"), *people]
        for weekday, name in enumerate(WEEKDAYS):
            self.fields[_name(weekday)] = forms.ChoiceField(label=name, required=False, choices=choices)

    @staticmethod
    def start(week: Iterable[tuple[int, UUID]]) -> dict[str, str]:
        return {_name(weekday): str(user) for weekday, user in week}

    def now(self, week: Mapping[int, UUID]) -> dict[str, str]:
        """What is set for each weekday where the form says something else."""
        held = {_name(weekday): str(week.get(weekday, "")) for weekday in range(len(WEEKDAYS))}
        return {name: key for name, key in held.items() if str(self[name].value() or "") != key}

    @property
    def people(self) -> dict[int, UUID | None]:
        chosen = ((weekday, self.cleaned_data[_name(weekday)]) for weekday in range(len(WEEKDAYS)))
        return {weekday: UUID(user) if user else None for weekday, user in chosen}


class SetDay(forms.Form):
    """One day, and who is on duty on it."""

    day = DateBoxesField(label="On which day?", name="day", earliest=today)
    person = forms.TypedChoiceField(label="Who is on duty?", widget=forms.RadioSelect, coerce=UUID)
    instead_of = forms.UUIDField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "person", people)


class SetAbsence(forms.Form):
    """Who is away on which days, and who answers meanwhile."""

    person = forms.TypedChoiceField(label="Who is away?", coerce=UUID)
    since = DateBoxesField(label="First day away", name="first day")
    until = DateBoxesField(label="Last day away", name="last day", earliest=today)
    cover = forms.TypedChoiceField(
        label="Who covers?", required=False, coerce=UUID, empty_value=None,
        help_text="They see the open work and the calls due. Nothing changes hands by itself.",
    )  # fmt: skip

    def __init__(self, *args: Any, people: Choices, **words: Any) -> None:
        super().__init__(*args, **words)
        choose_from(self, "person", people)
        choose_from(self, "cover", [("", "Nobody: the manager looks after it"), *people])
