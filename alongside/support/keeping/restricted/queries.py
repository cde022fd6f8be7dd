"""Reads of restricted records: who is named, whom a rule names, what waits for the privacy officer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.models import Event, Grant, Named, Sealed, Seat
from alongside.core.privacy import crypt, fields
from alongside.core.rows import records
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import NamedOne
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import ROLES, Permission
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.keeping.restricted import rules
from alongside.support.keeping.restricted.models import Breaking, Conflict, Crossing, Restriction
from alongside.support.people.victims.models import Victim

NOBODY = UUID(int=0)
PRIVACY_OFFICER = "privacy_officer"
READS = tuple(key for key, role in ROLES.items() if Permission.VICTIM_READ in role.permissions)
REVIEWED = (Breaking.State.JUSTIFIED, Breaking.State.NOT_JUSTIFIED)
MOST = 100


def restriction_of(victim: Victim) -> Restriction | None:
    """Why the record is restricted now, if it is."""
    return Restriction.objects.filter(victim=victim).exclude(state=Restriction.State.LIFTED).first()


def reasons(on: date) -> tuple[tuple[str, str], ...]:
    """The markers that restrict a record, for a choice."""
    return tuple((row.code, row.title) for row in rulebook.current("markers", on) if row.flag("restricted"))


def colleagues(organisation_id: int) -> dict[UUID, str]:
    """Who works at an organisation now and may read records, by name."""
    held = Membership.objects.current().filter(organisation_id=organisation_id, role__in=READS, user__is_active=True)
    return dict(held.order_by("user__name").values_list("user_id", "user__name"))


def by_rule(organisation_id: int, on: date) -> tuple[UUID, ...]:
    """Whom the rulebook names at an organisation where nobody has chosen; where that is nobody, everybody there who
    may read records at all."""
    working = Membership.objects.current().filter(organisation_id=organisation_id, user__is_active=True)
    here = working.filter(role__in=READS)
    kind = Organisation.objects.values_list("kind", flat=True).get(pk=organisation_id)
    roles = [row.text("role") for row in rulebook.current("named_by_rule", on) if row.text("at") == kind]
    found = here.filter(role__in=[role for role in roles if role]).values_list("user_id", flat=True)
    return tuple(dict.fromkeys(found or here.values_list("user_id", flat=True)))


def at_work_on(victim: Victim, organisation_id: int) -> set[UUID]:
    """Who has one of the person's open referrals or cases in hand, at one organisation, as far as the asker sees."""
    taken = Referral.objects.filter(victim=victim, hub_id=organisation_id, worker__isnull=False)
    found = set(taken.exclude(state=Referral.State.CLOSED).values_list("worker", flat=True))
    for worker, cover in (
        victim.cases.filter(provider=organisation_id).exclude(state="CLOSED").values_list("worker", "cover")
    ):
        found |= {worker, cover}
    return {one for one in found if one is not None}


@dataclass(frozen=True)
class NamedPerson:
    """Somebody who may open the record, as its readers know them."""

    one: NamedOne
    name: str
    where: str
    ours: bool


@dataclass(frozen=True)
class Who:
    """Who may open a record, since when and why."""

    restriction: Restriction | None
    words: str
    lift_why: str
    named: tuple[NamedPerson, ...]
    opened: tuple[NamedPerson, ...]
    others: tuple[tuple[str, str], ...]
    lift_asked_by: str
    breakings: tuple["Broken", ...]
    crossed: tuple["Crossed", ...]


def who(victim: Victim, by: Actor) -> Who:
    """Everything on the page of who may open a record."""
    found, held = restriction_of(victim), records.named(victim.pk)
    people = _people(held, by)
    ours = {person.one.user_id for person in people if person.ours and person.one.until is None}
    left = colleagues(by.organisation_id or 0)
    return Who(
        restriction=found,
        words=fields.read(found, "words") if found else "",
        lift_why=fields.read(found, "lift_why") if found else "",
        named=tuple(person for person in people if person.one.until is None),
        opened=tuple(person for person in people if person.one.until is not None),
        others=tuple((str(key), name) for key, name in left.items() if key not in ours),
        lift_asked_by=names([found.lift_asked_by] if found and found.lift_asked_by else []).get(
            found.lift_asked_by if found else None, "somebody of another organisation"
        ),
        breakings=broken(Breaking.objects.filter(victim=victim).order_by("-broken_at", "-id")[:MOST]),
        crossed=crossed(victim, by),
    )


def _people(held: Iterable[NamedOne], by: Actor) -> tuple[NamedPerson, ...]:
    held = tuple(held)
    known, places = names(one.user_id for one in held), _places(one.organisation_id for one in held)
    return tuple(
        NamedPerson(one, known.get(one.user_id, "Somebody there"), places.get(one.organisation_id, ""),
                    one.organisation_id == by.organisation_id)
        for one in held
    )  # fmt: skip


def names(people: Iterable[UUID | None]) -> dict[UUID | None, str]:
    """The names of those whom the asker may know."""
    return dict(User.objects.filter(pk__in={key for key in people if key}).values_list("pk", "name"))


def _places(keys: Iterable[int]) -> Mapping[int, str]:
    return dict(Organisation.objects.filter(pk__in=set(keys)).values_list("pk", "name"))


def keepers(people: Iterable[UUID], organisation_id: int) -> set[UUID]:
    """Those of these people who are privacy officers of the organisation."""
    held = Membership.objects.current().filter(organisation_id=organisation_id, role=PRIVACY_OFFICER)
    return set(held.filter(user_id__in=list(people)).values_list("user_id", flat=True))


@dataclass(frozen=True)
class Broken:
    """A seal that was broken, in words."""

    breaking: Breaking
    name: str
    where: str
    words: str
    outcome: str
    reference: str
    reviewer: str


def broken(rows: Iterable[Breaking]) -> tuple[Broken, ...]:
    """Broken seals with who broke each, where they work, and what was said."""
    rows = tuple(rows)
    crypt.load_keys([row.victim_id for row in rows])
    known = names(person for row in rows for person in (row.user_id, row.reviewed_by))
    places = _places(row.organisation_id for row in rows)
    found = Referral.objects.filter(pk__in=[row.referral_id for row in rows])
    references = dict(found.values_list("pk", "reference"))
    return tuple(
        Broken(row, known.get(row.user_id, "Somebody"), places.get(row.organisation_id, ""),
               fields.read(row, "words"), fields.read(row, "outcome"), references.get(row.referral_id, ""),
               known.get(row.reviewed_by, ""))
        for row in rows
    )  # fmt: skip


def to_review(rows: "QuerySet[Breaking]", *, done: bool) -> "QuerySet[Breaking]":
    """Broken seals that wait for the privacy officer, or those that were judged."""
    return rows.filter(state__in=REVIEWED) if done else rows.exclude(state__in=REVIEWED)


def open_now(by: Actor, at: datetime) -> tuple[Breaking, ...]:
    """Seals that this person has broken and that still show their record."""
    here = Breaking.objects.filter(organisation_id=by.organisation_id or 0)
    mine = here.filter(user_id=by.user_id or NOBODY, until__gt=at)
    return tuple(mine.order_by("until")) if by.unsealed else ()


_LOOKS_UNDER = """
SELECT at, route FROM (
  SELECT at, user_id, route FROM rows_looks('victim', %(victim)s)
  UNION SELECT at, user_id, route FROM rows_looks('referral', %(referral)s)
) look WHERE user_id = %(user)s AND at BETWEEN %(since)s AND %(until)s ORDER BY at"""


def looks_under(breaking: Breaking) -> tuple[tuple[datetime, str], ...]:
    """What whoever broke a seal opened of the person while it was broken: when, and which page. The first first."""
    asked: dict[str, UUID | datetime | None] = {
        "victim": breaking.victim_id, "referral": breaking.referral_id, "user": breaking.user_id,
        "since": breaking.broken_at, "until": breaking.until,
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOOKS_UNDER, asked)
        return tuple(cursor.fetchall())


def named_at_hub(victim: Victim) -> tuple[UUID, ...]:
    """Who at the hub may open a restricted record for good, privacy officers among them. For jobs."""
    return tuple(
        one.user_id for one in records.named(victim.pk) if one.until is None and one.organisation_id == victim.hub_id
    )


@dataclass(frozen=True)
class Crossed:
    """A message that was stopped because of a record, with whom it was for where the reader may open their record."""

    at: datetime
    person: UUID | None
    name: str


def crossed(victim: Victim, by: Actor) -> tuple[Crossed, ...]:
    """Messages to others that were stopped because of this record, the latest first."""
    if by.realm != Realm.HUB:
        return ()
    found = list(Crossing.objects.visible_to(by).filter(victim=victim).order_by("-stopped_at", "-id")[:MOST])
    seen = Victim.objects.visible_to(by).in_bulk([one.person_id for one in found])
    return tuple(
        Crossed(one.stopped_at, one.person_id, seen[one.person_id].full_name)
        if one.person_id in seen else Crossed(one.stopped_at, None, "Somebody whose record you may not open")
        for one in found
    )  # fmt: skip


def tried(by: Actor, at: datetime) -> int:
    """How many references this person has tried at the seal in the last hour that fit nothing."""
    mine = Event.objects.filter(organisation_id=by.organisation_id, user_id=by.user_id or NOBODY, name="seal.tried")
    return mine.filter(at__gt=at - rules.AN_HOUR).count()


@dataclass(frozen=True)
class Known:
    """A declared conflict in words; the person is named where the reader may open the record."""

    conflict: Conflict
    who: str
    person: str
    relation: str
    lifted_by: str
    own: bool


def known(rows: Iterable[Conflict], by: Actor, on: date) -> tuple[Known, ...]:
    """Declared conflicts, with whom, as far as the reader may know."""
    rows, relations = tuple(rows), rulebook.titles("relations", on)
    people = names(person for row in rows for person in (row.user_id, row.lifted_by))
    seen = Victim.objects.visible_to(by).filter(pk__in=[row.victim_id for row in rows if row.victim_id])
    victims = {victim.pk: victim.full_name for victim in seen}
    return tuple(
        Known(row, people.get(row.user_id, "Somebody who has left"), _whom(row, victims),
              relations.get(row.relation, row.relation), people.get(row.lifted_by, ""), row.user_id == by.user_id)
        for row in rows
    )  # fmt: skip


def _whom(row: Conflict, victims: Mapping[UUID, str]) -> str:
    if row.victim_id is None:
        return "By name, for whatever comes"
    return victims.get(row.victim_id, "A record that you may not open")


def conflicts(rows: "QuerySet[Conflict]", *, lifted: bool) -> "QuerySet[Conflict]":
    """Those that stand, or those that were lifted."""
    return rows.filter(lifted_at__isnull=not lifted)


def waiting(by: Actor) -> int:
    """How many broken seals wait for this privacy officer."""
    if not by.may(Permission.SEAL_REVIEW):
        return 0
    return to_review(Breaking.objects.visible_to(by), done=False).exclude(user_id=by.user_id or NOBODY).count()


def named_on(user: UUID, organisation: int) -> tuple[UUID, ...]:
    """Whose restricted records somebody is named on for an organisation. For jobs."""
    seat = Seat.objects.filter(user_id=user, organisation_id=organisation).values_list("number", flat=True).first()
    return tuple(Named.objects.filter(number=-(seat or 0)).values_list("person", flat=True))


def without_duty() -> tuple[Restriction, ...]:
    """Records that a marker restricted and nobody on duty was named on yet. For jobs."""
    rows = Restriction.objects.filter(restricted_by=None, duty_named_at=None).exclude(state=Restriction.State.LIFTED)
    return tuple(rows.order_by("restricted_at")[:MOST])


def seen_by_nobody() -> tuple[Victim, ...]:
    """Restricted records that nobody may open, since whoever was named is let in no more. For jobs."""
    sealed = Sealed.objects.filter(kind="victim").values("subject")
    return tuple(Victim.objects.filter(pk__in=sealed, visible_orgs=[])[:MOST])


def sealed(victim: UUID) -> bool:
    """Whether a person's records are restricted. For jobs."""
    return Sealed.objects.filter(kind="victim", subject=victim).exists()


def let_in(victim: UUID) -> tuple[int, ...]:
    """Which organisations are let into a person's record beneath the seal. For jobs."""
    now = timezone.now()
    held = Grant.objects.filter(kind="victim", subject=victim, since__lte=now)
    return tuple(held.filter(Q(until=None) | Q(until__gt=now)).values_list("organisation", flat=True).distinct())


def behind_same_reference(referral: UUID) -> tuple[Victim, ...]:
    """Whose restricted records the police sent under the reference that somebody took this referral under. For jobs."""
    ours = Referral.objects.filter(pk=referral, source=Referral.Source.POLICE_FEED, twin__gt=0)
    same = Referral.objects.filter(
        source=Referral.Source.POLICE_FEED, source_organisation__in=ours.values("source_organisation"),
        source_ref__in=ours.values("source_ref"),
    ).exclude(pk=referral)  # fmt: skip
    sealed = Sealed.objects.filter(kind="victim").values("subject")
    return tuple(Victim.objects.filter(pk__in=same.values("victim_id")).filter(pk__in=sealed))


def told_of(breaking: Breaking) -> list[str]:
    """The addresses of the hub's privacy officers and of those who are named; not of whoever broke it. For jobs."""
    officers = Membership.objects.current().filter(organisation_id=breaking.hub_id, role=PRIVACY_OFFICER)
    named = {one.user_id for one in records.named(breaking.victim_id) if one.until is None}
    people = {*officers.values_list("user_id", flat=True), *named} - {breaking.user_id}
    active = User.objects.filter(pk__in=people, is_active=True)
    return sorted(active.values_list("email", flat=True))
