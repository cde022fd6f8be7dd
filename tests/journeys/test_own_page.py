"""A page of one's own: set up with a worker, opened on a phone by words, spoken on; opened by force; and stopped."""

import re

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case, when_the_manager_assigns_it
from tests.journeys.visitor import PHONE, Visitor

TELLS = ("police", "court", "crime", "victim", "abuse", "Madeup", "Lantern")


def given_a_page(worker: Visitor, case: str) -> None:
    """Set up with nothing ticked but a name, looked at, and turned on."""
    worker.open(case)
    worker.follow("Their own page", within="main")
    worker.sees("They have no page yet")
    worker.look_at_both_widths()
    worker.follow("Set it up")
    worker.fill(words="The police will ring you")
    worker.choose(parts="people", decoy="library")
    worker.press("Look at it", refused=True)
    worker.sees("Leave out “police”")
    worker.fill(words="It is all in hand.", called="Sam")
    worker.look_at_both_widths()
    worker.press("Look at it")
    worker.sees("Where things stand", "It is all in hand.", "Sam")
    worker.look_at_both_widths()
    box = worker.page.get_by_role("checkbox")
    if box.count():
        box.check()
    worker.press("Turn it on")
    worker.sees("It is turned on", "Nothing yet")


def when_words_are_given(worker: Visitor, button: str) -> tuple[str, str]:
    """(reference, four words) as they stand on the page, once."""
    worker.press(button)
    worker.sees("They are shown this once")
    reference, phrase = worker.page.locator(".journey-card .app-ref").all_inner_texts()
    worker.look_at_both_widths()
    worker.open(worker.path)
    worker.does_not_see(phrase)
    return reference, phrase


def when_it_is_opened(visitor: Visitor, words: tuple[str, str]) -> None:
    visitor.open("/page/")
    visitor.fill(reference=words[0], phrase=words[1])
    visitor.press("Open")
    assert visitor.page.title() == "Your page"
    visitor.does_not_see(*TELLS)


def when_everything_is_said(visitor: Visitor) -> None:
    """Each of the things that can be said, with what is asked for when nothing is."""
    for link, typed, done in (
        ("Say something", {"words": "Mornings are better"}, "Thank you"),
        ("Ask for something else", {"words": "Another day"}, "Thank you"),
        ("Say that something was not right", {"words": "Nobody rang"}, "A manager reads it"),
    ):
        visitor.follow(link)
        visitor.press("Send", refused=True)
        visitor.fill(**typed)
        visitor.look_at_both_widths()
        visitor.press("Send")
        visitor.sees(done)
        visitor.follow("Back to your page")
    visitor.follow("Change how and when you are contacted")
    visitor.choose(unsafe="phone")
    visitor.press("Send")
    visitor.sees("is not used from now on")
    visitor.look_at_both_widths()
    visitor.follow("Back to your page")


def then_the_worker_reads_it_and_the_number_is_not_used(worker: Visitor, case: str) -> None:
    worker.open(case)
    worker.sees("3 to read")
    worker.open(f"{case}own-page/")
    worker.sees("Mornings are better", "Another day", "Not safe any more")
    worker.does_not_see("Nobody rang")
    worker.look_at_both_widths()
    worker.press("I have read it")
    worker.sees("Kept as read", "Read by")


def then_the_manager_answers_the_complaint(manager: Visitor) -> None:
    manager.open("/casework/heard/")
    manager.look_at_both_widths()
    manager.follow("A complaint", within="main")
    manager.sees("Nobody rang", "Answer by")
    manager.press("Keep as answered", refused=True)
    manager.look_at_both_widths()
    manager.fill(outcome="We rang, and said sorry")
    manager.press("Keep as answered")
    manager.sees("Settled")


def test_a_page_of_ones_own_is_used_on_a_phone_and_gives_nothing_away_by_force(person: Person) -> None:
    case = given_a_case(person, "Ownpage", "07700 900761")
    when_the_manager_assigns_it(person("service-manager"), case, "Casey Worker")
    worker = person("caseworker")
    given_a_page(worker, case)
    mine = when_words_are_given(worker, "Give four new words")
    other = when_words_are_given(worker, "Give words for the other page")
    phone = person(size=PHONE)
    when_it_is_opened(phone, mine)
    phone.sees("It is all in hand.", "You can ask for Sam")
    phone.look_at_both_widths()
    when_everything_is_said(phone)
    phone.press("Finish")
    phone.sees("This page is closed")
    phone.open("/page/now/")
    phone.sees("Open your page")
    forced = person(size=PHONE)
    when_it_is_opened(forced, other)
    forced.sees("Ask at the front desk", "Two items are due back")
    forced.does_not_see("Sam", "in hand", "Exit this page", "not right", "Stop")
    assert forced.page.get_by_role("heading", level=1).inner_text() == "A library card"
    forced.look_at_both_widths()
    then_the_worker_reads_it_and_the_number_is_not_used(worker, case)
    worker.sees("Somebody opened the other page")
    then_the_manager_answers_the_complaint(person("service-manager"))
    worker.open(f"{case}own-page/")
    worker.press("Turn it off")
    worker.sees("nothing opens it")
    forced.open("/page/now/")
    forced.sees("This page is closed")


def test_a_page_of_ones_own_works_without_javascript(person: Person) -> None:
    case = given_a_case(person, "Plainpage", "07700 900762")
    when_the_manager_assigns_it(person("service-manager"), case, "Casey Worker")
    worker = person("caseworker")
    given_a_page(worker, case)
    words = when_words_are_given(worker, "Give four new words")
    phone = person(size=PHONE, script=False)
    when_it_is_opened(phone, words)
    phone.follow("Stop")
    phone.press("Stop", refused=True)
    phone.choose(what="contact")
    phone.press("Stop")
    phone.sees("Nothing goes to you from now on")
    phone.press("Finish")
    phone.sees("This page is closed")
    assert not phone.context.cookies(phone.origin)
    phone.open("/page/link/nothing-that-was-ever-sent/")
    phone.press("Open")
    phone.sees("opens nothing any more")
    assert not re.search("|".join(TELLS), phone.text("body"), re.IGNORECASE)
