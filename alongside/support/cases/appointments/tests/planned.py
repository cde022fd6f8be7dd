"""Appointments for tests: everybody in them is made up."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction

from alongside.core.clocks import LONDON
from alongside.support.cases.appointments import actions
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.appointments.rules import Repeat, Wanted
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside
from tests.world import World

DAY = date(2026, 9, 16)  # two days after the world's day


def at_ten(day: date = DAY, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=LONDON)


def wanted(world: World, **changes: Any) -> Wanted:
    said: dict[str, Any] = {
        "kind": "session", "day": DAY, "from_time": time(10), "minutes": 50, "place": "ours",
        "worker": world.people["caseworker"].pk,
    }  # fmt: skip
    return Wanted(**{**said, **changes})


def planned(
    world: World, case: Case | None = None, *, person: str = "caseworker", at: datetime | None = None,
    repeat: Repeat | None = None, **changes: Any,
) -> Appointment:  # fmt: skip
    """An appointment, planned in the person's own realm."""
    case = case or accepted(world)
    with transaction.atomic(), inside(world, person):
        return actions.plan(
            case, by=world.actor(person), at=at or world.now + timedelta(hours=2), wanted=wanted(world, **changes),
            repeat=repeat,
        )  # fmt: skip
