"""The fairness report in words: lines of a table, what is a difference, and the same as a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from alongside.core.cells import Value, csv_file
from alongside.core.pages.filters import date_words, number, percent, plural
from alongside.support.arrivals.fairness import rules
from alongside.support.arrivals.fairness.queries import BY, UNKNOWN
from alongside.support.arrivals.fairness.rules import Counted, Figures, Share

NOT_KNOWN = "Not known"
TOO_RARE = "Not known, or too rare to be placed"
FEW = "Too few"
DEFINITIONS = (
    ("Offers", "Offers that the hub sent in the period, each once. A referral that went on elsewhere has several."),
    ("Accepted, declined", "Of the offers with a yes or a no so far, the share with each. Called back is neither."),
    ("No answer", "Offers that were called back because the provider had not answered."),
    ("Median wait", "Whole days from sending an offer to its yes or no, of those that have one: half took no longer."),
    (
        "Against the rule",
        "Of the first offers by an officer where a routing rule named a service, the share that went to another.",
    ),
)
PROTECTED = (
    "Counts of 1 to 7 are shown as 5, others to the nearest 5; nothing is worked out over fewer than 8, and of two "
    "things at once fewer than 8 are not shown. So groups need not add up to the total, nor the shares of a small "
    "group to 100%."
)
READ = (
    "The interval beside a share says how far it could be off by chance: nineteen times in twenty the true share lies "
    "inside. Where the interval of a group does not meet that of all the others together, it is marked as apart. That "
    "is a reason to look, and no proof: groups differ in what happened to them, in risk and in need, and records that "
    "were erased have lost their sex, ethnic group and language."
)


@dataclass(frozen=True)
class Line:
    """One group of the report."""

    name: str
    figures: Figures
    accepted: str
    declined: str
    against: str
    median: str
    accepted_apart: bool
    against_apart: bool


@dataclass(frozen=True)
class Report:
    """The whole page."""

    by: str
    period: str
    lines: list[Line]
    total: Line
    reasons: list[tuple[str, list[tuple[str, int]]]]


def share_words(one: Share) -> str:
    """47% (41% to 53%), or why there is none."""
    if one.value is None or one.low is None or one.high is None:
        return FEW if one.of else "None"
    return f"{percent(one.value)} ({percent(one.low)} to {percent(one.high)})"


def report(
    counted: Iterable[Counted], *, by: str, words: Mapping[str, str], reasons: Mapping[str, str], first_on: date,
    last_on: date,
) -> Report:  # fmt: skip
    """The report from its integers: each group beside all the others together."""
    found = rules.groups(counted)
    unknown = TOO_RARE if by == "council" else NOT_KNOWN
    named: dict[str, rules.Group] = {}
    for code, group in found.items():
        name = unknown if code in UNKNOWN else words.get(code, code)
        named[name] = rules.whole([named[name], group]) if name in named else group
    ordered = sorted(named, key=lambda name: (name == unknown, name))
    lines = [
        _line(name, named[name], rules.whole(other for key, other in named.items() if key != name)) for name in ordered
    ]
    why = [(line.name, _reasons(line.figures, reasons)) for line in lines if line.figures.reasons]
    total = _line("All", rules.whole(named.values()), rules.Group())
    return Report(BY[by], f"{date_words(first_on)} to {date_words(last_on)}", lines, total, why)


def _reasons(figures: Figures, words: Mapping[str, str]) -> list[tuple[str, int]]:
    found = [(words.get(code, code), count) for code, count in figures.reasons.items()]
    return sorted(found, key=lambda pair: (-pair[1], pair[0]))


def _line(name: str, group: rules.Group, others: rules.Group) -> Line:
    figures, beside = rules.figures(group), rules.figures(others)
    return Line(
        name=name, figures=figures, accepted=share_words(figures.accepted), declined=share_words(figures.declined),
        against=share_words(figures.against),
        median=FEW if figures.median_days is None else plural(figures.median_days, "day"),
        accepted_apart=rules.apart(figures.accepted, beside.accepted),
        against_apart=rules.apart(figures.against, beside.against),
    )  # fmt: skip


HEAD = (
    "Offers", "Accepted", "Accepted, low", "Accepted, high", "Declined", "Declined, low", "Declined, high", "No answer",
    "Median wait in days", "Against the rule", "Against the rule, low", "Against the rule, high", "Why declined",
)  # fmt: skip


def file(shown: Report) -> bytes:
    """The same figures as CSV, with their definitions beneath."""
    why = dict(shown.reasons)
    rows: list[tuple[Value, ...]] = [_cells(line, why) for line in (*shown.lines, shown.total)]
    notes: list[tuple[Value, ...]] = [(f"{name}: {words}",) for name, words in DEFINITIONS]
    return csv_file((shown.by, *HEAD), [*rows, (), (shown.period,), *notes, (PROTECTED,), (READ,)])


def _cells(line: Line, why: Mapping[str, list[tuple[str, int]]]) -> tuple[Value, ...]:
    one = line.figures
    shares = [cell for share in (one.accepted, one.declined) for cell in _share_cells(share)]
    reasons = "; ".join(f"{words} {number(count)}" for words, count in why.get(line.name, []))
    return (line.name, one.offers, *shares, one.unanswered, one.median_days, *_share_cells(one.against), reasons)


def _share_cells(one: Share) -> tuple[Value, ...]:
    return tuple(None if value is None else round(value, 3) for value in (one.value, one.low, one.high))
