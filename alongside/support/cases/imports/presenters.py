"""The words of pages on which a caseload is brought along."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import QueryDict

from alongside.core.pages.beside import Said as Told
from alongside.core.pages.filters import date_words
from alongside.foundation.office.documents.reading import CHARSET, FORMULAS, HIDDEN, MERGED, Sheet
from alongside.foundation.office.documents.rules import Column
from alongside.support.cases.agenda.rules import Kind as Due
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports import lifecycle
from alongside.support.cases.imports.actions import NEXT
from alongside.support.cases.imports.checking import Known, Said, fault_words
from alongside.support.cases.imports.models import Batch, Row
from alongside.support.cases.imports.queries import Content, RowShown, Shown
from alongside.support.cases.imports.rules import WANTED, Kind
from alongside.support.people.victims.models import Victim

TOLD: Mapping[str, Told] = {
    "case.brought_along": Told(lambda details, titles: "Brought along from a spreadsheet", kind="case"),
    "import.next_settled": Told(lambda details, titles: "What was planned before is settled", kind="plan"),
}
DUE: Mapping[str, Due] = {
    NEXT: Due(
        words=lambda details, titles: "Appointment or review, planned before the case was brought along",
        view="imports:settle_next", group="reviews",
    )
}  # fmt: skip
STATES = {
    lifecycle.UPLOADED: ("Say what it holds", "yellow"), lifecycle.MAPPED: ("Look at it and bring it in", "yellow"),
    lifecycle.RUNNING: ("Being brought in", "blue"), lifecycle.BROUGHT: ("Brought in", "green"),
    lifecycle.UNDOING: ("Being taken back", "blue"),
}  # fmt: skip
COLOURS = {
    "READY": "green", "MEND": "red", "TWIN": "orange", "HERE": "grey", "CHANGED": "orange", "LEFT_OUT": "grey",
    "BROUGHT": "blue",
}  # fmt: skip
LABELS = {
    "READY": "ready", "MEND": "to mend", "TWIN": "perhaps somebody you have", "HERE": "already here",
    "CHANGED": "here, and changed", "LEFT_OUT": "left out", "BROUGHT": "brought in",
}  # fmt: skip
REMARKS = {
    HIDDEN: "It has a hidden sheet. That is left out, unless you choose it under Sheet and headings.",
    MERGED: "Some cells are merged. What stands in them counts for their first row alone: look whether others lack it.",
    FORMULAS: "Some cells are formulas. What they showed when the file was saved is taken.",
    CHARSET: "It was read as Windows-1252, as older programs write it. Look whether names with accents are right.",
}
FOR_SOMEBODY = ("MEND", "TWIN", "CHANGED")


NOT_THEIRS = "csrfmiddlewaretoken"  # every page has one of its own


def said_again(sent: QueryDict) -> list[tuple[str, str]]:
    """What a form sent, to be sent once more as it was."""
    return [(name, words) for name, said in sent.lists() if name != NOT_THEIRS for words in map(str, said)]


def remarks(batch: Batch) -> list[str]:
    return [REMARKS[code] for code in batch.remarks]


def sums(found: Mapping[str, int], here: str) -> list[dict[str, Any]]:
    """How many rows stand where, each leading to them."""
    return [
        {"value": found[state], "label": words, "href": f"{here}?state={state}",
         "tone": "warn" if state in FOR_SOMEBODY else ""}
        for state, words in LABELS.items() if found.get(state)
    ]  # fmt: skip


@dataclass(frozen=True)
class Line:
    """A row on the list: what is told of it, where it stands and what to do."""

    pk: UUID
    number: int
    name: str
    reference: str
    what: str
    when: str
    worker: str
    state: str
    word: str
    colour: str
    wrong: tuple[str, ...]
    restricted: bool
    case_id: UUID | None


def line(row: Row, said: Said, content: Content, known: Known) -> Line:
    name = " ".join(filter(None, (said.text("given_name"), said.text("family_name")))) or "No name"
    accepted = said.day("accepted_on")
    state = Row.State(row.state)
    return Line(
        row.pk, row.number, name, said.text("own_reference"), title("crime_type", said.text("crime_type"), known),
        date_words(accepted) if accepted else content.cells.get("accepted_on", ""),
        title("worker", said.text("worker"), known), state, state.label, COLOURS[state],
        tuple(_wrong(row, content.cells)), row.guarded, row.case_id,
    )  # fmt: skip


def lines(shown: Shown) -> list[Line]:
    return [line(row, said, content, shown.known) for row, said, content in shown.rows]


def restricted(many: int) -> str:
    """What the preview says of those whom the office's rules put behind names, before anything is made."""
    if not many:
        return ""
    these, they = ("1 of these is", "it") if many == 1 else (f"{many} of these are", "them")
    return (
        f"{these} of a kind that the office restricts. From the moment of being brought in, only those whom the "
        f"office's rule names here (usually your service managers) and the worker whom the row names can open {they}; "
        "nobody else at your organisation, and nobody at the hub."
    )


def preview(batch: Batch, shown: Shown, here: str) -> dict[str, Any]:
    """How many rows stand where, the rows themselves, and how far the worker is."""
    return {
        "lines": lines(shown), "sums": sums(shown.counts, here), "counts": shown.counts, "remarks": remarks(batch),
        "restricted": restricted(shown.restricted), "progress": progress(batch),
        "runs": batch.state in (lifecycle.RUNNING, lifecycle.UNDOING),
    }  # fmt: skip


def sheet_titles(sheets: Sequence[Sheet]) -> list[tuple[str, str]]:
    """The sheets that hold anything, by their places."""
    return [
        (str(place), f"{one.name or 'The file'}: {len(one.rows):,} rows{', hidden' if one.hidden else ''}")
        for place, one in enumerate(sheets) if one.rows
    ]  # fmt: skip


def tops(sheets: Sequence[Sheet]) -> list[tuple[str, list[tuple[int, str]]]]:
    """The first rows of each sheet, by which its headings are found."""
    return [
        (one.name or "The file", [(number, " | ".join(filter(None, cells))[:160]) for number, cells in one.rows[:5]])
        for one in sheets if one.rows
    ]  # fmt: skip


def beside_row(row: Row, shown: RowShown) -> dict[str, Any]:
    """What stands beside a row that is looked at: all of it, whom it looks like, what is otherwise than before."""
    to_mend = [key for key in shown.keys if key in row.faults and row.state == Row.State.MEND]
    return {
        "to_mend": to_mend, "facts": facts(shown.said, shown.content, shown.known),
        "wrong": list(_wrong(row, shown.content.cells, to_mend)),
        "twin": person(*shown.twin) if shown.twin else None, "keys": shown.keys,
        "changes": changes(shown.changed, shown.before, shown.said, shown.known),
        "tag": (Row.State(row.state).label, COLOURS[row.state]),
    }  # fmt: skip


def _wrong(row: Row, cells: Mapping[str, str], beside: Sequence[str] = ()) -> Iterable[str]:
    """What is wrong, cell by cell, and what to do; without what stands `beside` its own box."""
    faults = row.faults.items() if row.state == Row.State.MEND else ()
    for key, code in ((key, code) for key, code in faults if key not in beside):
        words = fault_words(code, cells.get(key, ""))
        yield f"{WANTED[key].label}: {words}" if key in WANTED else words
    if row.state == Row.State.TWIN:
        yield f"Looks like row {row.twin_row}." if row.twin_row else "Looks like somebody you have already."


def kept(row: Row) -> str:
    """What is said once a row has been mended, and whether that was all."""
    if row.state == Row.State.READY:
        return "Kept. The row is ready."
    left = len(row.faults)
    return f"Kept. {left} {'thing is' if left == 1 else 'things are'} still to be mended." if left else "Kept."


def title(key: str, code: str, known: Known) -> str:
    return known.titles.get(key, {}).get(code, code)


def text_of(key: str, said: Said, content: Content, known: Known) -> str:
    """What a row says of a field, as people read it; as it was typed where it could not be understood."""
    if day := said.day(key):
        return date_words(day)
    if WANTED[key].kind == Kind.CODES and said.needs:
        return ", ".join(title(key, code, known) for code in said.needs)
    text = said.text(key)
    return title(key, text, known) if text else content.cells.get(key, "")


def facts(said: Said, content: Content, known: Known) -> list[dict[str, str]]:
    """The whole row, field by field."""
    told = ((one, text_of(key, said, content, known)) for key, one in WANTED.items())
    return [{"key": one.label, "value": text, "written": "yes" if one.key == "note" else ""}
            for one, text in told if text]  # fmt: skip


@dataclass(frozen=True)
class Person:
    """Somebody whom the organisation holds already, beside the row that may be the same."""

    name: str
    born: str
    case: Case | None


def person(victim: Victim, case: Case | None) -> Person:
    return Person(victim.full_name, date_words(victim.birth_date) if victim.birth_date else "Not recorded", case)


def changes(keys: Sequence[str], before: Mapping[str, str], said: Said, known: Known) -> list[dict[str, str]]:
    """What the file says now beside what it said when the case was brought in."""
    return [
        {"what": WANTED[key].label, "was": _plain(key, before.get(key, ""), known),
         "now": _plain(key, _now(key, said), known)}
        for key in keys if key in WANTED
    ]  # fmt: skip


def _now(key: str, said: Said) -> str:
    day = said.day(key)
    return day.isoformat() if day else " ".join(said.needs) if WANTED[key].kind == Kind.CODES else said.text(key)


def _plain(key: str, text: str, known: Known) -> str:
    if WANTED[key].kind == Kind.DAY and text:
        return date_words(date.fromisoformat(text))
    if WANTED[key].kind == Kind.CODES:
        return ", ".join(title(key, code, known) for code in text.split()) or "Nothing"
    return title(key, text, known) or "Nothing"


def progress(batch: Batch) -> tuple[int, str]:
    if batch.state == lifecycle.UNDOING:
        return 50, f"{batch.undone} taken back"
    percent = round(100 * min(batch.done, batch.asked) / batch.asked) if batch.asked else 0
    return percent, f"{batch.done} of {batch.asked}"


@dataclass(frozen=True)
class Past:
    """A file that was sent, on the list of them."""

    pk: UUID
    name: str
    sent_at: datetime
    by: str
    word: str
    colour: str
    found: str
    erased_on: str


def past(batch: Batch, name: str, names: Mapping[UUID, str], erased: date) -> Past:
    word, colour = STATES[batch.state]
    found = f"{batch.done} of {batch.rows} rows brought in" if batch.rows else "Not looked at yet"
    who = names.get(batch.uploaded_by, "A former colleague") if batch.uploaded_by else ""
    return Past(batch.pk, name, batch.uploaded_at, who, word, colour, found, date_words(erased))


PROBLEMS = (Column("row", "Row"), *(Column(key, one.label) for key, one in WANTED.items()), Column("wrong", "To do"))
TEMPLATE = tuple(Column(key, one.label) for key, one in WANTED.items() if key not in ("full_name", "waiting_list"))


def problem(row: Row, content: Content) -> dict[str, Any]:
    """A row that is not ready, as it was sent, and what is to be done."""
    cells = {key: content.cells.get(key, "") for key in WANTED}
    return {"row": row.number, **cells, "wrong": " ".join(_wrong(row, content.cells))}


def examples(known: Known, today: date) -> list[dict[str, Any]]:
    """People who are made up, as a sheet would have them."""
    empty: dict[str, Any] = {column.key: "" for column in TEMPLATE}
    service, worker = (next(iter(known.titles[key].values()), "") for key in ("service", "worker"))
    year = today.year - 1
    shared = {"service": service, "worker": worker}
    return [
        {**empty, **shared, "own_reference": "EX-101", "given_name": "Testina", "family_name": "Sample",
         "birth_date": "14/02/1991", "phone": "07700 900101", "safe_call": "yes", "safe_message": "no",
         "safe_text": "no", "crime_type": "Domestic abuse", "reported": "yes", "accepted_on": f"03/03/{year}",
         "started_on": f"10/03/{year}", "last_contact_on": f"20/06/{year}", "needs": "Mental and physical health",
         "known_risk": "Medium", "agreed_support_on": f"03/03/{year}", "note": "Made up: prefers mornings."},
        {**empty, **shared, "own_reference": "EX-102", "given_name": "Exempla", "family_name": "Specimen",
         "email": "exempla@sample.example", "safe_email": "not known", "crime_type": "Stalking", "reported": "no",
         "accepted_on": f"11/05/{year}", "waiting_since": f"11/05/{year}", "note": "Made up."},
    ]  # fmt: skip


def example_columns() -> tuple[Column, ...]:
    return TEMPLATE


def labels() -> dict[str, str]:
    return {key: one.label for key, one in WANTED.items()}
