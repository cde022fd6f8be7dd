"""Which records are at an end, and what keeps the others. Read as the worker: nobody else sees every record."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from alongside.core.clocks import london_date
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.keeping.retention.models import Hold
from alongside.support.keeping.retention.rules import SUPPORT, End, Keep, Life, end_of
from alongside.support.people.victims.models import Victim

FIRST = UUID(int=0)
BATCH = 2_000
SOON = timedelta(days=30)
_LIVES = """
SELECT victim.id, victim.hub_id, greatest(victim.created_at, referral.closed, cases.last, added.last),
       coalesce(referral.received, victim.created_at), cases.number > 0, referral.reasons,
       victim.birth_date, referral.age
  FROM victims_victim victim
  CROSS JOIN LATERAL (
    SELECT max(closed_at) AS closed, min(received_at) AS received, min(age_at_receipt) AS age,
           array_agg(DISTINCT closed_why) AS reasons, coalesce(bool_or(state <> 'CLOSED'), false) AS open
      FROM referrals_referral WHERE victim_id = victim.id) referral
  CROSS JOIN LATERAL (
    SELECT count(*) AS number, max(greatest(closed_at, last_contact_at, accepted_at)) AS last,
           coalesce(bool_or(state <> 'CLOSED'), false) AS open
      FROM casework_case WHERE victim_id = victim.id) cases
  CROSS JOIN LATERAL (
    SELECT max(addition.added_at) AS last, coalesce(bool_or(addition.handled_at IS NULL), false) AS open
      FROM referrals_referral came JOIN referrals_ticket ticket ON ticket.referral_id = came.id
      JOIN referrals_addition addition ON addition.ticket_id = ticket.id WHERE came.victim_id = victim.id) added
 WHERE {which} AND NOT referral.open AND NOT cases.open AND NOT added.open
   AND cardinality(victim.visible_orgs) > 0
   AND NOT EXISTS (SELECT FROM retention_hold hold WHERE hold.victim_id = victim.id AND hold.ended_at IS NULL)
 ORDER BY victim.id LIMIT %s"""


def keeps(on: date) -> dict[str, Keep]:
    """How long each class is kept, by the rulebook of a day."""
    rows = rulebook.current("retention", on)
    return {row.code: Keep(row.number("keep"), row.text("unit"), row.ref) for row in rows}


def _classes(on: date) -> dict[str, str]:
    """The class of a referral that was closed without a case, by the reason."""
    rows = rulebook.current("closure_reasons", on)
    return {row.code: str(row.body.get("kept_as", SUPPORT)) for row in rows}  # an office's older row has no such column


def _ask(which: str, value: UUID | list[UUID], limit: int, classes: Mapping[str, str]) -> list[Life]:
    with connection.cursor() as cursor:
        cursor.execute(_LIVES.format(which=which), [value, limit])
        rows = cursor.fetchall()
    return [
        Life(victim, hub, london_date(last), london_date(received), supported,
             frozenset(classes.get(why, SUPPORT) for why in reasons or ()), born, age)
        for victim, hub, last, received, supported, reasons, born, age in rows
    ]  # fmt: skip


def ends(on: date) -> Iterator[End]:
    """The end of every record of which nothing is open and that nobody holds."""
    keep, classes, after = keeps(on), _classes(on), FIRST
    while lives := _ask("victim.id > %s", after, BATCH, classes):
        yield from (end_of(life, keep) for life in lives)
        after = lives[-1].victim


def still_over(victims: list[UUID], on: date) -> list[End]:
    """Of these records, the ends of those that are over: asked again once they are locked."""
    keep = keeps(on)
    lives = _ask("victim.id = ANY (%s)", victims, len(victims), _classes(on))
    return [end for end in (end_of(life, keep) for life in lives) if end.on <= on]


@dataclass
class Reckoning:
    """What is over on a day, longest first; what comes to its end within thirty days; and what is kept by what."""

    on: date
    over: list[End] = field(default_factory=list)
    soon: Counter[str] = field(default_factory=Counter)
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def by_class(self) -> dict[str, int]:
        return dict(sorted(Counter(end.code for end in self.over).items()))

    def as_json(self) -> dict[str, object]:
        return {"on": self.on.isoformat(), "over": self.by_class, "within_30_days": dict(sorted(self.soon.items())),
                "kept": self.kept}  # fmt: skip


def reckon(on: date) -> Reckoning:
    """Looks at every record once."""
    found, seen = Reckoning(on), 0
    for end in ends(on):
        seen += 1
        if end.on <= on:
            found.over.append(end)
        elif end.on <= on + SOON:
            found.soon[end.code] += 1
    found.over.sort(key=lambda end: (end.on, end.life.victim))
    held = Hold.objects.filter(ended_at=None).values("victim_id").distinct().count()
    found.kept = {
        "held": held,
        "open": Victim.objects.exclude(visible_orgs=[]).count() - seen - held,
        "not_yet": seen - len(found.over),
    }
    return found


def remains(*, before: datetime) -> "QuerySet[Victim, UUID]":
    """What stayed for the figures of records received before a moment: rows that nobody sees."""
    return Victim.objects.filter(visible_orgs=[], created_at__lt=before).values_list("pk", flat=True)


@dataclass(frozen=True)
class Shown:
    """A hold with its words and the words of its reason."""

    hold: Hold
    reason: str
    words: str


def holds_of(victim: Victim, on: date) -> list[Shown]:
    """What keeps a record, the newest first; those that ended too."""
    titles = rulebook.titles("keep_reasons", on)
    crypt.load_keys([victim.pk])
    rows = Hold.objects.filter(victim=victim).order_by("-set_at")
    return [Shown(hold, titles.get(hold.reason, hold.reason), fields.read(hold, "words")) for hold in rows]


def open_of(rows: "QuerySet[Hold]") -> "QuerySet[Hold]":
    """Of these holds, those that stand."""
    return rows.filter(ended_at=None).select_related("victim")
