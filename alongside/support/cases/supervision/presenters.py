"""Supervision in words: on its own pages, on My day and on Team."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.urls import reverse

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, lines
from alongside.core.pages.filters import date_words, datetime_words, plural
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.day import rules as day_rules
from alongside.support.cases.supervision import queries
from alongside.support.cases.supervision.models import Bond, Meeting
from alongside.support.cases.supervision.queries import Line, Pair, Said

FORMER = "a former colleague"


def name(key: UUID | None, names: Mapping[UUID, str]) -> str:
    return names.get(key, FORMER) if key else FORMER


@dataclass(frozen=True)
class PairShown:
    """Two who meet, in a list."""

    pair: Pair
    worker: str
    manager: str
    last: str
    due: str
    late: bool


def pairs(found: Iterable[Pair], names: Mapping[UUID, str], on: date) -> list[PairShown]:
    """Those that are due first come first; those that have ended come last."""
    order = sorted(found, key=lambda one: (one.bond.ended_at is not None, one.due_on))
    return [
        PairShown(
            one, name(one.bond.worker, names), name(one.bond.manager, names),
            date_words(one.last.met_on) if one.last else "Not yet",
            f"Ended {date_words(one.bond.ended_at)}" if one.bond.ended_at else date_words(one.due_on), one.late(on),
        )
        for one in order
    ]  # fmt: skip


def people(bond: Bond) -> list[UUID | None]:
    return [bond.worker, bond.manager, bond.second]


def facts(bond: Bond, names: Mapping[UUID, str]) -> list[dict[str, str]]:
    second = name(bond.second, names) if bond.second else "Nobody"
    return [
        {"key": "Supervised", "value": name(bond.worker, names)},
        {"key": "By", "value": name(bond.manager, names)},
        {"key": "Who else reads it", "value": second},
    ]  # fmt: skip


def signatures(meeting: Meeting, bond: Bond, names: Mapping[UUID, str]) -> list[dict[str, str]]:
    """Who has signed, and who not yet."""
    pairs = ((bond.worker, meeting.worker_signed_at), (bond.manager, meeting.manager_signed_at))
    return [
        {"key": name(who, names), "value": f"Signed {datetime_words(at)}" if at else "Not signed yet"}
        for who, at in pairs
    ]  # fmt: skip


def tag(meeting: Meeting) -> dict[str, str]:
    if meeting.signed:
        return {"word": "Signed by both", "colour": "green"}
    one = meeting.worker_signed_at or meeting.manager_signed_at
    return {"word": "Signed by one", "colour": "yellow"} if one else {"word": "Not signed", "colour": "grey"}


def has_signed(meeting: Meeting, bond: Bond, by: Actor) -> bool:
    return (meeting.worker_signed_at if by.user_id == bond.worker else meeting.manager_signed_at) is not None


def may_change(meeting: Meeting, bond: Bond, by: Actor) -> bool:
    """Whether the form of a change is offered: to one of the two, until the other has signed."""
    two = by.user_id in (bond.worker, bond.manager)
    other = meeting.manager_signed_at if by.user_id == bond.worker else meeting.worker_signed_at
    return two and other is None


def topics(rows: Sequence[RuleRow], found: Mapping[str, Said]) -> list[tuple[str, str]]:
    """What was written, under the titles of its topics; a topic that the office asks about no more keeps its words."""
    titles = {row.code: row.title for row in rows}
    return [(titles.get(code, "Another topic"), found[code].words)
            for code in {**titles, **found} if code in found and found[code].words]  # fmt: skip


def report_lines(found: Iterable[Line]) -> list[dict[str, Any]]:
    return [
        {"name": one.name, "weight": day_rules.in_cases(one.tenths), "limit": one.limit or "No limit",
         "over": day_rules.is_over(one.tenths, one.limit), "cases": one.cases, "past": one.past, "held": one.held,
         "expected": one.expected, "due": date_words(one.due_on) if one.due_on else "Nobody supervises them",
         "late": one.late}
        for one in found
    ]  # fmt: skip


def month(day: date) -> str:
    return f"{day:%B %Y}"


def heads(ends: Iterable[date]) -> list[dict[str, Any]]:
    """Columns of the cases that somebody had at the ends of months."""
    return [{"key": str(end), "label": month(end), "numeric": True} for end in ends]


def rows_of_file(shown: Iterable[Mapping[str, Any]], ends: Sequence[str]) -> list[dict[str, Any]]:
    kept = ("name", "weight", "limit", "cases", "held", "expected", "due")
    return [
        {**{key: row[key] for key in kept},
         **{f"past_{end}": number for end, number in zip(ends, row["past"], strict=True)}}
        for row in shown
    ]  # fmt: skip


def beside_day(worker: UUID, *, by: Actor, at: datetime) -> Iterable[Card]:
    """One's own supervision: when, what waits to be signed, and what was agreed. A manager reads nobody else's here."""
    if worker != by.user_id:
        return
    found = queries.pairs((one for one in queries.mine(by) if one.ended_at is None), london_date(at))
    own = [one for one in found if by.user_id in (one.bond.worker, one.bond.manager)]
    said = [f"Next {'late, was due' if one.late(london_date(at)) else 'due'} {date_words(one.due_on)}."
            for one in own if one.bond.worker == worker]  # fmt: skip
    unsigned = sum(one.last is not None and not has_signed(one.last, one.bond, by) for one in own)
    said += [f"{plural(unsigned, 'note')} to read and sign."] if unsigned else []
    agreed = len(queries.to_do(by))
    said += [f"{plural(agreed, 'thing')} that you agreed to do."] if agreed else []
    if said:
        yield lines("Supervision", said, link=("Your supervision", reverse("supervision:mine")))


def beside_team(organisation: int, *, by: Actor, at: datetime) -> Iterable[Card]:
    """Who is overdue, and who has nobody."""
    on, bonds = london_date(at), queries.team(by)
    late = [one for one in queries.pairs(bonds, on) if one.late(on)]
    people, known = queries.workers(by), {bond.worker for bond in bonds}
    without = [name for key, name in people.items() if key not in known]
    said = [f"{name(one.bond.worker, people)}: was due {date_words(one.due_on)}." for one in late]
    said += (
        [f"{plural(len(without), 'person', 'people')} without a supervisor: {', '.join(without)}."] if without else []
    )
    link = ("Caseload and supervision report", reverse("supervision:report"))
    yield lines("Supervision", said or ["Nobody is overdue."], link=link, warn=bool(late))
