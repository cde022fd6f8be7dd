"""Counselling notes: whoever writes the first reads them, and names a colleague; a manager names and does not read."""

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case, when_the_manager_assigns_it
from tests.journeys.visitor import Visitor

WORDS = "Sample words: the stairs came up again."


def when_a_counselling_note_is_written(worker: Visitor, case: str) -> None:
    worker.open(case)
    worker.follow("Notes", within="nav[aria-label='This case']")
    worker.follow("Counselling notes", within="main")
    worker.sees("No counselling notes yet")
    worker.look_at_both_widths()
    worker.follow("Add a counselling note", within="main")
    worker.look_at_both_widths()
    worker.fill(words=WORDS)
    worker.press("Save")
    worker.sees("The counselling note has been saved", WORDS)


def test_counselling_notes_are_for_those_who_are_named(person: Person) -> None:
    case = given_a_case(person, "Counselled", "07700 900741")
    manager, worker = person("service-manager"), person("caseworker")
    when_the_manager_assigns_it(manager, case, "Casey Worker")
    when_a_counselling_note_is_written(worker, case)
    manager.open(f"{case}counselling/")
    manager.sees("You are not one of those who may read them", "Casey Worker")
    manager.does_not_see(WORDS)
    manager.look_at_both_widths()
    manager.follow("Name somebody else", within="main")
    manager.look_at_both_widths()
    manager.page.get_by_role("radio", name="Selma Servicemanager").check()
    manager.press("Name them")
    manager.sees("They can read the counselling notes now", WORDS)
    worker.open(case)
    worker.does_not_see(WORDS)
    worker.sees("Somebody more may read the counselling notes")
