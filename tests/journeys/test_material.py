"""A vague request for records by hand: taken down, asked back with the drafted answer, completed, refused in part."""

from datetime import date

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case
from tests.journeys.test_justice import boxes
from tests.journeys.visitor import Visitor

TODAY = date.today()


def when_it_is_taken_down(worker: Visitor) -> None:
    worker.follow("Requests for records", within="main")
    worker.sees("Nobody has asked for records")
    worker.follow("Take down a request", within="main")
    worker.look_at_both_widths()
    worker.page.get_by_role("radio", name="Police").check()
    worker.page.get_by_role("checkbox", name="Case notes").check()
    worker.fill(office="Sample Police", scope="All that you hold", **boxes("asked_on", TODAY))
    worker.press("Put it in the register")
    worker.sees("What the request does not say")
    worker.look_at_both_widths()


def when_they_are_asked_for_what_is_missing(worker: Visitor) -> None:
    worker.follow("Ask for what is missing", within="main")
    worker.sees("We cannot consider it yet", "This is not a refusal")
    worker.look_at_both_widths()
    worker.press("I have sent it")
    worker.sees("Asked for what is missing")


def when_the_manager_refuses(manager: Visitor) -> None:
    manager.open("/casework/requests/")
    manager.look_at_both_widths()
    manager.follow("Madeup Asked", within="main")
    manager.follow("Decide", within="main")
    manager.look_at_both_widths()
    manager.page.get_by_role("radio", name="Refuse").check()
    manager.page.get_by_role("checkbox", name="What was missing was never sent").check()
    manager.press("Record the decision")
    manager.sees("The decision is recorded", "Refused")


def test_a_vague_request_is_asked_back_and_refused(person: Person) -> None:
    given_a_case(person, "Asked", "07700 900745")
    worker = person("caseworker")
    worker.open("/casework/cases/?whose=")
    worker.follow("Madeup Asked", within="main")
    when_it_is_taken_down(worker)
    when_they_are_asked_for_what_is_missing(worker)
    when_the_manager_refuses(person("service-manager"))
