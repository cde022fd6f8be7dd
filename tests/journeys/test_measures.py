"""A measure is found by its words, read with its history and its groups, and opened into the rows that it counts."""

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor


def when_a_measure_is_looked_for(reader: Visitor) -> None:
    reader.follow("Quarter", within="nav[aria-label='Main']")
    reader.follow("All measures and their definitions")
    reader.look_at_both_widths()
    reader.fill(q="nobody came")
    reader.press("Search")
    reader.sees("Attendance")
    reader.follow("Attendance", within="main")
    reader.look_at_both_widths()


def then_its_rows_are_opened_by_whoever_says_why(reader: Visitor) -> None:
    reader.follow("Kind of session", within="nav[aria-label='Break down by']")
    reader.sees("By kind of session")
    reader.follow("Service", within="nav[aria-label='Break down by']")
    reader.page.locator("main table td a").last.click()
    reader.sees("The rows that it was made of")
    reader.press("Open the rows", refused=True)
    reader.select(why="To check how a figure came about")
    reader.press("Open the rows")
    reader.sees("What it was made of", "Pseudonym", "Counted")
    reader.look_at_both_widths()


def test_a_measure_is_found_read_and_opened_into_its_rows(person: Person) -> None:
    analyst = person("analyst")
    when_a_measure_is_looked_for(analyst)
    then_its_rows_are_opened_by_whoever_says_why(analyst)


def test_a_provider_reads_the_rules_by_which_it_is_counted(person: Person) -> None:
    manager = person("service-manager")
    manager.follow("Your figures", within="nav[aria-label='Main']")
    manager.follow("All measures and their definitions")
    manager.look_at_both_widths()
    manager.follow("All counting rules on paper")
    manager.sees("Could not be reached", "How figures are protected")
    manager.look_at_both_widths()
