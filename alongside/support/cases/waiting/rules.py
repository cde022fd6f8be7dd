"""Pure rules of waiting lists: where somebody stands and why, when they are next looked after, and what may be done."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from alongside.core.errors import RuleBroken

WEEK = 7
PLACE_AHEAD = timedelta(days=366)
# The same words by the same person within this time are a form that was sent twice.
MOMENTS = timedelta(minutes=2)
MOST_MOVED = 10

STALE = "Somebody else changed this while you were writing. What it says now is shown here: look, and save again."
ON_IT = "They are on this list already, since {since}."
LIST_CLOSED = "This list is closed to new people. Whoever waits on it keeps their place."
SERVICE_CLOSED = "This service is closed to new referrals, so nobody new can wait for it. Choose another list."
NO_SUCH_NEED = "Choose how much they need it."
PLACE_GONE = (
    "A colleague has offered this very place, with this worker at this time, to somebody else. Choose another place."
)
HAS_OFFER = "They have been offered a place already, and it waits for their answer."
TOO_LATE = "The time to answer this offer is over. Decide first what happens next; then a place can be offered again."
OUT_OF_TURN = "{count} before them on this list. If this place is for them nevertheless, say why."
SAME_LIST = "They are on that list already."


@dataclass(frozen=True)
class Weights:
    """One version of a list's rule: what a point of need, being at high risk and each week of waiting count."""

    number: int
    need: int
    risk: int
    week: int


@dataclass(frozen=True)
class Waiter:
    """What decides somebody's position, and nothing of who they are."""

    key: UUID
    points: int
    high_risk: bool
    joined_on: date
    state: str


@dataclass(frozen=True)
class Stand:
    """Where somebody stands, with each part of the sum that says so, in sevenths of a point."""

    position: int
    waiter: Waiter
    need: int
    risk: int
    time: int

    @property
    def total(self) -> int:
        return self.need + self.risk + self.time


def stand(waiter: Waiter, weights: Weights, on: date) -> Stand:
    """The sum for one person. A week counts by its days, so that nobody jumps on a Monday."""
    days = max(0, (on - waiter.joined_on).days)
    need, risk = weights.need * waiter.points * WEEK, weights.risk * int(waiter.high_risk) * WEEK
    return Stand(0, waiter, need, risk, weights.week * days)


def stands(waiters: Iterable[Waiter], weights: Weights, on: date) -> tuple[Stand, ...]:
    """Everybody in order: most points first; of two with the same, whoever joined first."""
    found = [stand(one, weights, on) for one in waiters]
    found.sort(key=lambda one: (-one.total, one.waiter.joined_on, one.waiter.key))
    return tuple(Stand(at, one.waiter, one.need, one.risk, one.time) for at, one in enumerate(found, 1))


def points(sevenths: int) -> str:
    """A sum in points, with one figure after the point where it is not whole."""
    whole, rest = divmod(sevenths, WEEK)
    return str(whole) if rest == 0 else f"{sevenths / WEEK:.1f}"


def rule_words(weights: Weights, needs: Mapping[str, int]) -> tuple[str, ...]:
    """The rule as whoever reads the list is told it."""
    most = max(needs.values(), default=0)
    said = [
        (weights.week, f"Each week of waiting counts {_points(weights.week)}."),
        (weights.need, f"Need counts up to {_points(weights.need * most)}, by how much they need the place now."),
        (weights.risk, f"Being at high risk counts {_points(weights.risk)}."),
    ]
    silent = [
        word for weight, word in zip((weights.week, weights.need, weights.risk), _PARTS, strict=True) if not weight
    ]
    left = [f"{' and '.join(silent).capitalize()} count nothing."] if silent else []
    return (
        *(words for weight, words in said if weight), *left,
        "Whoever has most points is first; of two with the same, whoever joined first.",
    )  # fmt: skip


_PARTS = ("time waited", "need", "risk")


def _points(number: int) -> str:
    return "1 point" if number == 1 else f"{number} points"


@dataclass(frozen=True)
class Shift:
    """What another rule would do to one person's position."""

    key: UUID
    before: int
    after: int

    @property
    def by(self) -> int:
        return self.before - self.after


@dataclass(frozen=True)
class Effect:
    """What another rule would do to a list: how many would move, and those who would move most."""

    up: int
    down: int
    same: int
    most: tuple[Shift, ...]


def effect(before: Iterable[Stand], after: Iterable[Stand]) -> Effect:
    """The same people under two rules."""
    was = {one.waiter.key: one.position for one in before}
    shifts = [Shift(one.waiter.key, was[one.waiter.key], one.position) for one in after]
    moved = sorted((one for one in shifts if one.by), key=lambda one: (-abs(one.by), one.before))
    up = sum(one.by > 0 for one in moved)
    return Effect(up, len(moved) - up, len(shifts) - len(moved), tuple(moved[:MOST_MOVED]))


def before_them(order: Iterable[Stand], key: UUID) -> int:
    """How many who could be offered a place stand before somebody."""
    count = 0
    for one in order:
        if one.waiter.key == key:
            break
        count += one.waiter.state == "WAITING"
    return count


def check_turn(before: int, why: str, whys: Collection[str]) -> None:
    """Nobody is passed over without a reason on record."""
    if before and why not in whys:
        people = "There is 1 person" if before == 1 else f"There are {before} people"
        raise RuleBroken(OUT_OF_TURN.format(count=people), "why")


def joined_on(wanted: date | None, *, accepted: date, today: date, kept: date | None) -> date:
    """The day that is theirs for good: the one they kept from before, the one given, or today."""
    if kept is not None:
        return kept
    day = wanted or today
    if day > today:
        raise RuleBroken("They cannot have joined on a day that has not come yet.", "joined_on")
    if day < accepted:
        raise RuleBroken("They cannot have joined before you accepted their case.", "joined_on")
    return day


def keeps_until(ended: date, days: int) -> date:
    """The last day on which somebody who left comes back to the day they first joined."""
    return ended + timedelta(days=days)


def check_pause(until: date, *, today: date, longest: int) -> None:
    if until <= today:
        raise RuleBroken("Choose a day after today. To go on now, leave them waiting.", "until")
    if until > today + timedelta(days=longest):
        raise RuleBroken(f"Choose a day within {longest} days; then somebody asks them again.", "until")


def check_start(starts_at: datetime, *, at: datetime) -> None:
    if starts_at <= at:
        raise RuleBroken("The first meeting must be in the future.", "starts_on")
    if starts_at > at + PLACE_AHEAD:
        raise RuleBroken("The first meeting must be within a year.", "starts_on")


def due_on(today: date, weeks: int) -> date:
    return today + timedelta(weeks=weeks)


def after_contact(due: date, happened: date, weeks: int) -> date:
    """When they are next kept in touch with: an older contact that is written down late brings nothing forward."""
    return max(due, due_on(happened, weeks))


def calls_for_talk(declines: int, after: int) -> bool:
    """Whether so many times no calls for a talk. It costs them nothing: nobody loses their day by saying no."""
    return declines >= after > 0


def over_limit(waiting: int, limit: int | None) -> bool:
    return limit is not None and waiting > limit
