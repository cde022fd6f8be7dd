"""Groups for tests: everybody in them is made up."""

from datetime import date, time, timedelta
from typing import Any

from django.db import transaction

from alongside.support.cases.appointments.tests.planned import DAY
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside, service_of
from alongside.support.cases.groups import actions
from alongside.support.cases.groups.models import Group, Meeting, Member
from alongside.support.people.victims.actions import Identity
from tests.world import World

NAMES = ("Callista Sampleford", "Ringo Testerley", "Belle Mockridge")


def gathered(world: World, **changes: Any) -> Group:
    """A group with room for three, led by the caseworker."""
    said: dict[str, Any] = {
        "service": service_of(world), "kind": "recovery", "name": "Tuesday group", "starts_on": date(2026, 9, 1),
        "ends_on": None, "places": 3, "leaders": [world.people["caseworker"].pk], "place": "ours",
    }  # fmt: skip
    with transaction.atomic(), inside(world, "service_manager"):
        return actions.set_up(by=world.actor("service_manager"), at=world.now, **{**said, **changes})


def case_of(world: World, number: int) -> Case:
    """A case of somebody with a name and a number of their own."""
    given, family = NAMES[number].split()
    return accepted(
        world, source_ref=f"group-{number}", identity=Identity(given_name=given, family_name=family), points=()
    )  # fmt: skip


def joined(world: World, group: Group, case: Case, *, now: bool = True, **more: Any) -> Member:
    with transaction.atomic(), inside(world, "caseworker"):
        return actions.add(
            case, group, by=world.actor("caseworker"), at=world.now + timedelta(hours=2), now=now, **more
        )  # fmt: skip


def met(world: World, group: Group, day: date = DAY, **changes: Any) -> Meeting:
    """A session of the group at ten."""
    said: dict[str, Any] = {"day": day, "from_time": time(10), "minutes": 90}
    with transaction.atomic(), inside(world, "caseworker"):
        return actions.plan_meetings(group, by=world.actor("caseworker"), at=world.now, **{**said, **changes})
