"""What happened since a whole snapshot was made, and whether it may be added to: of whom rows are told afresh.

Three things make that set: who was written to by a transaction that the whole one did not see, whose moments had not
come by then, and whoever is judged to be one person with any of these. Where it cannot be known, the reason is said.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from uuid import UUID

import duckdb
from django.db import connection
from django.db.models import Q

from alongside.core.clocks import london_date
from alongside.facts.collect import extract, rules
from alongside.facts.collect.models import Touched

# Whose records the statements read, each told apart by the column that its trigger names.
_OF_CASE = (
    "casework_contact", "casework_need", "outcomes_assessment", "risk_sitting", "appointments_appointment",
    "groups_mark", "practical_request", "waiting_entry",
)  # fmt: skip
NARROWED = {
    "victims_victim": "id IN (SELECT id FROM snapshot_changed)",
    "referrals_referral": "victim_id IN (SELECT id FROM snapshot_changed)",
    "referrals_offer": "victim_id IN (SELECT id FROM snapshot_changed)",
    "casework_case": "victim_id IN (SELECT id FROM snapshot_changed)",
    "referrals_needsassessment": "referral_id IN (SELECT id FROM pg_temp.referrals_referral)",
    **dict.fromkeys(_OF_CASE, "case_id IN (SELECT id FROM pg_temp.casework_case)"),
}
# Moments of each table that a statement asks about: what lies after a snapshot's own is told by a later one.
MOMENTS = {
    "referrals_referral": (
        "received_at", "reported_at", "first_attempt_at", "first_contact_at", "first_offer_at", "accepted_at",
        "closed_at",
    ),
    "referrals_offer": ("offered_at", "answered_at"),
    "casework_case": ("accepted_at", "first_contact_at", "started_at", "closed_at"),
    "referrals_needsassessment": ("assessed_at",),
    "casework_contact": ("happened_at",),
    "casework_need": ("found_at", "settled_at"),
    "outcomes_assessment": ("assessed_at",),
    "risk_sitting": ("done_at",),
    "appointments_appointment": ("starts_at", "settled_at"),
    "groups_mark": ("marked_at",),
    "groups_meeting": ("starts_at",),
    "practical_request": ("asked_at", "ended_at", "paid_on"),
    "waiting_entry": ("added_at", "started_at", "ended_at"),
    "victims_sameperson": ("judged_at",),
}  # fmt: skip
_WHOSE = {
    **dict.fromkeys(_OF_CASE, ("case", "case_id")), "groups_meeting": ("meeting", "id"),
    "referrals_needsassessment": ("referral", "referral_id"),
}  # fmt: skip
_MARKS = ("whole", "mark")
_TOUCHED = "SELECT DISTINCT kind, record FROM collect_touched WHERE at_xid >= %(since)s"
_VICTIMS = f"""
WITH touched AS MATERIALIZED ({_TOUCHED}), cases AS (
  SELECT record FROM touched WHERE kind = 'case'
  UNION SELECT mark.case_id FROM groups_mark mark JOIN touched ON touched.record = mark.meeting_id AND kind = 'meeting'
)
SELECT record FROM touched WHERE kind IN ('victim', 'all')
UNION SELECT support.victim_id FROM casework_case support JOIN cases ON cases.record = support.id
UNION SELECT referral.victim_id FROM referrals_referral referral
  JOIN touched ON touched.record = referral.id AND kind = 'referral'"""
# Rows of one person that hang on rows of another, which no arrival makes but a correction may.
_HANGING = """
SELECT other.victim_id FROM (
  SELECT support.victim_id, support.referral_id FROM casework_case support
  UNION ALL SELECT offer.victim_id, offer.referral_id FROM referrals_offer offer
) other JOIN referrals_referral referral ON referral.id = other.referral_id
WHERE referral.victim_id = ANY (%(known)s) AND other.victim_id <> ALL (%(known)s)
UNION
SELECT referral.victim_id
FROM casework_case support JOIN referrals_referral referral ON referral.id = support.referral_id
WHERE support.victim_id = ANY (%(known)s) AND referral.victim_id <> ALL (%(known)s)
UNION
SELECT referral.victim_id FROM referrals_offer offer JOIN referrals_referral referral ON referral.id = offer.referral_id
WHERE offer.victim_id = ANY (%(known)s) AND referral.victim_id <> ALL (%(known)s)"""
_SAME = """
SELECT same.victim FROM snapshot_same same WHERE same.person IN (
  SELECT person FROM snapshot_same WHERE victim = ANY (%(known)s)) AND same.victim <> ALL (%(known)s)"""
MOST = 100_000  # records; of more a whole snapshot takes no longer
TERMS = {
    "statements": "the program that tells the rows is another",
    "tables": "the database's tables were changed",
    "triggers": "what notes each write was changed, or stood still",
    "codes": "a list of codes lost one, or gained one that rows had used before",
    "rules": "the rulebook has other bands, groups, endings, steps or kinds",
    "calendar": "the working days behind it are others",
    "places": "an organisation, a service or a waiting list has another code, kind or area",
}


_TABLES = ", ".join(f"'{table}'" for table in MOMENTS | NARROWED)
_SHAPE = (  # a table that was written anew, by a migration say, lies in another file
    f"SELECT relname, relfilenode::bigint FROM pg_class WHERE relname IN ({_TABLES}) "
    "AND relnamespace = 'public'::regnamespace ORDER BY 1",
    "SELECT relname, attname, atttypid::bigint FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid "
    f"WHERE relname IN ({_TABLES}) AND relnamespace = 'public'::regnamespace AND attnum > 0 ORDER BY 1, attnum",
)


class NotKnown(Exception):
    """What changed cannot be said. Its words say why."""


def watermark() -> int:
    """The first transaction whose writes this one may not see; asked before anything is read."""
    return int(_one("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"))


def terms(asked: extract.Source, labels: Mapping[str, Collection[str]], step: float, last: date) -> dict[str, Any]:
    """All that decides how a row is told beside the rows themselves; the calendar as far as a day."""
    told = {name: value for name, value in asked.parameters.items() if not name.startswith("as_at")}
    return {
        "statements": [extract.version(), duckdb.__version__],
        "tables": _digest([_rows(sql) for sql in _SHAPE]),
        "triggers": _digest(_rows(
            "SELECT tgname, tgrelid::regclass::text, tgenabled, xmin::text FROM pg_trigger "
            "WHERE starts_with(tgname, 'collect_touch') ORDER BY 1, 2"
        )),
        "codes": {name: sorted(words) for name, words in labels.items()},
        "rules": _digest([told, step, [_rows(f"SELECT * FROM {name} ORDER BY 1") for name in extract.SMALL]]),
        "calendar": _digest([pair for pair in rules.calendar(last)]),
        "places": _rows(
            "SELECT 'organisation', id::text, code, kind, force_id::text FROM organisations_organisation UNION ALL "
            "SELECT 'service', id::text, code, '', '' FROM directory_service UNION ALL "
            "SELECT 'list', id::text, modality, service_id::text, '' FROM waiting_waitinglist ORDER BY 1, 2"
        ),
    }  # fmt: skip


def difference(before: Mapping[str, Any], now: Mapping[str, Any], *, strange: int) -> str | None:
    """Why rows that were told under the one terms may not stand under the other; None where they may."""
    for name, why in TERMS.items():
        if name == "places" and {tuple(one) for one in before[name]} <= {tuple(one) for one in now[name]}:
            continue  # nobody was with an organisation or a service before it was there
        if name == "codes" and rules.may_stand(before[name], now[name], strange=strange):
            continue
        if before[name] != now[name]:
            return why
    return None


def _set_by(as_at: datetime) -> None:
    """Notes whose moments lie after a whole snapshot's, as if they were written to again: a later one tells them."""
    with connection.cursor() as cursor:
        for table, moments in MOMENTS.items():
            later = " OR ".join(
                f"{moment} > {'%(on)s' if moment.endswith('_on') else '%(as_at)s'}" for moment in moments
            )
            for kind, column in _whose(table):
                cursor.execute(
                    "INSERT INTO collect_touched (at_xid, kind, record) SELECT DISTINCT "
                    f"pg_current_xact_id()::text::bigint, %(kind)s, {column} FROM {table} WHERE {later}",
                    {"as_at": as_at, "on": london_date(as_at), "kind": kind},
                )


def _whose(table: str) -> Iterable[tuple[str, str]]:
    if table == "victims_sameperson":
        return (("victim", "left_id"), ("victim", "right_id"))
    return (_WHOSE.get(table, ("victim", "victim_id")),)


def people(since: int) -> set[UUID]:
    """Everybody whose rows may be others than a whole snapshot told. Raises NotKnown.

    The small tables of `extract.prepare` are there: they say who is judged to be one person.
    """
    known = {record for (record,) in _found(_VICTIMS, {"since": since})}
    if None in known:
        raise NotKnown("a table was emptied")
    while len(known) <= MOST:
        held = {"known": list(known)}
        more = {record for (record,) in [*_found(_HANGING, held), *_found(_SAME, held)]}
        if not more:
            return known
        known |= more
    raise NotKnown("so much happened that adding it takes no less time")


@contextmanager
def narrowed(changed: Iterable[UUID]) -> Iterator[None]:
    """The tables under their own names, and in them the rows of these people alone."""
    extract.fill("snapshot_changed", "id uuid PRIMARY KEY", ((one,) for one in changed))
    with connection.cursor() as cursor:
        for table, where in NARROWED.items():
            cursor.execute(
                f"CREATE TEMPORARY TABLE {table} ON COMMIT DROP AS "
                f"SELECT whole.* FROM public.{table} whole WHERE {where}"
            )
            cursor.execute(f"ANALYZE pg_temp.{table}")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {', '.join(f'pg_temp.{table}' for table in NARROWED)}")


def begin(snapshot: UUID, *, since: int, as_at: datetime) -> None:
    """From here on what is written is what happened after this whole snapshot; what it has seen is forgotten."""
    Touched.objects.filter(Q(at_xid__lt=since) | Q(kind__in=_MARKS)).delete()
    first = Touched.objects.create(at_xid=since, kind=_MARKS[0], record=snapshot)
    Touched.objects.create(at_xid=_written_by(first.pk), kind=_MARKS[1], record=snapshot)
    _set_by(as_at)


def is_marked(snapshot: UUID) -> bool:
    """Whether this is the very database in which it was made, and not a copy that was loaded, whose transactions have
    other numbers: the mark still bears the number of the transaction that wrote it."""
    marks = dict(Touched.objects.filter(record=snapshot, kind__in=_MARKS).values_list("kind", "pk"))
    return len(marks) == len(_MARKS) and Touched.objects.get(pk=marks[_MARKS[1]]).at_xid == _written_by(
        marks[_MARKS[0]]
    )


def _written_by(row: int) -> int:
    return int(_found("SELECT xmin::text::bigint FROM collect_touched WHERE id = %(row)s", {"row": row})[0][0])


def _digest(told: object) -> str:
    return hashlib.sha256(json.dumps(told, default=str).encode()).hexdigest()


def _found(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _rows(sql: str) -> list[list[Any]]:
    return [list(row) for row in _found(sql, {})]


def _one(sql: str) -> Any:
    return _found(sql, {})[0][0]
