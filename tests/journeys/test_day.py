"""A worker's day, and a manager's Monday: cases given out, a colleague who is ill covered."""

from datetime import date, timedelta

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case, when_the_manager_assigns_it
from tests.journeys.visitor import Visitor

CASEY = "Casey Worker"


def when_a_fair_spread_is_taken(manager: Visitor) -> None:
    manager.follow("Team", within=".app-nav")
    manager.sees("Who has how much")
    manager.look_at_both_widths()
    manager.follow("Give them out")
    manager.look_at_both_widths()
    manager.follow("Propose a fair spread")
    manager.sees("This is a fair spread")
    manager.press("Give them out")
    manager.sees("given out")


def when_somebody_is_ill(manager: Visitor, name: str) -> None:
    until = date.today() + timedelta(days=4)
    manager.follow("Somebody is away")
    manager.look_at_both_widths()
    manager.page.get_by_role("radio", name=name).check()
    manager.fill(until_day=str(until.day), until_month=str(until.month), until_year=str(until.year))
    manager.press("Go on")
    manager.sees(f"Who covers for {name}?")
    manager.look_at_both_widths()
    manager.press("Arrange cover")
    manager.sees("covered")


def test_a_managers_monday(person: Person) -> None:
    given_a_case(person, "Monday", "07700 900742")
    manager = person("service-manager")
    when_a_fair_spread_is_taken(manager)
    manager.does_not_see("with no worker")
    when_somebody_is_ill(manager, CASEY)
    row = manager.page.locator("main tbody tr", has_text=CASEY)
    assert "not covered" not in row.inner_text()
    manager.press("Is back")
    manager.sees("They are back")


def test_a_workers_day_leads_to_what_is_due_and_does_it_in_place(person: Person) -> None:
    case = given_a_case(person, "Today", "07700 900743")
    when_the_manager_assigns_it(person("service-manager"), case, CASEY)
    worker = person("caseworker")
    worker.follow("My day", within=".app-nav")
    worker.sees("Madeup Today", "Make the first contact", "New to you")
    worker.look_at_both_widths()
    line = worker.page.locator("main li.app-steps__item", has_text="Madeup Today").filter(has_text="first contact")
    worker.follow_in(line)
    worker.sees("Record a contact", "Madeup Today")
    worker.open(case)
    worker.follow("My day", within=".app-nav")
    line = worker.page.locator("main li.app-steps__item", has_text="Madeup Today")
    assert "New to you" not in " ".join(line.all_inner_texts())
