"""Other parties for tests: everybody in them is made up."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.cases import inside as inside_of
from alongside.support.cases.others import actions
from alongside.support.cases.others.models import Condition, Party
from alongside.support.people.victims.actions import Identity
from tests.world import World

NAME, ALIAS, PHONE, EMAIL = "Ramón O’Testerly-Vale", "Razor", "07700 900941", "razor@sample.example"
SAID: dict[str, Any] = {
    "name": NAME, "aliases": f"{ALIAS}\nRay Vale", "born": date(1985, 3, 9), "relation": "ex_partner",
    "lives": "elsewhere", "knows": ["home", "phone"], "dangers": ["weapon"], "phones": PHONE, "emails": EMAIL,
    "description": "Tall, a scar on the left hand", "vehicle": "A blue van, TE57 VAN", "warning": "Keeps a knife",
}  # fmt: skip
SECRETS = ("Testerly", "Ramón", "Ramon", "Razor", "07700 900941", "07700900941", "+447700900941", EMAIL,
           "scar on the left", "TE57 VAN", "Keeps a knife", "9 March 1985", "1985-03-09")  # fmt: skip


def case_of(world: World, worker: str | None = "caseworker", **changes: Any) -> Case:
    """A case that somebody works on, if anybody."""
    person = worker if worker and worker.startswith("neighbour") else "caseworker"
    case = accepted(world, person, crime_type="domestic_abuse", **changes)
    Case.objects.filter(pk=case.pk).update(worker=world.people[worker].pk if worker else None)
    case.refresh_from_db()
    return case


def somebody(given: str, family: str, **known: Any) -> Identity:
    return Identity(given_name=given, family_name=family, **known)


def kept(world: World, case: Case, at: datetime, person: str = "caseworker", **changes: Any) -> Party:
    with transaction.atomic(), inside_of(world, person):
        return actions.add(case, by=world.actor(person), at=at, **{**SAID, **changes})


def ordered(world: World, party: Party, at: datetime, until: date | None, words: str = "") -> Condition:
    with transaction.atomic(), inside_of(world, "caseworker"):
        return actions.add_condition(
            party, by=world.actor("caseworker"), at=at, kind="restraining", until=until, words=words
        )  # fmt: skip


def looked(case: Case, at: datetime) -> int:
    """What the job finds after a change."""
    with transaction.atomic(), inside(Realm.WORKER):
        return actions.look(case.pk, by=SYSTEM_ACTOR, at=at)
