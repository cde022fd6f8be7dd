"""A manager confirms four services, anyone flags an error and hears back, the office sees how fresh all of it is."""

from tests.journeys.conftest import Person
from tests.journeys.visitor import PHONE


def test_a_manager_confirms_four_services_in_one_go(person: Person) -> None:
    manager = person("service-manager")
    manager.open("/home/")
    manager.sees("to check")
    manager.follow("Services to check")
    manager.look_at_both_widths()
    manager.press("Confirm what I ticked")
    manager.sees("Nothing was ticked")
    cards = manager.page.locator(".app-check")
    assert cards.count() == 4
    for number in range(4):
        cards.nth(number).get_by_label("All of this is right today").check()
    cards.nth(1).get_by_label("Places free now").fill("-1")
    manager.press("Confirm what I ticked", refused=True)
    manager.sees("3 services are right today")
    manager.look_at_both_widths()
    manager.page.get_by_label("Places free now").fill("2")
    manager.press("Confirm what I ticked")
    manager.sees("1 service is right today", "Nothing to check now")
    manager.follow("All your services")
    manager.look_at_both_widths()
    manager.page.get_by_role("button", name="Something changed").first.click()
    manager.sees("What is different")


def test_anyone_flags_an_error_on_a_phone_without_scripts_and_hears_back(person: Person) -> None:
    anyone = person(size=PHONE, script=False)
    anyone.open("/information/list/")
    anyone.follow("Lantern outreach")
    anyone.follow("Is something here wrong? Tell us")
    anyone.look_at_both_widths()
    anyone.press("Send", refused=True)
    anyone.choose(wrong="hours")
    anyone.fill(words="They close at four", mailbox="sample.reader@post.example")
    anyone.press("Send")
    anyone.sees("Thank you")
    anyone.look_at_both_widths()
    assert anyone.context.cookies() == []
    manager = person("service-manager")
    manager.open("/services/flags/")
    manager.look_at_both_widths()
    manager.follow("Lantern outreach")
    manager.sees("They close at four")
    manager.does_not_see("sample.reader")
    manager.look_at_both_widths()
    manager.choose(answer="MENDED")
    manager.press("Answer")
    manager.sees("They hear it by email")


def test_the_office_sees_what_nobody_has_checked(person: Person) -> None:
    hub = person("hub-manager")
    hub.open("/services/fresh/")
    hub.look_at_both_widths()
    hub.follow("Counterpoint Sample Business Support")
    hub.sees("Showing 2 of 2 services", "Overdue", "Never checked")
    hub.follow("Counterpoint business crime advice")
    hub.follow("Who looks after it")
    hub.look_at_both_widths()
    hub.press("Save")
    board = person("commissioner")
    board.open("/services/fresh/")
    board.sees("How fresh the directory is")
