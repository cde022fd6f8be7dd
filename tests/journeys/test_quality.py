"""A sample that nobody chose, what was found and answered; gaps mended in one sitting; supervision signed by two."""

from datetime import date

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case, when_the_manager_assigns_it
from tests.journeys.visitor import Visitor

CASEY = "Casey Worker"


def when_a_sample_is_drawn(manager: Visitor) -> None:
    manager.open("/casework/audits/")
    manager.look_at_both_widths()
    manager.follow("Draw a sample")
    manager.look_at_both_widths()
    manager.choose(which="open")
    manager.fill(number="1")
    manager.press("Draw")
    manager.sees("Nobody chose", "In the hat", "it gives these cases")
    manager.look_at_both_widths()


def when_every_question_is_answered(manager: Visitor) -> str:
    """The reference of the worker's case that was drawn."""
    row = manager.page.locator("main tbody tr", has_text=CASEY).first
    reference = row.locator(".app-ref").inner_text().strip()
    manager.follow_in(row)
    manager.look_at_both_widths()
    manager.press("Save and tell the worker", refused=True)
    manager.sees("Answer every question first")
    for radio in manager.page.locator('main input[type="radio"][value="good"]').all():
        radio.check()
    manager.fill(heard_comment="Their own words stand in the goals.")
    manager.press("Save and tell the worker")
    manager.sees("Told to the worker", "Their own words stand in the goals")
    manager.look_at_both_widths()
    return reference


def when_something_is_asked_for(manager: Visitor) -> None:
    today = date.today()
    manager.follow("Ask for something to be done")
    manager.look_at_both_widths()
    manager.fill(words="Agree on a day for the last step.", due_on_day=str(today.day),
                 due_on_month=str(today.month), due_on_year=str(today.year))  # fmt: skip
    manager.press("Put it on their day")
    manager.sees("It is on their day", "Agree on a day for the last step")


def when_the_worker_reads_and_answers(worker: Visitor, reference: str) -> None:
    worker.follow("My day", within=".app-nav")
    worker.sees("Read what was found", "Do what was agreed on this case")
    worker.look_at_both_widths()
    worker.follow("Read it, and say what you think")
    worker.look_at_both_widths()
    worker.follow_in(worker.page.locator("main tbody tr", has_text=reference).first)
    worker.sees("Their own words stand in the goals")
    worker.look_at_both_widths()
    worker.fill(words="Thank you. I will ring them today.")
    worker.press("I have read it")
    worker.sees("Your manager sees", "I will ring them today")
    worker.follow("Agree on a day for the last step.")
    worker.look_at_both_widths()
    worker.press("It is done")
    worker.sees("off your day")


def when_two_gaps_are_mended(worker: Visitor) -> None:
    worker.open("/casework/missing/")
    worker.look_at_both_widths()
    worker.follow("Mend them one after another")
    worker.sees("0 of", "Why it is asked")
    worker.look_at_both_widths()
    given_an_answer(worker)
    worker.sees("1 of")
    given_an_answer(worker)
    said = worker.text()
    assert "2 of" in said or "Nothing more is missing" in said


def given_an_answer(worker: Visitor) -> None:
    """Whatever is asked: the first choice, a few words, or that it is left for another day."""
    radios, chosen = worker.page.locator('main input[type="radio"]'), worker.page.locator("main select")
    if radios.count():
        radios.first.check()
    elif chosen.count():
        chosen.first.select_option(index=1)
    elif worker.page.locator("main textarea").count():
        worker.fill(access_needs="Large print")
    elif worker.page.locator('[name="age_said"]').count():
        worker.fill(age_said="34")
    else:
        worker.press("Skip for now")
        return
    worker.press("Save and next")


def when_they_meet_and_write(manager: Visitor) -> str:
    manager.open("/supervision/")
    manager.look_at_both_widths()
    manager.follow(CASEY, within="main")
    manager.look_at_both_widths()
    manager.follow("Write a note")
    manager.look_at_both_widths()
    manager.fill(topic_wellbeing="A heavy week, and a good end to it.", topic_caseload="Two cases are ready to close.")
    manager.press("Save")
    manager.sees("then both sign", "A heavy week")
    manager.look_at_both_widths()
    manager.press("I have read it and sign it")
    manager.sees("Signed by one")
    return manager.path


def test_a_sample_is_answered_gaps_are_mended_and_supervision_is_signed(person: Person) -> None:
    case = given_a_case(person, "Sampled", "07700 900786")
    manager, worker = person("service-manager"), person("caseworker")
    when_the_manager_assigns_it(manager, case, CASEY)
    when_a_sample_is_drawn(manager)
    reference = when_every_question_is_answered(manager)
    when_something_is_asked_for(manager)
    when_the_worker_reads_and_answers(worker, reference)
    when_two_gaps_are_mended(worker)
    note = when_they_meet_and_write(manager)
    worker.open(note)
    worker.sees("A heavy week")
    worker.press("I have read it and sign it")
    worker.sees("Signed by both")
    worker.follow("Add an amendment")
    worker.look_at_both_widths()
    for where in ("/casework/team/", "/casework/team/missing/", "/casework/checks/", "/supervision/report/",
                  "/supervision/arrange/"):  # fmt: skip
        manager.open(where)
        manager.look_at_both_widths()
    person("hub-manager").open(note, status=404)
    person("neighbour").open(note, status=404)
