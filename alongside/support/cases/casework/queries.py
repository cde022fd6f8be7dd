"""Reads of casework: the caseload, one case with everything in it, and what the rulebook says on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.pages.filters import date_words
from alongside.core.pages.paging import Page, page_of
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.messages.queries import SafeContact
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.organisations.rules import OpenWork
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Addition, Offer, Referral
from alongside.support.arrivals.referrals.rules import NOT_REACHED
from alongside.support.cases.casework import rules
from alongside.support.cases.casework.models import Case, Contact, Need, Step
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.outcomes.rules import Tool
from alongside.support.people.victims import queries as victims

Names = Mapping[UUID, str]
Words = Mapping[str, Mapping[str, str]]
OFFERS_AT_MOST = 200
AT_ONCE = 20  # moments of what happened, on one page
CASEWORK_ROLES = ("caseworker", "service_manager")


# What the database's function counts, in its order, with what to do about each and where.
_QUEUE, _FEEDS = ("triage:queue", P.REFERRAL_QUEUE), ("feeds:deliveries", P.FEED_READ)
OPEN_WORK = (
    ("Cases that are not closed", "Close each, or refer the victim on first.", "casework:caseload", P.REFERRAL_QUEUE),
    ("Offers that wait for an answer", "Answer them, or let the hub call them back.", *_QUEUE),
    ("Referrals at this hub that are not closed", "Finish each.", *_QUEUE),
    ("Things that victims added and nobody has dealt with", "Deal with each.", *_QUEUE),
    ("Rows of a police feed held here", "Settle each.", "mending:held", P.FEED_READ),
    ("Files of a police feed that are being loaded", "Wait until they are.", *_FEEDS),
    ("Deliveries of a police feed in its name", "A crime sent again would be unknown: change the name.", *_FEEDS),
)  # fmt: skip


def open_work(organisation: int) -> tuple[OpenWork, ...]:
    """What would be seen by nobody if an organisation ended now. Sign-in's role gets these numbers, and no record."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM casework_open_work(%s)", [organisation])
        numbers = cursor.fetchone()
    found = zip(OPEN_WORK, numbers, strict=True)
    return tuple(OpenWork(what, number, *rest) for (what, *rest), number in found if number)


def working_days(clock: str, on: date) -> int:
    """The working days that a clock of the rulebook allows on a day."""
    return rulebook.rule("clocks", clock, on).number("working_days")


def reached(result: str, channel: str, on: date) -> bool:
    """Whether this result of trying to make contact means that the victim was reached."""
    return rulebook.contact_result(result, channel, on).flag("reached")


def hidden(crime_type: str, on: date) -> bool:
    """Whether not knowing that a way of contact is safe counts as not safe."""
    row = rulebook.find("crime_types", crime_type, on)
    return row is not None and row.flag("hidden")


def closure_reasons(on: date) -> dict[str, str]:
    """The reasons for which a provider closes a case."""
    rows = rulebook.current("closure_reasons", on)
    return {row.code: row.title for row in rows if row.text("closed_by") in ("provider", "both")}


@dataclass(frozen=True)
class Closing:
    """What bears on closing a case now."""

    planned: bool
    open_needs: int
    ever_measured: bool
    last_measured: bool
    unreached_though_reached: bool


def before_closing(case: Case, reason: str, on: date) -> Closing:
    """What bears on closing this case for this reason."""
    if reason not in closure_reasons(on):
        raise RuleBroken("Choose why support ends.", "reason")
    row = rulebook.rule("closure_reasons", reason, on)
    return Closing(
        planned=row.flag("planned"),
        unreached_though_reached=row.text("status") == NOT_REACHED and case.first_contact_at is not None,
        open_needs=Need.objects.filter(case=case, state=Need.State.OPEN).count(),
        ever_measured=bool(outcomes.journey(case.pk).sittings),
        last_measured=last_measured(case),
    )


def last_measured(case: Case) -> bool:
    """Whether the latest assessment of outcomes was the last one, made at the end of support."""
    stages = [one.stage for one in outcomes.sittings_of(case.pk) if one.stage != Assessment.Stage.FOLLOW_UP]
    return stages[-1:] == [Assessment.Stage.LAST]


def limit(code: str, on: date) -> int:
    """A number of the rulebook's limits on a day."""
    return rulebook.rule("limits", code, on).number("number")


def reopen_reasons(on: date) -> tuple[tuple[str, str], ...]:
    """Why a case may be reopened: codes and words."""
    return rulebook.choices("reopen_reasons", on)


def workers(organisation_id: int) -> dict[UUID, str]:
    """Who works on cases for this organisation now, by name."""
    held = Membership.objects.current().filter(organisation_id=organisation_id, role__in=CASEWORK_ROLES)
    people = {found.user_id: found.user.name for found in held.select_related("user")}
    return dict(sorted(people.items(), key=lambda pair: pair[1]))


def held_by(worker: UUID | None, today: date, of: str = "") -> Q:
    """The cases that somebody has, with those that they cover today. `of`: the way to the case from other rows."""
    covers = {f"{of}cover": worker, f"{of}cover_until__gte": today}
    return Q(**{f"{of}worker": worker}) | Q(**covers)


def choices_of_cover(case: Case) -> list[tuple[str, str]]:
    """Who can cover: everybody but the worker who is away."""
    return [(str(key), name) for key, name in workers(case.provider_id).items() if key != case.worker]


def colleagues(by: Actor) -> dict[UUID, str]:
    """The names of everybody whom the reader's organisation knows, those who left too."""
    return dict(User.objects.visible_to(by).values_list("pk", "name"))


BOOKS = ("crime_types", "needs", "contact_results", "closure_reasons", "unmeasured_reasons", "languages",
         "enhanced_entitlement", "age_bands", "access_needs", "markers", "vulnerability_factors",
         "not_reported_reasons", "reopen_reasons")  # fmt: skip


def words(on: date) -> Words:
    """The words of every book that the pages of casework speak with."""
    return {book: rulebook.titles(book, on) for book in BOOKS}


@dataclass(frozen=True)
class Planned:
    """A step as it is read."""

    step: Step
    what: str


@dataclass(frozen=True)
class Wanted:
    """A need with its goal and its steps."""

    need: Need
    goal: str
    steps: tuple[Planned, ...]


def plan(case: Case) -> tuple[Wanted, ...]:
    """The needs of the case with their steps, in the order in which they were found."""
    crypt.load_keys([case.victim_id])
    steps: dict[UUID, list[Planned]] = {}
    for step in steps_of(case):
        steps.setdefault(step.need_id, []).append(Planned(step, fields.read(step, "what")))
    return tuple(Wanted(need, fields.read(need, "goal"), tuple(steps.get(need.pk, ()))) for need in needs_of(case))


@ahead.question
def steps_of(case: Case) -> QuerySet[Step]:
    return Step.objects.filter(case=case).order_by("added_at", "id")


@ahead.question
def needs_of(case: Case) -> QuerySet[Need]:
    return Need.objects.filter(case=case).order_by("found_at", "id")


def step_again(need: Need, what: str, *, at: datetime, **same: Any) -> Step | None:
    """The same step, added to this need moments ago: its form was sent twice."""
    recent = Step.objects.filter(need=need, added_at__gt=at - rules.MOMENTS, **same)
    return next((step for step in recent if fields.read(step, "what") == what), None)


def need_again(case: Case, goal: str, *, at: datetime, code: str) -> Need | None:
    """The same need, found in this case moments ago."""
    found = Need.objects.filter(case=case, code=code, found_at__gt=at - rules.MOMENTS).first()
    return found if found and fields.read(found, "goal") == goal else None


def contact_again(case: Case, note: str, *, by: Actor, at: datetime, **same: Any) -> Contact | None:
    """The same contact, recorded by the same person moments ago."""
    recent = Contact.objects.filter(case=case, recorded_by=by.user_id, recorded_at__gt=at - rules.MOMENTS, **same)
    return next((contact for contact in recent if fields.read(contact, "note") == note), None)


def sitting_again(case: Case, *, by: Actor, at: datetime, **same: Any) -> Assessment | None:
    """The same answers, kept by the same person moments ago."""
    recent = Assessment.objects.filter(case_id=case.pk, assessed_by=by.user_id, assessed_at__gt=at - rules.MOMENTS)
    return recent.filter(**same).first()


@dataclass(frozen=True)
class Touched:
    """An attempt or a contact as it is read."""

    contact: Contact
    note: str


def contacts(case: Case, *, before: datetime | None = None, limit: int | None = None) -> tuple[Touched, ...]:
    """Attempts and contacts, newest first: all, or so many that happened before a moment."""
    crypt.load_keys([case.victim_id])
    return tuple(Touched(one, fields.read(one, "note")) for one in contacts_of(case, before, limit))


def contact_page(case: Case, *, after: str = "", before: str = "") -> Page:
    """A page of attempts and contacts, newest first."""
    page = page_of(Contact.objects.filter(case=case), order=("-happened_at", "-id"), after=after, before=before)
    crypt.load_keys([case.victim_id])
    return replace(page, rows=tuple(Touched(one, fields.read(one, "note")) for one in page.rows))


@ahead.question
def contacts_of(case: Case, before: datetime | None, limit: int | None) -> QuerySet[Contact]:
    found = Contact.objects.filter(case=case).order_by("-happened_at", "-id")
    return (found.filter(happened_at__lt=before) if before else found)[:limit]


@dataclass(frozen=True)
class Standing:
    """A need or a step as it stands now: its version, the values of its form, and its words."""

    version: int
    values: dict[str, Any]
    words: tuple[str, ...]


def as_it_stands(row: Need | Step) -> Standing:
    """What the record says at this moment, whatever the reader had before them."""
    fresh: Any = type(row).objects.get(pk=row.pk)
    if isinstance(row, Need):
        goal = fields.read(fresh, "goal")
        values = {"goal": goal, "state": fresh.state}
        return Standing(fresh.version, values, (goal, fresh.get_state_display()))
    what = fields.read(fresh, "what")
    who = f"{fresh.get_who_display()}, by {date_words(fresh.due_on) or 'no day'}"
    values = {"what": what, "who": fresh.who, "due_on": fresh.due_on}
    return Standing(fresh.version, values, (what, who, "Done" if fresh.done_at else "Not done yet"))


@dataclass(frozen=True)
class Told:
    """What came with the referral in somebody's own words, and what the victim added since, opened."""

    notes: str
    officer: str
    reason: str
    vulnerability: tuple[str, ...]
    added: tuple[tuple[Addition, str], ...]


def told(case: Case) -> Told:
    """What came with the referral, and what the victim added before its close; what comes later is for the hub."""
    referral = case.referral
    latest = referrals.assessments(referral.pk).first()
    reason, harder = (fields.read(latest, "reason"), tuple(latest.vulnerability)) if latest else ("", ())
    since = [one for one in referrals.additions(referral.pk) if not case.closed_at or one.added_at <= case.closed_at]
    added = tuple((one, fields.read(one, "words")) for one in since)
    return Told(fields.read(referral, "notes"), fields.read(referral, "officer"), reason, harder, added)


@dataclass(frozen=True)
class Overview:
    """What the first page of a case is made of."""

    referral: Referral
    told: Told
    plan: tuple[Wanted, ...]
    journey: outcomes.Journey
    reopens_until: date | None


def overview(case: Case, today: date) -> Overview:
    """Everything about a case that its provider reads at once."""
    return Overview(
        referral=case.referral, told=told(case), plan=plan(case), journey=outcomes.journey(case.pk),
        reopens_until=(
            rules.reopens_until(london_date(case.closed_at), limit("case_reopens", today)) if case.closed_at else None
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Opened:
    """What the head of every page of a case is made of."""

    safe: SafeContact
    names: Names
    words: Words
    access_needs: str
    child: str
    flags: tuple[str, ...]
    stopped: datetime | None


def opened(case: Case, *, by: Actor, today: date) -> Opened:
    crypt.load_keys([case.victim_id])
    return Opened(
        safe=messages.safe_contact(case.victim_id, hidden=hidden(case.crime_type, today)),
        names=colleagues(by), words=words(today), access_needs=fields.read(case.victim, "access_needs"),
        child=victims.note_of(case.victim, today),
        flags=referrals.flags(case.referral, today), stopped=referrals.stopped(case.referral),
    )  # fmt: skip


@dataclass(frozen=True)
class Revealed:
    """One way to make contact, opened."""

    point_id: UUID
    kind: str
    value: str
    instructions: str


def revealed(case: Case, point: str, *, by: Actor) -> Revealed | None:
    """A contact point of this case's victim, opened; None for any other, and for one that must never be used."""
    try:
        key = UUID(point)
    except ValueError:
        return None
    held = ContactPoint.objects.visible_to(by).filter(pk=key, person_id=case.victim_id).exclude(safe="no")
    return next((Revealed(one.pk, one.kind, *messages.reveal(one)) for one in held), None)


def councils(offers: Iterable[Offer]) -> dict[str, str]:
    """The names of the councils that these offers are of."""
    return referrals.council_names(offer.council for offer in offers)


def waiting_offers(rows: QuerySet[Any]) -> list[Offer]:
    """Offers that wait for an answer, the oldest first."""
    waiting = rows.filter(state=Offer.State.OFFERED).select_related("service")
    return list(waiting.order_by("offered_at", "id")[:OFFERS_AT_MOST])


def to_ask(case: Case, *, today: date, chosen: str = "") -> outcomes.ToAsk | None:
    """The assessment that comes next in this case (`outcomes.queries.to_ask`). `chosen`: a tool's code, or `code@2`."""
    code, _, version = chosen.partition("@")
    number = int(version) if version.isdecimal() else 0
    return outcomes.to_ask(case.pk, tools_for(case, today), today, code=code, number=number, closed=_closed(case))


def tools_for(case: Case, today: date) -> tuple[Tool, ...]:
    """The tools that may be given in this case, by age, by service and by what was used before."""
    age = rules.age_to_ask(victims.age_of(case.victim, today), case.victim.said_under)
    return outcomes.tools_for(case.pk, age, case.service.code, today, closed=_closed(case))


def _closed(case: Case) -> bool:
    return case.state == Case.State.CLOSED


@ahead.question
def happened(case: Case, names: tuple[str, ...], before: datetime | None, limit: int) -> QuerySet[Event]:
    """What the organisation's own log says of this case under these names, newest first."""
    found = Event.objects.filter(subject=case.pk, name__in=names).order_by("-at", "-id")
    return (found.filter(at__lt=before) if before else found)[:limit]
