"""Words and lines of tools, on the pages of an office."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from alongside.core.pages.filters import date_words
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.outcomes import queries as outcomes
from alongside.support.cases.outcomes.rules import OLDEST, Tool
from alongside.support.cases.tools import queries, rules


def facts(tool: Tool, titles: Mapping[str, str], services: Mapping[str, str]) -> list[dict[str, str]]:
    """A tool in rows: whose it is, whom it is for, and how its answers are judged."""
    rows = (
        ("Whose tool it is", tool.whose or "Not said"),
        ("Ages", ages(tool)),
        ("Services", ", ".join(services.get(code, code) for code in tool.services) or "Every service"),
        ("Scale", f"{rules.scale_words(tool)}. {rules.better_words(tool)}."),
        ("A change counts from", f"{tool.step:g} {'point' if tool.step == 1 else 'points'} of the mean answer"),
        ("More than chance", _reliable(tool)),
        ("Outcomes", ", ".join(titles.get(code, code) for code in tool.outcomes) or "None of the four"),
    )
    return [{"key": key, "value": value} for key, value in rows]


def _reliable(tool: Tool) -> str:
    found = tool.reliable(0)
    if found is None:
        return "Not told: nobody gave the figures"
    return (
        f"From {found.needed:g} points of the whole score on, by its standard deviation of {tool.deviation:g} and its "
        f"reliability of {tool.reliability:g} (Jacobson and Truax, 1991)"
    )


def ages(tool: Tool) -> str:
    if (tool.first_age, tool.last_age) == (0, OLDEST):
        return "Any age"
    if tool.last_age == OLDEST:
        return f"{tool.first_age} and over"
    return f"{tool.first_age} to {tool.last_age}" if tool.first_age else f"Up to {tool.last_age}"


@dataclass(frozen=True)
class Version:
    """A version of a tool with what it changed, and the outcomes that are not held together across it."""

    number: int
    when: str
    source: str
    changed: tuple[rules.Difference, ...]
    parted: tuple[str, ...]
    newest: bool


def versions(code: str, on: date) -> list[Version]:
    """Every version of a tool, the newest first, each with how it differs from the one before."""
    found, titles = queries.history(code), queries.titles(on)
    older: list[RuleRow | None] = [*found[1:], None][: len(found)]
    return [_version(row, before, titles, newest=row is found[0]) for row, before in zip(found, older, strict=True)]


def _version(row: RuleRow, before: RuleRow | None, titles: Mapping[str, str], *, newest: bool) -> Version:
    tool = outcomes.as_tool(row)
    was = outcomes.as_tool(before) if before else tool
    return Version(
        row.version, _when(row.since, row.until), row.source, rules.differences(was, tool, titles),
        rules.not_held_together(was, tool, titles), newest,
    )  # fmt: skip


def _when(since: date, until: date | None) -> str:
    if until is None:
        return f"From {date_words(since)}"
    if until == since:
        return f"Was to begin on {date_words(since)}, and was never given"
    return f"From {date_words(since)} until the day before {date_words(until)}"
