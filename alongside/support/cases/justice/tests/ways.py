"""Ways through justice for tests: everybody in them is made up."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from alongside.core.access.actor import Actor
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.justice import actions
from alongside.support.cases.justice.actions import Named
from alongside.support.cases.justice.models import Proceeding, Turn
from tests.world import World

NAMED = Named(crime_type="violence")
DAY = date(2026, 9, 14)  # a Monday


def worker(world: World) -> Actor:
    return world.actor("caseworker")


def at(world: World, days: int = 0) -> datetime:
    return world.now + timedelta(days=days, hours=2)


def begun(world: World, case: Case | None = None, *, enhanced: bool = False, **named: Any) -> Proceeding:
    """A crime that was reported on the day of the world."""
    case = case or accepted(world)
    if enhanced:
        case.referral.entitlements = ["vulnerable_intimidated"]
        case.referral.save(update_fields=["entitlements"])
    with transaction.atomic(), inside(world, "caseworker"):
        return actions.start(
            case, by=worker(world), at=at(world), reported="yes", named=Named("violence", **named), on=DAY
        )


def turned(world: World, proceeding: Proceeding, kind: str, *, days: int = 0, **words: Any) -> Turn:
    """A turn recorded some days later, of that same day unless another is given."""
    words = {"on": DAY + timedelta(days=days), **words}
    with transaction.atomic(), inside(world, "caseworker"):
        return actions.add_turn(proceeding, by=worker(world), at=at(world, days), kind=kind, **words)


def charged(world: World, proceeding: Proceeding) -> Turn:
    return turned(world, proceeding, "charged", days=1)


def trial_set(world: World, proceeding: Proceeding, on: date = date(2026, 12, 1), **words: Any) -> Turn:
    """A trial that is set, after a charge."""
    if not proceeding.turns.filter(kind="charged").exists():
        charged(world, proceeding)
    return turned(world, proceeding, "trial", days=2, on=on, **words)
