"""Words of safety plans, on their own pages and on those of a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.pages.beside import Card, LooseEnd, Said, Tab, Titles
from alongside.core.pages.filters import date_words, datetime_words, plural
from alongside.core.privacy.whereabouts import tells_where
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook.rules import RuleRow
from alongside.support.cases.agenda.rules import Kind
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others.rules import NAMES_OTHER
from alongside.support.cases.safety import queries, rules
from alongside.support.cases.safety.models import Entry, Paper
from alongside.support.cases.safety.queries import Piece

FORMER = "a former colleague"


def works(by: Actor) -> bool:
    return by.realm == Realm.PROVIDER and by.may(P.CASE_WORK)


def tabs(case: Case, *, by: Actor) -> tuple[Tab, ...]:
    return (Tab("Safety", "safety", "safety:plan", often=True),) if works(by) else ()


def _said(words: str) -> Said:
    def speak(details: Mapping[str, Any], titles: Titles) -> str:
        section = titles("safety_sections").get(details.get("section", ""), "")
        return f"{words}: {section}" if section else words

    return Said(speak, "safety", "safety:plan")


TOLD: Mapping[str, Said] = {
    "safety.added": _said("Safety plan, added"), "safety.revised": _said("Safety plan, changed"),
    "safety.taken_out": _said("Safety plan, taken out"), "safety.reviewed": _said("Safety plan gone through"),
    "safety.printed": _said("Some of the safety plan given on paper"),
}  # fmt: skip
DUE: Mapping[str, Kind] = {
    "safety.review": Kind(lambda details, titles: "Go through the safety plan", "safety:review", group="reviews")
}


def beside_case(case: Case, *, by: Actor, at: datetime) -> Iterable[Card]:
    """That there is a plan, on the first page of a case; nothing of what it says."""
    if not works(by):
        return
    days = list(queries.days_of(case))
    due = rules.earliest(days)
    words = {
        "count": plural(len(days), "piece") if days else "", "due": date_words(due),
        "late": due is not None and due < london_date(at), "open": case.state != Case.State.CLOSED,
    }  # fmt: skip
    yield Card("main", "safety/parts/case.html", words)


@dataclass(frozen=True)
class Section:
    """A part of the plan with what stands in it."""

    code: str
    title: str
    ask: str
    pieces: tuple[Piece, ...]


def sections(rows: Iterable[RuleRow], pieces: Sequence[Piece], titles: Mapping[str, str]) -> list[Section]:
    """Every part that an office asks about, and any that it asks about no more where something stands in it."""
    parts = {row.code: (row.title, row.text("ask")) for row in rows}
    for one in pieces:
        parts.setdefault(one.entry.section, (titles.get(one.entry.section, "Another part"), ""))
    return [
        Section(code, title, ask, tuple(one for one in pieces if one.entry.section == code))
        for code, (title, ask) in parts.items()
    ]  # fmt: skip


@dataclass(frozen=True)
class Past:
    """A piece as it was: each version in words, the newest first."""

    title: str
    gone: bool
    versions: tuple[tuple[str, str], ...]


def past(found: Iterable[Sequence[Piece]], titles: Mapping[str, str], names: Mapping[UUID, str]) -> list[Past]:
    return [
        Past(
            title=titles.get(versions[0].entry.section, "Another part"), gone=versions[0].entry.gone,
            versions=tuple((_when(one.entry, names), one.words or "Taken out") for one in versions),
        )
        for versions in found
    ]  # fmt: skip


def _when(entry: Entry, names: Mapping[UUID, str]) -> str:
    by = names.get(entry.written_by, FORMER) if entry.written_by else FORMER
    return f"{datetime_words(entry.written_at)}, {by}"


@dataclass(frozen=True)
class Sheet:
    """A part of the plan as it is on paper."""

    title: str
    lines: tuple[str, ...]


def sheets(pieces: Sequence[Piece], rows: Iterable[RuleRow]) -> list[Sheet]:
    """What is on paper: words under plain headings. No name, no address, no way to reach anybody, no organisation."""
    titles = {row.code: row.text("on_paper") for row in rows}
    codes = dict.fromkeys((*titles, *(one.entry.section for one in pieces)))
    found = {code: [rules.on_paper(one.words) for one in pieces if one.entry.section == code] for code in codes}
    return [Sheet(titles.get(code, ""), tuple(words)) for code, words in found.items() if words]


def warnings(pieces: Iterable[Piece], others: Sequence[str] = ()) -> list[str]:
    """What whoever prints must look at: the other party's names, words that may be names, and what is left out."""
    listed = list(pieces)
    found = [NAMES_OTHER.format(", ".join(others))] if others else []
    names = list(dict.fromkeys(name for one in listed for name in rules.names_in(rules.on_paper(one.words))))
    if names := [name for name in names if not name.startswith(tuple(others))]:
        found.append(f"These may be names: {', '.join(names)}. Go back and change what must not be found on paper.")
    if any(tells_where(one.words) for one in listed):
        found.append("An address, a telephone number or an e-mail address is left out of what is printed.")
    return found


def given(papers: Iterable[Paper], names: Mapping[UUID, str], keeping: Mapping[str, str]) -> list[str]:
    """What was given on paper, in a line each."""
    return [
        f"{datetime_words(one.printed_at)}, {names.get(one.printed_by, FORMER) if one.printed_by else FORMER}: "
        f"{plural(len(one.entries), 'piece')}. {keeping.get(one.kept_how, 'Their home is not shared')}."
        for one in papers
    ]  # fmt: skip


def closing(case: Case, *, by: Actor, at: datetime) -> Iterable[LooseEnd]:
    """A safety plan goes on without us: it is gone through once more before a case ends."""
    held = Entry.objects.filter(case=case, superseded_at=None, gone=False).values_list("review_on", flat=True)
    if days := list(held):
        due = rules.earliest(days)
        late = due is not None and due < london_date(at)
        words = (
            "The safety plan is late to be gone through" if late else "They have a safety plan: go through it once more"
        )
        yield LooseEnd(words, "safety:plan")
