"""A draft held against what was received: where each went in fact, and where it would have gone. Nothing is changed."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7s
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.routing import queries, rules
from alongside.support.arrivals.routing.models import Draft, Moved, Preview
from alongside.support.arrivals.routing.rules import Reader, Rule, rules_of
from alongside.support.arrivals.routing.wording import sentence

QUICK = 5000  # referrals that are held against a list while the page waits; more are left to a job
LONGEST = 366  # days of a period
KEPT = timedelta(days=7)
CHUNK = 10_000
HUB, NATIONAL = "hub", "national:"
_INSERT = """
INSERT INTO routing_moved (id, preview_id, referral_id, received_at, went, goes, rule)
SELECT id, %s, referral, received_at, went, goes, rule
FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::text[], %s::text[], %s::text[])
  AS made (id, referral, received_at, went, goes, rule)"""


def last_month(on: date) -> tuple[date, date]:
    """The first and the last day of the month before this one."""
    last = on.replace(day=1) - clocks.ONE_DAY
    return last.replace(day=1), last


@transaction.atomic
def ask(draft: Draft, *, by: Actor, at: datetime, first_on: date, last_on: date) -> Preview:
    """Holds the draft against what was received from the first to the last day: at once, or by a job where it is much.
    An earlier preview of the hub goes."""
    assert by.user_id is not None
    if last_on < first_on or last_on - first_on > timedelta(days=LONGEST):
        raise RuleBroken("Choose a last day after the first, and a year at most.", "last_on")
    Preview.objects.filter(hub_id=draft.hub_id).delete()
    made = Preview.objects.create(
        hub_id=draft.hub_id, rules=_read(draft, clocks.london_date(at)), first_on=first_on, last_on=last_on,
        asked_at=at, asked_by=by.user_id,
    )  # fmt: skip
    events.record("routing.preview_asked", made.pk, by=by, at=at)
    if received(made).count() <= QUICK:
        _run(made, at=at)
    return made


def _read(draft: Draft, on: date) -> list[dict[str, Any]]:
    office = queries.office(draft.hub_id, on)
    return [replace(rule, reads=sentence(rule, office)).as_json() for rule in rules_of(draft.rules)]


@transaction.atomic
def run(preview: Preview, *, by: Actor, at: datetime) -> None:
    """Does what was asked. Safe to run again: what is done stays."""
    held = Preview.objects.select_for_update().filter(pk=preview.pk, state=Preview.State.WAITING).first()
    if held:
        _run(held, at=at)
        events.record("routing.previewed", held.pk, by=replace(by, organisation_id=held.hub_id), at=at)


@transaction.atomic
def forget(*, by: Actor, at: datetime) -> int:
    """Drops previews of last week with the referrals that they name. Returns how many."""
    old = Preview.objects.filter(asked_at__lt=at - KEPT)
    keys = list(old.values_list("pk", flat=True))
    old.delete()
    events.record_many("routing.preview_forgotten", keys, by=by, at=at)
    return len(keys)


def received(preview: Preview) -> "QuerySet[Referral]":
    """What the hub received in the period of a preview, but what is sealed."""
    starts, ends = (
        datetime.combine(day, time.min, tzinfo=clocks.LONDON)
        for day in (preview.first_on, preview.last_on + clocks.ONE_DAY)
    )
    open_to_hub = Referral.objects.filter(hub_id=preview.hub_id, visible_orgs__overlap=[preview.hub_id])
    return open_to_hub.filter(received_at__gte=starts, received_at__lt=ends)


@dataclass
class Tally:
    """What a preview counts."""

    all: int = 0
    matched: int = 0
    unlike: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    by_rule: Counter[str] = field(default_factory=Counter)
    went: Counter[str] = field(default_factory=Counter)
    would: Counter[str] = field(default_factory=Counter)

    def add(self, went: str, goes: str, rule: Rule | None) -> None:
        self.all += 1
        self.went[went] += 1
        self.would[goes] += 1
        if rule:
            self.matched += 1
            self.by_rule[rule.id] += 1
        if goes != went:
            self.pairs[went, goes] += 1

    def as_json(self) -> dict[str, Any]:
        sent = sum(count for (went, _), count in self.pairs.items() if went != HUB)
        return {
            "all": self.all, "matched": self.matched, "unlike": self.unlike, "moved": sent,
            "unsent": sum(self.pairs.values()) - sent,
            "pairs": [[went, goes, count] for (went, goes), count in self.pairs.most_common()],
            "by_rule": dict(self.by_rule), "went": dict(self.went), "would": dict(self.would),
        }  # fmt: skip


def goes(rule: Rule | None, went: str) -> str:
    """Where a referral would have gone; where no rule is for it, an officer chooses, as was done."""
    if rule is None:
        return went
    if rule.then.does == rules.NATIONAL:
        return f"{NATIONAL}{rule.then.route}"
    return rule.then.service if rule.then.does in rules.TO_A_SERVICE else HUB


Line = tuple[UUID, datetime, str, str, str]


def _run(preview: Preview, *, at: datetime) -> None:
    tally, now = Tally(), queries.in_force(preview.hub_id, at)
    lines = list(_weigh(preview, tally, Reader(rules_of(now.rules) if now else ())))
    for start in range(0, len(lines), CHUNK):
        _keep(preview, lines[start : start + CHUNK])
    preview.found, preview.state, preview.done_at = tally.as_json(), Preview.State.DONE, at
    preview.save(update_fields=["found", "state", "done_at"])


def _weigh(preview: Preview, tally: Tally, now: Reader) -> Iterator[Line]:
    """Every referral of the period through the list, and through the one in force `now`, in memory; those that would
    have gone elsewhere come back. Which of them named people alone may see is counted and never listed."""
    reader, firsts = Reader(rules_of(preview.rules)), _first_services(preview)
    on = preview.last_on
    secret = {row.code for row in rulebook.current("markers", on) if row.flag("restricted")}
    hidden = {row.code for row in rulebook.current("crime_types", on) if secret & set(row.codes("markers"))}
    terms, place = queries.terms(on), queries.SLIM.index("received_at")
    rows = received(preview).order_by("received_at", "pk").values_list("pk", *queries.SLIM)
    for pk, *slim in rows.iterator(chunk_size=CHUNK):
        known, went = queries.known(slim, terms), firsts.get(pk, HUB)
        day = clocks.london_date(slim[place])
        rule = reader.first(known, day)
        to = goes(rule, went)
        tally.add(went, to, rule)
        tally.unlike += to != goes(now.first(known, day), went)
        if rule and to != went and known.crime_type not in hidden and secret.isdisjoint(known.markers):
            yield pk, slim[place], went, to, rule.id


def _first_services(preview: Preview) -> dict[UUID, str]:
    """To which service each was sent first."""
    asked = received(preview).values("pk")
    offers = Offer.objects.filter(hub_id=preview.hub_id, referral_id__in=asked).order_by("offered_at", "pk")
    found: dict[UUID, str] = {}
    for referral, service in offers.values_list("referral_id", "service_id").iterator(chunk_size=CHUNK):
        found.setdefault(referral, str(service))
    return found


def _keep(preview: Preview, lines: list[Line]) -> None:
    """Many rows in one statement."""
    columns = [list(column) for column in zip(*lines, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_INSERT, [preview.pk, uuid7s(len(lines)), *columns])


@dataclass(frozen=True)
class Load:
    """A service under the draft: how many came in fact and would have come, what waits, and what it had no room for."""

    name: str
    went: int
    would: int
    waiting: int
    no_room: int
    full: bool


def loads(preview: Preview) -> list[Load]:
    """The effect on each service that the draft changes, the greatest first."""
    went, would = preview.found["went"], preview.found["would"]
    keys = [key for key in {*went, *would} if went.get(key, 0) != would.get(key, 0) and _is_service(key)]
    known = Service.objects.in_bulk([UUID(key) for key in keys])
    counts = _counts(preview, known)
    found = [
        Load(service.name, went.get(str(key), 0), would.get(str(key), 0), *counts.get(key, (0, 0)),
             full=service.state != Service.State.OPEN)
        for key, service in known.items()
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.went - one.would, one.name))


def _is_service(code: str) -> bool:
    return code != HUB and not code.startswith(NATIONAL)


def _counts(preview: Preview, services: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """For each service the offers that wait now, and those of the period that it had no room for."""
    room = [row.code for row in rulebook.current("decline_reasons", preview.last_on) if row.flag("shows_gap")]
    of_hub = Offer.objects.filter(hub_id=preview.hub_id, service__in=list(services))
    full = Q(declined_why__in=room, offered_at__date__gte=preview.first_on, offered_at__date__lte=preview.last_on)
    rows = of_hub.values("service").annotate(
        waiting=Count("pk", filter=Q(state=Offer.State.OFFERED)), full=Count("pk", filter=full)
    )
    return {row["service"]: (row["waiting"], row["full"]) for row in rows}


def moved(preview: Preview, *, by: Actor, went: str = "", goes: str = "") -> "QuerySet[Moved]":
    """The referrals that would have gone elsewhere, all of them or of one pair."""
    asked = {name: code for name, code in (("went", went), ("goes", goes)) if code}
    return Moved.objects.visible_to(by).filter(preview=preview, **asked).select_related("referral")


def places(preview: Preview) -> set[str]:
    """Every place that a preview's table names."""
    return {code for went, goes, _ in preview.found["pairs"] for code in (went, goes)}


def place_words(codes: Iterable[str], on: date) -> dict[str, str]:
    """Where a referral goes or went, in words."""
    keys = {code for code in codes if _is_service(code)}
    named = {str(pk): name for pk, name in Service.objects.filter(pk__in=keys).values_list("pk", "name")}
    routes = {f"{NATIONAL}{code}": f"National: {title}" for code, title in rulebook.titles("routes", on).items()}
    return {HUB: "Not sent to a service", **routes, **named}
