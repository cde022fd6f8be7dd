"""Reads of a first assessment: what was found, what Enhanced Rights rest on, and the same person's referrals before."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.privacy import fields
from alongside.core.rows import ahead, records
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import NeedsAssessment, Offer, Referral
from alongside.support.arrivals.referrals.rules import ADULT, Known, Suggestion, suggested_entitlements
from alongside.support.desk.assessment import rules
from alongside.support.desk.assessment.models import Alarm, Decision, Detail, Heard, Review
from alongside.support.desk.assessment.rules import Facts, Incident, Targeted
from alongside.support.people.duty import queries as duty
from alongside.support.people.matching import queries as matching
from alongside.support.people.victims.models import Agreement, Victim
from alongside.support.people.victims.queries import stopped_at
from alongside.support.people.victims.rules import is_under, known_age

MANAGER = "hub_manager"
SERIOUS = "most_serious_crime"
BOOKS = {
    "vulnerability": "vulnerability_factors", "others": "others_at_risk", "language": "languages",
    "access": "access_needs", "entitlements": "enhanced_entitlement",
}  # fmt: skip


def books(on: date) -> dict[str, tuple[tuple[str, str], ...]]:
    """What an assessment chooses from, by the field that asks it."""
    return {name: rulebook.choices(book, on) for name, book in BOOKS.items()}


def limit(code: str, on: date) -> int:
    return rulebook.rule("limits", code, on).number("number")


@dataclass(frozen=True)
class Assessed:
    """One assessment, opened: the summary that goes with the referral, and the detail where there is one."""

    summary: NeedsAssessment
    reason: str
    detail: Detail | None
    said: Mapping[str, Any]
    by: str


def assessments(referral: Referral) -> tuple[Assessed, ...]:
    """Every assessment of a referral, the latest first."""
    held = list(referral.assessments.order_by("-assessed_at", "-id"))
    details = {one.pk: one for one in Detail.objects.filter(referral=referral)}
    names = referrals.names([one.assessed_by for one in held])
    return tuple(_opened(one, details.get(one.pk), names.get(one.assessed_by, "a colleague")) for one in held)


def _opened(summary: NeedsAssessment, detail: Detail | None, by: str) -> Assessed:
    said = json.loads(fields.read(detail, "said") or "{}") if detail else {}
    return Assessed(summary, fields.read(summary, "reason"), detail, said, by)


def before(referral: Referral, one: Assessed) -> Assessed | None:
    """The assessment that came before this one."""
    earlier = [other for other in assessments(referral) if other.summary.assessed_at < one.summary.assessed_at]
    return earlier[0] if earlier else None


def of_detail(detail: Detail) -> Assessed:
    """One assessment by its detail."""
    return next(one for one in assessments(detail.referral) if one.summary.pk == detail.pk)


def shared(referral: Referral, by: Actor) -> Detail | None:
    """The latest assessment in detail, where the person agrees, now, that this provider may know what is told us."""
    last = _shares(referral.victim_id, by).first()
    if last is None or not last.given or last.withdrawn_at is not None or stopped_at(referral.victim_id):
        return None
    found: Detail | None = (
        Detail.objects.visible_to(by).filter(referral=referral).order_by("-assessed_at", "-id").first()
    )
    return found


@ahead.question
def _shares(victim_id: UUID, by: Actor) -> "QuerySet[Agreement]":
    asked = Agreement.objects.filter(victim=victim_id, about=Agreement.About.SHARE)
    said = asked.filter(Q(with_organisation=None) | Q(with_organisation__in=by.orgs))
    return said.order_by("-recorded_at", "-id")[:1]


def reads(case: Any, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_shares(case.victim_id, by),)


# Enhanced Rights.


def unnamed(hub_id: int) -> Actor:
    """Nobody in particular at a hub: what a background job may take into account, which is what anybody there may."""
    return Actor(Realm.HUB, organisation_id=hub_id)


def facts(referral: Referral, on: date) -> Facts:
    """What bears on Enhanced Rights now, as far as anybody of the hub may know: nothing of a sealed record, which
    would tell by a review that there is one.
    """
    crime = rulebook.find("crime_types", referral.crime_type, on)
    age = known_age(referral.victim.birth_date, london_date(referral.received_at))
    age = referral.age_at_receipt if age is None else age
    return Facts(
        under_18=is_under(ADULT, age, referral.victim.said_under),
        high_harm=referral.crime_type if crime and crime.flag("high_harm") else "",
        vulnerable=referral.vulnerable, intimidated=referral.intimidated, repeat=referral.repeat,
        markers=tuple(referral.markers), vulnerability=tuple(referrals.vulnerability(referral)),
        targeted=targeted(referral, on, by=unnamed(referral.hub_id)).word,
    )  # fmt: skip


def suggested(referral: Referral, on: date, *, by: Actor) -> tuple[Suggestion, ...]:
    """Enhanced Rights that what is known suggests, each with why; a person decides."""
    now, crime = facts(referral, on), rulebook.find("crime_types", referral.crime_type, on)
    factors = {row.code: (row.title, row.codes("entitlement")) for row in rulebook.current("vulnerability_factors", on)}
    known = Known(
        age=0 if now.under_18 else None, high_harm=crime.title if crime and now.high_harm else "",
        vulnerable=now.vulnerable == "yes", intimidated=now.intimidated == "yes", repeat=now.repeat == "yes",
        chosen=now.vulnerability, factors=factors,
    )  # fmt: skip
    if referral.victim.kind == Victim.Kind.WITNESS:
        return ()  # the Code's Enhanced Rights are a victim's
    found = {one.code: one.why for one in suggested_entitlements(known)}
    if referral.victim.kind == Victim.Kind.BEREAVED:
        found[SERIOUS] = (*found.get(SERIOUS, ()), "Bereaved by the crime")
    again = targeted(referral, on, by=by)
    if again.word:
        found[rules.TARGETED] = (*found.get(rules.TARGETED, ()), targeted_words(again, on))
    return tuple(Suggestion(code, why) for code, why in found.items())


def targeted_words(found: Targeted, on: date) -> str:
    titles = rulebook.titles("crime_types", on)
    listed = "; ".join(f"{titles.get(one.crime, one.crime)}, {one.on:%B %Y}" for one in found.crimes)
    return rules.targeted_words(found, limit("repeat_victim_months", on), listed)


def latest_decision(referral: Referral) -> Decision | None:
    found: Decision | None = referral.decisions.order_by("-decided_at", "-id").first()
    return found


@dataclass(frozen=True)
class Decided:
    """One decision on Enhanced Rights, opened."""

    decision: Decision
    why: str
    by: str


def decisions(referral: Referral) -> tuple[Decided, ...]:
    """Every decision on Enhanced Rights of a referral, the latest first."""
    held = list(referral.decisions.order_by("-decided_at", "-id"))
    names = referrals.names([one.decided_by for one in held])
    return tuple(Decided(one, fields.read(one, "why"), names.get(one.decided_by, "a colleague")) for one in held)


def open_review(referral: Referral) -> Review | None:
    found: Review | None = referral.reviews.filter(ended_at=None).first()
    return found


def open_reviews(rows: QuerySet[Review]) -> QuerySet[Review]:
    """Decisions to look at again, with whose they are."""
    return rows.filter(ended_at=None).select_related("referral", "referral__victim")


def decided_of(victims: set[UUID]) -> QuerySet[Referral]:
    """Referrals of these people on whose Enhanced Rights somebody has decided, and which the hub still answers for."""
    decided = Decision.objects.filter(victim_id__in=victims).values("referral_id")
    return Referral.objects.filter(pk__in=decided).exclude(state=Referral.State.CLOSED).order_by("pk")


# The same person before.


def linked(victim_id: UUID, *, by: Actor) -> set[UUID]:
    """The records of the same person, by links of links, as far as the reader is let into them; itself among them."""
    return matching.linked(victim_id, by=by)


def of_same_person(referral: Referral, *, by: Actor) -> QuerySet[Referral]:
    """Every referral of the same person that the reader may see, this one among them."""
    people = linked(referral.victim_id, by=by)
    return Referral.objects.visible_to(by).filter(victim_id__in=people, hub_id=referral.hub_id)


def targeted(referral: Referral, on: date, *, by: Actor) -> Targeted:
    """Whether the person is a victim again, or persistently targeted, by what the reader may know."""
    rows = of_same_person(referral, by=by).values_list("pk", "occurred_from", "received_at", "crime_type")
    incidents = [
        Incident(occurred or london_date(received), crime, exact=occurred is not None, own=key == referral.pk)
        for key, occurred, received, crime in rows
    ]
    return rules.targeted(
        incidents, months=limit("repeat_victim_months", on), persistent=limit("persistent_victim_crimes", on),
        days=limit("same_crime_days", on),
    )  # fmt: skip


@dataclass(frozen=True)
class Earlier:
    """Another referral of the same person, with who supports or supported them."""

    referral: Referral
    offer: Offer | None


def earlier(referral: Referral, *, by: Actor) -> tuple[Earlier, ...]:
    """The same person's other referrals, the latest first, with where they are supported. For the hub alone."""
    if by.realm != Realm.HUB:
        return ()
    others = list(of_same_person(referral, by=by).exclude(pk=referral.pk).order_by("-received_at", "-id"))
    taken = Offer.objects.filter(referral_id__in=[one.pk for one in others], state=Offer.State.ACCEPTED)
    offers = {one.referral_id: one for one in taken.select_related("service", "provider")}
    return tuple(Earlier(one, offers.get(one.pk)) for one in others)


# Danger.


def to_tell(referral: Referral, on: date, *, but: UUID | None) -> tuple[UUID, ...]:
    """Who is told of danger: the duty officer, whoever has the referral, and the managers; not who says so. Of a
    restricted record, those who are named on it and nobody else.
    """
    managers = Membership.objects.current().filter(
        organisation_id=referral.hub_id, role=MANAGER, user__is_active=True
    )  # fmt: skip
    asked = (duty.on_duty(referral.hub_id, on).user_id, referral.worker, *managers.values_list("user_id", flat=True))
    named = {one.user_id for one in records.named(referral.victim_id) if one.organisation_id == referral.hub_id}
    told = [one for one in (*asked, *sorted(named)) if one is not None and one != but]
    return tuple(dict.fromkeys(one for one in told if not named or one in named))


def open_alarms(rows: QuerySet[Alarm]) -> QuerySet[Alarm]:
    """Alarms that nobody has taken, the oldest first."""
    return rows.filter(taken_at=None).select_related("referral", "referral__victim").order_by("raised_at", "id")


def alarms_of(referral: Referral) -> tuple[Alarm, ...]:
    return tuple(referral.alarms.order_by("-raised_at", "-id"))


def open_alarm(referral: Referral) -> Alarm | None:
    found: Alarm | None = referral.alarms.filter(taken_at=None).order_by("-raised_at").first()
    return found


def names(people: tuple[UUID | None, ...]) -> str:
    """Colleagues by name, in the order of the alphabet."""
    held = User.objects.filter(pk__in=[one for one in people if one]).order_by("name").values_list("name", flat=True)
    return ", ".join(held)


def waiting(by: Actor) -> tuple[int, int]:
    """How many alarms nobody has taken, and how many decisions are to be looked at again."""
    alarms, reviews = Alarm.objects.visible_to(by).filter(taken_at=None), Review.objects.visible_to(by)
    return alarms.count(), reviews.filter(ended_at=None).count()


def start(referral: Referral, on: date) -> dict[str, object]:
    """What a new assessment starts from: what was found last, and what the record says of language and access."""
    victim: Victim = referral.victim
    titles = rulebook.titles("access_needs", on)
    access, words = rules.split_access(fields.read(victim, "access_needs"), titles)
    begun: dict[str, object] = {
        "language": victim.language, "interpreter": victim.interpreter, "access": list(access), "access_words": words,
        "high_risk": referral.high_risk, "entitlements": list(referral.entitlements),
    }  # fmt: skip
    found = assessments(referral)
    if not found:
        return begun
    decided = decisions(referral)
    return begun | _from_last(found[0]) | {"why": decided[0].why if decided else ""}


def _from_last(last: Assessed) -> dict[str, object]:
    """The boxes of the assessment before, so that only what changed has to be said."""
    held, said = last.detail, last.said
    begun: dict[str, object] = {"vulnerability": list(last.summary.vulnerability), "summary": last.reason}
    if held is None:
        return begun | {f"level_{need}": "some" for need in last.summary.needs}
    levels = {f"level_{need}": level for need, level in held.levels.items()}
    words = {f"words_{need}": text for need, text in said.get("needs", {}).items()}
    return begun | levels | words | {
        "harder": said.get("harder", ""), "others": list(held.others_at_risk), "others_words": said.get("others", ""),
        "children": held.children, "children_count": held.children_count, "children_ages": said.get("ages", ""),
        "children_carers": said.get("carers", ""), "child_concern": held.child_concern,
    }  # fmt: skip


def heard(referral: Referral) -> "QuerySet[Heard]":
    """What they named in calls, the first first."""
    return Heard.objects.filter(referral=referral).order_by("heard_at", "-what", "code")  # needs first


def to_settle(referral: Referral) -> tuple[Heard, ...]:
    """What they named in a call that nobody has taken into an assessment or left out."""
    return tuple(heard(referral).filter(ended_at=None))
