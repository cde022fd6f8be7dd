"""Reads of the list of cases: what a search and filters leave, what waits, and who has how many."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows import records
from alongside.core.rows.counts import counts
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.organisations.models import Membership
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.cases.casework import lifecycle, queries, rules
from alongside.support.cases.casework.models import NOBODYS, NOT_CLOSED, UNTRIED, Case
from alongside.support.cases.casework.queries import CASEWORK_ROLES
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.rules import name_part

NAMES_AT_MOST = 500
COUNT_UP_TO = 100
SHORTEST_NAME = 2

STATES: Mapping[str, Q] = {
    "": NOT_CLOSED,
    "waiting": Q(state=lifecycle.WAITING),
    "open": Q(state=lifecycle.OPEN),
    "closed": Q(state=lifecycle.CLOSED),
    "all": Q(),
}


# What a line of the list is made of. Read as plain values: fifty records made of them take longer than all the rest.
LISTED = (
    "id", "victim_id", "reference", "state", "crime_type", "high_risk", "worker", "cover", "cover_until",
    "visible_orgs", "accepted_at", "contact_due_at", "first_attempt_at", "last_contact_at", "victim__kind",
    "victim__title", "victim__given_name", "victim__family_name", "victim__business_name",
)  # fmt: skip


def wanted(rows: QuerySet[Any], *, by: Actor, asked: Mapping[str, str], today: date) -> QuerySet[Any]:
    """The visible cases that a search and filters leave. `asked`: q, whose, state, crime_type."""
    if rules.sees_inside(by):
        rows = rows.filter(provider_id=by.organisation_id)
    rows = rows.filter(STATES.get(asked.get("state", ""), Q()), _whose(asked.get("whose", ""), by, today))
    if asked.get("crime_type"):
        rows = rows.filter(crime_type=asked["crime_type"])
    if text := asked.get("q", "").strip():
        rows = rows.filter(_found(text, by))
    return rows


def lines(found: QuerySet[Any], by: Actor) -> QuerySet[Any]:
    """The same cases as lines of a list; whoever does not see inside is told which provider has each."""
    return found.values_list(*LISTED, *(() if rules.sees_inside(by) else ("provider__name",)), named=True)


def _whose(whose: str, by: Actor, today: date) -> Q:
    """Mine (with those that I cover), nobody's, one colleague's, or everybody's."""
    if whose == "mine":
        return queries.held_by(by.user_id, today)
    if whose == "nobody":
        return Q(worker=None)
    try:
        return Q(worker=UUID(whose)) if whose else Q()
    except ValueError:
        return Q()


def _found(text: str, by: Actor) -> Q:
    """By the whole reference, or by the beginning of the family name."""
    if reference := tidy_reference(text):
        return Q(reference=reference)
    name = name_part(text)
    if len(name) < SHORTEST_NAME:
        return Q(pk=None)
    people = Victim.objects.visible_to(by).filter(name_key__begins=name).values_list("pk", flat=True)
    return Q(victim_id__in=list(people[:NAMES_AT_MOST]))


@dataclass(frozen=True)
class ToDo:
    """What waits for this person and their organisation, counted as far as `COUNT_UP_TO`."""

    offers: int
    mine: int
    nobodys: int
    late: int


def to_do(by: Actor, *, now: datetime, today: date) -> ToDo:
    """Counts of what waits."""
    held = Case.objects.filter(NOT_CLOSED, provider_id=by.organisation_id).order_by()
    offers = Offer.objects.filter(provider_id=by.organisation_id, state=Offer.State.OFFERED)
    mine, late = held.filter(_whose("mine", by, today)), held.filter(UNTRIED, contact_due_at__lt=now)
    return ToDo(*counts((offers, mine, held.filter(NOBODYS), late), COUNT_UP_TO))


def caseload_sizes(organisation_id: int) -> dict[UUID | None, int]:
    """How many cases that are not closed each worker of the organisation has; None is nobody."""
    held = Case.objects.filter(provider_id=organisation_id).exclude(state=lifecycle.CLOSED)
    return {row["worker"]: row["n"] for row in held.order_by().values("worker").annotate(n=Count("id"))}


def loads(organisation_id: int) -> dict[UUID, rules.Load]:
    """Who works on cases for this organisation now, by name: how many each has, and should have at most."""
    held = Membership.objects.current().filter(organisation_id=organisation_id, role__in=CASEWORK_ROLES)
    sizes = caseload_sizes(organisation_id)
    found = {
        one.user_id: rules.Load(one.user.name, sizes.get(one.user_id, 0), one.caseload_limit, one.pk)
        for one in held.select_related("user").order_by("-caseload_limit")  # of two roles the one with a limit counts
    }
    return dict(sorted(found.items(), key=lambda pair: pair[1].name))


def choices_of_worker(case: Case) -> list[tuple[str, str]]:
    """Whom a case can be given to, with how many cases each has and should have at most; or nobody."""
    people = [(str(key), f"{load.name} ({load.words})") for key, load in loads(case.provider_id).items()]
    return [*people, ("nobody", "Nobody for now")]


def overloaded(organisation_id: int, worker: UUID | None) -> rules.Load | None:
    """The load of a worker who has more cases than they should; None for any other."""
    load = loads(organisation_id).get(worker) if worker else None
    return load if load and load.over else None


def check_worker(case: Case, worker: UUID | None) -> None:
    """Refuses who does not work here now, and who may not open the record: not named on it, or they know the person."""
    if worker is not None and worker not in queries.workers(case.provider_id):
        raise RuleBroken("Choose somebody who works for this organisation now.", "worker")
    if worker is not None and not records.open_to([case.victim_id], worker, case.provider_id):
        raise RuleBroken(rules.not_open(restricted=case.restricted), "worker")


@dataclass(frozen=True)
class Despite:
    """The hold on contact with a case's victim, and why this person may record one nevertheless."""

    held: messages.Held | None
    reasons: tuple[tuple[str, str], ...]


def despite(case: Case, *, by: Actor, at: datetime) -> Despite:
    return Despite(messages.held(case.victim_id, at), messages.hold_overrides(case.victim_id, by=by, at=at))


TAKEN_AWAY = (
    "victim_id", "reference", "state", "crime_type", "high_risk", "worker", "cover", "cover_until", "accepted_at",
    "contact_due_at", "first_attempt_at", "first_contact_at", "last_contact_at", "closed_at", "closed_why",
    "service__name",
)  # fmt: skip


def to_take_away(found: QuerySet[Any]) -> QuerySet[Any]:
    """The same cases for a file: without whose they are."""
    return found.select_related("service").only(*TAKEN_AWAY).order_by("-accepted_at", "-id")


COLUMNS = (
    Column("reference", "Reference"), Column("service", "Service"), Column("crime", "What happened"),
    Column("high_risk", "High risk"), Column("state", "State"), Column("worker", "Worker"),
    Column("cover", "Covered by"),
    Column("accepted", "Accepted"), Column("due", "First contact due"), Column("attempted", "First attempt"),
    Column("contacted", "First contact"), Column("latest", "Latest contact"), Column("closed", "Closed"),
    Column("why", "Why closed"),
)  # fmt: skip
NOTE = "No names: a reference opens its case for whoever may see it."


def export(found: Iterable[Case], *, by: Actor, at: datetime) -> documents.Export:
    """Cases as a file: codes in words and days. Who a victim is never leaves in a list."""
    today = clocks.london_date(at)
    words, names = queries.words(today), queries.colleagues(by)
    rows = [_row(case, words, names, today) for case in found]
    return documents.table("caseload", COLUMNS, rows, by=by, at=at, about="caseload", notes=[NOTE])


def _row(case: Case, words: queries.Words, names: queries.Names, today: date) -> documents.Row:
    covered = case.cover is not None and rules.cover_is_on(case.cover_until, today)
    return {
        "reference": case.reference, "service": case.service.name, "high_risk": "Yes" if case.high_risk else "No",
        "crime": words["crime_types"].get(case.crime_type, case.crime_type), "state": case.get_state_display(),
        "worker": _name(case.worker, names), "cover": _name(case.cover, names) if covered else "",
        "accepted": _day(case.accepted_at), "due": _day(case.contact_due_at), "attempted": _day(case.first_attempt_at),
        "contacted": _day(case.first_contact_at), "latest": _day(case.last_contact_at), "closed": _day(case.closed_at),
        "why": words["closure_reasons"].get(case.closed_why, case.closed_why),
    }  # fmt: skip


def _name(worker: UUID | None, names: queries.Names) -> str:
    return names.get(worker, "A former colleague") if worker else ""


def _day(moment: datetime | None) -> str:
    return clocks.london_date(moment).isoformat() if moment else ""
