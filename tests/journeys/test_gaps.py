"""A commissioner sees where nobody helps men, who does the same, and what changed."""

from tests.journeys.conftest import Person


def test_a_commissioner_looks_for_gaps(person: Person) -> None:
    commissioner = person("commissioner")
    commissioner.open("/services/")
    commissioner.follow("Gaps")
    commissioner.sees("Where help is missing", "As at")
    commissioner.select(group="Men and boys")
    commissioner.press("Apply filters")
    commissioner.sees("For: Men and boys", "No service names it")
    commissioner.look_at_both_widths()
    commissioner.follow("Who does the same", exact=False)
    commissioner.sees("For: Men and boys")
    commissioner.look_at_both_widths()
    commissioner.follow("Out of reach", exact=False)
    commissioner.sees("Services that nobody can reach", "nobody can get there at all")
    commissioner.look_at_both_widths()
    commissioner.follow("Since last quarter", exact=False)
    commissioner.look_at_both_widths()
