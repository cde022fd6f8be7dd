"""The hub takes over what another directory lists: first what is for victims; what it rejected is not asked twice."""

import json
from pathlib import Path
from typing import Any

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

NAME = "Sample Moor directory"


def entry(number: int, name: str, words: str, **more: Any) -> dict[str, Any]:
    return {"id": f"moor-{number}", "name": name, "description": words, "status": "active", "email": "",
            "organization": {"name": "Sample Moor Council"}, **more}  # fmt: skip


FEED = [
    entry(1, "Moor women’s room", "<p>A room for women after domestic abuse.</p>"),
    entry(2, "Moor scam line", "Help after fraud.", phones=[{"number": "01632 960 450"}]),
    entry(3, "Moor knitting", "Knitting on Mondays."),
    entry(4, "Moor refuge dance", "A dance evening for the women’s refuge."),
]


def given_a_file(folder: Path, entries: object, name: str = "moor.json") -> str:
    file = folder / name
    file.write_text(json.dumps(entries) if not isinstance(entries, str) else entries)
    return str(file)


def when_it_is_uploaded(manager: Visitor, file: str, to: str) -> None:
    """The page sends a file with a bar beside it, and goes on without loading anew."""
    manager.page.locator("[name=file]").set_input_files(file)
    manager.page.get_by_role("button", name="Upload and compare").click()
    manager.page.wait_for_url(to)


def test_the_office_takes_over_a_list(person: Person, site: Site, tmp_path: Path) -> None:
    manager = person("hub-manager")
    manager.follow("Services", within="nav[aria-label='Main']")
    manager.follow("Lists of other directories")
    manager.look_at_both_widths()
    manager.follow("Add a list")
    manager.fill(name=NAME, publisher="Sample Moor Council", address="https://moor.example/services")
    manager.press("Add the list", refused=True)
    manager.sees("Ask whoever runs it to add that host")
    manager.look_at_both_widths()
    manager.fill(address="", licence="Free to use with the name of Sample Moor Council.")
    manager.press("Add the list")
    manager.look_at_both_widths()
    shelf = manager.path
    when_it_is_uploaded(manager, given_a_file(tmp_path, "<html>", "page.json"), "**/lists/**")
    manager.sees("It is a web page and not a list")
    when_it_is_uploaded(manager, given_a_file(tmp_path, FEED), "**/readings/**")
    reading = manager.path
    site.work()
    manager.open(reading)
    manager.sees("Empty text, kept as nothing", "Mark-up taken off")
    manager.look_at_both_widths()
    manager.follow("Begin with those likely for victims")
    manager.sees("3 differences fit")
    manager.does_not_see("knitting")
    manager.look_at_both_widths()
    manager.follow("Moor refuge dance")
    manager.look_at_both_widths()
    manager.press("Reject")
    manager.sees("Rejected. The same is not asked again.")
    manager.look_at_both_widths()
    manager.open(f"{shelf}differences/?about=victims")
    for box in manager.page.locator("[name=which]").all():
        box.check()
    manager.press("Accept and signpost")
    manager.sees("2 accepted and left for signposting")
    manager.open(f"{shelf}differences/")
    manager.follow("Accept all 1")
    manager.look_at_both_widths()
    manager.press("Accept 1")
    manager.sees("1 accepted.", "Nothing here")

    anyone = person()
    anyone.open("/information/list/")
    anyone.page.locator("#id_q").fill("scam line")
    anyone.press("Search")
    anyone.press("Moor scam line")
    anyone.sees("Listed by Sample Moor Council", "Free to use with the name")
    anyone.look_at_both_widths()

    manager.open(shelf)
    changed = [{**FEED[1], "phones": [{"number": "01632 960 451"}]}, *FEED[2:]]
    when_it_is_uploaded(manager, given_a_file(tmp_path, changed), "**/readings/**")
    site.work()
    manager.open(f"{shelf}differences/")
    manager.sees("2 differences", "Moor scam line", "Moor women’s room", "Not in the list any more")
    manager.does_not_see("Moor refuge dance")
    manager.follow("Moor scam line")
    manager.sees("01632 960 450", "01632 960 451")
    manager.look_at_both_widths()
    manager.press("Accept")
    manager.press("Undo this decision")
    manager.sees("waits for a decision again")
    manager.open(f"{shelf}remove/")
    manager.look_at_both_widths()
    manager.press("Remove it")
    manager.sees("Removed.")
