"""Pure rules of risk: what a set asks, how high its answers make a risk, what is a rise, what two sittings share.

A set is one row of the rulebook, whose questions are lines: code | words | weight | critical | hint. A *yes* adds its
weight. The level is by the score; a critical *yes*, or so many incidents or sittings within the set's window, makes it
high by itself. A worker's judgement may raise what comes out and never lowers it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from alongside.core.errors import RuleBroken

YES, NO, NOT_KNOWN, NOT_ASKED = "yes", "no", "not_known", "not_asked"
ANSWERS = {YES: "Yes", NO: "No", NOT_KNOWN: "Not known", NOT_ASKED: "Not asked"}
STANDARD, MEDIUM, HIGH = "standard", "medium", "high"
LEVELS = (STANDARD, MEDIUM, HIGH)
SCORE, CRITICAL, INCIDENTS, SITTINGS, JUDGEMENT = "score", "critical", "incidents", "sittings", "judgement"
OLDEST, HEAVIEST, LONGEST_WINDOW, MOST_ITEMS = 120, 10, 60, 60
LONGEST_WORDS = 300
BAR = "|"
DAYS_OF_A_MONTH = 30.4375

STALE = (
    "Somebody else wrote in this sitting while you were, perhaps you in another window. What it says now is shown "
    "beside each question; nothing of yours has been lost. Put the two together and save again."
)


@dataclass(frozen=True)
class Item:
    """One question of a set."""

    code: str
    words: str
    weight: int = 1
    critical: bool = False
    hint: str = ""

    def line(self) -> str:
        mark = CRITICAL if self.critical else ""
        return f" {BAR} ".join((self.code, self.words, str(self.weight), mark, self.hint)).rstrip(f" {BAR}")


@dataclass(frozen=True)
class Area:
    """A council whose meetings count otherwise: high from which score, from how many incidents, within which window."""

    council: str
    high_from: int
    incidents_from: int
    window_months: int

    def line(self) -> str:
        return f" {BAR} ".join(map(str, (self.council, self.high_from, self.incidents_from, self.window_months)))


@dataclass(frozen=True)
class RiskSet:
    """A set of questions as one version of it has them."""

    code: str
    version: int
    title: str
    kind: str
    items: tuple[Item, ...]
    medium_from: int
    high_from: int
    first_age: int = 0
    last_age: int = OLDEST
    intro: str = ""
    incidents_from: int = 0
    sittings_from: int = 0
    window_months: int = 12
    areas: tuple[Area, ...] = ()
    since: date | None = field(default=None, compare=False)

    @property
    def ref(self) -> str:
        return f"{self.code}@{self.version}"

    def item(self, code: str) -> Item | None:
        return next((one for one in self.items if one.code == code), None)

    def fits(self, age: int | None) -> bool:
        """Whether it is asked of somebody of this age; of whom nobody knows it, any set may be."""
        return age is None or self.first_age <= age <= self.last_age

    def here(self, council: str) -> "RiskSet":
        """As it counts in the area of a council."""
        found = next((one for one in self.areas if one.council == council), None)
        if found is None:
            return self
        return replace(
            self, high_from=found.high_from, incidents_from=found.incidents_from, window_months=found.window_months,
            medium_from=min(self.medium_from, found.high_from),
        )  # fmt: skip

    def body(self) -> dict[str, Any]:
        """As the rulebook keeps it."""
        plain = ("kind", "first_age", "last_age", "intro", "medium_from", "high_from", "incidents_from",
                 "sittings_from", "window_months")  # fmt: skip
        lines = {"items": "\n".join(one.line() for one in self.items),
                 "areas": "\n".join(one.line() for one in self.areas)}  # fmt: skip
        return {**{name: getattr(self, name) for name in plain}, **lines}


def read_set(
    code: str, version: int, title: str, body: Mapping[str, Any], *, since: date | None = None
) -> RiskSet:  # fmt: skip
    """A set from its row of the rulebook."""
    values = {
        **body,
        "items": tuple(map(_item, _lines(body["items"]))),
        "areas": tuple(map(_area, _lines(body["areas"]))),
    }
    return RiskSet(code=code, version=version, title=title, since=since, **values)


def _lines(text: str) -> list[list[str]]:
    return [[part.strip() for part in line.split(BAR)] for line in text.splitlines() if line.strip()]


def _item(parts: Sequence[str]) -> Item:
    code, words, weight, mark, hint = (*parts, "", "", "", "")[:5]
    return Item(code, words, int(weight or 1), mark == CRITICAL, hint)


def _area(parts: Sequence[str]) -> Area:
    council, *numbers = parts
    return Area(council, *map(int, numbers))


# What an office may write.


def check_item(item: Item) -> None:
    """Refuses a question that cannot be asked or kept."""
    if not item.words or len(item.words) > LONGEST_WORDS:
        raise RuleBroken(f"Write the question, in up to {LONGEST_WORDS} letters.", "words")
    for name, text in (("words", item.words), ("hint", item.hint)):
        if BAR in text or "\n" in text:
            raise RuleBroken("Write it in one line, without the sign |.", name)
    if not 0 <= item.weight <= HEAVIEST:
        raise RuleBroken(f"The weight is a number from 0 to {HEAVIEST}. 0 is asked and not counted.", "weight")


def check_set(whole: RiskSet) -> None:
    """Refuses a set under which somebody would be misjudged."""
    highest = sum(one.weight for one in whole.items)
    if not whole.items:
        raise RuleBroken("A set asks at least one question.")
    if not 0 <= whole.first_age <= whole.last_age <= OLDEST:
        raise RuleBroken("The ages run from the lower to the higher.", "first_age")
    if not 1 <= whole.medium_from <= whole.high_from:
        raise RuleBroken("Medium begins at 1 or more, and high not below medium.", "medium_from")
    if not 1 <= whole.window_months <= LONGEST_WINDOW:
        raise RuleBroken(f"The window is from 1 to {LONGEST_WINDOW} months.", "window_months")
    if whole.high_from > highest:
        raise RuleBroken(
            f"All questions together give {highest}: high could never be reached by the score.", "high_from"
        )
    for one in whole.areas:
        if not 1 <= one.high_from <= highest or not 1 <= one.window_months <= LONGEST_WINDOW:
            raise RuleBroken("An area counts high from a score that can be reached, in a window of 1 to 60 months.")


def next_code(taken: Iterable[str]) -> str:
    """The code of a question that an office adds: never one that was used before, not even by one taken out."""
    numbers = [int(code[1:]) for code in taken if code[:1] == "q" and code[1:].isdigit()]
    return f"q{max(numbers, default=0) + 1}"


def moved(items: Sequence[Item], code: str, *, up: bool) -> tuple[Item, ...]:
    """The questions with one of them a place further up or down; as they are where it can go no further."""
    listed = list(items)
    place = next(index for index, one in enumerate(listed) if one.code == code)
    other = place - 1 if up else place + 1
    if 0 <= other < len(listed):
        listed[place], listed[other] = listed[other], listed[place]
    return tuple(listed)


@dataclass(frozen=True)
class Difference:
    """What is different between two versions of a set: in which way, before and now."""

    what: str
    before: str
    now: str


_NAMED = {"title": "Title", "intro": "Read before you ask", "medium_from": "Medium from", "high_from": "High from",
          "first_age": "From this age", "last_age": "Up to this age", "incidents_from": "High from incidents",
          "sittings_from": "High from sittings", "window_months": "Window in months"}  # fmt: skip


def differences(before: RiskSet, now: RiskSet) -> tuple[Difference, ...]:
    """What changed from one version to another, in the order in which it is read."""
    found = [
        Difference(label, str(getattr(before, name)), str(getattr(now, name)))
        for name, label in _NAMED.items() if getattr(before, name) != getattr(now, name)
    ]  # fmt: skip
    for one in now.items:
        earlier = before.item(one.code)
        if earlier is None:
            found.append(Difference("Question added", "", _said(one)))
        elif earlier != one:
            found.append(Difference("Question changed", _said(earlier), _said(one)))
    found += [Difference("Question taken out", _said(one), "") for one in before.items if now.item(one.code) is None]
    kept = [one.code for one in before.items if now.item(one.code)]
    if kept != [one.code for one in now.items if before.item(one.code)]:
        found.append(Difference("Order", "", "The questions stand in another order"))
    if before.areas != now.areas:
        found.append(Difference("Areas that count otherwise", _areas(before), _areas(now)))
    return tuple(found)


def _said(item: Item) -> str:
    counts = "" if item.weight == 1 else f" (counts {item.weight})"
    return f"{item.words}{counts}{' (critical)' if item.critical else ''}{f' {item.hint}' if item.hint else ''}"


def _areas(whole: RiskSet) -> str:
    return "; ".join(one.line() for one in whole.areas) or "None"


# What answers come to.


@dataclass(frozen=True)
class Reckoned:
    """What the answers of a sitting come to, and why. `critical`: the codes of critical questions answered yes."""

    score: int
    level: str
    why: tuple[str, ...]
    critical: tuple[str, ...] = ()


def reckon(
    whole: RiskSet, answers: Mapping[str, str], *, incidents: int | None = None, sittings: int = 1
) -> Reckoned:  # fmt: skip
    """The level by a set as it counts here. `incidents`: in the set's window, as they said; `sittings`: in the same
    window, this one with them."""
    said = [one for one in whole.items if answers.get(one.code) == YES]
    score, critical = sum(one.weight for one in said), tuple(one.code for one in said if one.critical)
    why = (
        (SCORE, score >= whole.high_from), (CRITICAL, bool(critical)),
        (INCIDENTS, bool(whole.incidents_from) and (incidents or 0) >= whole.incidents_from),
        (SITTINGS, bool(whole.sittings_from) and sittings >= whole.sittings_from),
    )  # fmt: skip
    reasons = tuple(code for code, holds in why if holds)
    if reasons:
        return Reckoned(score, HIGH, reasons, critical)
    return Reckoned(score, MEDIUM if score >= whole.medium_from else STANDARD, (SCORE,))


def rank(level: str) -> int:
    return LEVELS.index(level)


def judged(reckoned: str, chosen: str) -> bool:
    """Whether a worker's judgement raised the level. Raises RuleBroken where it would lower it."""
    if chosen not in LEVELS:
        raise RuleBroken("Choose the level of risk.", "level")
    if rank(chosen) < rank(reckoned):
        raise RuleBroken("Your judgement may raise the level, and never lowers what the answers come to.", "level")
    return rank(chosen) > rank(reckoned)


def strangers(whole: RiskSet, answers: Mapping[str, str]) -> bool:
    """Whether an answer cannot be kept: to a question that the set does not ask, or none of the four."""
    known = {one.code for one in whole.items}
    return any(code not in known or answer not in ANSWERS for code, answer in answers.items())


def asked_anything(answers: Mapping[str, str]) -> bool:
    """Whether anything was answered with yes, no or not known."""
    return any(answer != NOT_ASKED for answer in answers.values())


def highest(levels: Iterable[str]) -> str:
    """The highest of the levels of all kinds; nothing where nothing was asked yet."""
    return max(levels, key=rank, default="")


def rose(before: str, now: str) -> bool:
    """Whether a risk rose. A first sitting rises only where it is high: there is nothing that it could be held
    against."""
    return rank(now) > rank(before) if before else now == HIGH


def flagged(before: str, now: str, *, flag: bool) -> bool:
    """Whether a case counts as at high risk: as its sittings say. What the hub said of it stands until a sitting that
    was high gives way to one that is not."""
    return now == HIGH or (flag and before != HIGH)


def window_start(day: date, months: int) -> date:
    """The first day of a window that ends on a day: the same day of the month so many months before, or its last."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, _days_of(year, month + 1)))


def _days_of(year: int, month: int) -> int:
    following = date(year + month // 12, month % 12 + 1, 1)
    return (following - date(year, month, 1)).days


@dataclass(frozen=True)
class Side:
    """One question in one sitting: how it was worded and answered; nothing where that sitting did not ask it."""

    words: str
    answer: str


@dataclass(frozen=True)
class Compared:
    """One question in two sittings."""

    code: str
    before: Side | None
    now: Side | None

    @property
    def changed(self) -> bool:
        return self.before is None or self.now is None or self.before.answer != self.now.answer

    @property
    def reworded(self) -> bool:
        return self.before is not None and self.now is not None and self.before.words != self.now.words


def compare(
    before: RiskSet, said: Mapping[str, str], now: RiskSet, says: Mapping[str, str]
) -> tuple[Compared, ...]:  # fmt: skip
    """Two sittings question by question: in the order of the later, then what only the earlier asked."""
    codes = [one.code for one in now.items] + [one.code for one in before.items if now.item(one.code) is None]
    return tuple(Compared(code, _side(before, said, code), _side(now, says, code)) for code in codes)


def _side(whole: RiskSet, answers: Mapping[str, str], code: str) -> Side | None:
    item = whole.item(code)
    return Side(item.words, answers.get(code, NOT_ASKED)) if item else None
