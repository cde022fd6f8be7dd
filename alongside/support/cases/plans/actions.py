"""Every write of a plan above its needs and steps: scored, looked at, taken over, given, withdrawn, printed."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework import queries as casework_queries
from alongside.support.cases.casework import rules as casework_rules
from alongside.support.cases.casework.models import Case, Need
from alongside.support.cases.others import queries as others
from alongside.support.cases.others.rules import NAMES_OTHER
from alongside.support.cases.plans import queries, rules
from alongside.support.cases.plans.models import Given, Review, Sitting

REVIEW_DUE = "plan.review"


@dataclass(frozen=True)
class Settled:
    """What a review says of a need of the plan; `seen`: the version that its writer had before them."""

    need: Need
    state: str
    seen: int


@transaction.atomic
def score(
    case: Case, *, by: Actor, at: datetime, stage: str, answers: rules.Answers, said_by: str, words: str = "",
    settle: Sequence[Settled] = (), add: Collection[str] = (),
) -> Sitting:  # fmt: skip
    """Keeps a sitting, settles and adds needs with it, and sets the day of the next review; none after the last."""
    case, today = casework.locked(case), london_date(at)
    same = {"stage": stage, "answers": dict(answers), "said_by": said_by}
    if again := queries.sitting_again(case, words, by=by, at=at, **same):
        return again
    _check(case, stage, answers, today)
    scale = queries.scale(case, today)
    sitting = Sitting(
        case=case, victim_id=case.victim_id, scale=scale.code, scale_version=scale.version, sat_at=at,
        sat_by=by.user_id, **same,
    )  # fmt: skip
    fields.write(sitting, words=words)
    sitting.save(force_insert=True)
    for one in settle:
        casework.settle_need(one.need, by=by, at=at, state=one.state, seen=one.seen)
    for code in add:
        casework.find_need(case, by=by, at=at, code=code)
    _reviewed(case, Review.Result.SCORED, by=by, at=at, sitting=sitting, last=stage == rules.END)
    events.record("plan.scored", case.pk, by=by, at=at, stage=stage, scored=len(rules.scored(answers)))
    return sitting


def _check(case: Case, stage: str, answers: rules.Answers, today: date) -> None:
    if rules.strangers(rulebook.titles("needs", today), answers):
        raise RuleBroken("An answer does not belong to these needs or to the scale.")
    if not rules.scored(answers):
        raise RuleBroken("No need was scored, so there is nothing to keep. Choose a step for at least one.")
    if obstacle := rules.stage_obstacle(stage, queries.earlier_stages(case)):
        raise RuleBroken(obstacle, "stage")


def _reviewed(
    case: Case, result: str, *, by: Actor, at: datetime, sitting: Sitting | None = None, last: bool = False
) -> Review:
    """Keeps that the plan was looked at, and puts the next review on the agenda."""
    rule = None if last else queries.review_rule(case, london_date(at))
    due = rules.next_review(rule, london_date(at)) if rule else None
    review = Review(
        case=case, result=result, sitting=sitting, rule=rule.ref if rule else "", due_on=due, reviewed_at=at,
        reviewed_by=by.user_id,
    )  # fmt: skip
    review.save(force_insert=True)
    if due:
        agenda.put(case, by=by, at=at, kind=REVIEW_DUE, about=case.pk, due_at=due)
    else:
        agenda.drop(case, by=by, at=at, kind=REVIEW_DUE)
    return review


@transaction.atomic
def look_over(case: Case, *, by: Actor, at: datetime) -> Review:
    """The plan was looked at and nothing changed. The next review is set; a second press makes no second one."""
    case, latest = casework.locked(case), queries.last_review(case)
    if latest and latest.reviewed_by == by.user_id and latest.reviewed_at > at - casework_rules.MOMENTS:
        return latest
    if not Need.objects.filter(case=case).exists():
        raise RuleBroken("There is no plan yet. Add a need, or score the needs first.")
    review = _reviewed(case, Review.Result.UNCHANGED, by=by, at=at)
    events.record("plan.reviewed", case.pk, by=by, at=at)
    return review


@transaction.atomic
def begin(case: Case, *, by: Actor, at: datetime) -> None:
    """Starts the review clock with the first need of a plan. Run by the worker; safe to repeat."""
    held = Case.objects.select_for_update(of=("self",)).select_related("service").get(pk=case.pk)
    if held.state != Case.State.CLOSED and queries.last_review(held) is None:
        _reviewed(held, Review.Result.BEGUN, by=by, at=at)
        events.record("plan.begun", held.pk, by=replace(by, organisation_id=held.provider_id), at=at)


@transaction.atomic
def look_sooner(case: Case, *, by: Actor, at: datetime) -> None:
    """After the risk was asked about: a review that is due later than the rulebook now says comes forward, to today at
    the earliest. It is never put off. Run by the worker; safe to repeat."""
    held = Case.objects.select_for_update(of=("self",)).select_related("service").get(pk=case.pk)
    last, today = queries.last_review(held), london_date(at)
    if last is None or last.due_on is None or held.state == Case.State.CLOSED:
        return
    rule = queries.review_rule(held, today)
    due = max(rules.next_review(rule, london_date(last.reviewed_at)), today)
    if due >= last.due_on:
        return
    whose = replace(by, organisation_id=held.provider_id)
    review = Review(
        case=held, result=Review.Result.SOONER, rule=rule.ref, due_on=due, reviewed_at=at, reviewed_by=by.user_id
    )  # fmt: skip
    review.save(force_insert=True)
    agenda.put(held, by=whose, at=at, kind=REVIEW_DUE, about=held.pk, due_at=due)
    events.record("plan.brought_forward", held.pk, by=whose, at=at)


@transaction.atomic
def take_over(case: Case, *, by: Actor, at: datetime, codes: Collection[str]) -> tuple[Need, ...]:
    """Takes needs that the hub found into the plan, with what was said of each as its goal. Their own events say so."""
    found = {one.code: one for one in queries.found_by_hub(case, by)}
    return tuple(
        casework.find_need(case, by=by, at=at, code=code, goal=found[code].words) for code in codes if code in found
    )  # fmt: skip


@dataclass(frozen=True)
class Line:
    """What of one need is given: its goal in words that may be found, and the steps that were chosen."""

    need: UUID
    goal: str
    steps: Mapping[UUID, str] = field(default_factory=dict)


@transaction.atomic
def give(
    case: Case, *, by: Actor, at: datetime, lines: Sequence[Line], way: str, safe: str, shares_home: str,
    checked: bool = False,
) -> Given:  # fmt: skip
    """Keeps a version of the plan as its owner is given it. Refused where a line or the way would tell on them."""
    case, today = casework.locked(case), london_date(at)
    _check_way(case, today, way=way, safe=safe, shares_home=shares_home)
    _check_lines(case, today, lines, checked=checked)
    content, made_from = _content(case, lines)
    latest = Given.objects.filter(case=case).order_by("-number").first()
    given = Given(
        case=case, victim_id=case.victim_id, number=latest.number + 1 if latest else 1, way=way, safe=safe,
        shares_home=shares_home, made_from=made_from, given_at=at, given_by=by.user_id,
    )  # fmt: skip
    if latest and latest.given_at > at - casework_rules.MOMENTS and fields.read(latest, "content") == content:
        return latest
    fields.write(given, content=content)
    given.save(force_insert=True)
    events.record("plan.given", case.pk, by=by, at=at, number=given.number, way=way, safe=safe)
    return given


def _check_way(case: Case, today: date, *, way: str, safe: str, shares_home: str) -> None:
    ways, reasons = rulebook.find("plan_ways", way, today), rulebook.find("plan_safe_reasons", safe, today)
    if ways is None or reasons is None:
        raise RuleBroken("Choose how it is given and why that is safe.")
    shared = rules.shares(shares_home, hidden=casework_queries.hidden(case.crime_type, today))
    obstacle = rules.giving_obstacle(
        paper=ways.flag("paper"), shared=shared, place=reasons.flag("place"), safe=safe
    )  # fmt: skip
    if obstacle:
        raise RuleBroken(obstacle, "safe")


def _check_lines(case: Case, today: date, lines: Sequence[Line], *, checked: bool) -> None:
    if not lines:
        raise RuleBroken("Choose at least one goal.")
    guarded, texts = queries.guarded(case, today), []
    for line in lines:
        steps = ((f"what-{key}", what) for key, what in line.steps.items())
        for name, text in ((f"goal-{line.need}", line.goal), *steps):
            if faults := rules.line_faults(text, guarded):
                raise RuleBroken(faults[0], name)
            if named := others.named_in(case.pk, [text]):
                raise RuleBroken(NAMES_OTHER.format(", ".join(named)), name)
            texts.append(text)
    if not checked and (names := rules.maybe_names(texts)):
        raise RuleBroken(f"Look again: is one of these a name or a place? {', '.join(names)}.", "checked")


def _content(case: Case, lines: Sequence[Line]) -> tuple[str, dict[str, int]]:
    """What is given, and the versions that it was made of. A line of another case's plan is not there."""
    wanted = {one.need.pk: one for one in casework_queries.plan(case)}
    held, made_from = [], {}
    for line in (line for line in lines if line.need in wanted):
        one = wanted[line.need]
        made_from[str(one.need.pk)] = one.need.version
        steps = []
        for step in (planned.step for planned in one.steps if planned.step.pk in line.steps):
            made_from[str(step.pk)] = step.version
            by = step.due_on.isoformat() if step.due_on else ""
            steps.append({"what": line.steps[step.pk], "who": step.who, "by": by})
        held.append({"goal": line.goal, "steps": steps})
    if not held:
        raise RuleBroken("The plan has changed meanwhile. Look at it again, and choose anew.")
    return json.dumps(held), made_from


@transaction.atomic
def withdraw(given: Given, *, by: Actor, at: datetime, why: str) -> None:
    """A version that was given no longer stands. It stays on record; a closed case's may be withdrawn too."""
    held = Given.objects.select_for_update(of=("self",)).get(pk=given.pk)
    if held.withdrawn_at:
        raise RuleBroken("It was withdrawn already. Somebody may have done it meanwhile.")
    if why not in rulebook.titles("plan_withdrawals", london_date(at)):
        raise RuleBroken("Choose why it is withdrawn.", "why")
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_why = at, by.user_id, why
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_why"])
    events.record("plan.withdrawn", held.case_id, by=by, at=at, number=held.number, why=why)


def print_out(given: Given, *, by: Actor, at: datetime) -> None:
    """Says that a version was printed, by whom and when."""
    if given.withdrawn_at:
        raise RuleBroken("It was withdrawn, so it is not printed again.")
    if not rulebook.rule("plan_ways", given.way, london_date(given.given_at)).flag("paper"):
        raise RuleBroken("It was not given on paper. Give it again, and say why paper is safe.")
    documents.note_print(given.case_id, by=by, at=at, what="plan")
