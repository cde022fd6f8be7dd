"""A charity's own spreadsheet: sent as it is, understood, mended, brought in, seen waiting, and taken back."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter
from playwright.sync_api import FilePayload

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import PHONE, Visitor

HEADINGS = ("Client no", "First name", "Surname", "DOB", "Mobile", "Safe to call", "Voicemail", "Offence",
            "Date opened", "Waiting since", "Notes", "Shoe size")  # fmt: skip
ROWS: tuple[tuple[Any, ...], ...] = (
    ("BR-1", "Broughta", "Alongone", date(1990, 2, 14), "07700 900760", "Y", "n", "DA", date(2026, 3, 2),
     date(2026, 3, 9), "Made up: likes mornings", 38),
    ("BR-2", "Broughto", "Alongtwo", "31/02/1980", "07700 900761", "n", "n", "DA", date(2026, 5, 11), "", "", ""),
    ("BR-3", "Broughti", "Alongthree", "1/2/1985", "12", "?", "", "Stalking", date(2026, 6, 1), "", "", ""),
)  # fmt: skip


def a_workbook() -> FilePayload:
    """As people keep them: something above the headings, merged cells, a formula, a hidden sheet."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet, day = book.add_worksheet("Live"), book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.merge_range("A1:D1", "Caseload, made up for Monday")
        sheet.write_formula("N9", "=1+1", None, 2)
        book.add_worksheet("Old").hide()
        for down, row in enumerate((HEADINGS, *ROWS), start=2):
            for across, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_datetime(down, across, datetime(cell.year, cell.month, cell.day), day)
                else:
                    sheet.write(down, across, cell)
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "live.xlsx", "mimeType": kind, "buffer": file.getvalue()}


def until_done(manager: Visitor, site: Site, there: str, busy: str) -> None:
    """A job that fails is tried again a little later: the worker is asked a few times."""
    for _ in range(5):
        site.work()
        manager.open(there)
        if busy not in manager.text("h1"):
            return


def when_the_sheet_is_sent(manager: Visitor) -> str:
    manager.follow("Caseload", within="nav[aria-label='Main']")
    manager.follow("Bring your caseload along")
    manager.look_at_both_widths()
    manager.follow("How it goes, step by step")
    manager.look_at_both_widths()
    manager.open("/casework/imports/upload/")
    manager.page.locator("[name=file]").set_input_files(
        {"name": "a.pdf", "mimeType": "application/pdf", "buffer": b"%PDF"}
    )
    manager.page.get_by_role("button", name="Send it").click()
    manager.sees("Save it as an Excel workbook (.xlsx), as OpenDocument (.ods) or as CSV")
    manager.look_at_both_widths()
    manager.page.locator("[name=file]").set_input_files(a_workbook())
    manager.page.get_by_role("button", name="Send it").click()
    manager.page.wait_for_url("**/columns/")
    manager.sees("What do the columns hold?", "The headings are in row 3", "Some cells are merged", "formulas")
    manager.look_at_both_widths()
    return manager.path.removesuffix("columns/")


def and_understood(manager: Visitor) -> None:
    held = "Lantern domestic abuse advocates"
    manager.select(**{"fixed-service": held, "fixed-waiting_list": f"{held}: Counselling one-to-one"})
    manager.press("Go on")
    manager.sees("What do your words mean?", "DA")
    manager.look_at_both_widths()
    manager.page.get_by_label("DA", exact=True).select_option(label="Domestic abuse")
    manager.press("Show me the rows")
    manager.sees("Look at the rows", "This is no day that we can read", "This cannot be a telephone number")
    manager.look_at_both_widths()


def and_two_cells_are_mended(manager: Visitor) -> None:
    manager.follow("Broughto Alongtwo")
    manager.look_at_both_widths()
    manager.fill(birth_date="1/2/1980")
    manager.press("Keep this")
    manager.follow("Broughti Alongthree")
    manager.fill(phone="07700 900762")
    manager.select(safe_call="Not known")
    manager.press("Keep this")
    manager.sees("Bring in the 3 that are ready")


def and_brought_in(manager: Visitor, site: Site, there: str) -> None:
    manager.press("Bring in the 3 that are ready")
    manager.look_at_both_widths()
    until_done(manager, site, there, "Being brought in")
    manager.sees("What was brought in", "See them in the caseload")
    manager.look_at_both_widths()


def then_they_are_in_the_caseload_with_their_day(manager: Visitor) -> None:
    manager.follow("Broughta Alongone")
    manager.sees("Broughta Alongone")
    manager.sees("waits since 9 March 2026", "Brought along from a spreadsheet")
    manager.look_at_both_widths()


def and_a_neighbour_sees_nothing(neighbour: Visitor, there: str) -> None:
    neighbour.open(there, status=404)
    neighbour.open("/casework/imports/", status=403)


def and_all_is_taken_back(manager: Visitor, site: Site, there: str) -> None:
    manager.open(f"{there}undo/")
    manager.sees("3 cases")
    manager.look_at_both_widths()
    manager.press("Take them back")
    until_done(manager, site, there, "Being taken back")
    manager.sees("3 were taken back and erased", "Bring in the 3 that are ready")
    manager.follow("Erase it now")
    manager.look_at_both_widths()
    manager.press("Erase it")
    manager.sees("Nothing yet")


def test_a_caseload_is_brought_along_and_taken_back(person: Person, site: Site) -> None:
    manager, neighbour = person("service-manager"), person("neighbour", PHONE)
    there = when_the_sheet_is_sent(manager)
    and_understood(manager)
    and_two_cells_are_mended(manager)
    and_brought_in(manager, site, there)
    then_they_are_in_the_caseload_with_their_day(manager)
    and_a_neighbour_sees_nothing(neighbour, there)
    and_all_is_taken_back(manager, site, there)
