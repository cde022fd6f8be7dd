"""The rulebook's pages, read by everybody who works here and changed by few."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse

from alongside.foundation.office.rulebook import queries
from alongside.foundation.office.rulebook.forms import today
from tests.world import World

pytestmark = pytest.mark.django_db
CLOCK = "/rulebook/clocks/row/first_contact_attempt/"
REVISE = "/rulebook/clocks/revise/first_contact_attempt/"
READERS = ("triage_officer", "caseworker", "referrer", "board_member", "office_administrator")


def boxes(name: str, days: int = 0) -> dict[str, str]:
    day = today() + timedelta(days=days)
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def revised(**changed: str) -> dict[str, str]:
    row = queries.rule("clocks", "first_contact_attempt", today())
    return {"title": row.title, **{name: str(value) for name, value in row.body.items()}, "source": "Board",
            "seen": str(row.version),             **boxes("since"), **changed}  # fmt: skip


def ending(days: int = 0, *, seen: int = 1) -> dict[str, str]:
    return {**boxes("until", days), "seen": str(seen)}


@pytest.mark.parametrize("person", READERS)
def test_everybody_who_works_here_reads_the_books(world: World, person: str) -> None:
    client = world.client(person)
    assert "Status words" in client.get("/rulebook/").text
    page = client.get(CLOCK).text
    assert ("First version" in page and "Revise" in page) or person != "office_administrator"


def test_every_book_and_every_row_has_a_page(world: World) -> None:
    client = world.client("office_administrator")
    for book, told in queries.books().items():
        if told.written_at:
            assert client.get(f"/rulebook/{book}/", follow=True).redirect_chain == [(reverse(told.written_at), 302)]
            continue
        assert client.get(f"/rulebook/{book}/").status_code == 200, book
        for row in queries.current(book, today())[:2]:
            assert client.get(f"/rulebook/{book}/row/{row.code}/").status_code == 200
            assert client.get(f"/rulebook/{book}/revise/{row.code}/").status_code == 200


def test_a_book_can_be_sorted_and_shows_source_and_version(world: World) -> None:
    page = world.client("triage_officer").get("/rulebook/outcomes/?sort=-title").text
    assert page.index("Informed and able") < page.index("Health and wellbeing") < page.index("Feeling safe")
    assert "Ministry of Justice outcomes framework" in page
    assert "1 April 2021" in page
    assert "Add a row" not in page


def test_revise_writes_a_version_and_shows_what_changed(world: World) -> None:
    client = world.client("office_administrator")
    page = client.post(REVISE, revised(working_days="1"), follow=True).text
    assert "Working days: was “2”" in page
    assert "This office" in page
    assert queries.rule("clocks", "first_contact_attempt", today()).number("working_days") == 1


def test_revise_says_what_is_wrong_and_keeps_what_was_typed(world: World) -> None:
    client = world.client("hub_manager")
    past = boxes("since", -1)
    page = client.post(REVISE, revised(working_days="7", **past)).text
    assert "cannot start in the past" in page
    assert 'value="7"' in page
    page = client.post(REVISE, revised(working_days="-1")).text
    assert "Enter 0 or more" in page


def test_a_version_that_starts_later_is_announced(world: World) -> None:
    client = world.client("office_administrator")
    client.post(REVISE, revised(working_days="1", **boxes("since", 9)))
    assert "Coming" in client.get("/rulebook/clocks/").text
    assert "From " in client.get(CLOCK).text
    client.post(REVISE, revised(working_days="3", seen="2", **boxes("since", 9)))
    assert "Never: replaced" in client.get(CLOCK).text


def test_add_and_withdraw_a_row(world: World) -> None:
    client = world.client("office_administrator")
    assert client.get("/rulebook/closure_reasons/add/").status_code == 200
    typed = {
        **{"code": "moved_abroad", "title": "Moved abroad", "closed_by": "both", "status": "closed"},
        **{"kept_as": "support", "planned": "no", "leave_information": "yes", "source": "Office decision"},
        **{"tries": "0", "tries_ways": "0", "tries_days": "0", "silent": "no"},
        **boxes("since"),
    }
    page = client.post("/rulebook/closure_reasons/add/", typed, follow=True).text
    assert "Moved abroad" in page
    assert queries.rule("closure_reasons", "moved_abroad", today()).flag("leave_information")
    assert "in the book already" in client.post("/rulebook/closure_reasons/add/", typed).text
    assert client.get("/rulebook/closure_reasons/withdraw/moved_abroad/").status_code == 200
    page = client.post("/rulebook/closure_reasons/withdraw/moved_abroad/", ending(3), follow=True).text
    assert "withdrawn from" in page
    assert ">Revise<" not in page


def test_withdraw_refuses_a_row_that_somebody_else_revised_meanwhile(world: World) -> None:
    client, address = world.client("office_administrator"), "/rulebook/clocks/withdraw/first_contact_attempt/"
    assert 'name="seen" value="1"' in client.get(address).text
    client.post(REVISE, revised(working_days="1"))
    assert "Somebody else revised this row meanwhile" in client.post(address, ending(1)).text
    assert queries.rule("clocks", "first_contact_attempt", today()).until is None


def test_withdraw_refuses_what_is_used_elsewhere(world: World) -> None:
    page = world.client("office_administrator").post("/rulebook/routes/withdraw/homicide_service/", ending())
    assert "Still used by Crime types" in page.text


def test_what_the_product_asks_for_shows_no_way_to_withdraw_it(world: World) -> None:
    client = world.client("office_administrator")
    page = client.get(CLOCK).text
    assert "it can be revised, but not withdrawn" in page
    assert "/withdraw/" not in page
    assert "/withdraw/" in client.get("/rulebook/routes/row/homicide_service/").text


def test_offence_codes_are_found_by_any_spelling_or_by_words(world: World) -> None:
    client = world.client("triage_officer")
    page = client.get("/rulebook/offences/?q=008n").text
    assert "Assault with injury" in page
    assert "Violence with injury" in page
    assert "Stalking involving fear" in client.get("/rulebook/offences/?q=stalking&crime_type=stalking").text
    assert "No code is like that" in client.get("/rulebook/offences/?q=dragons").text


def test_offence_codes_come_a_hundred_at_a_time(world: World) -> None:
    client = world.client("triage_officer")
    page = client.get("/rulebook/offences/?kind=notifiable").text
    assert "Next page" in page
    assert "Previous page" not in page
    last = queries.find_offences(today(), words="", crime_type="", kind="notifiable", after="")
    page = client.get(f"/rulebook/offences/?kind=notifiable&after={last.next}").text
    assert "Previous page" in page
    assert "Next page" not in page


def test_what_is_not_in_the_rulebook_is_not_found(world: World) -> None:
    client = world.client("office_administrator")
    for address in ("spells/", "spells/add/", "clocks/row/spells/", "clocks/revise/spells/", "spells/row/x/"):
        assert client.get(f"/rulebook/{address}").status_code == 404


def rows_of(answer_content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(answer_content.decode("utf-8-sig"))))


def test_a_book_is_taken_away_with_every_version_and_its_source(world: World) -> None:
    manager = world.client("office_administrator")
    manager.post(REVISE, revised(title="First try", working_days="1"))
    answer = world.client("caseworker").get("/rulebook/clocks/download/")
    assert answer["Content-Disposition"] == 'attachment; filename="rulebook-clocks.csv"'
    found = [row for row in rows_of(answer.content) if row["Code"] == "first_contact_attempt"]
    assert [row["Version"] for row in found] == ["1", "2"]
    assert [row["Who wrote it"] for row in found] == ["Alongside", "This office"]
    assert found[0]["Not in force from"] == found[1]["In force from"] == today().isoformat()
    assert found[1]["Where it comes from"] == "Board"
    assert world.client("caseworker").get("/rulebook/no_such/download/").status_code == 404


def test_no_cell_of_a_file_is_run_by_a_spreadsheet(world: World) -> None:
    world.client("office_administrator").post(REVISE, revised(title="=1+1"))
    titles = [row["Title"] for row in rows_of(world.client("analyst").get("/rulebook/clocks/download/").content)]
    assert "'=1+1" in titles
    assert "=1+1" not in titles


def test_every_book_and_the_offence_codes_can_be_taken_away(world: World) -> None:
    client = world.client("caseworker")
    for book in queries.books():
        assert len(rows_of(client.get(f"/rulebook/{book}/download/").content)) == len(queries.every_version(book)), book
    offences = rows_of(client.get("/rulebook/offences/download/").content)
    assert len(offences) == len(queries.offences(today()))
    assert {"Code": "8N", "Crime type": "Violence"}.items() <= next(
        row for row in offences if row["Code"] == "8N"
    ).items()


def test_several_columns_of_yes_or_no_are_shown_as_one(world: World) -> None:
    page = world.client("caseworker").get("/rulebook/crime_types/").text
    assert "Marked as" in page
    assert "Hidden crime, Most serious crime" in page
    assert "Marked as" not in world.client("caseworker").get("/rulebook/enhanced_entitlement/").text


def test_two_people_who_revise_one_row_do_not_overwrite_each_other(world: World) -> None:
    first, second = world.client("office_administrator"), world.client("hub_manager")
    begun = revised(title="From the hub")
    assert 'name="seen" value="1"' in second.get(REVISE).text
    first.post(REVISE, revised(title="From the office"))
    page = second.post(REVISE, begun).text
    assert "Somebody else revised this row meanwhile" in page
    assert "From the hub" in page
    assert queries.history("clocks", "first_contact_attempt")[0].title == "From the office"


def test_no_two_books_share_a_title() -> None:
    titles = [book.title for book in queries.books().values()]
    assert len(titles) == len(set(titles))


def test_books_and_the_rows_of_a_long_one_are_searched(world: World) -> None:
    client = world.client("caseworker")
    found = client.get("/rulebook/?q=urdu").text
    assert "/rulebook/languages/" in found
    assert "/rulebook/clocks/" not in found
    assert "No book is like that" in client.get("/rulebook/?q=klingon").text
    rows = client.get("/rulebook/languages/?q=urdu&sort=-title").text
    assert "/rulebook/languages/row/ur/" in rows
    assert "/rulebook/languages/row/pl/" not in rows
    assert "No row is like that" in client.get("/rulebook/languages/?q=klingon").text
    assert "app-filters" not in client.get("/rulebook/case_weights/").text
