"""Two people reset a lost second factor; somebody who signs in once too often is told so in the first place."""

import re
from email import message_from_bytes
from pathlib import Path

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

LOST = "Casey Worker"


def given_the_manager_asks(manager: Visitor) -> None:
    manager.follow("People", within="nav[aria-label='Main']")
    row = manager.page.locator("main tr").filter(has_text=LOST)
    manager.follow_in(row.locator("li").filter(has_text="Reset sign-in"))
    manager.press("Ask for a reset", refused=True)
    manager.choose(checked="called")
    manager.press("Ask for a reset")
    manager.sees("Nothing has changed yet", LOST)


def then_who_asked_cannot_confirm(manager: Visitor) -> None:
    manager.follow("Look", within="main", exact=False)
    manager.sees("Somebody else must confirm it")
    assert manager.page.get_by_role("button", name="Confirm the reset").count() == 0


def when_the_hub_confirms(hub: Visitor) -> None:
    hub.follow("People", within="nav[aria-label='Main']")
    hub.follow("Confirm or refuse", within="main", exact=False)
    hub.sees("I called them on a number", "Selma Servicemanager")
    hub.choose(checked="seen")
    hub.look_at_both_widths()
    hub.press("Confirm the reset")
    hub.sees("signed out everywhere")
    hub.does_not_see("/invitation/")


def mailed_link(folder: Path) -> str:
    """The link of the newest mail to staff that has one."""
    mails = sorted((folder / "outbox" / "staff").iterdir(), key=lambda path: path.stat().st_mtime)
    bodies = [str(message_from_bytes(path.read_bytes()).get_payload()) for path in mails]
    found = [match[0] for body in bodies for match in re.finditer(r"/invitation/\S+/", body)]
    return found[-1]


def test_a_lost_second_factor_takes_two_people(person: Person, site: Site) -> None:
    worker, manager, hub = person("caseworker"), person("service-manager"), person("hub-manager")
    given_the_manager_asks(manager)
    then_who_asked_cannot_confirm(manager)
    worker.open("/casework/cases/")
    when_the_hub_confirms(hub)
    worker.open("/casework/cases/")
    worker.sees("Sign in")
    worker.open(mailed_link(site.folder))
    worker.sees("Your invitation", "caseworker@alongside.example")


def test_signing_in_once_too_often_ends_the_first_place_and_says_so(person: Person) -> None:
    first = person("officer")
    second = person("officer")
    first.open("/home/")
    first.sees("You signed in somewhere else")
    second.open("/home/")
    second.does_not_see("You signed in somewhere else")
