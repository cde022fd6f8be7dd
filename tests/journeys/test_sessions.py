"""Somebody who left a browser open elsewhere signs it out from where they are."""

from playwright.sync_api import expect

from tests.journeys.conftest import Person


def test_another_session_is_ended_from_this_one(person: Person) -> None:
    elsewhere, here = person("analyst"), person("analyst")
    elsewhere.open("/quarter/")
    here.page.locator(".app-account summary").click()
    here.follow("Where you are signed in")
    assert here.page.locator("main tbody tr").count() >= 2
    here.look_at_both_widths()
    here.press("Sign out everywhere else")
    here.sees("You are signed in nowhere else.")
    expect(here.page.locator("main tbody tr")).to_have_count(1)
    elsewhere.open("/quarter/")
    elsewhere.sees("Sign in")
    here.open("/quarter/")
    here.does_not_see("Sign in to")
