"""Reads of the read log for detection, and of what was found for whoever judges it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.models import Look
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.keeping.looks import rules
from alongside.support.keeping.looks.models import Finding
from alongside.support.keeping.looks.rules import Act, Found, Staff, Visit, Week
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.rules import name_part

DAYS = 7
OPENED_AT_ONCE = 3  # a page with more people on it is a list
MOST = 100
_PERSON = "coalesce(victim.id, referral.victim_id, cased.victim_id)"
_JOINS = """
  LEFT JOIN victims_victim victim ON victim.id = one.subject
  LEFT JOIN referrals_referral referral ON referral.id = one.subject
  LEFT JOIN casework_case cased ON cased.id = one.subject"""
# Who opened whom on which day, by night or not, with what they did there in those days and whether it is theirs.
_VISITS = f"""
WITH one AS (
  SELECT user_id, organisation_id, unnest(subjects) AS subject, (at AT TIME ZONE 'Europe/London') AS at
  FROM core_look WHERE at >= %(since)s AND at < %(until)s AND user_id IS NOT NULL AND organisation_id IS NOT NULL
    AND cardinality(subjects) <= {OPENED_AT_ONCE}
), seen AS (
  SELECT one.user_id, one.organisation_id, {_PERSON} AS person, one.at::date AS day,
         bool_or(extract(hour FROM one.at) >= %(night)s OR extract(hour FROM one.at) < %(morning)s) AS night
  FROM one {_JOINS} WHERE {_PERSON} IS NOT NULL GROUP BY 1, 2, 3, 4
), done AS (
  SELECT DISTINCT one.user_id, {_PERSON} AS person
  FROM (SELECT user_id, subject FROM core_event WHERE at >= %(before)s AND at < %(until)s AND user_id IS NOT NULL) one
  {_JOINS} WHERE {_PERSON} IS NOT NULL
)
SELECT seen.user_id, seen.organisation_id, seen.person, seen.day, seen.night,
       done.person IS NOT NULL
         OR EXISTS (SELECT FROM referrals_referral own WHERE own.victim_id = seen.person AND own.worker = seen.user_id)
         OR EXISTS (SELECT FROM casework_case own WHERE own.victim_id = seen.person
                      AND seen.user_id IN (own.worker, own.cover)),
       whose.name_key, whose.family_name,
       (SELECT CASE WHEN bool_and(state = 'CLOSED') THEN max(closed_at AT TIME ZONE 'Europe/London')::date END
          FROM referrals_referral own WHERE own.victim_id = seen.person)
FROM seen JOIN victims_victim whose ON whose.id = seen.person
  LEFT JOIN done ON done.user_id = seen.user_id AND done.person = seen.person"""
_ACTS = """
SELECT user_id, organisation_id, rule, day, count(*) FROM (
  SELECT user_id, organisation_id, (at AT TIME ZONE 'Europe/London')::date AS day,
         CASE name WHEN 'seal.tried' THEN 'tried_seals' ELSE 'took_away' END AS rule
    FROM core_event WHERE name IN ('seal.tried', 'export.made', 'print.made') AND at >= %(since)s AND at < %(until)s
  UNION ALL
  SELECT user_id, organisation_id, (at AT TIME ZONE 'Europe/London')::date, 'guessed'
    FROM core_denial WHERE status = 404 AND at >= %(since)s AND at < %(until)s
) act WHERE user_id IS NOT NULL AND organisation_id IS NOT NULL GROUP BY 1, 2, 3, 4"""


def week_until(on: date) -> Week:
    """The seven days that end with this one, with all that the rules ask. For jobs."""
    until = datetime.combine(on + clocks.ONE_DAY, time.min, tzinfo=clocks.LONDON)
    asked: dict[str, datetime | int] = {
        "since": until - timedelta(days=DAYS), "until": until, "before": until - timedelta(days=2 * DAYS),
        "night": rulebook.rule("limits", "night_from", on).number("number"),
        "morning": rulebook.rule("limits", "night_until", on).number("number"),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_VISITS, asked)
        visits = tuple(
            Visit(user, place, person, day, night, worked, name, name_part(surname), closed)
            for user, place, person, day, night, worked, name, surname, closed in cursor.fetchall()
        )
        cursor.execute(_ACTS, asked)
        acts = tuple(Act(*row) for row in cursor.fetchall())
    least = {row.code: row.number("number") for row in rulebook.current("unusual_looks", on)}
    return Week(visits, _staff(), _common(visits), least, acts)


def _staff() -> Mapping[UUID, Staff]:
    held = Membership.objects.current().values_list("user_id", "organisation_id", "user__name")
    return {user: Staff(user, place, *rules.staff_names(name)) for user, place, name in held}


def _common(visits: Iterable[Visit]) -> frozenset[str]:
    """The surnames, of those that matter here, that many records bear."""
    asked = {visit.surname for visit in visits} & {one.surname for one in _staff().values()} - {""}
    many = max(2, int(Victim.objects.count() * rules.COMMON))
    return frozenset(
        name for name in asked if Victim.objects.filter(name_key__begins=f"{name} ")[: many + 1].count() > many
    )


def known_already(found: Found) -> bool:
    """Whether the same was found before of these days, or of a pair that somebody has judged. For jobs."""
    before = Finding.objects.filter(rule=found.rule, user_id=found.user, organisation_id=found.organisation)
    if found.rule in ("own_name", "colleague", "same_surname", "comes_back"):
        return before.filter(people__contains=list(found.people)).exists()
    return before.filter(last_on__gte=found.first).exists()


@dataclass(frozen=True)
class Told:
    """A finding in words."""

    finding: Finding
    who: str
    what: str
    judge: str
    outcome: str


def told(rows: Iterable[Finding], on: date) -> tuple[Told, ...]:
    """Findings with who it is about, and what was judged."""
    rows, titles = tuple(rows), rulebook.titles("unusual_looks", on)
    asked = {key for row in rows for key in (row.user_id, row.judged_by) if key}
    names = dict(User.objects.filter(pk__in=asked).values_list("pk", "name"))
    crypt.load_keys([row.pk for row in rows if row.outcome])
    return tuple(
        Told(row, names.get(row.user_id, "Somebody who has left"), titles.get(row.rule, row.rule),
             names.get(row.judged_by, "") if row.judged_by else "", fields.read(row, "outcome"))
        for row in rows
    )  # fmt: skip


def to_judge(rows: "QuerySet[Finding]", *, done: bool) -> "QuerySet[Finding]":
    """Those that wait, or those that were judged."""
    waiting = rows.filter(state=Finding.State.WAITING)
    return rows.exclude(state=Finding.State.WAITING) if done else waiting


@dataclass(frozen=True)
class Opened:
    """One page that somebody opened: when, which, whose as far as the reader may know, and why they said."""

    at: datetime
    route: str
    person: str
    reason: str


def opened(finding: Finding, by: Actor) -> tuple[Opened, ...]:
    """What the person opened in the days of a finding, of the people that it is about."""
    start = datetime.combine(finding.first_on, time.min, tzinfo=clocks.LONDON)
    end = datetime.combine(finding.last_on + clocks.ONE_DAY, time.min, tzinfo=clocks.LONDON)
    looks = Look.objects.filter(user_id=finding.user_id, at__gte=start, at__lt=end).order_by("at")
    seen = Victim.objects.visible_to(by).filter(pk__in=finding.people)
    names = {victim.pk: victim.full_name for victim in seen}
    about = {**{person: person for person in finding.people}, **_records_of(finding.people, by)}
    rows = looks.filter(subjects__overlap=list(about)) if about else looks.none()
    return tuple(Opened(look.at, look.route, _name(look.subjects, about, names), look.reason) for look in rows[:MOST])


def _records_of(people: Iterable[UUID], by: Actor) -> dict[UUID, UUID]:
    """The referrals and cases of these people that the reader may open."""
    found: dict[UUID, UUID] = {}
    for victim in Victim.objects.visible_to(by).filter(pk__in=list(people)).prefetch_related("referrals", "cases"):
        found |= {record.pk: victim.pk for record in (*victim.referrals.all(), *victim.cases.all())}
    return found


def _name(subjects: Iterable[UUID], about: Mapping[UUID, UUID], names: Mapping[UUID, str]) -> str:
    people = [about[subject] for subject in subjects if subject in about]
    return next((names[person] for person in people if person in names), "A record that you may not open")


def waiting(by: Actor) -> int:
    """How many findings wait for this person."""
    if not by.may(Permission.LOOKS_REVIEW):
        return 0
    return to_judge(Finding.objects.visible_to(by), done=False).count()
