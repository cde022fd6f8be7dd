"""Pure rules of closing: whether enough was tried, and what of it a manager may answer for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from alongside.core.errors import RuleBroken
from alongside.core.pages.beside import LooseEnd, Stops
from alongside.core.pages.filters import plural

ASK = "Ask your manager, who can close it all the same and says why."
SAY_WHY = "To close it all the same, say below why that is right."


@dataclass(frozen=True)
class Wanted:
    """How often, in how many ways and since how many days somebody is tried before contact counts as lost."""

    tries: int
    ways: int
    days: int

    @property
    def words(self) -> str:
        tries, ways = plural(self.tries, "try", "tries"), plural(self.ways, "way")
        return f"{tries} in {ways}, the first {plural(self.days, 'day')} ago"


@dataclass(frozen=True)
class Tried:
    """What was tried since somebody was last reached: (day, way) of each."""

    tries: tuple[tuple[date, str], ...]

    def falls_short(self, wanted: Wanted, today: date) -> bool:
        ways, first = {way for _, way in self.tries}, min((day for day, _ in self.tries), default=today)
        enough = len(self.tries) >= wanted.tries and len(ways) >= wanted.ways
        return not (enough and (today - first).days >= wanted.days)

    def words(self, today: date) -> str:
        if not self.tries:
            return "nobody has tried"
        ways, days = {way for _, way in self.tries}, (today - min(day for day, _ in self.tries)).days
        since = f"the first {plural(days, 'day')} ago" if days else "the first today"
        return f"{plural(len(self.tries), 'try', 'tries')} in {plural(len(ways), 'way')}, {since}"


def too_little(tried: Tried, wanted: Wanted, today: date) -> str:
    """Why contact does not count as lost yet, if it does not."""
    if not wanted.tries or not tried.falls_short(wanted, today):
        return ""
    return (
        f"Before this, the rule is {wanted.words}; so far {tried.words(today)}. Fewer is right where other ways are "
        "not safe."
    )


def in_the_way(found: Iterable[LooseEnd], *, planned: bool, silent: bool) -> tuple[LooseEnd, ...]:
    """What of it stops this end and nobody may set aside."""
    ends = list(found)
    stops = [Stops.EVERYTHING] if silent or not planned else [Stops.EVERYTHING, Stops.PLANNED]
    return tuple(one for one in ends if one.stops in stops)


def for_a_manager(found: Iterable[LooseEnd], short: str, *, silent: bool) -> tuple[str, ...]:
    """What a manager has to answer for before it ends."""
    if silent:
        return ()
    open_ = [f"{one.words}." for one in found if one.stops == Stops.WITHOUT_A_MANAGER]
    return (*open_, short) if short else tuple(open_)


def check(blocking: tuple[LooseEnd, ...], answerable: tuple[str, ...], *, manager: bool, despite: str) -> None:
    """Refuses while something stands in the way, unless it is a manager's to answer for and a manager has."""
    if blocking:
        raise RuleBroken(f"{blocking[0].words}. See to it first, then close.", "reason")
    if answerable and not manager:
        raise RuleBroken(f"{answerable[0]} {ASK}", "reason")
    if answerable and not despite.strip():
        raise RuleBroken(f"{answerable[0]} {SAY_WHY}", "despite")
