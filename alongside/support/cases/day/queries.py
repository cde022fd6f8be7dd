"""Reads of the day: what is due for a worker, and how a team stands."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.models import Event, Look
from alongside.core.pages.paging import Page, page_of
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Addition
from alongside.support.cases.agenda import queries as agenda
from alongside.support.cases.agenda.queries import Line
from alongside.support.cases.agenda.rules import Lane, Pressing, end_of, pressing
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework.models import NOT_CLOSED, Case, Step
from alongside.support.cases.casework.queries import CASEWORK_ROLES
from alongside.support.cases.day import rules
from alongside.support.cases.day.models import Absence
from alongside.support.cases.others import queries as others

RECENT = timedelta(days=14)
RISK = "risk"


@dataclass(frozen=True)
class Due:
    """Something to do: on whose case, what, by when, how pressing, where; and what one press does about it."""

    case: Case
    words: str
    group: str
    href: str
    due_at: datetime | None
    all_day: bool
    pressing: Pressing
    step: Step | None = None


@dataclass(frozen=True)
class Day:
    """A worker's day: what is due, whether each person may be called now, and how heavy the caseload is."""

    due: tuple[Due, ...]
    calls: Mapping[UUID, tuple[str, bool]]
    cases: int
    tenths: int
    limit: int | None


def day(rows: QuerySet[Case], worker: UUID, organisation: int, *, now: datetime) -> Day:
    """What is due for somebody up to a week from now, the most pressing first. `rows`: cases that the reader sees."""
    today = london_date(now)
    found_on = rows.filter(casework.held_by(worker, today), NOT_CLOSED, provider_id=organisation)
    held = list(found_on.select_related("victim"))
    by_key = {case.pk: case for case in held}
    found = [*_agenda(by_key, now), *_first(held, now), *_steps(by_key, now), *_came(by_key, worker, now),
             *_given(by_key, worker, organisation, now)]  # fmt: skip
    order = list(Pressing)
    found.sort(key=lambda one: (order.index(one.pressing), one.due_at or now, one.case.reference))
    own = [case for case in held if case.worker == worker]
    return Day(
        tuple(found), calls(held, now), len(own), weigh(own, today), limits(organisation).get(worker),
    )  # fmt: skip


def _horizon(now: datetime) -> datetime:
    return end_of(london_date(now) + timedelta(days=rules.AHEAD))


def _agenda(held: Mapping[UUID, Case], now: datetime) -> Iterable[Due]:
    for line in agenda.of_cases(list(held), now=now, until=_horizon(now), lane=Lane.WORKER):
        yield _of_line(line, held[line.item.case_id])


def _of_line(line: Line, case: Case) -> Due:
    """A line of the agenda. What is due of a risk is for today, however many days a clock gives."""
    how = Pressing.TODAY if line.group == RISK and line.pressing != Pressing.LATE else line.pressing
    return Due(case, line.words, line.group, line.href, line.due_at, line.all_day, how)


def _first(held: Iterable[Case], now: datetime) -> Iterable[Due]:
    """First contacts that nobody has tried."""
    for case in held:
        if case.first_attempt_at is None and case.contact_due_at:
            how = pressing(case.contact_due_at, now=now, all_day=True)
            href = reverse("casework:record_contact", args=[case.pk])
            yield Due(case, "Make the first contact", "contacts", href, case.contact_due_at, True, how)


def _steps(held: Mapping[UUID, Case], now: datetime) -> Iterable[Due]:
    """Steps of plans that the worker is to do."""
    soon = london_date(_horizon(now))
    found = Step.objects.filter(case__in=list(held), done_at=None, due_on__lte=soon).exclude(who=Step.Who.OTHER)
    steps = list(found.order_by("due_on", "id"))
    crypt.load_keys({step.victim_id for step in steps})
    for step in steps:
        assert step.due_on
        at, href = end_of(step.due_on), reverse("casework:plan", args=[step.case_id])
        how = pressing(at, now=now, all_day=True)
        yield Due(held[step.case_id], fields.read(step, "what"), "plan", href, at, True, how, step)


def _came(held: Mapping[UUID, Case], worker: UUID, now: datetime) -> Iterable[Due]:
    """What victims added and this worker has not read since."""
    referral = {case.referral_id: case for case in held.values()}
    found = Addition.objects.filter(ticket__referral_id__in=list(referral), added_at__gt=now - RECENT)
    latest: dict[UUID, datetime] = {}
    for key, at in found.values_list("ticket__referral_id", "added_at"):
        latest[key] = max(at, latest.get(key, at))
    read = _read(worker, now) if latest else {}
    for key, at in latest.items():
        case = referral[key]
        if read.get(case.pk, at) <= at:
            href = reverse("casework:show", args=[case.pk])
            yield Due(case, "They added something to what they told us", "replies", href, None, False, Pressing.TODAY)


def _read(worker: UUID, now: datetime) -> dict[UUID, datetime]:
    """When this person last read the first page of each record."""
    found: dict[UUID, datetime] = {}
    looks = Look.objects.filter(user_id=worker, at__gt=now - RECENT, route="casework:show")
    for at, subjects in looks.values_list("at", "subjects"):
        for key in subjects:
            found[key] = max(at, found.get(key, at))
    return found


def _given(held: Mapping[UUID, Case], worker: UUID, organisation: int, now: datetime) -> Iterable[Due]:
    """Cases that somebody else gave to this worker, until they have opened them."""
    since = now - timedelta(days=rules.AHEAD)
    found = Event.objects.filter(
        organisation_id=organisation, at__gt=since, name="case.assigned", details__worker=str(worker)
    ).exclude(user_id=worker)  # fmt: skip
    given = {key: at for key, at in found.order_by("at").values_list("subject", "at") if key in held}
    read = _read(worker, now) if given else {}
    for key, at in given.items():
        if held[key].worker == worker and read.get(key, at) <= at:
            href = reverse("casework:show", args=[key])
            yield Due(held[key], "New to you: read the case", "new", href, None, False, Pressing.TODAY)


def calls(held: Iterable[Case], now: datetime) -> dict[UUID, tuple[str, bool]]:
    """By victim whether they may be called now. One question for all."""
    today = london_date(now)
    times = messages.calling_times({case.victim_id: casework.hidden(case.crime_type, today) for case in held})
    return {victim: rules.call_words(referrals.hours_of(said, today), now) for victim, said in times.items()}


def weights(on: date) -> rules.Weights:
    """What a case counts on a day."""
    rows = {row.code: row.number("tenths") for row in rulebook.current("case_weights", on)}
    return rules.Weights(
        going_on=rows["going_on"], waiting=rows["waiting"], high_risk=rows["high_risk"], new=rows["new"],
        new_days=casework.limit("case_is_new", on),
    )  # fmt: skip


def weigh(held: Iterable[Any], today: date) -> int:
    """What cases weigh together, in tenths of an ordinary one."""
    known = weights(today)
    return sum(_weight(case, known, today) for case in held)


def _weight(case: Any, known: rules.Weights, today: date) -> int:
    return rules.weight(
        known, waiting=case.state == Case.State.WAITING, high_risk=case.high_risk,
        accepted_on=london_date(case.accepted_at), today=today,
    )  # fmt: skip


def limits(organisation: int) -> dict[UUID, int | None]:
    """How many ordinary cases each worker should have at most; of two roles the one with a limit counts."""
    held = Membership.objects.current().filter(organisation_id=organisation, role__in=CASEWORK_ROLES)
    return {one.user_id: one.caseload_limit for one in held.order_by("-caseload_limit")}


@dataclass(frozen=True)
class Member:
    """Somebody of the team: how much they have, what is late, and whether they are away."""

    user_id: UUID
    name: str
    cases: int
    covers: int
    tenths: int
    limit: int | None
    late: int
    away: Absence | None

    @property
    def over(self) -> bool:
        return rules.is_over(self.tenths, self.limit)


@dataclass(frozen=True)
class Team:
    """How an organisation's workers stand, and which cases nobody has."""

    members: tuple[Member, ...]
    nobodys: tuple[Case, ...]
    uncovered: Mapping[UUID, int]
    due: tuple["Waiting", ...]


@dataclass(frozen=True)
class Waiting:
    """Something that waits for a manager; of a possible conflict, which other case it is about, and every reason."""

    line: Line
    others: tuple[Case, ...] = ()
    why: tuple[str, ...] = ()


def team(by: Actor, *, now: datetime) -> Team:
    """The whole team: everybody who works on cases here now, and what waits for their manager."""
    today, organisation = london_date(now), by.organisation_id or 0
    seen = Case.objects.visible_to(by).filter(NOT_CLOSED, provider_id=organisation)
    held = list(seen.select_related("victim").order_by("accepted_at", "id"))
    away = absences(organisation, today)
    late = _late(held, now)
    names, most = casework.workers(organisation), limits(organisation)
    members = tuple(
        _member(key, name, held, most.get(key), late, away.get(key), today) for key, name in names.items()
    )  # fmt: skip
    uncovered = {key: sum(case.worker == key and not _covered(case, today) for case in held) for key in away}
    waits = agenda.of_team(by, now=now, until=london_date(_horizon(now)), lane=Lane.MANAGER)
    return Team(
        members, tuple(case for case in held if case.worker is None), uncovered,
        _by_pairs(sorted(waits, key=lambda one: (one.group != RISK, one.due_at)), by),
    )  # fmt: skip


def _by_pairs(waits: Iterable[Line], by: Actor) -> tuple[Waiting, ...]:
    """One line for two cases that may be in conflict: what is found of the one is found of the other, and they are
    decided together."""
    lines, found = list(waits), dict[Any, Waiting]()
    pairs = others.pairs([line.item.about for line in lines], by)
    for line in lines:
        pair = pairs.get(line.item.about)
        key = pair.cases if pair else line.item.pk
        first = found.setdefault(key, Waiting(line, why=pair.why if pair else ()))
        known = {first.line.item.case_id, *(case.pk for case in first.others)}
        if line.item.case_id not in known:
            found[key] = replace(first, others=(*first.others, line.item.case))
    return tuple(found.values())


def nobodys(by: Actor, *, after: str, before: str) -> tuple[Page, int]:
    """A page of the cases that nobody has, those that wait longest first, and how many there are in all."""
    seen = Case.objects.visible_to(by).filter(NOT_CLOSED, provider_id=by.organisation_id or 0, worker=None)
    page = page_of(seen.select_related("victim"), order=("accepted_at", "id"), after=after, before=before)
    return page, seen.count()


def _member(
    key: UUID, name: str, held: Iterable[Case], limit: int | None, late: Mapping[UUID, int], away: Absence | None,
    today: date,
) -> Member:  # fmt: skip
    own = [case for case in held if case.worker == key]
    covers = [case for case in held if case.cover == key and _covered(case, today)]
    return Member(
        key, name, len(own), len(covers), weigh([*own, *covers], today), limit,
        sum(late.get(case.pk, 0) for case in own), away,
    )  # fmt: skip


def _covered(case: Case, today: date) -> bool:
    return case.cover is not None and case.cover_until is not None and case.cover_until >= today


def _late(held: Iterable[Case], now: datetime) -> dict[UUID, int]:
    """How much is late on each case: what is due, first contacts and steps."""
    keys = {case.pk: case for case in held}
    found: dict[UUID, int] = {}
    lines = agenda.of_cases(list(keys), now=now, until=now, lane=Lane.WORKER)
    late = [line.item.case_id for line in lines if line.pressing == Pressing.LATE]
    late += [case.pk for case in held if case.first_attempt_at is None and case.contact_due_at
             and case.contact_due_at < now]  # fmt: skip
    late += Step.objects.filter(case__in=list(keys), done_at=None, due_on__lt=london_date(now)).values_list(
        "case_id", flat=True
    )
    for key in late:
        found[key] = found.get(key, 0) + 1
    return found


def absences(organisation: int, today: date) -> dict[UUID, Absence]:
    """Who is away today."""
    found = Absence.objects.filter(organisation_id=organisation, since__lte=today, until__gte=today)
    return {one.user_id: one for one in found if rules.is_away(one.since, one.until, one.back_on, today)}


def ahead(organisation: int, today: date) -> tuple[Absence, ...]:
    """Who will be away, the next first."""
    found = Absence.objects.filter(organisation_id=organisation, since__gt=today, back_on=None)
    return tuple(found.order_by("since", "id"))


def to_cover(user_id: UUID, by: Actor) -> list[Case]:
    """The cases of somebody in one's own organisation which are not closed."""
    seen = Case.objects.visible_to(by).filter(NOT_CLOSED, worker=user_id, provider_id=by.organisation_id)
    return list(seen.order_by("accepted_at", "id"))


def spread(cases: Iterable[Case], team: Iterable[Member], today: date) -> dict[UUID, UUID]:
    """Whom each case would go to, of those who are here: a proposal that a manager changes."""
    known = weights(today)
    loads = {one.user_id: (one.tenths, one.limit) for one in team if one.away is None}
    if not loads:
        return {}
    pairs = [(case.pk, _weight(case, known, today)) for case in cases]
    return dict(rules.spread(pairs, loads))


def too_much(
    chosen: Mapping[UUID, UUID], cases: Iterable[Case], team: Iterable[Member], today: date
) -> dict[Member, int]:  # fmt: skip
    """Who would have more than their limit if cases went to whom they are chosen for: with what they would then have,
    in tenths of an ordinary case. Of several, those who have most above it first."""
    known = weights(today)
    given: dict[UUID, int] = {}
    for case in cases:
        if who := chosen.get(case.pk):
            given[who] = given.get(who, 0) + _weight(case, known, today)
    after = {one: one.tenths + given[one.user_id] for one in team if one.user_id in given}
    over = {one: tenths for one, tenths in after.items() if rules.is_over(tenths, one.limit)}
    return dict(sorted(over.items(), key=lambda pair: (pair[0].limit or 0) * 10 - pair[1]))
