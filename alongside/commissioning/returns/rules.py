"""Pure rules of returns: what an answer has to be, what is still missing, what has moved, how far it can be trusted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from alongside.commissioning.templates.rules import Failed, Kind, Question, Template, asked, failed
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter

Said = Mapping[str, Any]
MOST_ROWS, LEAST_MOVE, LONGEST_WHY = 40, 5, 600
PER_CENT = 100
# What a table asks for, column by column: its key, its words, whether it is a number.
GRIDS: Mapping[Kind, tuple[tuple[str, str, bool], ...]] = {
    Kind.POSTS: (("post", "Post", False), ("funded", "Funded (full-time posts)", True),
                 ("filled", "Filled at the end", True), ("since", "Empty since", False), ("why", "Why", False)),
    Kind.SPEND: (("line", "Line of the budget", False), ("budget", "Budget for the year (£)", True),
                 ("spent", "Spent in the quarter (£)", True), ("expected", "Expected by the end (£)", True)),
}  # fmt: skip


@dataclass(frozen=True)
class Held:
    """One question with its answer: figures as they were made, and what somebody said. `filled`: it was filled in from
    a snapshot; of a figure that is broken down every group may then be empty, or too small to be told."""

    question: Question
    figures: Sequence[Mapping[str, Any]]
    before: Sequence[Mapping[str, Any]]
    said: Said
    papers: int = 0
    filled: bool = False

    @property
    def made(self) -> Mapping[str, Any] | None:
        """The one figure of a question that is not broken down."""
        return self.figures[0] if self.figures and not self.question.by else None

    @property
    def value(self) -> float | None:
        """What was made from the casework."""
        return self.made["value"] if self.made else None

    @property
    def is_overridden(self) -> bool:
        return self.question.kind == Kind.FIGURE and bool(self.said.get("value"))

    @property
    def told(self) -> float | None:
        """The figure that counts: the provider's own where it gave one."""
        return float(self.said["value"]) / self.scale if self.is_overridden else self.value

    @property
    def scale(self) -> int:
        """A share is typed as per cent, and held as a proportion."""
        return PER_CENT if self.made and self.made["kind"] == "share" else 1

    @property
    def is_answered(self) -> bool:
        if self.question.kind == Kind.FIGURE:
            return bool(self.figures) or self.is_overridden or (self.filled and bool(self.question.by))
        if self.question.kind == Kind.FILE:
            return self.papers > 0
        return bool(self.said.get("value") or self.said.get("rows"))


def number_of(held: Held) -> Decimal | None:
    """An answer as a number that a check may reckon with; None where it is none."""
    kind, said = held.question.kind, held.said.get("value")
    if kind == Kind.FIGURE:
        return None if held.told is None else Decimal(str(held.told))
    return Decimal(said) if kind in (Kind.NUMBER, Kind.MONEY) and said else None


def read_number(text: str, *, least: int = 0) -> str:
    """A number as it is kept, from what somebody typed: “1,204” or “12.5”. Raises RuleBroken."""
    try:
        found = Decimal(text.replace(",", "").replace("%", "").strip())
    except InvalidOperation:
        raise RuleBroken(f"“{text[:20]}” is not a number. Write it like 1204 or 12.5.") from None
    if not found.is_finite() or not least <= found <= 10**12:
        raise RuleBroken(f"Write a number of {least} or more.")
    return format(found.normalize(), "f")


def due_on(quarter: Quarter, days: int) -> date:
    """The last day on which a return is in time."""
    return quarter.end + timedelta(days=days - 1)


def is_late(due: date, on: date, *, sent: bool) -> bool:
    return not sent and on > due


# What has moved.


@dataclass(frozen=True)
class Moved:
    """How far a figure moved from the quarter before. `share`: relative to what it was; None where it was nothing."""

    now: float
    before: float
    share: float | None

    @property
    def by(self) -> float:
        return self.now - self.before


def moved(held: Held) -> Moved | None:
    """How far the figure that counts has moved; None where one of the two is not there, or what is counted changed."""
    was = held.before[0] if held.before and not held.question.by else None
    if was is None or was["value"] is None or held.told is None:
        return None
    before = float(was["value"])
    return Moved(held.told, before, abs(held.told - before) / before if before else None)


def must_explain(held: Held, explain: int) -> bool:
    """Whether a figure moved so far that the provider says why: by the template's per cent, and by 5 or more (of a
    share by 5 points)."""
    found = moved(held)
    if not explain or found is None or abs(found.by) * held.scale < LEAST_MOVE:
        return False
    return found.share is None or found.share * PER_CENT >= explain


# What is still missing.


@dataclass(frozen=True)
class Problem:
    """Why a return cannot be sent yet, beside which question; `stops` is false for what is only said."""

    question: str
    words: str
    stops: bool = True


def values(held: Iterable[Held]) -> dict[str, object]:
    """What was answered, for questions that hang on others."""
    return {one.question.code: one.said.get("value", "") for one in held}


def problems(template: Template, size: str, held: Mapping[str, Held]) -> tuple[Problem, ...]:
    """Everything that is missing, unexplained or does not add up, in the order of the template."""
    open_now = asked(template, size, values(held.values()))
    found = [each for one in open_now for each in _of_one(held[one.code], template.explain)]
    numbers = {one.code: number_of(held[one.code]) for one in open_now}
    return (*found, *(_unequal(each) for each in failed(template, numbers)))


def _of_one(held: Held, explain: int) -> Iterator[Problem]:
    code, said = held.question.code, held.said
    if not held.is_answered and not held.question.optional:
        missing = "The figure is not there yet: it comes with the next snapshot, or enter your own and say why."
        yield Problem(code, missing if held.question.kind == Kind.FIGURE else "Not answered yet.")
    if held.is_overridden and not said.get("why"):
        yield Problem(code, "You gave another figure than the casework. Say why.")
    elif must_explain(held, explain) and not said.get("why"):
        yield Problem(code, "It moved further than usual from the quarter before. Say why.")
    if held.question.kind == Kind.STORY and said.get("value") and not said.get("consent"):
        yield Problem(code, "Confirm that the person agreed to their story being told.")


def _unequal(found: Failed) -> Problem:
    told = f"{found.check.words} {plain(found.left)} and {plain(found.right)}: {plain(found.apart)} apart."
    first = next(term for term in (*found.check.left, *found.check.right) if not term.isdecimal())
    return Problem(first, told, found.check.stops)


def plain(number: Decimal) -> str:
    """A number as people write it."""
    return f"{number:,.2f}".rstrip("0").rstrip(".")


# What is typed.


def check_said(question: Question, said: Said) -> None:
    """Refuses what is not an answer to this question. Raises RuleBroken beside the field of the question."""
    check = _CHECKS.get(question.kind)
    value = said.get("value", "")
    if len(str(said.get("why", ""))) > LONGEST_WHY:
        raise RuleBroken(f"Say why in {LONGEST_WHY} letters or fewer.", f"{question.code}_why")
    if check and (value or said.get("rows")):
        check(question, said)


def _words(question: Question, said: Said) -> None:
    count = len(str(said["value"]).split())
    if question.most and count > question.most:
        raise RuleBroken(f"That is {count} words. Write {question.most} or fewer.", question.code)


def _one_of(question: Question, said: Said) -> None:
    offered = ("yes", "no") if question.kind == Kind.YES_NO else question.options
    if said["value"] not in offered:
        raise RuleBroken("Choose one of the answers.", question.code)


def _rows(question: Question, said: Said) -> None:
    if len(said["rows"]) > MOST_ROWS:
        raise RuleBroken(f"That is more than {MOST_ROWS} lines. Put some together.", question.code)


_CHECKS: Mapping[Kind, Callable[[Question, Said], None]] = {
    Kind.TEXT: _words, Kind.STORY: _words, Kind.CHOICE: _one_of, Kind.YES_NO: _one_of, Kind.POSTS: _rows,
    Kind.SPEND: _rows,
}  # fmt: skip


# From one sending to the next.


@dataclass(frozen=True)
class Change:
    """What is different in an answer between two sendings."""

    question: str
    before: Mapping[str, Any]
    now: Mapping[str, Any]


def changes(before: Mapping[str, Mapping[str, Any]], now: Mapping[str, Mapping[str, Any]]) -> tuple[Change, ...]:
    """Answers that are not what they were when it was sent before."""
    codes = dict.fromkeys((*now, *before))
    pairs = ((code, before.get(code, {}), now.get(code, {})) for code in codes)
    return tuple(Change(code, was, is_) for code, was, is_ in pairs if _essence(was) != _essence(is_))


def _essence(answer: Mapping[str, Any]) -> tuple[object, ...]:
    figures = tuple((one["group"], one["value"], one["n"]) for one in answer.get("figures", ()))
    said = {name: value for name, value in answer.get("said", {}).items() if value}
    return figures, tuple(sorted((name, str(value)) for name, value in said.items())), answer.get("papers", 0)


# How far it can be trusted.


@dataclass(frozen=True)
class Quality:
    """Of a return's figures: how many were taken from the casework as they are, and how much of what should have been
    known was known, on average over those that tell it. Both proportions; None where nothing tells."""

    figures: int
    own: int
    coverage: float | None

    @property
    def score(self) -> int | None:
        """Out of 100: the share of figures from the casework, times what was known of them."""
        if not self.figures:
            return None
        kept = (self.figures - self.own) / self.figures
        return round(PER_CENT * kept * (1.0 if self.coverage is None else self.coverage))


def quality(held: Iterable[Held]) -> Quality:
    """What a return says of its own data."""
    found = [one for one in held if one.question.kind == Kind.FIGURE]
    told = [one.made["coverage"] for one in found if one.made and one.made["kind"] != "count"]
    known = [each for each in told if each is not None]
    coverage = sum(known) / len(known) if known else None
    return Quality(len(found), sum(one.is_overridden for one in found), coverage)


FEWEST_PAST, FAR = 4, 2.0


def is_outlier(now: float, past: Sequence[float], *, scale: int = 1) -> bool:
    """Whether a figure lies more than two standard deviations from the mean of at least four quarters before it, and by
    5 or more (of a share, whose `scale` is 100, by 5 points)."""
    if len(past) < FEWEST_PAST:
        return False
    mean = sum(past) / len(past)
    spread: float = (sum((each - mean) ** 2 for each in past) / (len(past) - 1)) ** 0.5
    return abs(now - mean) * scale >= LEAST_MOVE and abs(now - mean) > FAR * spread
