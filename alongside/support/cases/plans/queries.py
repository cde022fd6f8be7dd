"""Reads of a plan: its needs as they were scored, when it is looked at again, and what of it its owner was given."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.privacy import crypt, fields
from alongside.core.privacy.whereabouts import tells_where
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework import queries as casework
from alongside.support.cases.casework import rules as casework_rules
from alongside.support.cases.casework.models import Case, Need, Step
from alongside.support.cases.casework.queries import Wanted
from alongside.support.cases.plans import rules
from alongside.support.cases.plans.models import Given, Review, Sitting
from alongside.support.desk.assessment import queries as assessment
from alongside.support.people.victims import queries as victims
from alongside.support.people.victims.models import Responsible

POINTS = ("one", "two", "three", "four", "five")


@dataclass(frozen=True)
class Scale:
    """The steps of need in words, from the worst to the best, and the version of the rulebook that they are of."""

    code: str
    version: int
    steps: tuple[tuple[int, str], ...]


def scale(case: Case, today: date) -> Scale:
    """The scale that this case began with, so that sittings can be compared; at first the one for the victim's age."""
    first = Sitting.objects.filter(case=case, stage=Sitting.Stage.FIRST).first()
    age = victims.age_of(case.victim, today)
    code = first.scale if first else casework_rules.question_set_for(age, case.victim.said_under)
    return _scale(rulebook.rule("need_scales", code, today))


def scale_of(sitting: Sitting) -> Scale:
    """The scale in the words under which a sitting was made."""
    return _scale(rulebook.version("need_scales", sitting.scale, sitting.scale_version))


def _scale(row: Any) -> Scale:
    return Scale(row.code, row.version, tuple((at, row.text(point)) for at, point in enumerate(POINTS, rules.LOWEST)))


@dataclass(frozen=True)
class Sat:
    """A sitting as it is read."""

    sitting: Sitting
    words: str
    by: str


def sittings(case: Case) -> tuple[Sat, ...]:
    """Every sitting of a case, the first first."""
    found = list(Sitting.objects.filter(case=case).order_by("sat_at", "id"))
    crypt.load_keys([case.victim_id])
    names = _names({one.sat_by for one in found})
    return tuple(Sat(one, fields.read(one, "words"), names.get(one.sat_by, "")) for one in found)


def _names(people: set[UUID | None]) -> Mapping[UUID | None, str]:
    known = [person for person in people if person]
    return dict(User.objects.filter(pk__in=known).values_list("pk", "name")) if known else {}


def stages(case: Case) -> tuple[str, ...]:
    """Of which stages the next sitting may be, the likeliest first."""
    begun = Sitting.objects.filter(case=case).exists()
    return (rules.REVIEW, rules.END) if begun else (rules.FIRST,)


def earlier_stages(case: Case) -> tuple[str, ...]:
    return tuple(Sitting.objects.filter(case=case).order_by("sat_at", "id").values_list("stage", flat=True))


def sitting_again(case: Case, words: str, *, by: Actor, at: datetime, **same: Any) -> Sitting | None:
    """The same sitting, kept by the same person moments ago: its form was sent twice."""
    recent = Sitting.objects.filter(
        case=case, sat_by=by.user_id, sat_at__gt=at - casework_rules.MOMENTS, sat_at__lte=at, **same
    )  # fmt: skip
    return next((one for one in recent if fields.read(one, "words") == words), None)


def last_review(case: Case) -> Review | None:
    """When the plan was last begun or looked at."""
    found: Review | None = Review.objects.filter(case=case).order_by("-reviewed_at", "-id").first()
    return found


def review_rule(case: Case, today: date) -> Any:
    """The row of the rulebook by which this plan is looked at again."""
    return rules.review_rule(
        rulebook.current("plan_reviews", today), high_risk=case.high_risk, crime_type=case.crime_type,
        service=case.service.code,
    )  # fmt: skip


@dataclass(frozen=True)
class Found:
    """A need that the hub's first assessment found: how much, and in their words, as far as they agreed to tell."""

    code: str
    level: str
    words: str


def found_by_hub(case: Case, by: Actor) -> tuple[Found, ...]:
    """What the hub found and the plan does not have yet."""
    detail = assessment.shared(case.referral, by)
    said = assessment.of_detail(detail).said.get("needs", {}) if detail else {}
    levels: Mapping[str, str] = detail.levels if detail else dict.fromkeys(case.referral.needs, "")
    have = set(Need.objects.filter(case=case).values_list("code", flat=True))
    return tuple(
        Found(code, level, said.get(code, ""))
        for code, level in levels.items() if level != "none" and code not in have
    )  # fmt: skip


@dataclass(frozen=True)
class GivenStep:
    """A step as it stands on a plan that was given: what, who does it (worker, victim or other), by when."""

    what: str
    who: str
    by: date | None


@dataclass(frozen=True)
class GivenLine:
    """A goal as it stands on a plan that was given."""

    goal: str
    steps: tuple[GivenStep, ...]


@dataclass(frozen=True)
class GivenPlan:
    """A version of the plan as its owner was given it."""

    number: int
    given_on: date
    lines: tuple[GivenLine, ...]


def opened(given: Given) -> GivenPlan:
    """A version, as it was given."""
    held = json.loads(fields.read(given, "content"))
    lines = tuple(GivenLine(line["goal"], tuple(_step(step) for step in line["steps"])) for line in held)
    return GivenPlan(given.number, london_date(given.given_at), lines)


def _step(step: Mapping[str, str]) -> GivenStep:
    return GivenStep(step["what"], step["who"], date.fromisoformat(step["by"]) if step["by"] else None)


def standing(case: Case) -> Given | None:
    """The version that was given last, unless it was withdrawn."""
    latest: Given | None = Given.objects.filter(case=case).order_by("-number").first()
    return latest if latest and latest.withdrawn_at is None else None


def for_victim(case: Case) -> GivenPlan | None:
    """What the victim was last given of their plan, in the words in which they were given it; None once withdrawn."""
    latest = standing(case)
    return opened(latest) if latest else None


def versions(wanted: tuple[Wanted, ...]) -> dict[str, int]:
    """The version of each need and step of a plan, by its key."""
    rows: list[Need | Step] = [one.need for one in wanted]
    rows += [planned.step for one in wanted for planned in one.steps]
    return {str(row.pk): row.version for row in rows}


def out_of_date(given: Given, now: Mapping[str, int]) -> bool:
    """Whether something that a version was made of has changed since."""
    return any(now.get(key) != version for key, version in given.made_from.items())


@dataclass(frozen=True)
class Held:
    """A version that was given, with who gave it and who withdrew it."""

    given: Given
    by: str
    withdrawn_by: str


def all_given(case: Case) -> tuple[Held, ...]:
    """Every version, the latest first."""
    found = list(Given.objects.filter(case=case).order_by("-number"))
    names = _names({person for one in found for person in (one.given_by, one.withdrawn_by)})
    return tuple(Held(one, names.get(one.given_by, ""), names.get(one.withdrawn_by, "")) for one in found)


def held(given: Given) -> tuple[Held, bool]:
    """One version with who gave it, and whether it is out of date."""
    names = _names({given.given_by, given.withdrawn_by})
    one = Held(given, names.get(given.given_by, ""), names.get(given.withdrawn_by, ""))
    return one, out_of_date(given, versions(casework.plan(given.case)))


def is_latest(given: Given) -> bool:
    return not Given.objects.filter(case_id=given.case_id, number__gt=given.number).exists()


def to_give(case: Case) -> tuple[Wanted, ...]:
    """What of the plan may be given: needs that are being worked on, with the steps that are not done."""
    return tuple(
        replace(one, steps=tuple(planned for planned in one.steps if planned.step.done_at is None))
        for one in casework.plan(case) if one.need.state == Need.State.OPEN
    )  # fmt: skip


def tells(wanted: tuple[Wanted, ...]) -> bool:
    """Whether something of the plan seems to tell where somebody is or how to reach them."""
    return any(tells_where(text) for one in wanted for text in (one.goal, *(planned.what for planned in one.steps)))


def guarded(case: Case, today: date) -> rules.Guarded:
    """What may not stand on this case's plan when it is given."""
    victim, names = case.victim, [case.victim.given_name, case.victim.family_name]
    names += [fields.read(one, "name") for one in Responsible.objects.filter(victim=victim)]
    hidden = casework.hidden(case.crime_type, today)
    telling = {row.title: row.text("instead") for row in rulebook.current("telling_words", today)} if hidden else {}
    return rules.Guarded(tuple(names), (case.service.name, case.provider.name), telling)


@dataclass(frozen=True)
class Plan:
    """Everything about the needs and plan of a case that its page shows."""

    wanted: tuple[Wanted, ...]
    sittings: tuple[Sat, ...]
    last: Review | None
    found: tuple[Found, ...]
    given: tuple[Held, ...]


def plan(case: Case, by: Actor) -> Plan:
    return Plan(casework.plan(case), sittings(case), last_review(case), found_by_hub(case, by), all_given(case))


def scored_at_the_end(case: Case) -> bool:
    """Whether the latest sitting scored the needs at the end of support; true where nothing was ever scored."""
    latest = Sitting.objects.filter(case=case).order_by("-sat_at", "-id").values_list("stage", flat=True).first()
    return latest in (None, rules.END)
