"""A hate incident is reported from a poster on a phone, without a name; the hub answers, and the reporter reads it."""

import re

from tests.journeys.conftest import Person
from tests.journeys.test_victim import when_they_leave_in_a_hurry
from tests.journeys.visitor import PHONE, Visitor


def given_a_poster(manager: Visitor) -> str:
    """The address on it, as a phone's camera would read it."""
    manager.open("/reports/")
    manager.look_at_both_widths()
    manager.follow("Reporting centres")
    manager.look_at_both_widths()
    manager.follow("Sample Central Library")
    manager.look_at_both_widths()
    manager.follow("Poster to print")
    manager.look_at_both_widths()
    found = re.search(r"/r/\w+/", manager.text(".app-poster"))
    assert found
    return found[0]


def when_it_is_scanned_and_answered_without_a_name(visitor: Visitor, address: str) -> None:
    visitor.open(address)
    visitor.press("Start")
    visitor.choose(danger="yes")
    visitor.press("Continue")
    visitor.sees("Get help now: call 999")
    visitor.press("Go on with the form")
    visitor.press("Continue", refused=True)
    visitor.choose(whose="saw", kind="incident", strands=["race", "religion"])
    visitor.press("Continue")
    visitor.look_at_both_widths()
    visitor.fill(telling="Two people were shouted at on the number 9 bus.", perception="Of the words that were used.")
    visitor.press("Continue")
    visitor.choose(place="transport", happened="today")
    visitor.press("Continue")
    visitor.sees("We keep nothing that says who you are")
    visitor.choose(named="no")
    visitor.press("Continue")
    visitor.choose(police="without_name")
    visitor.press("Continue")
    visitor.sees("You chose to stay anonymous", "number 9 bus")
    visitor.look_at_both_widths()


def when_it_is_sent(visitor: Visitor) -> tuple[str, str]:
    visitor.press("Send")
    visitor.sees("We have what you sent")
    reference, phrase = visitor.page.locator(".app-phrase__value").all_inner_texts()
    assert re.fullmatch(r"RH-\w{4}-\w{4}", reference) and len(phrase.split()) == 4
    visitor.press("I have kept them. Finish")
    assert visitor.context.cookies() == []
    return reference, phrase


def then_the_hub_passes_it_on_and_answers(officer: Visitor, reference: str) -> None:
    officer.open("/reports/")
    officer.fill(q=reference)
    officer.press("Search")
    officer.follow(reference)
    officer.sees("Anonymous", "As they told it", "It is not ours to weigh", "somebody was in danger")
    officer.look_at_both_widths()
    officer.press("I am looking at it")
    officer.follow("Pass it on")
    officer.look_at_both_widths()
    officer.choose(how="portal")
    officer.press("I have passed it on")
    officer.follow("Answer")
    officer.look_at_both_widths()
    officer.choose(answer="passed_on")
    officer.press("Leave this answer")
    officer.sees("Answered")


def then_whoever_reported_reads_the_answer(visitor: Visitor, reference: str, phrase: str) -> None:
    visitor.open("/r/back/in/")
    visitor.fill(reference=reference, phrase=phrase)
    visitor.press("Continue")
    visitor.sees("passed it on in the way that you chose")
    visitor.follow("Add something")
    visitor.fill(words="It happens on most evenings.")
    visitor.press("Send")
    visitor.sees("We have what you added")


def test_a_report_from_a_poster_without_a_name(person: Person) -> None:
    address = given_a_poster(person("hub-manager"))
    visitor = person(size=PHONE)
    when_it_is_scanned_and_answered_without_a_name(visitor, address)
    reference, phrase = when_it_is_sent(visitor)
    then_the_hub_passes_it_on_and_answers(person("triage"), reference)
    then_whoever_reported_reads_the_answer(person(size=PHONE), reference, phrase)


def test_a_report_without_script_and_its_way_out(person: Person) -> None:
    address = given_a_poster(person("hub-manager"))
    visitor = person(size=PHONE, script=False)
    visitor.open(address)
    visitor.press("Start")
    visitor.choose(danger="no")
    visitor.press("Continue")
    when_they_leave_in_a_hurry(visitor)
    assert visitor.context.cookies() == []


def test_a_centres_worker_reports_with_somebody_and_the_office_sees_counts(person: Person) -> None:
    worker = person("centre")
    worker.open("/centre/report/")
    worker.look_at_both_widths()
    worker.choose(danger="no", whose="me", kind="crime", strands=["disability"], place="street", happened="week",
                  police="no", named="yes", support="yes", age="adult", phone_safe="yes")  # fmt: skip
    worker.fill(telling="Pushed out of the way.", given_name="Fictiona", phone="07700 900321")
    worker.press("Send to the hub")
    worker.sees("Give these to the person who reported", "arrange support")
    worker.look_at_both_widths()
    worker.follow("Your reports")
    worker.sees("Not looked at")
    worker.does_not_see("Fictiona")
    office = person("commissioner")
    office.open("/oversight/centres/")
    office.sees("Sample Students' Union", "Quiet")
    office.look_at_both_widths()
