"""Risk questions asked and left and finished, a rise that a manager sees, and a set that an office writes anew."""

from datetime import date

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import Visitor

SET = "Domestic abuse"


def when_the_worker_answers(worker: Visitor, yeses: int) -> None:
    for question in worker.page.locator(".risk-item").all()[:yeses]:
        question.get_by_label("Yes", exact=True).check()


def when_the_worker_begins(worker: Visitor, case: str) -> None:
    worker.open(f"{case}reviews/")
    worker.follow("Ask the questions", within="main")
    worker.page.get_by_role("radio", name=SET, exact=True).check()
    worker.press("Begin")
    worker.sees("Read each question out")


def when_the_worker_finishes(worker: Visitor) -> None:
    worker.choose(asked_how="by_phone")
    worker.press("See what it comes to")
    worker.press("Finish")


def test_a_risk_rises_and_the_manager_sees_that_it_was_acted_on(person: Person) -> None:
    case = given_a_case(person, "Riseford", "07700 900748")
    worker, manager = person("caseworker"), person("service-manager")
    when_the_worker_begins(worker, case)
    when_the_worker_answers(worker, 3)
    worker.sees("So far: standard. Score 3, 3 of 24 answered.")
    worker.look_at_both_widths()
    worker.press("Save and go on later")
    worker.sees("begun, not finished")
    worker.follow("Go on with Domestic abuse", exact=False)
    when_the_worker_finishes(worker)
    worker.sees("Finished.", "Standard")
    when_the_worker_begins(worker, case)
    when_the_worker_answers(worker, 15)
    worker.choose(asked_how="in_person")
    worker.press("See what it comes to")
    worker.look_at_both_widths()
    worker.sees("The score is 15.")
    worker.press("Finish")
    worker.sees("The risk rose on", "Refer to the multi-agency meeting")
    worker.look_at_both_widths()
    worker.press("Show them side by side")
    worker.sees("Changed")
    worker.look_at_both_widths()
    manager.open("/casework/to-see/")
    manager.sees("It was standard")
    manager.look_at_both_widths()
    row = manager.page.locator("main tbody tr", has_text="It was standard").first
    with manager.going():
        row.get_by_role("button").click()
    manager.sees("Marked as seen by you")
    worker.open(f"{case}reviews/")
    worker.follow("Say what was done", within="main")
    worker.page.get_by_role("checkbox", name="Told the police").check()
    worker.look_at_both_widths()
    worker.press("Keep")
    worker.does_not_see("nobody has said what was done")


def test_questions_can_be_asked_without_a_script(person: Person) -> None:
    case = given_a_case(person, "Noscriptford", "07700 900749")
    worker = person("caseworker", script=False)
    when_the_worker_begins(worker, case)
    when_the_worker_answers(worker, 14)
    when_the_worker_finishes(worker)
    worker.sees("Finished.", "High")


def test_an_office_writes_a_set_anew(person: Person) -> None:
    office = person("hub-manager")
    office.open("/question-sets/")
    office.look_at_both_widths()
    office.follow("Stalking", within="main")
    office.look_at_both_widths()
    office.press("Write a new version")
    office.look_at_both_widths()
    office.follow("Add a question", within="main")
    office.fill(words="Do they wait where you go for a walk?", weight="1")
    office.look_at_both_widths()
    office.press("Save in the draft")
    office.sees("Question added")
    office.follow("Change the name, ages, thresholds or councils", within="main")
    office.fill(high_from="8")
    office.look_at_both_widths()
    office.press("Save in the draft")
    office.follow("See it as a worker does", within="main")
    office.look_at_both_widths()
    office.follow("The draft", within="body")
    office.follow("Publish it", within="main")
    today = date.today()
    office.fill(since_day=str(today.day), since_month=str(today.month), since_year=str(today.year), source="Made up")
    office.look_at_both_widths()
    office.press("Publish")
    office.sees("Published.", "Version 2", "Do they wait where you go for a walk?")
    office.look_at_both_widths()
