"""Spreadsheets for tests: everybody in them is made up."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import xlsxwriter
from django.db import transaction

from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside, service_of
from alongside.support.cases.imports import actions, making, queries
from alongside.support.cases.imports.models import Batch, Row
from alongside.support.cases.imports.rules import Plan
from alongside.support.cases.waiting.models import WaitingList
from alongside.support.cases.waiting.tests.lists import a_list
from tests.world import World

MANAGER = "service_manager"
HEADINGS = ("Our ref", "First name", "Surname", "DOB", "Mobile", "Safe to call", "Offence", "IDVA", "Project",
            "Date opened", "Start date", "Waiting since", "Last contact", "Review date", "Needs", "RAG", "Consent",
            "Notes", "Shoe size")  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    ("LS-1", "Testina", "Sample", date(1990, 2, 14), "07700 900101", "Y", "DA", "Testa C", "Sample Support",
     date(2026, 3, 2), date(2026, 3, 9), "", date(2026, 8, 20), date(2026, 10, 1), "Mental and physical health; Money",
     "Amber", date(2026, 3, 2), "=1+1 she prefers mornings", 38),
    ("LS-2", "Exempla", "Specimen", "03/04/1985", "07700 900102", "n", "Stalking", "", "Sample Support",
     date(2026, 5, 11), "", "12/05/2026", "", "", "", "", "", "", ""),
    ("LS-3", "Fixture", "Dummy", "31/02/1980", "12", "?", "DA", "", "Sample Support", date(2026, 6, 1), "", "", "", "",
     "", "High", "", "", ""),
)  # fmt: skip
WORDS = {
    "crime_type": {"da": "domestic_abuse"}, "needs": {"money": "money"},
    "safe_call": {"?": "unknown"},
}  # fmt: skip


def workbook(rows: Sequence[Sequence[Any]] = ROWS, headings: Sequence[str] = HEADINGS, *, above: int = 2) -> bytes:
    """A workbook as people keep them: something above the headings, days as days."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"strings_to_formulas": False}) as book:
        sheet, day = book.add_worksheet("Live cases"), book.add_format({"num_format": "dd/mm/yyyy"})
        if above:
            sheet.write(0, 0, "Caseload, printed for Monday")
        for down, row in enumerate([headings, *rows], start=above):
            for across, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(down, across, datetime(cell.year, cell.month, cell.day), day)
                elif cell != "":
                    sheet.write(down, across, cell)
    return file.getvalue()


def sent(world: World, raw: bytes | None = None, person: str = MANAGER, at: datetime | None = None) -> Batch:
    service_of(world, "neighbour" if person.startswith("neighbour") else "provider")
    with transaction.atomic(), inside(world, person):
        return actions.upload([raw or workbook()], by=world.actor(person), at=at or world.now, name="live.xlsx")


def plan_for(world: World, batch: Batch, **changes: Any) -> Plan:
    """What a careful person would say of the columns and words of the sheet above."""
    asked = queries.columns_asked(batch, world.now.date())
    columns = tuple(asked.first[f"column-{at}"] for at in range(len(asked.headings)))
    fixed = {key.removeprefix("fixed-"): code for key, code in asked.first.items() if key.startswith("fixed-")}
    words = {**WORDS, "worker": {"testa c": str(world.people["caseworker"].pk)}}
    return Plan(**{"columns": columns, "fixed": fixed, "words": words, "ways": {}, **changes})


def mapped(world: World, raw: bytes | None = None, person: str = MANAGER, **changes: Any) -> Batch:
    batch = sent(world, raw, person)
    with transaction.atomic(), inside(world, person):
        return actions.map_columns(
            batch, plan_for(world, batch, **changes), by=world.actor(person), at=world.now, seen=batch.version
        )


def brought(world: World, raw: bytes | None = None, *, at: datetime | None = None, **changes: Any) -> Batch:
    """A file whose ready rows are in the caseload."""
    batch, at = mapped(world, raw, **changes), at or world.now + timedelta(minutes=5)
    with transaction.atomic(), inside(world, MANAGER):
        actions.bring_in(batch, by=world.actor(MANAGER), at=at)
    making.bring_in(batch.pk, now=lambda: at)
    return fresh(batch)


def fresh(batch: Batch) -> Batch:
    return Batch.objects.get(pk=batch.pk)


def row(batch: Batch, number: int) -> Row:
    return Row.objects.select_related("batch").get(batch=batch, number=number)


def case_of(batch: Batch, number: int) -> Case:
    """The case that came of a row."""
    key = row(batch, number).case_id
    assert key
    return Case.objects.select_related("victim", "referral").get(pk=key)


def waiting_list(world: World) -> WaitingList:
    service_of(world)
    return a_list(world)


def states(batch: Batch) -> dict[int, str]:
    return dict(Row.objects.filter(batch=batch).order_by("number").values_list("number", "state"))


def user(world: World, person: str) -> UUID:
    return world.people[person].pk
