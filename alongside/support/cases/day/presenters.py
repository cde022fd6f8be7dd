"""The day and the team in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from alongside.core.pages.filters import date_words, datetime_words, plural
from alongside.support.cases.agenda.rules import Pressing
from alongside.support.cases.day import rules
from alongside.support.cases.day.actions import Done
from alongside.support.cases.day.queries import Day, Due, Member

SECTIONS = {
    Pressing.LATE: "Late", Pressing.TODAY: "Today", Pressing.WEEK: "In the next seven days",
    Pressing.LATER: "Later",
}  # fmt: skip
GROUPS = {
    "replies": "Something came in", "new": "New to you", "contacts": "First contacts", "plan": "Plan",
    "appointments": "Appointments", "reviews": "Reviews", "risk": "Risk", "justice": "Justice",
    "waiting": "Waiting list", "money": "Practical help", "requests": "Requests",
}  # fmt: skip
COLOURS = {"replies": "magenta", "new": "turquoise", "risk": "red", "contacts": "blue", "justice": "purple"}


def group_words(group: str) -> str:
    return GROUPS.get(group, group.replace("_", " ").capitalize())


@dataclass(frozen=True)
class Row:
    """A line of the day: what to do, for whom, by when, and whether they may be called."""

    due: Due
    name: str
    when: str
    tag: Mapping[str, str]
    call: str
    callable_now: bool


@dataclass(frozen=True)
class Section:
    title: str
    late: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Shown:
    """The page of a day: how heavy the caseload is, the groups that there are, and what is due in parts."""

    stats: tuple[dict[str, Any], ...]
    groups: tuple[tuple[str, str, int], ...]
    sections: tuple[Section, ...]


def shown(found: Day, group: str) -> Shown:
    counted: dict[str, int] = {}
    for one in found.due:
        counted[one.group] = counted.get(one.group, 0) + 1
    rows = [(one, _row(one, found)) for one in found.due if group in ("", one.group)]
    parts = ((how, tuple(row for one, row in rows if one.pressing == how)) for how in Pressing)
    return Shown(
        _stats(found), tuple((code, group_words(code), number) for code, number in sorted(counted.items())),
        tuple(Section(SECTIONS[how], how == Pressing.LATE, lines) for how, lines in parts if lines),
    )  # fmt: skip


def _row(due: Due, found: Day) -> Row:
    call, now = found.calls.get(due.case.victim_id, ("", False))
    tag = {"word": group_words(due.group), "colour": COLOURS.get(due.group, "grey")}
    return Row(due, due.case.victim.full_name, _when(due), tag, call, now)


def _when(due: Due) -> str:
    if due.due_at is None:
        return ""
    return f"by {date_words(due.due_at)}" if due.all_day else datetime_words(due.due_at)


def _stats(found: Day) -> tuple[dict[str, Any], ...]:
    late = sum(one.pressing == Pressing.LATE for one in found.due)
    today = sum(one.pressing == Pressing.TODAY for one in found.due)
    limit = f" of {found.limit}" if found.limit is not None else ""
    over = rules.is_over(found.tenths, found.limit)
    return (
        {"value": str(late), "label": "Late", "tone": "warn" if late else ""},
        {"value": str(today), "label": "Today"},
        {"value": str(found.cases), "label": "Your cases"},
        {"value": f"{rules.in_cases(found.tenths)}{limit}", "label": "What they weigh, in ordinary cases",
         "tone": "warn" if over else ""},
    )  # fmt: skip


@dataclass(frozen=True)
class MemberShown:
    member: Member
    weight: str
    tag: Mapping[str, str] | None
    away: str
    uncovered: int


def members(found: Iterable[Member], uncovered: Mapping[UUID, int]) -> list[MemberShown]:
    """The team in words, the heaviest load first."""
    order = sorted(found, key=lambda one: (-(one.tenths / (one.limit or 1000)), one.name))
    return [
        MemberShown(
            one, f"{rules.in_cases(one.tenths)} of {one.limit}" if one.limit else rules.in_cases(one.tenths),
            {"word": "Too much", "colour": "red"} if one.over else None,
            f"Until {date_words(one.away.until)}" if one.away else "", uncovered.get(one.user_id, 0),
        )
        for one in order
    ]  # fmt: skip


def takers(found: Iterable[Member]) -> list[tuple[str, str]]:
    """Whom a case can be given to, with how much each has."""
    people = [one for one in found if one.away is None]
    return [(str(one.user_id), f"{one.name} ({_load(one)})") for one in people]


def _load(one: Member) -> str:
    weight = rules.in_cases(one.tenths)
    return f"{weight} of {one.limit}" if one.limit else plural(one.cases, "case")


def too_much(found: Mapping[Member, int]) -> str:
    """Who would have more than their limit by a spread, in words; empty if nobody."""
    said = (f"{one.name} ({rules.in_cases(tenths)} of {one.limit})" for one, tenths in found.items())
    return ", ".join(said)


def done_words(done: Done, verb: str) -> tuple[str, tuple[str, ...]]:
    """What came of several at once: the sentence, and one for each that was refused."""
    said = f"{plural(done.done, 'case')} {'has' if done.done == 1 else 'have'} been {verb}."
    return said, tuple(f"{reference}: {why}" for reference, why in done.refused)
