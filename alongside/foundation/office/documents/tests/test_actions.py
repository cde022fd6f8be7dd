"""Files are built from scratch, scanned, and recorded."""

import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.foundation.office.documents import actions, rules
from alongside.foundation.office.documents.rules import Column

AT = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
COLUMNS = [Column("service", "Service"), Column("count", "Referrals")]
ROWS: list[actions.Row] = [
    {"service": "=HYPERLINK(1)", "count": 5, "name": "Testa Sample"},
    {"service": "Lantern", "count": None, "name": "Testa Sample"},
]


def _table(fmt: str, rows: list[actions.Row] = ROWS) -> actions.Export:
    return actions.table(
        "Quarter 2026Q2", COLUMNS, rows, by=SYSTEM_ACTOR, at=AT, fmt=fmt, about="quarter", notes=["Rounded."]
    )


@pytest.mark.django_db
def test_csv_holds_the_columns_asked_for_and_nothing_beside_them() -> None:
    export = _table("csv")
    lines = list(csv.reader(StringIO(export.content.decode("utf-8-sig"))))
    assert lines == [["Service", "Referrals"], ["'=HYPERLINK(1)", "5"], ["Lantern", ""], ["Rounded."]]
    assert (export.filename, export.rows) == ("quarter-2026q2.csv", 2)
    assert b"Testa" not in export.content


@pytest.mark.django_db
def test_xlsx_passes_its_own_scan_and_names_nobody() -> None:
    export = _table("xlsx")
    assert rules.scan_xlsx(export.content) == []
    book = load_workbook(BytesIO(export.content))
    assert [sheet.title for sheet in book] == ["Figures"]
    values = [list(row) for row in book.active.values]  # type: ignore[union-attr]
    assert values[:3] == [["Service", "Referrals"], ["'=HYPERLINK(1)", 5], ["Lantern", ""]]
    assert values[-1][0] == "Rounded."
    assert not book.properties.creator


@pytest.mark.django_db
def test_xlsx_writes_days_and_answers_as_words() -> None:
    rows: list[actions.Row] = [{"service": date(2026, 7, 1), "count": True}]
    export = actions.table("x", COLUMNS, rows, by=SYSTEM_ACTOR, at=AT, fmt="xlsx", about="x")
    book = load_workbook(BytesIO(export.content))
    assert list(book.active.values)[1] == ("2026-07-01", "Yes")  # type: ignore[union-attr]


@pytest.mark.django_db
def test_an_export_is_recorded_with_who_what_and_how_many() -> None:
    _table("csv")
    event = Event.objects.get(name="export.made")
    assert event.details == {"file": "quarter-2026q2.csv", "rows": 2, "about": "quarter"}
    assert event.realm == "worker"


@pytest.mark.django_db
def test_a_file_with_a_fault_is_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "scan_xlsx", lambda content: ["The sheet “SAP” is hidden."])
    with pytest.raises(actions.ExportRefused, match="SAP"):
        _table("xlsx")
    assert not Event.objects.filter(name="export.made").exists()


@pytest.mark.django_db
def test_what_cannot_be_made_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RuleBroken, match="CSV or Excel"):
        _table("pdf")
    with pytest.raises(RuleBroken, match="columns"):
        actions.table("x", [], [], by=SYSTEM_ACTOR, at=AT, about="x")
    with pytest.raises(RuleBroken, match="has no “count”"):
        _table("csv", [{"service": "Lantern"}])
    monkeypatch.setattr(rules, "MAX_ROWS", 1)
    with pytest.raises(RuleBroken, match="2 rows"):
        _table("csv")


@pytest.mark.django_db
def test_an_empty_list_makes_a_file_with_heads_alone() -> None:
    export = actions.table("x", COLUMNS, [], by=SYSTEM_ACTOR, at=AT, fmt="xlsx", about="x")
    assert export.rows == 0
    assert rules.scan_xlsx(export.content) == []


@pytest.mark.django_db
def test_a_print_is_recorded() -> None:
    subject = uuid7()
    actions.note_print(subject, by=SYSTEM_ACTOR, at=AT, what="case")
    event = Event.objects.get(name="print.made")
    assert (event.subject, event.details) == (subject, {"what": "case"})
