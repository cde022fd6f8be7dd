"""Reads about who a victim is: what is held of them, and what people judged of records that may be of one person."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import LONDON, london_date
from alongside.core.privacy import fields
from alongside.core.rows import ahead, records
from alongside.core.rows.realms import Realm
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.foundation.office.messages.queries import Channel
from alongside.foundation.office.messages.rules import ON_HOLD
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.people.victims import rules
from alongside.support.people.victims.models import Agreement, Basis, Correction, Responsible, SamePerson, Victim
from alongside.support.people.victims.rules import Footing

MOST = 20
MOMENTS = timedelta(minutes=2)  # within which the same form was sent twice


@dataclass(frozen=True)
class Match:
    """Another record that may be of the same person, with why, and what somebody judged of it."""

    victim_id: UUID
    name: str
    birth_date: date | None
    reasons: tuple[str, ...]
    judgement: str
    standing: SamePerson | None = None


def matches(victim: Victim, why: Mapping[UUID, tuple[str, ...]]) -> tuple[Match, ...]:
    """Other records of the hub with why each may be of the same person, and those on which somebody has judged."""
    judged = judgements(victim)
    asked = [key for key in (*why, *(judged.keys() - why.keys())) if key != victim.pk]
    people = Victim.objects.filter(hub_id=victim.hub_id).in_bulk(asked)
    return tuple(_match(people[key], why.get(key, ()), judged.get(key)) for key in asked if key in people)


def _match(other: Victim, reasons: tuple[str, ...], standing: SamePerson | None) -> Match:
    said = standing.judgement if standing else ""
    return Match(other.pk, other.full_name, other.birth_date, reasons, said, standing)


def judgements(victim: Victim) -> dict[UUID, SamePerson]:
    """The judgement that stands on each pair with this record."""
    return judgements_of(victim.pk)


def judgements_of(victim_id: UUID) -> dict[UUID, SamePerson]:
    """The same, by the record's key."""
    standing = SamePerson.objects.filter(Q(left_id=victim_id) | Q(right_id=victim_id), ended_at=None)
    return {(pair.right_id if pair.left_id == victim_id else pair.left_id): pair for pair in standing}


@dataclass(frozen=True)
class LookRow:
    """Somebody opened this person's record. People of other organisations are known by where they work."""

    at: datetime
    user_id: UUID | None
    organisation: str
    route: str
    reason: str


def looks_at(victim_id: UUID) -> tuple[LookRow, ...]:
    """Who opened this person's record, at any organisation that is let into it, the latest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at, user_id, coalesce(name, ''), route, reason FROM rows_looks('victim', %s) look "
            "LEFT JOIN organisations_organisation place ON place.id = look.organisation_id",
            [victim_id],
        )
        return tuple(LookRow(*row) for row in cursor.fetchall())


@ahead.question
def _support(victim_id: UUID) -> "QuerySet[Agreement]":
    return Agreement.objects.filter(victim=victim_id, about=Agreement.About.SUPPORT)


@ahead.question
def _responsible(victim_id: UUID) -> "QuerySet[Responsible]":
    return Responsible.objects.filter(victim=victim_id).order_by("-recorded_at", "-id")[:1]


def reads(victim_id: UUID) -> Iterable["QuerySet[Any]"]:
    """What is asked of somebody on every page about them: to be read in one with more (`rows.ahead`)."""
    return _support(victim_id), _responsible(victim_id)


def stopped_at(victim_id: UUID, *, asked: Iterable[datetime] = ()) -> datetime | None:
    """Since when a person wants support no longer; None where they do. `asked`: when they asked us to stop, which a
    job writes down as an answer a moment later.
    """
    said = _support(victim_id)
    answers = [
        rules.Answer(one.given, one.recorded_at, one.withdrawn_at, one.how == rules.ASKED_TO_STOP) for one in said
    ]
    return rules.stopped_at([*answers, *(rules.Answer(given=False, at=at, stop=True) for at in asked)])


@dataclass(frozen=True)
class Corrected:
    """One correction with what the record said before."""

    correction: Correction
    before: Mapping[str, str]


@dataclass(frozen=True)
class Held:
    """What is held about one person: what they agreed to, on which basis, and how they can be reached."""

    access_needs: str
    agreements: tuple[Agreement, ...]
    bases: tuple[Basis, ...]
    points: tuple[Channel, ...]
    bodies: Mapping[int, str]
    corrections: tuple[Corrected, ...]
    stopped: datetime | None


def held(victim: Victim, by: Actor) -> Held:
    """Everything on a person's own page. Ways of contact are masked."""
    agreements = tuple(Agreement.objects.filter(victim=victim).order_by("-recorded_at", "-id"))
    corrections = tuple(Correction.objects.filter(victim=victim).order_by("-corrected_at", "-id"))
    named = {agreement.with_organisation for agreement in agreements if agreement.with_organisation}
    named |= {made.organisation_id for made in corrections if made.organisation_id}
    return Held(
        access_needs=fields.read(victim, "access_needs"),
        agreements=agreements,
        bases=tuple(Basis.objects.filter(victim=victim).order_by("-recorded_at", "-id")),
        points=messages.safe_contact(victim.pk, hidden=False, same=known_same(victim.pk, by)).channels,
        bodies=dict(Organisation.objects.filter(pk__in=named).values_list("pk", "name")),
        corrections=tuple(Corrected(made, json.loads(fields.read(made, "before"))) for made in corrections),
        stopped=stopped_at(victim.pk),
    )


BOOKS = {"sex": "sexes", "ethnicity": "ethnic_groups", "language": "languages", "reason": "correction_reasons"}


def books(on: date) -> dict[str, tuple[tuple[str, str], ...]]:
    """What a correction chooses from, by the field that asks it."""
    return {field: rulebook.choices(book, on) for field, book in BOOKS.items()}


def as_it_stands(victim: Victim) -> Victim:
    """The record at this moment, whatever the reader had before them."""
    fresh: Victim = Victim.objects.get(pk=victim.pk)
    return fresh


@dataclass(frozen=True)
class SentTo:
    """An item with whom it was for and who asked for it."""

    item: messages.Sent
    name: str
    asked_by: str


def approved() -> tuple[tuple[str, str, str], ...]:
    """(code, title, words) of every message that may be sent."""
    return messages.approved()


def same_people(victim_id: UUID) -> set[UUID]:
    """Other records that somebody has judged to be of the same person, and still does. For the hub and for jobs."""
    pairs = SamePerson.objects.filter(
        Q(left_id=victim_id) | Q(right_id=victim_id), ended_at=None, judgement=SamePerson.Judgement.SAME
    )  # fmt: skip
    return {key for pair in pairs.values_list("left_id", "right_id") for key in pair} - {victim_id}


def pair(key: str) -> SamePerson | None:
    """One judgement on two records, whether or not it still stands."""
    return SamePerson.objects.filter(pk=key).first()


def known_same(victim_id: UUID, by: Actor) -> set[UUID]:
    """The same, as far as the reader may know of it: only the hub may."""
    return same_people(victim_id) if by.realm == Realm.HUB else set()


def said_no(victim: Victim) -> set[str]:
    """Kinds of contact for which the latest answer is no, or yes and withdrawn since; all after a wish to stop."""
    if stopped_at(victim.pk):
        return {"phone", "email"}
    asked = Agreement.objects.filter(victim=victim, about=Agreement.About.CONTACT).order_by("recorded_at", "id")
    latest = {one.channel: one.given and one.withdrawn_at is None for one in asked}
    kinds = {"text": "phone", "email": "email"}
    return {kind for channel, kind in kinds.items() if not latest.get(channel, latest.get("", True))}


def may_send(victim: Victim, *, by: Actor, at: datetime) -> bool:
    """Whether an approved message to this person would leave the door now, or in the next safe hour."""
    child = footing(victim, london_date(at))
    if child is not None and not child.directly:
        return False
    return messages.may_send(victim.pk, at=at, barred=said_no(victim), same=known_same(victim.pk, by))


def handed_on(victim: Victim, by: Actor) -> bool:
    """Whether the reader's organisation has handed this person on to another: it reads, and changes nothing."""
    return by.realm == Realm.PROVIDER and records.stepped_back("victim", victim.pk)


def item(key: str) -> QuerySet[Outgoing]:
    """One message, if there still is one."""
    return Outgoing.objects.filter(pk=key)


def due(at: datetime) -> QuerySet[Outgoing]:
    """Messages that wait and whose time has come, or which waited while contact was held."""
    waits = Outgoing.objects.filter(state=Outgoing.State.WAITING)
    return waits.filter(Q(not_before__lte=at) | Q(refused_why=ON_HOLD))  # a hold may have ended before its day


def outgoing(rows: QuerySet[Outgoing], by: Actor) -> QuerySet[Outgoing]:
    """What a reader may know of: the hub all of its area's, a provider its own alone."""
    return rows if by.realm == Realm.HUB else rows.filter(recorded_by=by.organisation_id or 0)


def sent(rows: Iterable[Outgoing], by: Actor) -> tuple[SentTo, ...]:
    """Items in words of whom they were for, as their reader is told."""
    items = messages.sent(rows, whole=by.realm == Realm.HUB)
    people = Victim.objects.visible_to(by).filter(pk__in=[item.person_id for item in items])
    names = {victim.pk: victim.full_name for victim in people}
    bodies = dict(Organisation.objects.values_list("pk", "name"))
    return tuple(
        SentTo(item, names.get(item.person_id, "Somebody"), bodies.get(item.organisation_id, "")) for item in items
    )


def why_refused(item: Outgoing, by: Actor) -> str:
    """Why a message was refused, as far as whoever asks for it may know; empty where it was handed over."""
    return messages.sent([item], whole=by.realm == Realm.HUB)[0].why


def sent_to(victim: Victim, by: Actor) -> tuple[SentTo, ...]:
    """What was asked to be sent to one person, the latest first."""
    rows = outgoing(Outgoing.objects.visible_to(by), by).filter(person_id=victim.pk)
    return sent(rows.order_by("-asked_at", "-id")[:MOST], by)


def bodies_near(hub_id: int) -> tuple[tuple[str, str], ...]:
    """The bodies of the hub's area with which a victim may agree to share."""
    near = Organisation.objects.filter(force__organisation=hub_id, until=None)
    return tuple((str(key), name) for key, name in near.exclude(pk=hub_id).values_list("pk", "name"))


def point_of(point: ContactPoint) -> Channel | None:
    """One way to reach somebody, masked; None when it is no longer in use."""
    found = messages.safe_contact(point.person_id, hidden=False).channels
    return next((channel for channel in found if channel.point_id == point.pk), None)


def agreed_again(
    victim: Victim, at: datetime, asked: Mapping[str, object], said: Mapping[str, object]
) -> Agreement | None:
    """The latest answer to what is asked, where it is this very answer of moments ago: a form that was sent twice."""
    found = Agreement.objects.filter(victim=victim, **asked).order_by("-recorded_at", "-id").first()
    if found is None or found.withdrawn_at or found.recorded_at <= at - MOMENTS:
        return None
    return found if all(getattr(found, name) == value for name, value in said.items()) else None


def stated_again(victim: Victim, at: datetime, **same: object) -> Basis | None:
    """The same basis for the same purpose, stated by the same person moments ago."""
    return Basis.objects.filter(victim=victim, recorded_at__gt=at - MOMENTS, **same).first()


def seen(victim_id: UUID, *, by: Actor) -> Victim | None:
    """The person, if the reader is let into their record."""
    found: Victim | None = Victim.objects.visible_to(by).filter(pk=victim_id).first()
    return found


def footing(victim: Victim, on: date) -> Footing | None:
    """On which footing a child is contacted; None for an adult, a business, and whoever is old enough."""
    if victim.kind == Victim.Kind.BUSINESS:
        return None
    how, words = _direct_words(victim, on)
    last = _responsible(victim.pk).first()
    relation = rulebook.titles("acting_for", on).get(last.relation, "") if last else ""
    name = fields.read(last, "name") if last else ""
    adult = f"{name} ({relation})" if name and relation else name
    return rules.footing(
        how, words, adult=adult, judged=last.judged if last else None,
    )  # fmt: skip


def age_of(victim: Victim, on: date) -> int | None:
    """How old somebody is: by their date of birth, or at least, by the age that was said when they came."""
    return rules.told_age(victim.birth_date, victim.age_said, victim.age_said_on, on)


def _direct_words(victim: Victim, on: date) -> tuple[str, str]:
    """How somebody of this age is contacted, and what a worker reads of that; empty where no age was ever said."""
    age = age_of(victim, on)
    if age is None and victim.said_under is not None:
        return rules.JUDGED_FIRST, rules.SAID_YOUNG.format(victim.said_under)
    row = _direct_rule(age, on)
    return (row.text("how"), row.text("words")) if row else ("", "")


def against(item: Outgoing, on: date) -> str:
    """Why a message that waited may not go now, by who it is for, as a code; empty where it may: a child whom only an
    adult is asked for, or somebody who has said no to this way since.
    """
    victim = Victim.objects.filter(pk=item.person_id).first()
    if victim is None:
        return ""
    child = footing(victim, on)
    if child is not None and not child.directly:
        return "child"
    return "said_no" if item.contact_point and item.contact_point.kind in said_no(victim) else ""


def _direct_rule(age: int | None, on: date) -> RuleRow | None:
    rows = rulebook.current("direct_contact", on) if age is not None else ()
    return next((row for row in rows if row.number("first") <= (age or 0) <= row.number("last")), None)


def through_adult(age: int | None, on: date) -> bool:
    """Whether somebody of this age is contacted only through an adult."""
    row = _direct_rule(age, on)
    return row is not None and row.text("how") == rules.ADULT_ONLY


def note_of(victim: Victim, on: date) -> str:
    """What the strip of safe contact says of a child, and of somebody with whom contact is held; mostly empty."""
    child, held = footing(victim, on), messages.held(victim.pk, datetime.combine(on, time(12), LONDON))
    return " ".join(found.note for found in (held, child) if found)
