"""Reads of risk: which sets are asked of somebody, what was said and when, what rose, and what offices are writing."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import crypt, fields
from alongside.core.rows import ahead, records
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Council, Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.casework.models import Case
from alongside.support.cases.risk import rules
from alongside.support.cases.risk.models import Alert, Draft, Sitting
from alongside.support.cases.risk.rules import RiskSet
from alongside.support.people.victims.rules import told_age

BOOK, KINDS, RISK_LEVELS, ASKED, RESPONSES = "risk_sets", "risk_kinds", "risk_levels", "risk_asked", "risk_responses"
MANAGER = "service_manager"
ALERTS_AT_MOST = 200


def as_set(row: RuleRow) -> RiskSet:
    return rules.read_set(row.code, row.version, row.title, row.body, since=row.since)


def sets(on: date) -> tuple[RiskSet, ...]:
    """Every set in force on a day, in the order of the rulebook."""
    return tuple(map(as_set, rulebook.current(BOOK, on)))


def as_asked(sitting: Sitting) -> RiskSet:
    """The set as it was when the sitting was begun, counting as it does in its area."""
    return as_set(rulebook.version(BOOK, sitting.set_code, sitting.set_version)).here(sitting.council)


def newest(sitting: Sitting, on: date) -> RiskSet | None:
    """The same set as it is now; None where it is not asked any more."""
    row = rulebook.find(BOOK, sitting.set_code, on)
    return as_set(row) if row else None


def age(case: Case, on: date) -> int | None:
    """Whole years on a day; of somebody who was said to be younger than some age, the most that they can be."""
    victim = case.victim
    told = told_age(victim.birth_date, victim.age_said, victim.age_said_on, on)
    return victim.said_under - 1 if told is None and victim.said_under else told


def council(case: Case) -> str:
    """Where they live, as far as anybody said."""
    return case.victim.council or case.referral.council


@dataclass(frozen=True)
class Offered:
    """A set that may be asked of somebody: whether it is suggested for what happened, and what is begun of its kind."""

    set: RiskSet
    kind: str
    suggested: bool


def offered(case: Case, on: date) -> tuple[Offered, ...]:
    """The sets for somebody of this age, those that what happened suggests first."""
    years, kinds = age(case, on), {row.code: row for row in rulebook.current(KINDS, on)}
    found = [
        Offered(one, kinds[one.kind].title, case.crime_type in kinds[one.kind].codes("crime_types"))
        for one in sets(on) if one.fits(years) and one.kind in kinds
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: not one.suggested))


def to_ask(case: Case, code: str, on: date) -> RiskSet:
    """The set of this code. Raises RuleBroken where it is not for them."""
    found = next((one.set for one in offered(case, on) if one.set.code == code), None)
    if found is None:
        raise RuleBroken("Choose what to ask about.", "set")
    return found


def drafts_of(case: Case) -> tuple[Sitting, ...]:
    """What was begun and is not finished."""
    return tuple(Sitting.objects.filter(case=case, state=Sitting.State.DRAFT).order_by("begun_at", "id"))


def sittings(case: Case) -> tuple[Sitting, ...]:
    """What was finished, the first first, each with what it raised."""
    return tuple(_done(case))


@ahead.question
def _done(case: Case) -> "QuerySet[Sitting]":
    done = Sitting.objects.filter(case=case, state=Sitting.State.DONE).select_related("alert")
    return done.defer("comments", "judgement").order_by("done_at", "id")


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_done(case),)


def latest(found: Iterable[Sitting]) -> dict[str, Sitting]:
    """The latest sitting of each kind, out of sittings in their order."""
    return {one.kind: one for one in found}


def level(found: Iterable[Sitting]) -> str:
    """How high the risk is now: the highest of what each kind came to last."""
    return rules.highest(one.level for one in latest(found).values())


def review_on(found: Iterable[Sitting]) -> date | None:
    """The first day by which a kind is to be asked of again."""
    return min(map(_again_on, latest(found).values()), default=None)


def _again_on(sitting: Sitting) -> date:
    assert sitting.done_at is not None
    day = london_date(sitting.done_at)
    return day + timedelta(days=rulebook.rule(RISK_LEVELS, sitting.level, day).number("review_days"))


def recent(case: Case, kind: str, *, months: int, on: date) -> int:
    """How many sittings of a kind were finished within a window that ends on a day."""
    done = Sitting.objects.filter(case=case, kind=kind, state=Sitting.State.DONE)
    return done.filter(done_at__date__gte=rules.window_start(on, months)).count()


@dataclass(frozen=True)
class Said:
    """What was said in a sitting: an answer and a comment by code, how many incidents, and how it was asked."""

    answers: Mapping[str, str]
    comments: Mapping[str, str]
    incidents: int | None
    asked_how: str


def said(sitting: Sitting) -> Said:
    """A sitting, opened."""
    crypt.load_keys([sitting.victim_id])
    comments = json.loads(fields.read(sitting, "comments") or "{}")
    return Said(sitting.answers, comments, sitting.incidents, sitting.asked_how)


def judgement(sitting: Sitting) -> str:
    return fields.read(sitting, "judgement")


def reckoned(sitting: Sitting, at: datetime) -> rules.Reckoned:
    """What a sitting that is not finished comes to now."""
    whole = as_asked(sitting)
    before = recent(sitting.case, sitting.kind, months=whole.window_months, on=london_date(at))
    return rules.reckon(whole, sitting.answers, incidents=sitting.incidents, sittings=before + 1)


# What rose.


def alerts(rows: QuerySet[Alert], by: Actor, *, state: str = "") -> tuple[Alert, ...]:
    """What rose in the actor's organisation: what nobody has acted on, or where no manager has seen what was done,
    the longest waiting first; or what was acted on, the latest first."""
    own = rows.filter(case__provider_id=by.organisation_id).select_related("case", "case__victim", "sitting")
    if state == Alert.State.ANSWERED:
        return tuple(own.filter(state=state).order_by("-answered_at", "id")[:ALERTS_AT_MOST])
    return tuple(own.filter(answer_seen_at=None).order_by("due_at", "id")[:ALERTS_AT_MOST])


def words_of(alert: Alert) -> str:
    """What whoever acted wrote."""
    crypt.load_keys([alert.victim_id])
    return fields.read(alert, "words")


def open_alerts(case: Case) -> tuple[Alert, ...]:
    """What rose in a case and nobody has acted on."""
    found = Alert.objects.filter(case=case).exclude(state=Alert.State.ANSWERED)
    return tuple(found.select_related("sitting").order_by("raised_at", "id"))


def to_tell(alert: Alert) -> tuple[UUID, ...]:
    """Who is told that something waits: the managers and whoever has the case, not whoever raised it; of a restricted
    record those who are named on it and nobody else."""
    place = alert.case.provider_id
    managers = Membership.objects.current().filter(organisation_id=place, role=MANAGER, user__is_active=True)
    asked = (*managers.order_by("user_id").values_list("user_id", flat=True), alert.case.worker)
    named = {one.user_id for one in records.named(alert.victim_id) if one.organisation_id == place}
    told = [one for one in asked if one is not None and one != alert.raised_by]
    return tuple(dict.fromkeys(one for one in told if not named or one in named))


def names(people: Iterable[UUID | None]) -> dict[UUID, str]:
    return dict(User.objects.filter(pk__in={one for one in people if one}).values_list("pk", "name"))


# What an office writes.


def history(code: str) -> tuple[RuleRow, ...]:
    """Every version of a set, the newest first."""
    return rulebook.history(BOOK, code)


def open_version(code: str) -> RuleRow:
    """The newest version, in force or to come. Raises RuleBroken where there is none."""
    found = history(code)
    if not found or found[0].until is not None:
        raise RuleBroken("This set has been withdrawn.")
    return found[0]


def office(by: Actor) -> int:
    assert by.organisation_id is not None  # whoever has a permission has it in an organisation
    return by.organisation_id


def draft(code: str, by: Actor) -> Draft | None:
    """What the actor's own office is writing of a set."""
    return Draft.objects.visible_to(by).filter(code=code, organisation_id=office(by)).first()


def drafts(by: Actor) -> tuple[Draft, ...]:
    return tuple(Draft.objects.visible_to(by).filter(organisation_id=office(by)))


def drafted(held: Draft) -> RiskSet:
    """A set as it is being written, with the number that it would have."""
    return rules.read_set(held.code, held.seen + 1, held.title, held.body)


def councils() -> dict[str, str]:
    return dict(Council.objects.order_by("name").values_list("code", "name"))


def codes_used(code: str) -> set[str]:
    """Every question's code that any version of a set ever had."""
    return {item.code for row in history(code) for item in as_set(row).items}


def free_code(kind: str) -> str:
    """A code for a set of an office's own, which no set has or had, nor any that is being written here."""
    taken = {row.code for row in rulebook.every_version(BOOK)} | set(Draft.objects.values_list("code", flat=True))
    return next(code for number in range(1, len(taken) + 2) if (code := f"{kind[:50]}_own{number}") not in taken)


def changed(held: Draft) -> tuple[rules.Difference, ...]:
    """How a draft differs from the newest version; of a set that is new, all of it."""
    found = history(held.code)
    whole = drafted(held)
    return rules.differences(as_set(found[0]) if found else replace(whole, items=()), whole)
