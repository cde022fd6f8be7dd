"""Words and colours for the pages of sources."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from alongside.core.pages.filters import time_words
from alongside.support.arrivals.feeds import presenters as feeds
from alongside.support.arrivals.feeds.models import SourceVersion
from alongside.support.arrivals.feeds.queries import Words
from alongside.support.arrivals.feeds.rows import CODE_LISTS, COLUMNS
from alongside.support.arrivals.feeds.rules import Decision, Outcome
from alongside.support.arrivals.sources.models import Draft
from alongside.support.arrivals.sources.queries import Question

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_ROWS = 200  # shown of a sample that was tried
LISTS = {
    "offence_code": "Offences", "victim_kind": "Kinds of victim", "sex": "Sex", "ethnicity_code": "Ethnic group",
    "answers": "Yes and no",
}  # fmt: skip
OUTCOMES = {
    Outcome.ACCEPTED: ("Accepted", "green"), Outcome.DUPLICATE: ("With us already", "grey"),
    Outcome.HELD: ("Held", "yellow"), Outcome.REJECTED: ("Rejected", "red"),
}  # fmt: skip
assert LISTS.keys() == CODE_LISTS.keys()
column_words = feeds.column_words


def unused(header: Iterable[str], draft: Draft) -> list[str]:
    """Their columns that are none of ours, and are not taken."""
    used = {theirs.casefold() for theirs in draft.columns.values()}
    return [name for name in header if name and name.casefold() not in used]


def code_words(one: Question) -> str:
    return f"“{one.said}” means"


def rows_words(one: Question) -> str:
    if not one.rows:
        return "Not in this sample."
    return "In one place of the sample." if one.rows == 1 else f"In {one.rows:,} places of the sample."


@dataclass(frozen=True)
class Row:
    """What would become of a row."""

    line: int
    outcome: str
    colour: str
    why: str


def rows(tried: Iterable[tuple[int, Decision]], words: Words) -> list[Row]:
    """The first rows of a sample, those that were not simply taken in before the others."""
    ordered = sorted(tried, key=lambda one: (one[1].outcome is Outcome.ACCEPTED and not one[1].flags, one[0]))
    return [Row(line, *OUTCOMES[decision.outcome], _why(decision, words)) for line, decision in ordered[:MOST_ROWS]]


def _why(decision: Decision, words: Words) -> str:
    faults = [feeds.reason(fault.reason, words) for fault in decision.faults]
    held = [feeds.reason(str(decision.reason), words)] if decision.outcome is Outcome.HELD else []
    flags = [feeds.FLAGS[str(flag)] for flag in decision.flags]
    return " ".join(f"{one.rstrip('.')}." for one in (*faults, *held, *flags))


@dataclass(frozen=True)
class Table:
    """Two columns of a version: what is ours and what is theirs."""

    title: str
    heads: tuple[str, str]
    pairs: list[tuple[str, str]]


@dataclass(frozen=True)
class Shown:
    """A version in words."""

    facts: list[dict[str, str]]
    tables: list[Table]


def due(one: SourceVersion) -> str:
    """When a file is due, in words."""
    if not one.due_days or one.due_by is None:
        return "Not said: none is missed"
    days = "Every day" if len(one.due_days) == len(DAYS) else ", ".join(DAYS[day] for day in one.due_days)
    least = f", of {one.least_rows:,} rows or more" if one.least_rows else ""
    return f"{days}, by {time_words(one.due_by)}{least}"


def version(one: SourceVersion, names: Mapping[UUID | None, str], crimes: Mapping[str, str]) -> Shown:
    excluded = ", ".join(crimes.get(code, code) for code in one.excluded)
    facts = {
        "Force": one.source.name, "Before each reference": one.series or "Nothing",
        "When something is wrong": one.contact, "Letters": one.get_charset_display(), "When it is due": due(one),
        "Crimes left out": excluded or "None beyond the rulebook’s",
        "Saved by": names.get(one.saved_by, "Somebody who has left"),
    }  # fmt: skip
    columns = [(column_words(ours), one.columns[ours]) for ours in COLUMNS if ours in one.columns]
    codes = [Table(f"Codes: {LISTS[kind].lower()}", ("Theirs", "Ours"), sorted(found.items()))
             for kind in CODE_LISTS if (found := one.codes.get(kind))]  # fmt: skip
    return Shown(
        [{"key": key, "value": value} for key, value in facts.items()],
        [Table("Columns", ("What we keep", "Their column"), columns), *codes],
    )
