"""Reads for events: today's for a worker, the hub's list, and what came of what was taken."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.privacy import crypt, fields
from alongside.core.rows import realms
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Council, Organisation
from alongside.foundation.office.organisations.queries import own, people_of
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.arrivals.guarded.queries import kinds
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.onthespot import rules
from alongside.support.desk.onthespot.models import Entry, Occasion, Phone

Choices = tuple[tuple[str, str], ...]
SOURCE = Referral.Source.ON_THE_SPOT
DAY = timedelta(days=1)
MOST_LISTED = 500


def limit(code: str, on: date) -> int:
    return rulebook.rule("limits", code, on).number("number")


def last_moment(occasion: Occasion) -> datetime:
    """Until when its phones may send."""
    return rules.last_moment(occasion.ends_at, hours=limit("spot_late", clocks.london_date(occasion.ends_at)))


def happened(on: date) -> Choices:
    """What happened, in the plain words of a self-referral."""
    return rulebook.choices("what_happened", on)


def times(on: date) -> Choices:
    return tuple(pair for pair in rulebook.choices("safe_times", on) if pair[0] != "i_will_call")


def codes(on: date) -> rules.Codes:
    return rules.Codes({code for code, _ in happened(on)}, {code for code, _ in times(on)})


def hours(on: date) -> Mapping[str, str]:
    """Hours of each safe time by code, or its words where it has none."""
    return {row.code: row.text("hours") or row.title for row in rulebook.current("safe_times", on)}


def crime(code: str, on: date) -> RuleRow:
    return rulebook.rule("what_happened", code, on)


def is_guarded(text: str, on: date) -> bool:
    """Whether what an entry held is of a kind that a record would be restricted for."""
    restricted, told = kinds(on), {row.code: row for row in rulebook.current("what_happened", on)}
    row = told.get(rules.happened_in(text))
    if row is None:
        return restricted.holds_cells({"said": text})
    return any(restricted.holds(row.text(column)) for column in ("crime_type", "young_crime_type"))


def behind_names(occasion: Occasion) -> int:
    """How many entries that wait are for the named alone: that many, and no more, for somebody who is not named."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT onthespot_behind_names(%s)", [occasion.pk])
        return int(cursor.fetchone()[0])


def lookup(token: str) -> bytes:
    return crypt.blind("spot", token)


def phone_of(token: str) -> Phone | None:
    """The phone that presents this token; in the public's realm row security shows no other."""
    index = lookup(token)
    realms.present_ticket(index)
    return Phone.objects.filter(lookup=index).first()


def open_to(rows: "QuerySet[Occasion]", at: datetime) -> "QuerySet[Occasion]":
    """Events for which a phone can be made ready now, the next first."""
    return rows.filter(ends_at__gt=at, starts_at__lte=at + DAY).order_by("starts_at", "id")


def councils_of(actor: Actor) -> Choices:
    force = own(actor).force_id
    return tuple(Council.objects.current().filter(force_id=force).order_by("name").values_list("code", "name"))


def organisations_of(actor: Actor) -> Choices:
    """The providers of the area, which may work at an event with the hub."""
    found = Organisation.objects.filter(kind=Organisation.Kind.PROVIDER, force_id=own(actor).force_id, until=None)
    return tuple((str(one.pk), one.name) for one in found.order_by("name"))


def services_of(actor: Actor) -> Choices:
    found = Service.objects.filter(provider__force_id=own(actor).force_id).order_by("name")
    return tuple(found.values_list("code", "name"))


def names(ids: "list[int]") -> list[str]:
    """Organisations by name."""
    return list(Organisation.objects.filter(pk__in=ids).order_by("name").values_list("name", flat=True))


def service_names(found: list[str]) -> list[str]:
    return list(Service.objects.filter(code__in=found).order_by("name").values_list("name", flat=True))


def listed(rows: "QuerySet[Occasion]") -> "QuerySet[Occasion]":
    """Events with how many were taken there and how many wait for a person."""
    return rows.annotate(
        taken=Count("entries", filter=~Q(entries__state=Entry.State.SET_ASIDE)),
        held=Count("entries", filter=Q(entries__state=Entry.State.QUARANTINED)),
    )


@dataclass(frozen=True)
class Tally:
    """What was taken at an event: by hour, by state, and what came of the referrals, by state."""

    hours: tuple[tuple[datetime, int], ...]
    states: Mapping[str, int]
    became: Mapping[str, int]
    phones: tuple[tuple[Phone, int], ...]
    named: int  # that wait for named people alone, and are not among the others


def tally(occasion: Occasion, by: Actor) -> Tally:
    entries = list(
        Entry.objects.visible_to(by).filter(occasion=occasion).values_list("taken_at", "state", "pk", "phone")
    )
    counted = Counter(taken.astimezone(clocks.LONDON).replace(minute=0, second=0, microsecond=0)
                      for taken, state, _, _ in entries if state != Entry.State.SET_ASIDE)  # fmt: skip
    referrals = Referral.objects.visible_to(by).filter(
        source=SOURCE, source_ref__in=[str(pk) for _, _, pk, _ in entries]
    )
    became = Counter(referrals.values_list("state", flat=True))
    sent = Counter(phone for _, _, _, phone in entries)
    phones = Phone.objects.visible_to(by).filter(occasion=occasion).order_by("taken_at")
    return Tally(
        tuple(sorted(counted.items())), Counter(state for _, state, _, _ in entries), became,
        tuple((phone, sent[phone.pk]) for phone in phones), behind_names(occasion),
    )  # fmt: skip


def held_of(occasion: Occasion, by: Actor) -> "QuerySet[Entry]":
    """Entries that wait for a person, the oldest first."""
    found = Entry.objects.visible_to(by).filter(occasion=occasion, state=Entry.State.QUARANTINED)
    return found.order_by("arrived_at", "id")


def said_in(entry: Entry) -> str:
    """What a held entry held, where it opened."""
    return fields.read(entry, "plain")


def colleagues(actor: Actor) -> dict[UUID, str]:
    """Who works here, by id; people of other organisations are theirs to name."""
    return {one.user_id: one.user.name for one in people_of(actor)}
