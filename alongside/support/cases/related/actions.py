"""Writes of people around a case: added, changed, taken off; a child who turns 18, asked themselves."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.related import queries, rules
from alongside.support.cases.related.models import Professional, Relative
from alongside.support.cases.related.queries import Row

GROWN = "related.grown"
BEFORE_18 = timedelta(days=366 * rules.GROWN)


@transaction.atomic
def add_relative(
    case: Case, *, by: Actor, at: datetime, reference: str = "", needs: str = "", school: str = "", name: str = "",
    social_worker: str = "", **known: Any,
) -> Relative:  # fmt: skip
    """Keeps a child, or somebody else of the household or family."""
    case = casework.locked(case)
    said = _tidy(name=name, school=school, needs=needs, social_worker=social_worker)
    made = _of_relative(Relative(case=case), known, by=by, at=at)
    if again := queries.added_again(made, said, by=by, at=at):
        return again
    made.own_case = _own_case(case, reference, by, before=None)
    _save(made, said, by=by, at=at)
    _raise(made, by=by, at=at)
    events.record("related.relative_added", case.pk, by=by, at=at)
    return made


def _tidy(**said: str) -> dict[str, str]:
    return {column: text.strip() for column, text in said.items()}


def _of_relative(made: Relative, known: Mapping[str, Any], *, by: Actor, at: datetime) -> Relative:
    on = london_date(at)
    relation = queries.relation(known["relation"], on)
    if relation is None:
        raise RuleBroken("Choose how they stand to the person we support.", "relation")
    rules.check_code("lives", known["lives"], Relative.Lives.values)
    born, age, whose = known.get("birth_date"), known.get("age_said"), known.get("responsibility", "")
    rules.check_age(born, age, today=on, unborn=known["relation"] == "unborn")
    if whose:
        rules.check_code("responsibility", whose, rulebook.titles(queries.RESPONSIBILITY, on))
    made.relation, made.child, made.lives = known["relation"], relation.flag("child"), known["lives"]
    made.birth_date, made.responsibility = born, whose if made.child else ""
    if age != made.age_said:
        made.age_said, made.age_said_on = age, on if age is not None else None
    return made


def _own_case(case: Case, reference: str, by: Actor, *, before: UUID | None) -> UUID | None:
    """The case that a reference names; without one, what stood there before where the writer may not open it."""
    if reference.strip():
        found = queries.own_case(reference, case, by)
        if found is None:
            raise RuleBroken("No case of your organisation that is open to you has this reference.", "reference")
        return found.pk
    return None if queries.may_see(before, by) else before


def _save(row: Relative | Professional, said: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    row.victim_id, row.written_at, row.written_by = row.case.victim_id, at, by.user_id
    fields.write(row, **said)
    row.save(force_insert=True)


def _raise(one: Relative, *, by: Actor, at: datetime) -> None:
    """A child who turns 18 within some days comes up: they are asked themselves what they agree to."""
    grown = rules.grown_up_on(one.birth_date) if one.birth_date else None
    last = london_date(at) + timedelta(days=queries.soon(london_date(at)))
    if one.child and grown and grown <= last and one.asked_at is None:
        agenda.put(one.case, by=by, at=at, kind=GROWN, about=one.piece, due_at=grown)
    else:
        agenda.drop(one.case, by=by, at=at, kind=GROWN, about=one.piece)


def _follow(row: Row, kind: type[Row], *, by: Actor, at: datetime, seen: int, why: str) -> Row:
    """The next version of somebody, unsaved, with the codes of the last; refuses whoever has not seen what stands."""
    casework.locked(row.case)
    fresh: Row = kind.objects.select_for_update(of=("self",)).get(piece=row.piece, superseded_at=None)
    if fresh.gone:
        raise RuleBroken("Somebody has taken them off the case meanwhile.")
    if fresh.number != seen:
        raise RuleBroken(rules.STALE)
    if rulebook.find(queries.CHANGES, why, london_date(at)) is None:
        raise RuleBroken("Choose why.", "why")
    fresh.superseded_at = at
    fresh.save(update_fields=["superseded_at"])
    left = {"id", "number", "why", "gone", "written_at", "written_by", "superseded_at", *queries.SEALED[kind]}
    kept = {
        field.attname: getattr(fresh, field.attname) for field in kind._meta.concrete_fields if field.name not in left
    }  # fmt: skip
    return kind(number=fresh.number + 1, why=why, **kept)


@transaction.atomic
def revise_relative(
    relative: Relative, *, by: Actor, at: datetime, seen: int, why: str, reference: str = "", needs: str = "",
    school: str = "", name: str = "", social_worker: str = "", **known: Any,
) -> Relative:  # fmt: skip
    """Changes what is known of them. `seen`: the number of the version that the writer had before them."""
    made = _follow(relative, Relative, by=by, at=at, seen=seen, why=why)
    born = made.birth_date
    made = _of_relative(made, known, by=by, at=at)
    made.own_case = _own_case(made.case, reference, by, before=made.own_case)
    made.asked_at = made.asked_at if made.birth_date == born else None
    _save(made, _tidy(name=name, school=school, needs=needs, social_worker=social_worker), by=by, at=at)
    _raise(made, by=by, at=at)
    events.record("related.relative_revised", made.case_id, by=by, at=at, why=why)
    return made


@transaction.atomic
def remove_relative(relative: Relative, *, by: Actor, at: datetime, seen: int, why: str) -> None:
    """Takes somebody off the case. What it said stays among what was said before."""
    gone = _follow(relative, Relative, by=by, at=at, seen=seen, why=why)
    gone.gone = True
    _save(gone, {}, by=by, at=at)
    agenda.drop(gone.case, by=by, at=at, kind=GROWN, about=gone.piece)
    events.record("related.relative_removed", gone.case_id, by=by, at=at, why=why)


@transaction.atomic
def note_asked(relative: Relative, *, by: Actor, at: datetime) -> None:
    """They are 18, and were asked themselves what they agree to. Pressed twice it changes nothing."""
    casework.locked(relative.case)
    fresh = Relative.objects.select_for_update(of=("self",)).get(piece=relative.piece, superseded_at=None)
    if fresh.asked_at is None and not fresh.gone:
        fresh.asked_at = at
        fresh.save(update_fields=["asked_at"])
        agenda.drop(fresh.case, by=by, at=at, kind=GROWN, about=fresh.piece)
        events.record("related.asked_at_18", fresh.case_id, by=by, at=at)


@transaction.atomic
def raise_grown(*, by: Actor, at: datetime) -> int:
    """Every night: children of open cases who turn 18 within some days come up. Safe to repeat."""
    last = london_date(at) + timedelta(days=queries.soon(london_date(at)))
    here = Item.objects.filter(kind=GROWN).values("about")
    found = Relative.objects.filter(
        child=True, superseded_at=None, gone=False, asked_at=None, birth_date__lte=last - BEFORE_18 + timedelta(days=18)
    ).exclude(case__state=Case.State.CLOSED)  # fmt: skip
    near = [
        one for one in found.exclude(piece__in=here).select_related("case")
        if one.birth_date and rules.grown_up_on(one.birth_date) <= last
    ]  # fmt: skip
    for one in near:
        _raise(one, by=by, at=at)
    return len(near)


@transaction.atomic
def add_professional(case: Case, *, by: Actor, at: datetime, **known: Any) -> Professional:
    """Keeps somebody who works with whoever is supported, and whether they may be told that it is here."""
    case = casework.locked(case)
    said = _of_professional(made := Professional(case=case), known, on=london_date(at))
    if again := queries.added_again(made, said, by=by, at=at):
        return again
    _save(made, said, by=by, at=at)
    events.record("related.professional_added", case.pk, by=by, at=at, role=made.role)
    return made


def _of_professional(made: Professional, known: Mapping[str, Any], *, on: date) -> dict[str, str]:
    said = _tidy(**{column: known.get(column, "") for column in queries.SEALED[Professional]})
    rules.check_code("role", known["role"], rulebook.titles(queries.ROLES, on))
    rules.check_code("may_be_told", known["may_be_told"], Professional.Told.values)
    rules.check_professional(**said, told_on=known["told_on"], today=on)
    made.role, made.may_be_told, made.told_on = known["role"], known["may_be_told"], known["told_on"]
    return said


@transaction.atomic
def revise_professional(
    professional: Professional, *, by: Actor, at: datetime, seen: int, why: str, **known: Any
) -> Professional:  # fmt: skip
    """Changes what is known of them, or whether they may be told."""
    made = _follow(professional, Professional, by=by, at=at, seen=seen, why=why)
    said = _of_professional(made, known, on=london_date(at))
    _save(made, said, by=by, at=at)
    events.record("related.professional_revised", made.case_id, by=by, at=at, why=why)
    return made


@transaction.atomic
def remove_professional(professional: Professional, *, by: Actor, at: datetime, seen: int, why: str) -> None:
    gone = _follow(professional, Professional, by=by, at=at, seen=seen, why=why)
    gone.gone = True
    _save(gone, {}, by=by, at=at)
    events.record("related.professional_removed", gone.case_id, by=by, at=at, why=why)
