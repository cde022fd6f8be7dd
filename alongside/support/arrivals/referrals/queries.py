"""Reads across referrals for the queue and triage, and what the rulebook says on a day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.core.rows import ahead
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import Fit, Seeker
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.messages.queries import SafeContact
from alongside.foundation.office.messages.rules import windows
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import lifecycle, rules
from alongside.support.arrivals.referrals.models import Addition, Attempt, NeedsAssessment, Offer, Referral
from alongside.support.arrivals.referrals.rules import Closure
from alongside.support.people.duty import queries as duty
from alongside.support.people.matching import queries as matching
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.models import Agreement, Victim
from alongside.support.people.victims.queries import Match
from alongside.support.people.victims.rules import is_under

SAME_REFERENCE = "Same reference from the same source"


def working_days(clock: str, on: date) -> int:
    """The working days that a clock of the rulebook allows on a day."""
    return rulebook.rule("clocks", clock, on).number("working_days")


def reached(result: str, channel: str, on: date) -> bool:
    """Whether what came of an attempt means that the victim was reached."""
    return rulebook.contact_result(result, channel, on).flag("reached")


def closure_reason(code: str, on: date) -> Closure:
    row = rulebook.find("closure_reasons", code, on)
    if row is None:
        raise RuleBroken("Choose a reason for closing.", "reason")
    return Closure(code, row.title, row.text("status"), row.text("closed_by"))


def hub_closures(on: date) -> tuple[tuple[str, str], ...]:
    """The reasons with which a hub may close: codes and words."""
    rows = rulebook.current("closure_reasons", on)
    return tuple((row.code, row.title) for row in rows if row.text("closed_by") != "provider")


def flags(referral: Referral, on: date) -> tuple[str, ...]:
    """How the crime and its victim are marked, as far as a provider may know: codes of the markers."""
    restricted = {row.code for row in rulebook.current("markers", on) if row.flag("restricted")}
    return rules.flags(vars(referral), referral.markers, restricted=restricted)


def vulnerability(referral: Referral) -> list[str]:
    """What makes it harder for the victim, as the hub assessed it last."""
    latest = assessments(referral.pk).first()
    return list(latest.vulnerability) if latest else []


def access_needs(referral: Referral) -> list[str]:
    """What they need so that they can use a service, as the hub assessed it last."""
    latest = assessments(referral.pk).first()
    return list(latest.access_needs) if latest else []


def stopped(referral: Referral) -> datetime | None:
    """Since when the victim wants us to stop; None where they do not, or came back and said yes."""
    asked = (one.added_at for one in additions(referral.pk) if one.kind == Addition.Kind.WITHDRAW)
    return victims.stopped_at(referral.victim_id, asked=asked)


@ahead.question
def additions(referral_id: UUID) -> "QuerySet[Addition]":
    """What the victim added to what they told us, newest first."""
    return Addition.objects.filter(ticket__referral_id=referral_id).order_by("-added_at", "-id")


@ahead.question
def assessments(referral_id: UUID) -> "QuerySet[NeedsAssessment]":
    """How the hub assessed their needs last."""
    return NeedsAssessment.objects.filter(referral=referral_id).order_by("-assessed_at")[:1]


def reads(referral_id: UUID) -> Iterable["QuerySet[Any]"]:
    """What is asked of a referral by whoever works on it: to be read in one with more (`rows.ahead`)."""
    return additions(referral_id), assessments(referral_id)


def names(people: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """Colleagues' names."""
    return dict(User.objects.filter(pk__in={key for key in people if key}).values_list("pk", "name"))


def council_names(codes: Iterable[str]) -> dict[str, str]:
    return dict(Council.objects.filter(pk__in=set(codes)).values_list("pk", "name"))


@dataclass(frozen=True)
class Seen:
    """A page that showed an offered record to somebody at the provider."""

    at: datetime
    user_id: UUID | None
    route: str


@dataclass(frozen=True)
class Triage:
    """One referral with all that an officer needs to decide on it."""

    referral: Referral
    victim: Victim
    officer: str
    notes: str
    access_needs: str
    child: str
    contact: SafeContact
    point_of_contact: str
    source: str
    attempts: tuple[tuple[Attempt, str], ...]
    assessments: tuple[tuple[NeedsAssessment, str], ...]
    offers: tuple[tuple[Offer, tuple[Seen, ...]], ...]
    matches: tuple[Match, ...]
    fits: tuple[Fit, ...]
    additions: tuple[tuple[Addition, str], ...]
    agreements: tuple[Agreement, ...]
    bodies: Mapping[int | None, str]
    stopped: datetime | None
    people: Mapping[UUID | None, str]
    council: str
    titles: Mapping[str, Mapping[str, str]]


BOOKS = (
    "crime_types", "markers", "needs", "vulnerability_factors", "enhanced_entitlement", "contact_results",
    "decline_reasons", "recall_reasons", "closure_reasons", "not_reported_reasons", "languages", "sexes",
)  # fmt: skip


def triage(referral: Referral, *, at: datetime) -> Triage:
    """Everything on the triage page."""
    victim = referral.victim
    attempts = _with_text(referral.attempts.order_by("-attempted_at"), "note")
    assessments = _with_text(referral.assessments.order_by("-assessed_at"), "reason")
    offers = tuple(
        Offer.objects.filter(referral_id=referral.pk).select_related("service", "provider").order_by("-offered_at")
    )
    added = Addition.objects.filter(ticket__referral_id=referral.pk)
    people = names(
        [referral.worker, *(who for a, _ in attempts for who in (a.attempted_by, a.struck_by)),
         *(a.assessed_by for a, _ in assessments),
         *(key for offer in offers for key in (offer.offered_by, offer.answered_by))]
    )  # fmt: skip
    return Triage(
        referral=referral, victim=victim, officer=fields.read(referral, "officer"),
        notes=fields.read(referral, "notes"), access_needs=fields.read(victim, "access_needs"),
        contact=contact(referral, at=at), child=victims.note_of(victim, clocks.london_date(at)),
        point_of_contact=duty.answering(referral.hub_id, referral.worker, clocks.london_date(at)),
        source=_source(referral), attempts=attempts, assessments=assessments,
        offers=tuple((offer, looks_by_provider(offer)) for offer in offers),
        fits=services(referral) if referral.state == Referral.State.IN_TRIAGE else (),
        matches=matches(referral, clocks.london_date(at)),
        additions=_with_text(added.order_by("-added_at"), "words"),
        agreements=tuple(Agreement.objects.filter(victim=victim).order_by("-recorded_at")),
        stopped=stopped(referral),
        bodies={offer.provider_id: f"To share with {offer.provider.name}" for offer in offers},
        people=people, council=council_names([referral.council]).get(referral.council, ""),
        titles={book: rulebook.titles(book, clocks.london_date(at)) for book in BOOKS},
    )  # fmt: skip


def contact(referral: Referral, *, at: datetime) -> SafeContact:
    """How the victim may be reached."""
    return messages.safe_contact(referral.victim_id, hidden=hidden(referral, clocks.london_date(at)))


def plan(referral: Referral, *, at: datetime, contact: SafeContact | None = None) -> rules.Plan:
    """What comes after the attempts so far. `contact`: how the victim may be reached, where that is known already."""
    on = clocks.london_date(at)
    stop = {row.code for row in rulebook.current("contact_results", on) if row.flag("stop")}
    tried = [rules.Tried(one.attempted_at, reached=one.reached, stops=one.result in stop) for one in tries(referral)]
    return rules.plan(
        tried, calling_hours(referral, on, contact=contact), gap=working_days("next_attempt", on),
        wanted=attempts_wanted(on), at=at,
    )  # fmt: skip


def tries(referral: Referral) -> QuerySet[Attempt]:
    """The attempts that count: not struck out, and made since it was taken up again where it was."""
    stand = referral.attempts.filter(struck_at=None)
    again = referral.taken_up_again_at
    return stand.filter(attempted_at__gte=again.replace(second=0, microsecond=0)) if again else stand


def attempts_wanted(on: date) -> int:
    """Different days of attempts after which somebody counts as not reached."""
    return rulebook.rule("limits", "contact_attempts", on).number("number")


def contact_ahead(on: date) -> int:
    """How many days ahead the next attempt may be planned."""
    return rulebook.rule("limits", "contact_ahead", on).number("number")


def hours_overrides(by: Actor, on: date) -> tuple[tuple[str, str], ...]:
    """Why the actor may set a call outside the hours that are recorded as safe; empty for who may not."""
    return rulebook.choices("hours_overrides", on) if by.may(Permission.HOLD_OVERRIDE) else ()


def calling_hours(referral: Referral, on: date, *, contact: SafeContact | None = None) -> rules.Hours | None:
    """When the best way that may be used is safe; empty where words alone say when, None where no way is."""
    if stopped(referral):
        return None
    known = contact or messages.safe_contact(referral.victim_id, hidden=hidden(referral, on))
    best = next((channel for channel in known.channels if channel.may_call), None)
    return hours_of(best.times if best else None, on)


def hours_of(times: str | None, on: date) -> rules.Hours | None:
    """Safe times as hours; those of the rulebook where nothing was said, None where no way may be used."""
    if times is None:
        return None
    said = windows(times or rulebook.rule("safe_times", "any_time", on).text("hours"))
    return tuple((opens, closes) for opens, closes in said if opens < closes)


@dataclass(frozen=True)
class Contacting:
    """What the page says of reaching the victim: the plan, the window that is set, and what may be done instead."""

    plan: rules.Plan
    due: str
    unsafe_now: bool
    may_send: bool
    may_take_up: bool


def contacting(known: Triage, *, by: Actor, at: datetime) -> Contacting:
    """How trying to reach them stands. A window is looked at anew: what was safe when it was set may not be now."""
    referral, on = known.referral, clocks.london_date(at)
    due = set_window(referral)
    worked_out = plan(referral, at=at, contact=known.contact)
    hours = calling_hours(referral, on, contact=known.contact) if due else None
    closed = rulebook.find("closure_reasons", referral.closed_why, on)
    return Contacting(
        plan=worked_out, due=rules.call_words(due, at) if due else "",
        unsafe_now=due is not None and (hours is None or not rules.within(due, hours)),
        may_send=worked_out.word == "enough" and victims.may_send(known.victim, by=by, at=at),
        may_take_up=referral.accepted_at is None and closed is not None and closed.text("status") == rules.NOT_REACHED,
    )  # fmt: skip


def set_window(referral: Referral) -> rules.Window | None:
    """When the next attempt is to be made, as it is set."""
    starts, ends = referral.next_attempt_at, referral.next_attempt_until
    return rules.Window(starts, ends) if starts and ends else None


def window_to_start_from(referral: Referral, *, at: datetime) -> rules.Window | None:
    """What the page that sets the next attempt begins with: what is set, or the first safe hours from tomorrow on."""
    on, due = clocks.london_date(at), set_window(referral)
    if due and due.ends > at:
        return due
    hours = calling_hours(referral, on)
    return rules.next_window(on, hours, gap=1, turn=0, at=at) if hours else None


def ways(referral: Referral) -> tuple[tuple[ContactPoint, str, str], ...]:
    """Every way to reach the victim, opened: the point, its value, its instructions."""
    points = messages.points_of(referral.victim_id)
    return tuple((point, *messages.reveal(point)) for point in points)


def note_of(attempt: Attempt) -> str:
    return fields.read(attempt, "note")


def _with_text(rows: QuerySet[Any], column: str) -> tuple[tuple[Any, str], ...]:
    return tuple((row, fields.read(row, column)) for row in rows)


def _source(referral: Referral) -> str:
    """The organisation that sent it, or the way in."""
    sender = Organisation.objects.filter(pk=referral.source_organisation or 0).first()
    return sender.name if sender else referral.get_source_display()


def hidden(referral: Referral, on: date) -> bool:
    """Whether it is a crime in which a way of contact that is not known to be safe counts as unsafe."""
    crime = rulebook.find("crime_types", referral.crime_type, on)
    marked = (row for row in rulebook.current("markers", on) if row.code in referral.markers)
    return (crime is not None and crime.flag("hidden")) or any(row.flag("hidden") for row in marked)


def matches(referral: Referral, on: date) -> tuple[Match, ...]:
    """Records that may be of the same person, with why."""
    near = matching.likely(referral.victim, on)
    return matching.matches(referral.victim, near, also=same_reference(referral))


def same_reference(referral: Referral) -> dict[UUID, str]:
    """Victims of other referrals that one source sent under the same reference."""
    if not referral.source_ref or referral.source_organisation is None:
        return {}
    same = Referral.objects.filter(source_organisation=referral.source_organisation, source_ref=referral.source_ref)
    return dict.fromkeys(same.values_list("victim_id", flat=True), SAME_REFERENCE)


def verbs(referral: Referral, by: Actor) -> set[str]:
    """What the reader may do with a referral as it stands now."""
    return {move.name for move in lifecycle.referral.moves_from(referral.state) if by.may(move.needs)}


def addition(referral: Referral, key: UUID) -> Addition | None:
    """Something that the victim of this referral added."""
    return Addition.objects.filter(pk=key, ticket__referral_id=referral.pk).first()


def services(referral: Referral) -> tuple[Fit, ...]:
    """Services that fit what is known of this referral, best first, with why."""
    victim = referral.victim
    return directory.services_for(
        Seeker(
            crime_type=referral.crime_type, needs=tuple(referral.needs), council=referral.council,
            age=referral.age_at_receipt, sex=victim.sex, language=victim.language,
            reported=None if referral.why_not_reported == rules.NOT_KNOWN else referral.reported,
            high_risk=referral.high_risk, business=victim.kind == Victim.Kind.BUSINESS,
        ),
        hub=referral.hub_id,
    )  # fmt: skip


@dataclass(frozen=True)
class Choosable:
    """The services that an officer may choose: those that fit with why, then all the others."""

    fits: tuple[Fit, ...]
    others: tuple[Service, ...]

    def service(self, key: str) -> Service:
        known = (*(fit.service for fit in self.fits), *self.others)
        return next(service for service in known if str(service.pk) == key)

    def reasons(self, key: str) -> tuple[str, ...]:
        return next((fit.reasons for fit in self.fits if str(fit.service.pk) == key), ("Chosen by the officer",))


def choosable(referral: Referral) -> Choosable:
    fits = services(referral)
    rest = Service.objects.open().routable().exclude(pk__in=[fit.service.pk for fit in fits])
    return Choosable(fits, tuple(rest.select_related("provider")))


def to_read(referral: Referral, on: date) -> str:
    """What to tell this victim about coming back, in the rulebook's words."""
    young = is_under(rules.ADULT, referral.age_at_receipt, referral.victim.said_under)
    business = referral.victim.kind == Victim.Kind.BUSINESS
    code = "business" if business else "young_person" if young else "adult"
    return rulebook.rule("information_left", code, on).text("text")


def looks_by_provider(offer: Offer) -> tuple[Seen, ...]:
    """Which pages showed the provider what was offered, the latest first."""
    looks: set[Seen] = set()
    with connection.cursor() as cursor:
        for kind, subject in offer.reaches:
            cursor.execute(
                "SELECT at, user_id, route FROM rows_looks(%s, %s) WHERE organisation_id = %s AND at >= %s",
                [kind, subject, offer.provider_id, offer.offered_at],
            )
            looks.update(Seen(*row) for row in cursor.fetchall())
    return tuple(sorted(looks, key=lambda look: look.at, reverse=True))
