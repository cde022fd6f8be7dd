"""The workbench: the queue by keyboard alone, work given out, a colleague away, clocks paused, counts on the wall."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.referring import MAIN, given_a_referral
from tests.journeys.visitor import Visitor

NAMES = ("Keyedone", "Keyedtwo", "Keyedthree")


def given_referrals(person: Person) -> list[str]:
    return [given_a_referral(person, name, f"07700 90081{number}") for number, name in enumerate(NAMES)]


def when_the_officer_chooses_by_key(officer: Visitor) -> None:
    officer.open("/referrals/?view=not_taken")
    officer.look_at_both_widths()
    keys = officer.page.keyboard
    for key in ("j", "x", "j", "x"):
        keys.press(key)
    expect(officer.page.locator(".triage-bar__count")).to_have_text("2 chosen")
    keys.press("Shift+?")
    officer.page.get_by_role("heading", name="Keys of the queue").wait_for()
    keys.press("Escape")


def then_the_keys_do_nothing_while_somebody_types_or_turned_them_off(officer: Visitor) -> None:
    keys = officer.page.keyboard
    keys.press("/")
    keys.type("jx")
    expect(officer.page.locator("[data-search]")).to_have_value("jx")
    officer.page.locator("[data-search]").fill("")
    officer.page.get_by_role("button", name="Turn off single keys").click()
    officer.page.locator("h1").click()
    keys.press("j")
    keys.press("x")
    expect(officer.page.locator(".triage-bar__count")).to_have_text("2 chosen")
    officer.page.get_by_role("button", name="Turn on single keys").click()
    officer.page.locator("h1").click()


def when_the_officer_allocates_by_key(officer: Visitor, colleague: str) -> None:
    with officer.going():
        officer.page.keyboard.press("a")
    officer.look_at_both_widths()
    officer.sees("Allocate 2 referrals", "high risk")
    officer.page.get_by_role("radio", name=colleague).check()
    officer.press("Allocate")
    officer.sees(f"2 allocated to {colleague}", "Take it back")


def when_a_colleague_is_away(manager: Visitor, name: str, cover: str) -> None:
    manager.open("/duty/absence/")
    manager.select(person=name, cover=cover)
    today = date.today()
    for field, day in (("since", today), ("until", today + timedelta(days=3))):
        manager.fill(**{f"{field}_day": str(day.day), f"{field}_month": str(day.month), f"{field}_year": str(day.year)})
    manager.press("Enter the absence")
    manager.sees("The absence is entered", "Away today")
    manager.look_at_both_widths()


def test_an_officer_works_the_queue_by_keyboard_gives_out_work_and_a_colleague_is_away(person: Person) -> None:
    references = given_referrals(person)
    officer, manager = person("triage"), person("hub-manager")
    when_the_officer_chooses_by_key(officer)
    then_the_keys_do_nothing_while_somebody_types_or_turned_them_off(officer)
    when_the_officer_allocates_by_key(officer, "Hattie Hubmanager")
    officer.press("Take it back")
    officer.sees("Taken back: 2 referrals as before")
    officer.open(f"/referrals/?q={references[0]}")
    officer.follow_in(officer.page.locator("main tbody tr", has_text=references[0]))
    officer.press("Take this referral")
    when_a_colleague_is_away(manager, "Tilly Triage", "Hattie Hubmanager")
    manager.open("/referrals/?view=cover")
    manager.sees(references[0], "Tilly Triage (away until", "Hattie Hubmanager answers")
    manager.open("/duty/")
    manager.press("Back today")
    manager.sees("Nothing changed hands meanwhile")


def test_the_clocks_of_a_referral_are_paused_and_run_again(person: Person) -> None:
    reference = given_a_referral(person, "Pausedlady", "07700 900820")
    officer = person("triage")
    officer.open(f"/referrals/?q={reference}")
    officer.follow_in(officer.page.locator("main tbody tr", has_text=reference))
    officer.follow("Pause the clocks", within="main")
    officer.look_at_both_widths()
    officer.page.get_by_role("radio", name="The police asked us to hold").check()
    day = date.today() + timedelta(days=5)
    officer.fill(until_day=str(day.day), until_month=str(day.month), until_year=str(day.year))
    officer.press("Pause the clocks")
    officer.sees("The clocks stand still", "Paused by Tilly Triage", "Paused, runs again on")
    officer.press("Let them run again today")
    officer.sees("The clocks run again from today on")


def test_a_view_is_saved_and_the_room_sees_counts_alone(person: Person) -> None:
    reference = given_a_referral(person, "Walledlady", "07700 900821")
    officer = person("triage")
    officer.open("/referrals/?view=not_taken&source=partner")
    officer.page.get_by_text("More views").click()
    officer.follow("Save this view")
    officer.fill(name="Partners, not taken")
    officer.press("Save the view")
    officer.sees("The view is saved", "Partners, not taken")
    officer.look_at_both_widths()
    officer.follow("Queue", within=MAIN)
    officer.follow("Partners, not taken", exact=False)
    officer.sees(reference)
    officer.follow("Wallboard", within="main")
    officer.look_at_both_widths()
    words = officer.page.locator("body").inner_text()
    assert "Waiting, not taken" in words and "Walledlady" not in words and not re.search("AL-[0-9A-Z]{4}-", words)
    with officer.going():
        officer.page.get_by_role("button", name=re.compile("Put this on the wall")).click()
    officer.page.get_by_role("button", name="Sign out").wait_for()
    officer.open("/referrals/", status=403)
