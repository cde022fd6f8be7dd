"""What comes back to the hub: a declined offer, a wrong send called back; and what the hub says to people."""

import re

from playwright.sync_api import expect

from tests.journeys.conftest import Person
from tests.journeys.referring import (
    MAIN,
    SERVICE,
    given_a_referral,
    given_an_offer,
    when_the_officer_takes,
    when_the_worker_opens_the_latest_offer,
)
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor


def when_the_worker_declines(worker: Visitor) -> None:
    worker.follow("Decline", within="main")
    worker.choose(reason="needs_specialist")
    worker.press("Decline")
    worker.sees("You have declined the offer")


def then_it_is_back_in_the_queue_at_once(officer: Visitor, reference: str) -> None:
    officer.open("/referrals/?view=returned")
    row = officer.page.locator("main tbody tr", has_text=reference)
    assert "Returned" in row.inner_text()
    officer.follow_in(row)
    officer.sees("Declined", "Needs a more specialist service", "Send to a service")


def test_a_declined_offer_is_back_in_the_queue_at_once_and_closed_to_who_declined_it(person: Person) -> None:
    officer, worker = person("triage"), person("caseworker")
    referred = given_an_offer(person, officer, "Declinedby", "07700 900701")
    offer = when_the_worker_opens_the_latest_offer(worker)
    when_the_worker_declines(worker)
    then_it_is_back_in_the_queue_at_once(officer, referred.reference)
    worker.open(offer, status=404)
    worker.does_not_see("Declinedby")


def when_the_officer_calls_in_vain(officer: Visitor) -> None:
    officer.follow("Record an attempt", within="main")
    officer.sees("Keys 1 to 9 choose an answer")
    officer.page.keyboard.press("2")
    officer.look_at_both_widths()
    with officer.going():
        officer.page.keyboard.press("Enter")
    officer.sees("The attempt is recorded", "No answer")


def when_the_officer_sets_the_call_for_the_night(officer: Visitor) -> None:
    officer.follow("Set another time", within="main")
    officer.fill(from_time="22:00", until_time="22:30")
    officer.press("Set the next call", refused=True)
    officer.sees("It is safe to call from")
    officer.fill(from_time="10:00", until_time="10:30")
    officer.press("Set the next call")
    officer.sees("The next call is set", "Call due 10am to 10:30am")


def test_whoever_was_not_reached_is_called_again_when_it_is_safe(person: Person) -> None:
    officer = person("triage")
    when_the_officer_takes(officer, given_a_referral(person, "Calledagain", "07700 900714"))
    when_the_officer_calls_in_vain(officer)
    officer.sees("Call due 9am to 8pm")
    when_the_officer_sets_the_call_for_the_night(officer)


def test_number_keys_can_be_turned_off(person: Person) -> None:
    officer = person("triage")
    when_the_officer_takes(officer, given_a_referral(person, "Keyless", "07700 900715"))
    officer.follow("Record an attempt", within="main")
    chosen = officer.page.locator("[name=result]:checked")
    officer.page.locator("[name=note]").press("3")
    expect(officer.page.locator("[name=note]")).to_have_value("3")
    expect(chosen).to_have_count(0)
    officer.page.get_by_role("button", name="Turn off number keys").click()
    expect(officer.page.get_by_text("Keys 1 to 9")).to_be_hidden()
    officer.page.keyboard.press("3")
    expect(chosen).to_have_count(0)
    officer.page.get_by_role("button", name="Turn on number keys").click()
    expect(officer.page.get_by_text("Keys 1 to 9")).to_be_visible()
    officer.page.keyboard.press("3")
    expect(chosen).to_have_value("call_back")


def when_the_officer_calls_it_back(officer: Visitor, address: str) -> None:
    officer.open(address)
    officer.sees(SERVICE, "Opened by the service 2 times")
    officer.follow("Call it back", within="main")
    officer.sees("The service has opened the summary 2 times. That stays on record.")
    officer.choose(reason="wrong_service")
    officer.press("Call it back")


def test_a_wrong_send_is_called_back_and_what_was_seen_is_on_record(person: Person) -> None:
    officer, worker = person("triage"), person("caseworker")
    referred = given_an_offer(person, officer, "Calledback", "07700 900702")
    offer = when_the_worker_opens_the_latest_offer(worker)
    when_the_officer_calls_it_back(officer, referred.address)
    officer.sees("what the service saw is on record", "Called back", "Sent to the wrong service",
                 "Opened by the service 2 times")  # fmt: skip
    worker.open(offer, status=404)
    worker.open("/casework/offers/")
    worker.does_not_see("Calledback", referred.reference)


def when_the_officer_sends_a_message(officer: Visitor, record: str) -> None:
    officer.open(record)
    officer.follow("Send a message", within="main")
    officer.choose(template="call_us")
    officer.press("Send")


def when_the_officer_hears_that_it_is_safe(officer: Visitor) -> None:
    officer.follow("Change what is safe", within="main", exact=False)
    officer.choose(safe="yes", message="no", verified="yes")
    officer.press("Save")


def test_staff_see_what_was_sent_and_what_was_refused_and_why(person: Person, site: Site) -> None:
    officer = person("triage")
    when_the_officer_takes(officer, given_a_referral(person, "Messaged", "07700 900703"))
    officer.follow("Their record", within="main")
    record = officer.path
    when_the_officer_sends_a_message(officer, record)
    officer.sees("It was not sent", "Nobody has confirmed with them that it is safe")
    when_the_officer_hears_that_it_is_safe(officer)
    when_the_officer_sends_a_message(officer, record)
    officer.sees("It is handed over")
    site.work()

    officer.follow("Messages", within=MAIN)
    rows = [row.inner_text() for row in officer.page.locator("main tbody tr", has_text="Madeup Messaged").all()]
    assert [bool(re.search(word, row)) for word, row in zip((r"\bSent\b", "Not sent"), rows, strict=True)] == [
        True,
        True,
    ]
    assert "Nobody has confirmed" in rows[1]
    officer.look_at_both_widths()


def test_a_wrong_name_is_put_right_and_the_record_says_so(person: Person) -> None:
    officer = person("triage")
    when_the_officer_takes(officer, given_a_referral(person, "Mispelt", "07700 900704"))
    officer.follow("Their record", within="main")
    officer.follow("Correct it", within="main")
    officer.look_at_both_widths()
    officer.fill(family_name="Misspelt")
    officer.press("Save", refused=True)
    officer.choose(reason="mistyped")
    officer.press("Save")
    officer.sees("Madeup Misspelt", "was: Mispelt", "It was misheard or mistyped")
    officer.look_at_both_widths()


def test_a_manager_says_who_is_on_duty(person: Person) -> None:
    manager, officer = person("hub-manager"), person("triage")
    manager.follow("Queue", within=MAIN)
    manager.follow("Duty rota", within="main")
    manager.look_at_both_widths()
    manager.follow("Set the week", within="main")
    manager.select(**{f"weekday_{day}": "Hattie Hubmanager" for day in range(7)})
    manager.press("Set the week")
    manager.sees("Every week")
    officer.open("/referrals/")
    officer.sees("On duty today: Hattie Hubmanager")
