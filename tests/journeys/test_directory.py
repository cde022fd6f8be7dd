"""A hub's manager decides about what another directory lists, and the public finds it."""

import json
from pathlib import Path

from tests.journeys.conftest import Person
from tests.journeys.served import Site

NAME = "Sample allotment for everybody"
LIST = [{"id": "s-1", "name": NAME, "description": "Growing.", "organization": {"name": "Sample Growers"}}]


def given_a_list_from_elsewhere(site: Site, folder: Path) -> None:
    file = folder / "list.json"
    file.write_text(json.dumps(LIST))
    site.run("worker", "directory", "import", str(file), "--source", "sample-list", "--council", "E08000031")


def test_manager_adopts_a_listed_service_and_undoes_it(person: Person, site: Site, tmp_path: Path) -> None:
    given_a_list_from_elsewhere(site, tmp_path)
    manager = person("hub-manager")
    manager.follow("Services", within="nav[aria-label='Main']")
    manager.follow("Lists of other directories")
    manager.follow("Services that came from them")
    manager.fill(q="growers")
    manager.press("Search")
    manager.look_at_both_widths()
    manager.follow(NAME)
    manager.sees("Not decided", "From the list of Sample List")
    manager.follow("Adopt it")
    manager.press("Adopt", refused=True)
    manager.sees("Choose who runs it")
    manager.select(provider="Evergreen Sample Network")
    manager.choose(takes_referrals="no", crime_types=["theft"])
    manager.look_at_both_widths()
    manager.press("Adopt")
    manager.sees("Adopted", "Evergreen Sample Network runs it here")

    anyone = person()
    anyone.open("/information/list/")
    anyone.page.locator("#id_q").fill("allotment")
    anyone.press("Search")
    anyone.press(NAME)
    anyone.sees("Evergreen Sample Network")
    anyone.does_not_see("We have not checked this service")

    manager.press("Undo")
    manager.sees("Not decided")
    manager.press("Leave it for signposting")
    manager.sees("Signposting only")
    anyone.open(anyone.path)
    anyone.sees("We have not checked this service, and do not send people to it")
