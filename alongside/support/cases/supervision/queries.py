"""Reads of supervision: for readers what was written; for managers who met when, and how much everybody had."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.clocks import LONDON, london_date
from alongside.core.models import Event
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import NOT_CLOSED, Case
from alongside.support.cases.day import queries as day
from alongside.support.cases.supervision import rules
from alongside.support.cases.supervision.models import Bond, Decision, Meeting, Talked, Writing

TOPICS = "supervision_topics"
MANAGER = "service_manager"


def every(on: date) -> int:
    """How many days apart supervisions are."""
    return rulebook.rule("limits", "supervision_every", on).number("number")


def managers(organisation: int) -> dict[UUID, str]:
    """Who may supervise here now."""
    held = Membership.objects.current().filter(organisation_id=organisation, role=MANAGER).select_related("user")
    return {one.user_id: one.user.name for one in held.order_by("user__name")}


def names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in={one for one in people if one}).values_list("pk", "name"))


@dataclass(frozen=True)
class Pair:
    """A bond, when the two last met, and when they meet next."""

    bond: Bond
    last: Meeting | None
    due_on: date
    unsigned: bool

    def late(self, on: date) -> bool:
        return self.bond.ended_at is None and self.due_on < on


def pairs(bonds: Iterable[Bond], on: date) -> tuple[Pair, ...]:
    """Bonds with their last meeting, in two statements."""
    listed = list(bonds)
    latest: dict[UUID, Meeting] = {}
    for one in Meeting.objects.filter(bond__in=listed).order_by("met_on", "id"):
        latest[one.bond_id] = one
    return tuple(_pair(bond, latest.get(bond.pk), every(on)) for bond in listed)


def _pair(bond: Bond, last: Meeting | None, days: int) -> Pair:
    due = rules.next_due(last=last.met_on if last else None, agreed=last.next_on if last else None,
                         begun=london_date(bond.begun_at), every=days)  # fmt: skip
    return Pair(bond, last, due, last is not None and not last.signed)


def mine(by: Actor) -> tuple[Bond, ...]:
    """The bonds that somebody may read, those that go on first."""
    return tuple(Bond.objects.visible_to(by).order_by("ended_at", "begun_at", "id"))


def team(by: Actor) -> tuple[Bond, ...]:
    """Every bond that goes on in an organisation, for its managers: who meets whom, and nothing of what was said."""
    return tuple(Bond.objects.of_team(by).filter(ended_at=None).order_by("begun_at", "id"))


def meetings(bond: Bond) -> tuple[Meeting, ...]:
    return tuple(Meeting.objects.filter(bond=bond).order_by("-met_on", "-id"))


@dataclass(frozen=True)
class Said:
    """A piece of writing, opened."""

    row: Any
    words: str


def written(meeting: Meeting) -> dict[str, Said]:
    """What stands, by topic."""
    crypt.load_keys([meeting.bond_id])
    found = Writing.objects.filter(meeting=meeting).exclude(topic="").order_by("number")
    return {one.topic: Said(one, fields.read(one, "words")) for one in found}


def amendments(meeting: Meeting) -> tuple[Said, ...]:
    found = Writing.objects.filter(meeting=meeting, topic="").order_by("number", "id")
    return tuple(Said(one, fields.read(one, "words")) for one in found)


def talked(meeting: Meeting, by: Actor) -> tuple[Said, ...]:
    """Cases that were talked about and that the reader may open too, as they stand."""
    found = Talked.objects.visible_to(by).filter(meeting=meeting).select_related("case__victim").order_by("number")
    standing = {one.case_id: one for one in found}
    crypt.load_keys({one.victim_id for one in standing.values()})
    return tuple(Said(one, fields.read(one, "words")) for one in standing.values() if not one.gone)


def hidden(meeting: Meeting, by: Actor) -> bool:
    """Whether nothing at all was written, as far as somebody may read."""
    return not Writing.objects.filter(meeting=meeting).exists() and not talked(meeting, by)


def decisions(meeting: Meeting) -> tuple[Said, ...]:
    crypt.load_keys([meeting.bond_id])
    found = Decision.objects.filter(meeting=meeting).order_by("due_on", "id")
    return tuple(Said(one, fields.read(one, "words")) for one in found)


def to_do(by: Actor) -> tuple[Said, ...]:
    """What somebody is to do that was agreed in supervision, on either side."""
    found = Decision.objects.visible_to(by).filter(done_at=None, bond__ended_at=None).select_related("bond")
    own = [one for one in found.order_by("due_on", "id") if doer(one) == by.user_id]
    crypt.load_keys({one.bond_id for one in own})
    return tuple(Said(one, fields.read(one, "words")) for one in own)


def doer(decision: Decision) -> UUID:
    return decision.bond.worker if decision.who == Decision.Who.WORKER else decision.bond.manager


def cases_of(bond: Bond, by: Actor) -> list[tuple[str, str]]:
    """The cases that can be talked about: those of the worker which are not closed and which the reader may open."""
    found = Case.objects.visible_to(by).filter(NOT_CLOSED, worker=bond.worker, provider_id=bond.organisation_id)
    rows = found.select_related("victim").order_by("accepted_at", "id")
    return [(str(case.pk), f"{case.reference}, {case.victim.full_name}") for case in rows]


def case_of(bond: Bond, key: str, by: Actor) -> Case | None:
    """The case of a choice, if it may be chosen."""
    known = dict(cases_of(bond, by))
    return Case.objects.visible_to(by).get(pk=key) if key in known else None


@dataclass(frozen=True)
class Line:
    """A worker in the report: weight against limit now, cases at the ends of months, supervisions held and expected."""

    name: str
    tenths: int
    limit: int | None
    cases: int
    past: tuple[int, ...]
    held: int
    expected: int
    due_on: date | None
    late: bool


def report(by: Actor, *, now: datetime) -> tuple[list[date], tuple[Line, ...]]:
    """How much everybody had, and whether they were supervised. Past loads are cases, not weights: what a case would
    have weighed then is not on record."""
    on = london_date(now)
    ends = rules.month_ends(on)
    past = rules.sizes(_held(by, ends[0]), [datetime.combine(end, time.max, tzinfo=LONDON) for end in ends])
    loads, met = day.team(by, now=now).members, _met(by, ends[0], on)
    return ends, tuple(
        Line(one.name, one.tenths, one.limit, one.cases, tuple(past.get(str(one.user_id), [0] * len(ends))),
             *met.get(one.user_id, (0, 0, None, False)))
        for one in loads
    )  # fmt: skip


def _held(by: Actor, since: date) -> list[rules.Held]:
    """The cases that went on at some time since, with who was given them, in two statements. A case of which the log
    says nothing counts for whoever has it now."""
    begins = datetime.combine(since, time.min, tzinfo=LONDON)
    found = Case.objects.visible_to(by).filter(provider_id=by.organisation_id).exclude(closed_at__lt=begins)
    given: dict[UUID, list[tuple[datetime, str]]] = {}
    log = Event.objects.filter(name="case.assigned", subject__in=found.values("pk")).order_by("at", "id")
    for key, at, details in log.values_list("subject", "at", "details"):
        given.setdefault(key, []).append((at, str(details.get("worker") or "")))
    return [
        rules.Held(accepted, closed, given.get(key) or [(accepted, str(worker or ""))])
        for key, accepted, closed, worker in found.values_list("pk", "accepted_at", "closed_at", "worker")
    ]  # fmt: skip


def _met(by: Actor, since: date, until: date) -> Mapping[UUID, tuple[int, int, date | None, bool]]:
    """By worker: supervisions held and expected in a period, and when the next is due."""
    days, found = every(until), dict[UUID, tuple[int, int, date | None, bool]]()
    bonds = list(Bond.objects.of_team(by).order_by("begun_at"))
    counted: dict[UUID, int] = {}
    met = Meeting.objects.filter(bond__in=bonds, met_on__gte=since, met_on__lte=until)
    for key in met.values_list("bond_id", flat=True):
        counted[key] = counted.get(key, 0) + 1
    for pair in pairs(bonds, until):
        bond, (held, wanted, _, _) = pair.bond, found.get(pair.bond.worker, (0, 0, None, False))
        ended = london_date(bond.ended_at) if bond.ended_at else None
        more = rules.expected(london_date(bond.begun_at), ended, since=since, until=until, every=days)
        due = None if ended else pair.due_on
        found[bond.worker] = (held + counted.get(bond.pk, 0), wanted + more, due, pair.late(until))
    return found


def of_leaver(user: UUID, organisation: int) -> Iterable[Bond]:
    return Bond.objects.filter(organisation_id=organisation, readers__contains=[user])


def workers(by: Actor) -> dict[UUID, str]:
    return casework.workers(by.organisation_id or 0)
