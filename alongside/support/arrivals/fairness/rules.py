"""From integers to what a fairness report shows: rounded counts, shares with intervals, the median wait, by group."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from alongside.core.figures import SMALLEST_SHOWN, percentile, rounded, wilson

ACCEPTED, DECLINED, RECALLED, OPEN = "ACCEPTED", "DECLINED", "WITHDRAWN", "OFFERED"
NO_ANSWER = "no_answer"


@dataclass(frozen=True)
class Counted:
    """So many offers of a group that ended alike. `why`: the reason of a refusal or a calling back; `days`: from
    sending to the answer; `pointed`: a rule named a service and an officer was the first to send it; `against`: and
    chose another."""

    group: str
    state: str
    why: str
    days: int | None
    pointed: bool
    against: bool
    number: int


@dataclass
class Group:
    """The integers of one group."""

    offers: int = 0
    ended: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    unanswered: int = 0
    days: Counter[int] = field(default_factory=Counter)
    pointed: int = 0
    against: int = 0

    def add(self, one: Counted) -> None:
        self.offers += one.number
        self.ended[one.state] += one.number
        self.pointed += one.number * one.pointed
        self.against += one.number * (one.pointed and one.against)
        if one.state == DECLINED:
            self.reasons[one.why] += one.number
        if one.state == RECALLED and one.why == NO_ANSWER:
            self.unanswered += one.number
        if one.state in (ACCEPTED, DECLINED) and one.days is not None:
            self.days[one.days] += one.number


def groups(counted: Iterable[Counted]) -> dict[str, Group]:
    """The integers by group."""
    found: dict[str, Group] = {}
    for one in counted:
        found.setdefault(one.group, Group()).add(one)
    return found


def whole(by_group: Iterable[Group]) -> Group:
    """All groups together, counted before anything is rounded."""
    total = Group()
    for one in by_group:
        total.offers += one.offers
        total.unanswered += one.unanswered
        total.pointed += one.pointed
        total.against += one.against
        total.ended += one.ended
        total.reasons += one.reasons
        total.days += one.days
    return total


@dataclass(frozen=True)
class Share:
    """A share of rounded counts with its 95 % interval; None in all where it is over fewer than 8."""

    part: int
    of: int
    value: float | None
    low: float | None
    high: float | None


def share(part: int, of: int) -> Share:
    """A share as it may be shown."""
    if of < SMALLEST_SHOWN:
        return Share(rounded(part), rounded(of), None, None, None)
    low, high = wilson(min(rounded(part), rounded(of)), rounded(of))
    return Share(rounded(part), rounded(of), min(1.0, rounded(part) / rounded(of)), low, high)


@dataclass(frozen=True)
class Figures:
    """One line of the report. `answered`: those with a yes or a no; `reasons`: those of eight refusals or more."""

    offers: int
    accepted: Share
    declined: Share
    unanswered: int
    median_days: int | None
    against: Share
    reasons: Mapping[str, int]


def figures(group: Group) -> Figures:
    """One group's integers as they are shown. Shares of acceptance and refusal are over what was answered."""
    answered = group.ended[ACCEPTED] + group.ended[DECLINED]
    return Figures(
        offers=rounded(group.offers), accepted=share(group.ended[ACCEPTED], answered),
        declined=share(group.ended[DECLINED], answered), unanswered=rounded(group.unanswered),
        median_days=percentile(group.days, 0.5) if sum(group.days.values()) >= SMALLEST_SHOWN else None,
        against=share(group.against, group.pointed),
        reasons={why: rounded(count) for why, count in group.reasons.items() if count >= SMALLEST_SHOWN},
    )  # fmt: skip


def apart(one: Share, other: Share) -> bool:
    """Whether two intervals do not meet: a difference that is unlikely to be chance alone."""
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return False
    return one.low > other.high or one.high < other.low
