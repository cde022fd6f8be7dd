"""How long people wait, reckoned from what a list has done: what to assume, what the play of it says, and how sure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from math import exp, inf, log
from random import Random
from typing import Any

from alongside.core.errors import RuleBroken
from alongside.support.cases.forecasts import simulation
from alongside.support.cases.forecasts.simulation import Flow, Now

RUNS, STRIDE = 1_000, 100
AHEAD = 156  # weeks that are played: three years
YEAR = 52
MONTH = 4  # weeks; of how many who wait some leave in it is said by this
SHAPE_FROM = 5  # ended times from which their own shape is drawn from
BROUGHT_IN = 14  # days: whoever was put on a list longer after joining came with it, and is no arrival
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9  # between the first and the last are 8 of 10 people
SHORTEST = 8  # weeks of a list's own history; of less nobody can say how many come
TOO_FEW = "Only {started} started from this list in the last {weeks} weeks. From {needed} on we can say."
TOO_SHORT = "This list has been kept for {weeks} weeks. After {needed} weeks we can say how many people come to it."
NOBODY_ENDED = "Nobody has finished yet, so we cannot say how long support takes. Enter your own figure below."
NO_PLACES = "Nobody says how many people can be helped at one time. Enter your own figures below."


@dataclass(frozen=True)
class Facts:
    """What a list did in so many weeks, and how it stands: counts and times in weeks, and nothing of who anybody is.

    `spent` and `waited`: weeks of help and of waiting in that time, all people together. `lengths`: of those who ended.
    `waiting`: for each who waits, weeks so far and points. `helped`: for each who is helped, weeks so far.
    """

    weeks: float
    joined: int
    started: int
    left: int
    ended: int
    spent: float
    waited: float
    lengths: tuple[float, ...] = ()
    waiting: tuple[tuple[float, float], ...] = ()
    helped: tuple[float, ...] = ()
    points: tuple[float, ...] = (0.0,)
    typical: float = 0.0
    week: float = 1.0
    workers: int | None = None
    each: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Assumptions:
    """What is assumed, as it is shown and may be changed. `leave`: of a hundred who wait, who leave in four weeks."""

    joins: float
    length: float
    leave: float
    workers: int
    each: int

    @property
    def places(self) -> int:
        return self.workers * self.each


def why_not(facts: Facts, *, needed: int) -> str:
    """Why a list's own history says nothing yet of how long people wait; empty where it does."""
    if facts.weeks < SHORTEST:
        return TOO_SHORT.format(weeks=int(facts.weeks), needed=SHORTEST)
    if facts.started < needed:
        return TOO_FEW.format(started=facts.started, weeks=round(facts.weeks), needed=needed)
    if not facts.ended:
        return NOBODY_ENDED
    return "" if places(facts) else NO_PLACES


def places(facts: Facts) -> int:
    """How many are helped at one time: as the list says, or as many as are helped now."""
    return facts.workers * facts.each if facts.workers and facts.each else len(facts.helped)


def assumed(facts: Facts) -> Assumptions:
    """What a list's own history says. A time that has not ended yet counts too, so that long ones are not left out."""
    said = facts.workers and facts.each
    return Assumptions(
        joins=round(facts.joined / facts.weeks, 2) if facts.weeks else 0.0,
        length=round(facts.spent / facts.ended, 1) if facts.ended else 0.0,
        leave=round(100 * (1 - exp(-MONTH * facts.left / facts.waited)), 1) if facts.waited else 0.0,
        workers=facts.workers if said and facts.workers else 1,
        each=facts.each if said and facts.each else len(facts.helped),
    )  # fmt: skip


def check(one: Assumptions) -> None:
    """Refuses what nothing can be played of."""
    if one.length <= 0:
        raise RuleBroken("Enter how many weeks support takes.", "length")
    if one.places <= 0:
        raise RuleBroken("Enter how many people can be helped at one time.", "each")


def flow(facts: Facts, one: Assumptions) -> Flow:
    """The same for the play of it."""
    patience = inf if one.leave <= 0 else -MONTH / log(1 - min(one.leave, 99.9) / 100)
    mean = sum(facts.lengths) / len(facts.lengths) if facts.lengths else 0.0
    shape = tuple(part / mean for part in facts.lengths) if mean and len(facts.lengths) >= SHAPE_FROM else ()
    return Flow(one.joins, one.length, patience, facts.points or (0.0,), facts.week, shape)


def stands(facts: Facts, one: Assumptions) -> Now:
    """How the list stands. Of more people than places, those who were first keep theirs until they end."""
    free = max(one.places - len(facts.helped), 0)
    held = sorted(facts.helped, reverse=True)[: one.places]
    return Now(facts.waiting, (*held, *([None] * free)))


@dataclass
class Play:
    """What was played so far: how long one who joins now would wait in each run (weeks), and in which week the list
    would first be longer than its limit."""

    waits: list[float] = field(default_factory=list)
    passed: list[int | None] = field(default_factory=list)


def played(facts: Facts, one: Assumptions, *, seed: int, runs: int = RUNS) -> Iterator[Play]:
    """Plays a list forward so many times, handing over what there is after each stride. One more worker is played with
    the same seeds, so that what differs is the worker and not the luck."""
    found, how, now = Play(), flow(facts, one), stands(facts, one)
    for run in range(runs):
        _run(found, facts, how, now, Random(seed * RUNS + run))
        if (run + 1) % STRIDE == 0 or run + 1 == runs:
            yield found


def _run(found: Play, facts: Facts, how: Flow, now: Now, random: Random) -> None:
    people = simulation.draw(how, now, AHEAD, random)
    free = simulation.frees(how, now, random)
    if facts.limit is not None:
        began = simulation.starts(people, free)
        longer = enumerate(simulation.waiting_at(people, began, range(1, YEAR + 1)), 1)
        found.passed.append(next((week for week, many in longer if many > facts.limit), None))
    more, which = simulation.with_one_more(people, turn=-facts.typical, length=how.length)
    found.waits.append(simulation.starts(more, free)[which])


@dataclass(frozen=True)
class Range:
    """How many weeks 8 of 10 people would wait, and half of them at most."""

    low: int
    middle: int
    high: int


def between(waits: Sequence[float]) -> Range:
    """Whole weeks, outwards: the range is never narrower than what was played."""
    ordered = sorted(min(one, float(AHEAD)) for one in waits)
    low, middle, high = (ordered[min(int(part * len(ordered)), len(ordered) - 1)] for part in (LOW, MIDDLE, HIGH))
    return Range(int(low), round(middle), -int(-high // 1))


@dataclass(frozen=True)
class Passing:
    """In how many of a hundred plays the list is longer than its limit within a year; in which week in half of them."""

    of_hundred: int
    week: int | None


def passing(passed: Sequence[int | None]) -> Passing | None:
    """None for a list without a limit."""
    if not passed:
        return None
    weeks = sorted(week for week in passed if week is not None)
    half = len(passed) // 2
    return Passing(round(100 * len(weeks) / len(passed)), weeks[half] if len(weeks) > half else None)


def outcome(play: Play) -> dict[str, Any]:
    """What is kept of a play."""
    limit = passing(play.passed)
    return {"wait": asdict(between(play.waits)), "limit": asdict(limit) if limit else None}


def one_more(one: Assumptions) -> Assumptions:
    return replace(one, workers=one.workers + 1)


def range_words(said: Mapping[str, int]) -> str:
    """A range as somebody is told it."""
    low, high = said["low"], said["high"]
    if high >= AHEAD:
        return f"more than {low} weeks for 9 of 10 people, perhaps years" if low else "perhaps years"
    if high == 0:
        return "no wait to speak of for 9 of 10 people"
    if low == high:
        return f"about {low} weeks" if low != 1 else "about a week"
    if low == 0:
        return f"up to {high} weeks for 9 of 10 people"
    return f"between {low} and {high} weeks for 8 of 10 people"


def likely_passed_on(limit: Mapping[str, int | None] | None, today: date) -> date | None:
    """The day by which the list is more likely than not longer than its limit; None where that is not within a year."""
    week = limit["week"] if limit else None
    return today + timedelta(weeks=week) if week is not None else None


def is_arrival(joined: date, added: date) -> bool:
    """Whether somebody came as things happened; whoever was written down long after joining came with the list."""
    return (added - joined).days <= BROUGHT_IN


def overlap(begins: float, ends: float, since: float, until: float) -> float:
    """How much of a time lies in another; never less than nothing."""
    return max(0.0, min(ends, until) - max(begins, since))
