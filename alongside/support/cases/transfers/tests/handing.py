"""Cases that are handed on, for tests: everybody in them is made up."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from alongside.foundation.local.directory.models import Service
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside, service_of
from alongside.support.cases.casework.tests.test_actions import reach
from alongside.support.cases.notes import actions as notes
from alongside.support.cases.transfers import actions, jobs
from alongside.support.cases.transfers.actions import Along
from alongside.support.cases.transfers.models import Transfer
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import Agreement
from tests.world import World

HOUR = timedelta(hours=1)
SECRET, GOAL, SUMMARY = "Testina told us about the cellar", "Pay the rent", "Testina would rather meet outside"


def worked_on(world: World) -> Case:
    """A case with a plan and notes."""
    there(world)
    case, by, at = accepted(world), world.actor("caseworker"), world.now + 2 * HOUR
    with transaction.atomic(), inside(world, "caseworker"):
        casework.assign(case, by=by, at=at, worker=by.user_id)
        reach(world, case)
        need = casework.find_need(case, by=by, at=at, code="money", goal=GOAL)
        casework.add_step(need, by=by, at=at, what="Ring the bank", who="worker")
        notes.add_note(case, by=by, at=at, words=SECRET)
        notes.add_note(case, by=by, at=at + HOUR, words="They like to walk")
    return Case.objects.get(pk=case.pk)


def there(world: World) -> Service:
    """The service of the neighbour, which is who receives."""
    return service_of(world, "neighbour")


def agreed(world: World, case: Case, at: datetime | None = None) -> Agreement:
    by = world.actor("caseworker")
    with transaction.atomic(), inside(world, "caseworker"):
        return victims.agree(
            case.victim, by=by, at=at or world.now + 3 * HOUR, about="share", given=True,
            with_organisation=world.organisations["neighbour"].pk, purpose="share_with_provider",
        )  # fmt: skip


def offered(world: World, case: Case, *, at: datetime | None = None, **changes: Any) -> Transfer:
    along = Along(**{"summary": SUMMARY, "pieces": ("plan",), "notes": (0,), **changes})
    by, at = world.actor("caseworker"), at or world.now + 4 * HOUR
    with transaction.atomic(), inside(world, "caseworker"):
        return actions.offer(case, by=by, at=at, service=there(world), why="moved", along=along)


def taken_up(world: World, transfer: Transfer, *, at: datetime | None = None) -> Case:
    """Accepted by the neighbour, and handed over."""
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        case = actions.accept(transfer, by=world.actor("neighbour_caseworker"), at=at or world.now + 5 * HOUR)
    jobs.settle(event="", subject=str(transfer.pk))
    return case
