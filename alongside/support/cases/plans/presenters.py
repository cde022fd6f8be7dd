"""Words and colours of a plan: how each need has gone, when it is looked at again, what of it was given."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, Said
from alongside.core.pages.filters import date_words
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.agenda.rules import Kind
from alongside.support.cases.casework.models import Case
from alongside.support.cases.plans import queries, rules
from alongside.support.cases.plans.models import Given, Review, Sitting
from alongside.support.cases.plans.queries import GivenPlan, Plan, Sat
from alongside.support.cases.plans.rules import Change
from alongside.support.desk.assessment.rules import LEVELS

FORMER = "a former colleague"
COLOURS = {Change.BETTER: "green", Change.SAME: "blue", Change.WORSE: "red", Change.ONCE: "grey", Change.NEVER: "grey"}
WIDTH, HEIGHT, EDGE = 240, 72, 10
# On paper that may be found nobody has a name.
WHO = {"worker": "My worker", "victim": "Me", "other": "Somebody else"}
SHARES = {"yes": "Shares a home with whoever harms them", "no": "Does not share a home with anybody who harms them",
          "not_known": "Not known whether they share a home with whoever harms them"}  # fmt: skip
Tag = Mapping[str, str]


@dataclass(frozen=True)
class Course:
    """How one need has gone: its first and latest step in words, what changed, and the points of its drawing."""

    code: str
    title: str
    first: str
    latest: str
    tag: Tag
    reworded: bool
    rows: tuple[tuple[str, str], ...]
    points: tuple[tuple[float, float], ...]

    @property
    def path(self) -> str:
        return " ".join(f"{x},{y}" for x, y in self.points)


def course(code: str, title: str, sat: tuple[Sat, ...]) -> Course:
    """One need through every sitting."""
    steps = rules.course(code, [one.sitting.answers for one in sat])
    what, moved = rules.change(steps)
    known = [(one, step) for one, step in zip(sat, steps, strict=True) if step is not None]
    words = [_step_words(one.sitting, step) for one, step in known]
    return Course(
        code=code, title=title, first=words[0] if words else "", latest=words[-1] if words else "",
        tag={"word": rules.change_words(what, moved), "colour": COLOURS[what]},
        reworded=len({one.sitting.scale_version for one, _ in known}) > 1,
        rows=tuple((f"{one.sitting.get_stage_display()}, {date_words(one.sitting.sat_at)}",
                    _answer_words(one.sitting, code)) for one in sat),
        points=_points(steps),
    )  # fmt: skip


def _step_words(sitting: Sitting, step: int) -> str:
    return f"{step}. {dict(queries.scale_of(sitting).steps)[step]}"


def _answer_words(sitting: Sitting, code: str) -> str:
    answer = sitting.answers.get(code)
    if isinstance(answer, int):
        return _step_words(sitting, answer)
    return "Does not apply to them" if answer == rules.NOT_APPLICABLE else "Not asked"


def _points(steps: tuple[int | None, ...]) -> tuple[tuple[float, float], ...]:
    """Where each step stands in the drawing; a sitting that did not ask leaves a gap in time."""
    apart = (WIDTH - 2 * EDGE) / max(len(steps) - 1, 1)
    tall = (HEIGHT - 2 * EDGE) / (rules.HIGHEST - rules.LOWEST)
    return tuple(
        (round(EDGE + place * apart, 1), round(HEIGHT - EDGE - (step - rules.LOWEST) * tall, 1))
        for place, step in enumerate(steps) if step is not None
    )  # fmt: skip


@dataclass(frozen=True)
class Top:
    """What stands above the needs: the review, and what the hub found that the plan does not have."""

    review: str
    late: bool
    begun: bool
    tells: bool
    found: tuple[dict[str, str], ...]
    stage: str


def top(plan: Plan, titles: Mapping[str, str], at: datetime) -> Top:
    due = plan.last.due_on if plan.last else None
    found = tuple(
        {"code": one.code, "title": titles.get(one.code, one.code), "level": LEVELS.get(one.level, ""),
         "words": one.words}
        for one in plan.found
    )  # fmt: skip
    late = due is not None and due < london_date(at)
    return Top(
        _review_words(plan.last, late=late), late, bool(plan.wanted), queries.tells(plan.wanted), found,
        _next_words(plan),
    )  # fmt: skip


def _next_words(plan: Plan) -> str:
    return "Review and score" if plan.sittings else "Score the needs"


def _review_words(last: Review | None, *, late: bool) -> str:
    if last is None:
        return ""
    looked = f"{last.get_result_display()}, {date_words(last.reviewed_at)}."
    if last.due_on is None:
        return f"{looked} It was the last score, so no review is due."
    return f"{looked} {'The next look was due on' if late else 'Look at it again by'} {date_words(last.due_on)}."


@dataclass(frozen=True)
class Version:
    """A version that was given, for the list of them."""

    given: Given
    title: str
    tag: Tag
    lines: tuple[str, ...]
    stands: bool
    paper: bool


def versions(plan: Plan) -> tuple[Version, ...]:
    now = queries.versions(plan.wanted)
    return tuple(
        version(held, latest=place == 0, old=queries.out_of_date(held.given, now))
        for place, held in enumerate(plan.given)
    )  # fmt: skip


def version(held: queries.Held, *, latest: bool, old: bool) -> Version:
    given, on = held.given, london_date(held.given.given_at)
    way = rulebook.find("plan_ways", given.way, on)
    said = [
        f"Given {date_words(given.given_at)} by {held.by or FORMER}. {way.title if way else given.way}.",
        f"{SHARES[given.shares_home]}. {rulebook.titles('plan_safe_reasons', on).get(given.safe, given.safe)}.",
    ]
    if given.withdrawn_at:
        why = rulebook.titles("plan_withdrawals", london_date(given.withdrawn_at))
        reason = why.get(given.withdrawn_why, given.withdrawn_why)
        said.append(f"Withdrawn {date_words(given.withdrawn_at)} by {held.withdrawn_by or FORMER}. {reason}.")
    stands = given.withdrawn_at is None
    return Version(
        given=given, title=f"Version {given.number}", tag=_tag(stands=stands, latest=latest, old=old),
        lines=tuple(said), stands=stands, paper=bool(way and way.flag("paper")),
    )  # fmt: skip


def _tag(*, stands: bool, latest: bool, old: bool) -> Tag:
    if not stands:
        return {"word": "Withdrawn", "colour": "grey"}
    if not latest:
        return {"word": "Followed by a later one", "colour": "grey"}
    return {"word": "Out of date", "colour": "yellow"} if old else {"word": "What they have", "colour": "green"}


def paper(given: GivenPlan) -> list[dict[str, Any]]:
    """A version for its owner: what they wanted, and who does what by when."""
    return [
        {"goal": line.goal, "steps": [
            {"what": step.what, "who": WHO.get(step.who, ""), "by": date_words(step.by) if step.by else ""}
            for step in line.steps
        ]}
        for line in given.lines
    ]  # fmt: skip


def beside_plan(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """What the page of a plan shows above and beside its needs."""
    plan, titles = queries.plan(case, by), rulebook.titles("needs", london_date(at))
    head = top(plan, titles, at)
    told = any(one["words"] for one in head.found)
    going = {"open": case.state != Case.State.CLOSED}
    yield Card(
        "top", "plans/parts/top.html", {"top": head, **going}, (case.victim_id,) if told else (),
        "assessment" if told else "",
    )  # fmt: skip
    courses = {code: course(code, title, plan.sittings) for code, title in titles.items()}
    for one in plan.wanted:
        if (code := one.need.code) in courses and courses[code].first:
            yield Card("main", "plans/parts/course.html", {"need": code, "course": courses[code]})
    if plan.wanted or plan.given:
        yield Card("aside", "plans/parts/given.html", {"versions": versions(plan), "wanted": plan.wanted, **going})
    have = {one.need.code for one in plan.wanted}
    others = [one for code, one in courses.items() if code not in have and one.first]
    if plan.sittings:
        yield Card("aside", "plans/parts/scores.html", {"others": others, "sat": sat_words(plan.sittings)})


def sat_words(sat: tuple[Sat, ...]) -> list[dict[str, Any]]:
    """The sittings themselves, the latest first."""
    return [
        {"title": f"{one.sitting.get_stage_display()}, {date_words(one.sitting.sat_at)}", "words": one.words,
         "by": f"{one.sitting.get_said_by_display()}. Kept by {one.by or FORMER}."}
        for one in reversed(sat)
    ]  # fmt: skip


TOLD: Mapping[str, Said] = {
    "plan.begun": Said(lambda details, titles: "Plan begun", kind="plan", view="casework:plan"),
    "plan.brought_forward": Said(
        lambda details, titles: "Review of the plan brought forward: the risk has changed", kind="plan",
        view="casework:plan",
    ),
    "plan.scored": Said(
        lambda details, titles: f"Needs scored: {Sitting.Stage(details['stage']).label.lower()}", kind="plan",
        view="casework:plan",
    ),
    "plan.reviewed": Said(
        lambda details, titles: "Plan looked at: nothing changed", kind="plan", view="casework:plan"
    ),
    "plan.given": Said(
        lambda details, titles: f"Plan given, version {details['number']}: {_of('plan_ways', details['way'], titles)}",
        kind="plan", view="casework:plan",
    ),
    "plan.withdrawn": Said(
        lambda details, titles: (
            f"Plan withdrawn, version {details['number']}: {_of('plan_withdrawals', details['why'], titles)}"
        ),
        kind="plan", view="casework:plan",
    ),
}  # fmt: skip


def _of(book: str, code: str, titles: Any) -> str:
    words: str = titles(book).get(code, code)
    return f"{words[:1].lower()}{words[1:]}"


DUE: Mapping[str, Kind] = {
    "plan.review": Kind(
        words=lambda details, titles: "Look at the plan again", view="casework:plan", group="reviews"
    )
}  # fmt: skip
