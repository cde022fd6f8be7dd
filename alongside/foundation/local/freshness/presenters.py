"""Freshness in words: rows of the check, of the flags, of the report and of its file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from alongside.core.cells import Value, csv_file
from alongside.core.pages.filters import date_words, datetime_words, plural
from alongside.foundation.local.directory import presenters as directory
from alongside.foundation.local.directory.presenters import Way
from alongside.foundation.local.freshness import lifecycle, rules
from alongside.foundation.local.freshness.forms import WORDS, Check
from alongside.foundation.local.freshness.models import Flag
from alongside.foundation.local.freshness.queries import Clock, Counted, Line, ToCheck

COLOURS = {rules.CURRENT: "green", rules.DUE: "yellow", rules.OVERDUE: "orange", rules.NEVER: "red"}
SHORT = ("Crimes", "Ages", "For", "Where")  # of whom it is for: the rest is one link away
ANSWERED = {Flag.Answer.MENDED: "Put right", Flag.Answer.RIGHT: "Is right", Flag.Answer.CANNOT_SAY: "Cannot say"}


@dataclass(frozen=True)
class Row:
    """A service on the page of those to check, with what the public reads, in short."""

    pk: UUID
    name: str
    run_by: str
    word: str
    colour: str
    checked: str
    keeper: str
    mine: bool
    flags: str
    summary: str
    ways: tuple[Way, ...]
    capacity: str
    stamp: str
    form: Check


def row(line: ToCheck, form: Check, words: Mapping[str, str], now: Clock, stamp: str) -> Row:
    service, card = line.service, directory.card(line.service, words)
    whom = [way for way in card.whom if way.label in SHORT]
    return Row(
        pk=service.pk, name=service.name, run_by=service.run_by, word=WORDS[line.standing],
        colour=COLOURS[line.standing], checked=_checked(service.checked_on, now), keeper=line.keeper, mine=line.mine,
        flags=plural(line.flags, "error flagged", "errors flagged") if line.flags else "",
        summary=card.paragraphs[0] if card.paragraphs else "", ways=(*card.ways, *whom),
        capacity=directory.capacity_words(service), stamp=stamp, form=form,
    )  # fmt: skip


def _checked(checked_on: date | None, now: Clock) -> str:
    if checked_on is None:
        return "Nobody has confirmed it yet."
    return f"Last checked on {date_words(checked_on)}; to be checked every {now.lasts} days."


def done_words(confirmed: int, said: int) -> str:
    """What a press of the button did."""
    parts = [plural(confirmed, "service is", "services are") + " right today" if confirmed else "",
             "room is said for " + plural(said, "service") if said else ""]  # fmt: skip
    return f"Thank you. {'; '.join(filter(None, parts))}."


@dataclass(frozen=True)
class FlagLine:
    """A flag in the queue."""

    pk: UUID
    service: str
    run_by: str
    wrong: str
    sent_at: datetime
    word: str
    colour: str
    hears: bool


def flag_line(flag: Flag, faults: Mapping[str, str]) -> FlagLine:
    waiting = flag.state == lifecycle.WAITING
    return FlagLine(
        pk=flag.pk, service=flag.service.name, run_by=flag.service.run_by, wrong=faults.get(flag.wrong, flag.wrong),
        sent_at=flag.sent_at, word="Waiting" if waiting else ANSWERED[Flag.Answer(flag.answer)],
        colour="blue" if waiting else "grey", hears=flag.hears,
    )  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A service in the report."""

    pk: UUID
    name: str
    run_by: str
    word: str
    colour: str
    checked: str
    due: str


def listed(line: Line) -> Listed:
    service = line.service
    return Listed(
        pk=service.pk, name=service.name, run_by=service.run_by, word=WORDS[line.standing],
        colour=COLOURS[line.standing], checked=date_words(service.checked_on) if service.checked_on else "Never",
        due=date_words(line.due_on) if line.due_on else "Now",
    )  # fmt: skip


def definitions(now: Clock) -> dict[str, str]:
    """What each count means."""
    counted = "Services that take people now and that an organisation here answers for"
    return {
        rules.CURRENT: f"{counted}, confirmed within {now.lasts} days, with more than {now.ahead} of them left.",
        rules.DUE: f"The same, with {now.ahead} days or fewer left before the check date.",
        rules.OVERDUE: f"Confirmed last more than {now.lasts} days ago. The public is told, and they come later in "
        "Find help.",
        rules.NEVER: "Nobody here has confirmed them since they were added. The public is told, and they come later "
        "in Find help.",
    }


@dataclass(frozen=True)
class Figure:
    """One count with what it means and where what is counted is listed."""

    code: str
    label: str
    value: int
    definition: str


def figures(found: list[Line], now: Clock) -> list[Figure]:
    told = definitions(now)
    return [
        Figure(code, WORDS[code], sum(line.standing == code for line in found), told[code])
        for code in rules.STANDINGS
    ]  # fmt: skip


def file(found: Iterable[Line], all_: list[Line], now: Clock, at: datetime) -> bytes:
    """The list as a file, with what it means and when it was so."""
    head = ("Service", "Run by", "Stands", "Checked on", "Check date", "State")
    rows: list[tuple[Value, ...]] = [
        (line.service.name, line.service.run_by, WORDS[line.standing], line.service.checked_on, line.due_on,
         str(line.service.get_state_display())) for line in found
    ]  # fmt: skip
    notes: list[tuple[Value, ...]] = [
        (f"{one.label}: {one.value} of {len(all_)}. {one.definition}",) for one in figures(all_, now)
    ]
    return csv_file(head, [*rows, (), (f"As at {datetime_words(at)}",), *notes])


def by_provider(found: list[Counted]) -> list[dict[str, object]]:
    return [{"name": one.name, "pk": one.pk, "total": one.total, **one.counts} for one in found]
