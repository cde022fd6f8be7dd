"""Somebody comes again: the hub recognises them, links and undoes; nobody else learns of it."""

from tests.journeys.conftest import Person
from tests.journeys.referring import given_a_referral
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

PHONE = "07700 900877"


def when_the_officer_opens(officer: Visitor, reference: str) -> None:
    officer.open(f"/referrals/?q={reference}")
    officer.follow_in(officer.page.locator("main tbody tr", has_text=reference))


def when_the_officer_compares(officer: Visitor) -> str:
    """The address at which the two records stand side by side."""
    officer.follow("Compare records", within="main", exact=False)
    officer.sees("Perhaps the same person", "The same telephone number")
    officer.look_at_both_widths()
    officer.follow_in(officer.page.locator("main article").first)
    officer.sees("What speaks for one person", "Telephone", "Family names almost the same")
    officer.look_at_both_widths()
    return officer.path


def test_who_came_under_a_name_with_a_slip_is_recognised_linked_and_unlinked(person: Person, site: Site) -> None:
    given_a_referral(person, "Fictionbury", PHONE)
    reference = given_a_referral(person, "Fictionbruy", PHONE)
    site.work()
    officer, provider = person("triage"), person("service-manager")
    when_the_officer_opens(officer, reference)
    address = when_the_officer_compares(officer)
    officer.press("Same person")
    officer.sees("They are linked as one person", "It was said")
    officer.press("Undo")
    officer.sees("Nothing is said of these two any more")
    officer.press("Not the same")
    officer.sees("They are kept apart")
    officer.open("/matching/")
    officer.look_at_both_widths()
    provider.open(address, status=404)
    provider.does_not_see("Fictionbury")
