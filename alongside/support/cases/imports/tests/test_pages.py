"""Every page of bringing a caseload along, as a manager goes through it."""

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from alongside.foundation.office.documents import reading
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports import making
from alongside.support.cases.imports.models import Batch, Row
from alongside.support.cases.imports.tests.sheets import (
    MANAGER,
    ROWS,
    brought,
    case_of,
    fresh,
    mapped,
    row,
    sent,
    service_of,
    states,
    waiting_list,
    workbook,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def got(world: World, view: str, *keys: Any, status: int = 200) -> str:
    answer = world.client(MANAGER).get(reverse(f"imports:{view}", args=keys))
    assert answer.status_code == status, view
    return answer.content.decode()


def posted(world: World, view: str, *keys: Any, **said: Any) -> Any:
    return world.client(MANAGER).post(reverse(f"imports:{view}", args=keys), said, follow=True)


def test_a_sheet_is_sent_understood_mended_and_brought_in_by_pages(world: World) -> None:
    service_of(world)
    waiting_list(world)
    file = SimpleUploadedFile("live.xlsx", workbook())
    assert "What do the columns hold?" in posted(world, "upload", file=file).content.decode()
    batch = Batch.objects.get()
    said = {"column-0": "own_reference", "column-1": "given_name", "column-2": "family_name", "column-3": "birth_date",
            "column-4": "phone", "column-6": "crime_type", "column-9": "accepted_on", "column-11": "waiting_since",
            "fixed-service": str(service_of(world).pk), "seen": "1"}  # fmt: skip
    assert "What do your words mean?" in posted(world, "map_columns", batch.pk, **said).content.decode()
    words = {"word-crime_type-0": "domestic_abuse", "word-crime_type-1": "stalking", "seen": "2"}
    assert "2</span>" in posted(world, "say_words", batch.pk, **words).content.decode()
    bad = row(batch, 6)
    page = got(world, "mend", bad.pk)
    assert "This cannot be a telephone number" in page and 'value="31/02/1980"' in page
    mended = {"own_reference": "LS-3", "given_name": "Fixture", "family_name": "Dummy", "birth_date": "1/2/1980",
              "phone": "07700 900103", "crime_type": "domestic_abuse", "service": str(service_of(world).pk),
              "accepted_on": "1/6/2026", "seen": str(bad.version)}  # fmt: skip
    posted(world, "mend", bad.pk, **mended)
    assert set(states(batch).values()) == {"READY"}
    assert "Being brought in" in posted(world, "bring_in", batch.pk).content.decode()
    making.bring_in(batch.pk, now=lambda: world.now)
    page = got(world, "show", batch.pk)
    assert "What was brought in" in page and "See them in the caseload" in page
    assert Case.objects.count() == 3


def test_a_file_that_cannot_be_read_says_what_to_do(world: World) -> None:
    page = posted(world, "upload", file=SimpleUploadedFile("a.pdf", b"%PDF")).content.decode()
    assert "Save it as an Excel workbook" in page
    page = posted(world, "upload").content.decode()
    assert "Choose the file to send" in page and page.count("There is a problem") == 1


@pytest.fixture
def busy(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine so busy that the program that opens a workbook has no time to."""
    monkeypatch.setattr(reading, "SECONDS", 0)


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("view", ["choose_sheet", "map_columns", "say_words"])
def test_a_file_that_does_not_open_a_second_time_says_what_to_do(
    world: World, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as calm:
        calm.setattr(reading, "SECONDS", 20)
        batch = mapped(world)
    page = got(world, view, batch.pk, status=422)
    assert "The file did not open this time" in page and "Try again" in page
    assert reading.TOO_MUCH in page and "Send a file that you saved anew" in page
    assert "Go on with the rows as they were read before" in page and Batch.objects.filter(pk=batch.pk).exists()


def test_what_was_said_of_a_file_that_did_not_open_is_sent_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = sent(world)
    said = {"column-0": "own_reference", "column-6": "crime_type", "column-9": "accepted_on", "seen": "1",
            "fixed-service": str(service_of(world).pk)}  # fmt: skip
    with monkeypatch.context() as busy:
        busy.setattr(reading, "SECONDS", 0)
        answer = posted(world, "map_columns", batch.pk, csrfmiddlewaretoken="x", **said)
    page = answer.content.decode()
    assert answer.status_code == 422 and "what you have just said of it is kept on this page" in page
    kept = dict(re.findall(r'<input type="hidden" name="([a-z]+(?:-[\w-]+)?)" value="([^"]*)">', page))
    assert said.items() <= kept.items() and kept["csrfmiddlewaretoken"] != "x" and "as they were read" not in page
    assert fresh(batch).state == "UPLOADED"
    del kept["csrfmiddlewaretoken"]
    assert "What do your words mean?" in posted(world, "map_columns", batch.pk, **kept).content.decode()


def test_every_page_opens(world: World) -> None:
    assert "Nothing yet" in got(world, "imports")
    batch = mapped(world)
    for view in ("imports", "guide", "upload"):
        got(world, view)
    for view in ("show", "choose_sheet", "map_columns", "say_words", "undo", "throw_away"):
        got(world, view, batch.pk)
    got(world, "show", sent(world).pk, status=302)
    for number in (4, 6):
        got(world, "mend", row(batch, number).pk)


def test_files_to_download_are_spreadsheets_that_run_nothing(world: World) -> None:
    batch = mapped(world, workbook([(*ROWS[2][:17], "=HYPERLINK(1)", "")]))
    for view, keys in (("template", ()), ("example", ()), ("problems", (batch.pk,))):
        answer = posted(world, view, *keys)
        assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"], view
    text = posted(world, "problems", batch.pk, form="csv").content.decode()
    assert "'=HYPERLINK(1)" in text and "This is no day that we can read" in text


def test_the_list_is_narrowed_and_a_name_never_stands_in_an_address(world: World) -> None:
    batch = mapped(world)
    assert "Testina Sample" not in got(world, "show", batch.pk).replace("Testina Sample", "", 1)
    found = posted(world, "search", batch.pk, q="exempla")
    assert "exempla" not in found.redirect_chain[-1][0] and "Exempla Specimen" in found.content.decode()
    assert "Testina Sample" not in found.content.decode()
    narrowed = world.client(MANAGER).get(reverse("imports:show", args=[batch.pk]), {"state": "MEND", "fault": "phone"})
    assert "Fixture Dummy" in narrowed.content.decode() and "Exempla" not in narrowed.content.decode()


def test_twins_and_differences_are_shown_beside_their_row(world: World) -> None:
    first = brought(world)
    rows = [("LS-9", *ROWS[0][1:]), (*ROWS[1][:4], "07700 900199", *ROWS[1][5:])]
    again = mapped(world, workbook(rows))
    alike, changed = row(again, 4), row(again, 5)
    page = got(world, "mend", alike.pk)
    assert "Is this the same person?" in page and case_of(first, 4).reference in page
    page = got(world, "mend", changed.pk)
    assert "07700 900102" in page and "07700 900199" in page and "Nothing is written over" in page
    posted(world, "leave_out", alike.pk, seen=alike.version)
    assert states(again)[4] == "LEFT_OUT"
    posted(world, "take_in_again", alike.pk, seen=row(again, 4).version)
    posted(world, "say_apart", alike.pk, seen=row(again, 4).version)
    assert states(again)[4] == "READY"
    assert "changed this meanwhile" in posted(world, "say_apart", alike.pk, seen="x").content.decode()


def test_a_word_that_is_not_known_is_named_first_and_kept_until_somebody_says_what_it_means(world: World) -> None:
    odd = mapped(world, workbook([(*ROWS[1][:5], "ring Mum", "Zorbing", *ROWS[1][7:])]))
    assert "We do not know “Zorbing”." in got(world, "show", odd.pk)
    page = got(world, "mend", row(odd, 4).pk)
    assert page.index("To be mended") < page.index("“ring Mum”: not said yet") < page.index("What else the row says")
    kept = {"own_reference": "LS-2", "given_name": "Exempla", "family_name": "Specimen", "birth_date": "03/04/1985",
            "phone": "07700 900102", "accepted_on": "11/05/2026", "waiting_since": "12/05/2026",
            "service": str(service_of(world).pk), "safe_call": "ring Mum", "crime_type": "Zorbing"}  # fmt: skip
    page = posted(world, "mend", row(odd, 4).pk, **kept, seen=row(odd, 4).version).content.decode()
    assert "2 things are still to be mended" in page and "“ring Mum”: not said yet" in page
    said = {**kept, "crime_type": "stalking"}
    page = posted(world, "mend", row(odd, 4).pk, **said, seen=row(odd, 4).version).content.decode()
    assert "1 thing is still to be mended" in page and "“ring Mum”: not said yet" in page


def test_two_who_mend_one_row_do_not_write_over_each_other(world: World) -> None:
    bad = row(mapped(world), 6)
    posted(world, "leave_out", bad.pk, seen=bad.version)
    page = posted(world, "mend", bad.pk, given_name="Other", seen=bad.version).content.decode()
    assert "Somebody has changed this meanwhile" in page and 'value="Other"' in page


def test_a_sheet_is_chosen_and_stopped_undone_and_thrown_away_by_pages(world: World) -> None:
    batch = mapped(world)
    assert "heading_row" in posted(world, "choose_sheet", batch.pk, sheet="0", heading_row="2").content.decode()
    posted(world, "choose_sheet", batch.pk, sheet="0", heading_row="3")
    assert not Row.objects.exists()
    batch = brought(world, at=timezone.now())
    assert "2 cases" in got(world, "undo", batch.pk)
    assert "Being taken back" in posted(world, "undo", batch.pk).content.decode()
    other = mapped(world, workbook([ROWS[2]]))
    assert "No row is ready" in posted(world, "bring_in", other.pk).content.decode()
    for view in ("stop", "try_again"):
        posted(world, view, other.pk)
    posted(world, "throw_away", other.pk)
    assert not Batch.objects.filter(pk=other.pk).exists()


def test_days_in_doubt_are_asked_once_for_the_column(world: World) -> None:
    rows = [(*one[:9], day, *[""] * 9) for one, day in zip(ROWS[:2], ("03/13/2026", "04/14/2026"), strict=True)]
    batch = mapped(world, workbook(rows))
    page = got(world, "say_words", batch.pk)
    assert "How are days written in “Accepted on”?" in page and "Month first" in page
    posted(world, "say_words", batch.pk, **{"way-accepted_on": "mdy", "seen": str(batch.version),
                                            "word-crime_type-0": "domestic_abuse"})  # fmt: skip
    assert "accepted_on" not in row(batch, 4).faults
    assert fresh(batch).version == batch.version + 1


def test_what_was_planned_before_is_settled_by_its_page(world: World) -> None:
    case = case_of(brought(world), 4)
    where = reverse("imports:settle_next", args=[case.pk])
    assert "Planned before" in world.client("caseworker").get(where).content.decode()
    assert world.client("caseworker").post(where).status_code == 302
