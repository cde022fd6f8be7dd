"""Somebody asks to be called on a phone; the hub sees it, calls step by step, and records another in three keys."""

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import PHONE, Visitor


def given_somebody_asks_to_be_called(visitor: Visitor) -> str:
    visitor.open("/support/")
    visitor.follow("Ask us to call you")
    visitor.look_at_both_widths()
    visitor.choose(danger="no")
    visitor.press("Continue")
    visitor.look_at_both_widths()
    visitor.press("Ask us to call", refused=True)
    visitor.sees("Enter the number that we should call", "Choose a day")
    visitor.fill(number="07700 900345", name="Inventa")
    if visitor.page.locator("select[name=council]").count():
        visitor.page.locator("select[name=council]").select_option(index=1)
    visitor.choose(day="any", hours="early_afternoon", message="no")
    visitor.press("Ask us to call")
    visitor.sees("We will call you", "from 1 to 3 in the afternoon")
    visitor.look_at_both_widths()
    reference = visitor.page.locator(".app-phrase__value").first.inner_text()
    visitor.press("Finish")
    return reference


def when_the_officer_begins_the_call(officer: Visitor, reference: str) -> None:
    officer.open("/referrals/?view=call_backs")
    officer.sees("Asked us to call", "Call due 1pm to 3pm")
    officer.follow_in(officer.page.locator("main tbody tr", has_text=reference))
    officer.sees("They asked us to call")
    officer.look_at_both_widths()
    officer.press("Begin a call, step by step")
    officer.sees("may I speak to")
    officer.look_at_both_widths()
    officer.press("Show numbers and instructions")
    officer.sees("07700 900345", "for nobody else")


def enter(officer: Visitor, *keys: str) -> None:
    """Some keys, then Enter, which goes to the next page."""
    for key in keys:
        officer.page.keyboard.press(key)
    with officer.going():
        officer.page.keyboard.press("Enter")


def then_the_keyboard_alone_leads_through_it(officer: Visitor) -> None:
    enter(officer, "1")
    officer.sees("can you talk without anybody hearing")
    enter(officer, "2")
    officer.sees("I must have the wrong number")
    officer.look_at_both_widths()
    officer.press("Step back")
    enter(officer, "1")
    enter(officer, "1")
    officer.sees("It is free, and you do not have to have told the police")
    officer.follow("Before you ring off")
    officer.fill(note_close="Sample words about how they felt.")
    officer.press("Record the call")
    officer.sees("The call is recorded", "Spoke with the victim", "Sample words about how they felt")


def then_another_call_is_recorded_in_three_keys_and_taken_back(officer: Visitor) -> None:
    officer.open("/referrals/?view=mine")
    officer.page.keyboard.press("j")
    officer.page.keyboard.press("j")
    with officer.going():
        officer.page.keyboard.press("c")
    officer.look_at_both_widths()
    enter(officer, "2")
    officer.sees("Recorded: no answer")
    officer.look_at_both_widths()
    officer.press("Take it back")
    officer.sees("Taken back")


def test_somebody_asks_to_be_called_and_is(person: Person, site: Site) -> None:
    reference = given_somebody_asks_to_be_called(person(size=PHONE))
    site.work()
    officer = person("triage")
    when_the_officer_begins_the_call(officer, reference)
    then_the_keyboard_alone_leads_through_it(officer)
    then_another_call_is_recorded_in_three_keys_and_taken_back(officer)


def test_asking_to_be_called_needs_no_script(person: Person) -> None:
    given_somebody_asks_to_be_called(person(size=PHONE, script=False))
