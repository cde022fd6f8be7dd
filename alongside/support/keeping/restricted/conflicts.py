"""Declaring that somebody who works here knows a person: the record is closed to them from then on."""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from django.db import Error, connection, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows import records
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.keeping.restricted import queries
from alongside.support.keeping.restricted.actions import name_by_rule
from alongside.support.keeping.restricted.models import Conflict
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.rules import name_key


def _check(by: Actor, whose: UUID, relation: str, at: datetime) -> tuple[UUID, int]:
    assert by.user_id is not None and by.organisation_id is not None
    if rulebook.find("relations", relation, clocks.london_date(at)) is None:
        raise RuleBroken("Choose how they know each other.", "relation")
    if whose != by.user_id and not by.may(Permission.CONFLICT_REVIEW):
        raise RuleBroken("Only a manager declares it for somebody else.", "whose")
    if whose not in {by.user_id, *queries.colleagues(by.organisation_id)}:
        raise RuleBroken("Choose somebody who works here now.", "whose")
    return by.user_id, by.organisation_id


@transaction.atomic
def declare(victim: Victim, *, by: Actor, at: datetime, whose: UUID, relation: str) -> Conflict:
    """Closes a person's records to somebody who knows them; what that somebody had in hand goes to a colleague."""
    user, place = _check(by, whose, relation, at)
    if Conflict.objects.filter(user_id=whose, victim_id=victim.pk, organisation_id=place, lifted_at=None).exists():
        raise RuleBroken("That is declared already.")
    made = Conflict.objects.create(
        user_id=whose, organisation_id=place, victim_id=victim.pk, relation=relation, declared_at=at, declared_by=user
    )
    records.close_to(victim.pk, whose)
    events.record("conflict.declared", made.pk, by=by, at=at, relation=relation)
    return made


@transaction.atomic
def declare_name(
    *, by: Actor, at: datetime, whose: UUID, relation: str, given_name: str, family_name: str, birth_date: date | None
) -> Conflict:
    """The same by name, before there is a record: whatever is of that name, now or later, is closed to them unseen."""
    user, place = _check(by, whose, relation, at)
    key = name_key(given_name, family_name)
    if not key:
        raise RuleBroken("Enter their name.", "family_name")
    made = Conflict.objects.create(
        user_id=whose, organisation_id=place, name_key=key, birth_date=birth_date, relation=relation,
        declared_at=at, declared_by=user,
    )  # fmt: skip
    events.record("conflict.declared", made.pk, by=by, at=at, relation=relation)
    return made


@transaction.atomic
def lift(conflict: Conflict, *, by: Actor, at: datetime, why: str) -> None:
    """A manager opens the record to them again. Nobody does so for themselves."""
    held = Conflict.objects.select_for_update().get(pk=conflict.pk)
    if held.lifted_at is not None:
        raise RuleBroken("Somebody has lifted it already.")
    if held.user_id == by.user_id:
        raise RuleBroken("Nobody lifts their own. Ask another manager.")
    if held.victim_id is not None:
        _reopen(held.victim_id, held.user_id)
    held.lifted_at, held.lifted_by, held.lifted_why = at, by.user_id, why
    held.save(update_fields=["lifted_at", "lifted_by", "lifted_why"])
    events.record("conflict.lifted", held.pk, by=by, at=at)


def _reopen(victim: UUID, user: UUID) -> None:
    try:
        with transaction.atomic():
            records.reopen_to(victim, user)
    except Error as refused:
        raise RuleBroken("Only somebody who may open the record itself can lift this.") from refused


@transaction.atomic
def hand_on(conflict: Conflict, *, by: Actor, at: datetime) -> None:
    """What somebody had in hand of a person whom they know goes back to be taken by a colleague. For jobs."""
    if conflict.victim_id is None:
        _close_what_is_there(conflict)
        return
    _name_others(conflict, by=by, at=at)
    taken = Referral.objects.filter(victim_id=conflict.victim_id, worker=conflict.user_id)
    freed = list(taken.exclude(state=Referral.State.CLOSED).select_for_update().values_list("pk", flat=True))
    Referral.objects.filter(pk__in=freed).update(worker=None)
    events.record_many("referral.let_go", freed, by=by, at=at)
    for case in Case.objects.filter(victim_id=conflict.victim_id).exclude(state=Case.State.CLOSED):
        if conflict.user_id in (case.worker, case.cover):
            left = None if case.worker == conflict.user_id else case.worker
            manager = replace(by, organisation_id=case.provider_id, permissions=frozenset({Permission.CASE_ASSIGN}))
            casework.assign(case, by=manager, at=at, worker=left)


def _name_others(conflict: Conflict, *, by: Actor, at: datetime) -> None:
    """Where nobody else is named on a restricted record, the rule names again: it must not be closed to everybody."""
    assert conflict.victim_id is not None
    place = conflict.organisation_id
    here = {one.user_id for one in records.named(conflict.victim_id) if one.organisation_id == place}
    if queries.sealed(conflict.victim_id) and here <= {conflict.user_id}:
        name_by_rule(conflict.victim_id, place, by=by, at=at)


def _close_what_is_there(conflict: Conflict) -> None:
    """What came before the name was declared. What comes later is closed by the statement that brings it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT restricted_close_name(%s)", [conflict.pk])
