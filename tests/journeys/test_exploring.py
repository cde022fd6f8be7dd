"""An analyst chooses figures, draws them, takes them away, saves a view and deletes it; a provider explores its own."""

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor


def when_figures_are_chosen(reader: Visitor) -> None:
    reader.follow("Explore", within="nav[aria-label='Main']")
    reader.sees("Nothing chosen yet")
    reader.look_at_both_widths()
    reader.fill(q="supported")
    reader.press("Search")
    reader.follow("Add Victims supported")
    reader.sees("Victims supported, 20")
    reader.select(by="Service", compare="A year before")
    reader.press("Show")
    reader.sees("Victims supported, by service", "As at")
    reader.look_at_both_widths()


def then_it_can_be_drawn_in_other_ways(reader: Visitor) -> None:
    reader.select(chart="Small multiples")
    reader.press("Show")
    reader.look_at_both_widths()
    reader.select(by="Council", chart="Map by council")
    reader.press("Show")
    reader.sees("Protected: 1 to 7 are shown as 5")
    reader.look_at_both_widths()
    reader.select(by="Nothing", chart="Process control chart (SPC)", **{"from": "2024Q1"})
    reader.press("Show")
    reader.sees("How to read this chart")
    reader.look_at_both_widths()


def then_a_view_is_saved_and_deleted_and_taken_back(reader: Visitor) -> None:
    reader.press("Save this view", refused=True)
    reader.fill(name="Support under control")
    reader.press("Save this view")
    reader.sees("Saved as “Support under control”.")
    reader.follow("Saved views")
    reader.look_at_both_widths()
    reader.press("Delete")
    reader.sees("For a week it can be taken back")
    reader.press("Take it back")
    reader.sees("It is back.", "Support under control")
    reader.follow("Support under control", within="main")
    reader.sees("How to read this chart")


def test_an_analyst_explores_and_keeps_what_was_found(person: Person) -> None:
    analyst = person("analyst")
    when_figures_are_chosen(analyst)
    then_it_can_be_drawn_in_other_ways(analyst)
    then_a_view_is_saved_and_deleted_and_taken_back(analyst)


def test_a_provider_explores_its_own(person: Person) -> None:
    manager = person("service-manager")
    manager.open("/explore/?m=victims_supported&by=service")
    manager.sees("Exact, and yours alone.")
    manager.look_at_both_widths()
