"""A victim with a phone: finds help, asks for it, leaves in a hurry, comes back."""

from playwright.sync_api import expect

from tests.journeys.asking import (
    POSTCODE,
    when_they_answer,
    when_they_answer_every_question,
    when_they_begin,
    when_they_send,
)
from tests.journeys.conftest import Person
from tests.journeys.visitor import PHONE, Visitor


def given_somebody_with_a_phone(person: Person) -> Visitor:
    visitor = person(size=PHONE)
    visitor.open("/")
    return visitor


def when_they_find_services(visitor: Visitor) -> list[str]:
    """The names of the services that fit best."""
    visitor.follow("Find help near you")
    visitor.fill(postcode=POSTCODE)
    visitor.press("Find help")
    visitor.sees("Help in Wolverhampton", "Why it may fit", "See every service")
    return visitor.page.locator(".app-service__name").all_inner_texts()


def when_they_open_one(visitor: Visitor, name: str) -> None:
    visitor.press(name)
    visitor.sees(name, "How to reach it")


def then_the_way_back_holds_what_they_found(visitor: Visitor, *names: str) -> None:
    visitor.press("Back to results")
    visitor.sees("Help in Wolverhampton", *names)


def when_they_leave_in_a_hurry(visitor: Visitor) -> None:
    """Presses the way out and lands on the weather, where the way back no longer leads here."""
    visitor.page.get_by_role("button", name="Exit this page").click()
    visitor.page.wait_for_url("https://www.bbc.co.uk/weather")
    assert visitor.left == ["https://www.bbc.co.uk/weather"]
    visitor.left.clear()


def then_nothing_is_left_on_the_device(visitor: Visitor) -> None:
    """The beacon that clears the device may arrive a moment after the page has gone."""
    for _ in range(100):
        if not visitor.context.cookies(visitor.origin):
            break
        visitor.page.wait_for_timeout(100)
    assert visitor.context.cookies(visitor.origin) == []
    visitor.page.goto("/help/")
    assert visitor.page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert visitor.context.cookies(visitor.origin) == []


def then_the_way_back_shows_nothing_that_was_typed(visitor: Visitor) -> None:
    visitor.page.go_back()
    assert "Fictiona" not in visitor.page.content()
    visitor.page.goto("/support/check/")
    assert "Fictiona" not in visitor.page.content()


def test_victim_finds_help_by_postcode_reads_a_service_and_asks(person: Person) -> None:
    visitor = given_somebody_with_a_phone(person)
    best = when_they_find_services(visitor)
    when_they_open_one(visitor, best[0])
    then_the_way_back_holds_what_they_found(visitor, *best)
    visitor.press("Change your answers")
    visitor.follow("See every service")
    visitor.follow("Evergreen support after crime")
    visitor.sees("How to reach it")
    visitor.follow("Ask for help from this service")
    visitor.sees("Ask for support")


def test_the_browsers_own_way_back_never_asks_to_send_anything_again(person: Person) -> None:
    visitor = given_somebody_with_a_phone(person)
    best = when_they_find_services(visitor)
    when_they_open_one(visitor, best[0])
    visitor.page.go_back()
    visitor.look()
    visitor.sees("Find help after a crime")
    expect(visitor.page.locator("[name=postcode]")).to_have_value("")  # nothing of theirs is left
    visitor.page.go_forward()
    visitor.sees(best[0], "How to reach it")


def test_victim_without_javascript_finds_a_service_and_asks(person: Person) -> None:
    visitor = person(size=PHONE, script=False)
    visitor.open("/")
    visitor.follow("Find help near you")
    visitor.fill(postcode="EH1 1AA")
    visitor.press("Find help", refused=True)
    visitor.sees("That postcode is in Scotland")
    visitor.open("/")
    best = when_they_find_services(visitor)
    when_they_open_one(visitor, best[1])
    then_the_way_back_holds_what_they_found(visitor, *best)
    when_they_open_one(visitor, best[1])
    visitor.follow("Ask for help from this service")
    visitor.press("Start")
    when_they_answer(visitor, danger="no")
    visitor.sees("Who needs support?")
    when_they_leave_in_a_hurry(visitor)


def test_victim_leaves_half_way_and_nothing_is_left(person: Person) -> None:
    visitor = given_somebody_with_a_phone(person)
    when_they_begin(visitor)
    when_they_answer(visitor, danger="no")
    when_they_answer(visitor, who="me")
    when_they_leave_in_a_hurry(visitor)
    then_nothing_is_left_on_the_device(visitor)
    visitor.open("/support/step/what/")
    visitor.sees("Ask for support")


def test_victim_in_danger_is_told_to_call_before_anything_else(person: Person) -> None:
    visitor = given_somebody_with_a_phone(person)
    when_they_begin(visitor)
    when_they_answer(visitor, danger="yes")
    visitor.sees("call 999", "press 55")
    visitor.press("Go on with the form")
    visitor.sees("Who needs support?")


def test_victim_asks_for_support_comes_back_adds_and_stops(person: Person) -> None:
    visitor = given_somebody_with_a_phone(person)
    when_they_begin(visitor)
    when_they_answer_every_question(visitor)
    reference, phrase = when_they_send(visitor)
    visitor.press("I have kept them. Finish")
    then_nothing_is_left_on_the_device(visitor)
    then_the_way_back_shows_nothing_that_was_typed(visitor)

    when_they_come_back(visitor, reference, phrase)
    visitor.follow("Add something")
    visitor.fill(words="Mornings are best.")
    visitor.press("Send")
    visitor.follow("Back to where things stand")
    visitor.follow("Ask us to stop")
    visitor.press("Please stop")
    visitor.follow("Back to where things stand")
    visitor.sees("You asked us to stop")
    visitor.press("Finish")
    then_nothing_is_left_on_the_device(visitor)


def when_they_come_back(visitor: Visitor, reference: str, phrase: str) -> None:
    visitor.open("/")
    visitor.follow("Come back with your reference")
    visitor.fill(reference=reference.lower(), phrase=phrase.upper())
    visitor.press("Continue")
    visitor.sees("Where things stand")


def test_victim_who_lost_a_word_is_told_honestly(person: Person) -> None:
    visitor = given_somebody_with_a_phone(person)
    visitor.follow("Come back with your reference")
    visitor.fill(reference="AL-0000-000", phrase="one two three four")
    visitor.press("Continue", refused=True)
    visitor.sees("If you have lost them", "cannot look the words up")
