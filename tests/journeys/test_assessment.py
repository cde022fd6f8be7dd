"""A first assessment on a phone, danger that stops it, Enhanced Rights decided again; and questions to a partner."""

from playwright.sync_api import FilePayload, expect

from tests.journeys.conftest import Person
from tests.journeys.referring import given_a_referral
from tests.journeys.test_matching import when_the_officer_opens
from tests.journeys.test_partner import then_they_see_where_it_stands_and_no_name, when_they_refer
from tests.journeys.visitor import PHONE, Visitor

NUMBER = "07700 900866"


def when_they_begin_to_assess(officer: Visitor, reference: str) -> None:
    when_the_officer_opens(officer, reference)
    officer.press("Take this referral")
    officer.follow("Assess needs")
    officer.look_at_both_widths()
    officer.choose(level_health="some", level_accommodation="urgent")
    officer.fill(words_accommodation="I cannot go home tonight")


def when_there_is_danger(officer: Visitor) -> None:
    officer.choose(danger="yes")
    officer.press("Stop here and raise the alarm")
    officer.sees("Call 999 now", "press 55", "Who is told")
    officer.look_at_both_widths()


def then_a_manager_is_told_and_has_it(manager: Visitor) -> None:
    manager.open("/home/")
    manager.follow("in danger now", within="main", exact=False)
    manager.look_at_both_widths()
    manager.press("I have it")
    manager.sees("It is on record that you have it")


def when_they_go_on(officer: Visitor) -> None:
    officer.follow("Go on with the assessment")
    expect(officer.page.locator('[name="words_accommodation"]')).to_have_value("I cannot go home tonight")
    officer.choose(children="yes", child_concern="unsure", interpreter="yes", access="step_free")
    officer.fill(children_count="2", children_ages="3 and 7", why="Afraid to speak.", summary="Needs a safe place.")
    officer.choose(entitlements="vulnerable_intimidated")
    officer.press("Save and read it through")
    officer.sees("I cannot go home tonight", "2 children; aged 3 and 7", "Step-free place", "safeguarding lead")
    officer.look_at_both_widths()


def when_rights_are_decided_again(officer: Visitor) -> None:
    officer.follow("All assessments")
    officer.look_at_both_widths()
    officer.follow("Back to the referral")
    officer.sees("High risk", "Interpreter")
    officer.follow("Decide Enhanced Rights")
    officer.look_at_both_widths()
    officer.choose(entitlements="most_serious_crime")
    officer.fill(why="It was worse than we knew.")
    officer.press("Save the decision")
    officer.sees("The decision is recorded")


def test_an_assessment_stops_for_danger_and_goes_on_with_what_was_typed(person: Person) -> None:
    reference = given_a_referral(person, "Sampleworth", NUMBER)
    officer = person("triage", PHONE)
    when_they_begin_to_assess(officer, reference)
    when_there_is_danger(officer)
    then_a_manager_is_told_and_has_it(person("hub-manager"))
    when_they_go_on(officer)
    when_rights_are_decided_again(officer)


def test_the_hub_asks_a_partner_who_answers_with_a_document(person: Person) -> None:
    partner, officer = person("housing"), person("triage")
    when_they_refer(partner)
    reference = then_they_see_where_it_stands_and_no_name(partner)
    when_the_officer_opens(officer, reference)
    officer.follow("Ask something")
    officer.fill(words="Did Invented agree a time?")
    officer.press("Send to whoever referred", refused=True)
    officer.fill(words="Did they agree a time?")
    officer.press("Send to whoever referred")
    officer.look_at_both_widths()

    partner.open("/refer/yours/")
    partner.follow(reference, within="main")
    partner.sees("Did they agree a time?")
    partner.does_not_see("Placeholder")
    partner.fill(words="Mornings are best")
    note = FilePayload(name="note.txt", mimeType="text/plain", buffer=b"Seen at the desk")
    partner.page.locator("input[type=file]").set_input_files(note)
    partner.press("Send to the hub")
    partner.sees("Mornings are best", "note.txt")
    partner.look_at_both_widths()

    officer.open("/referrals/questions/")
    officer.follow(reference, within="main")
    officer.sees("Mornings are best", "note.txt")
    officer.press("No more questions: close this")
    officer.sees("Closed: the hub has no more questions")
