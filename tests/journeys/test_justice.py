"""A case's way through police and courts by hand: reported, charged, a trial that is moved twice, news that is owed."""

from datetime import date, timedelta

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import Visitor

TODAY = date.today()


def boxes(name: str, day: date) -> dict[str, str]:
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def follow(worker: Visitor, words: str) -> None:
    """A link whose last words are for screen readers alone."""
    with worker.going():
        worker.page.locator("main a", has_text=words).first.click()


def when_they_answer_that_it_was_reported(worker: Visitor) -> None:
    worker.follow("Justice", within="main")
    worker.sees("Has this been reported?")
    worker.look_at_both_widths()
    worker.follow("Answer", within="main")
    worker.look_at_both_widths()
    worker.page.get_by_role("radio", name="Yes, to the police").check()
    worker.fill(**boxes("on", TODAY - timedelta(days=30)), crime_ref="20/1/26")
    worker.press("Record")
    worker.sees("Reported to the police", "not reached")


def when_they_record(worker: Visitor, what: str, day: date) -> None:
    worker.follow("Record what happened", within="main")
    worker.follow(what, within="main")
    worker.look_at_both_widths()
    worker.fill(**boxes("on", day))
    worker.press("Record")
    worker.sees(what)


def when_the_trial_is_moved(worker: Visitor, to: date, why: str) -> None:
    follow(worker, "The day changed: Trial")
    worker.look_at_both_widths()
    worker.page.get_by_role("radio", name="It was moved to another day").check()
    worker.page.get_by_role("radio", name=why).check()
    worker.fill(**boxes("new_on", to))
    worker.press("Record")
    worker.sees("The day has been changed")


def then_the_news_is_asked_for_and_told(worker: Visitor) -> None:
    follow(worker, "I asked for it: Charge")
    worker.look_at_both_widths()
    worker.page.locator("#id_how").select_option(label="By telephone")
    worker.press("Record")
    worker.sees("That you asked is recorded")
    follow(worker, "They were told: Charge")
    worker.look_at_both_widths()
    worker.page.locator("#id_told_how").select_option(label="By letter")
    worker.press("Record")
    worker.sees("They were told on")


def test_a_trial_that_is_moved_twice_and_news_that_came_late(person: Person) -> None:
    given_a_case(person, "Courted", "07700 900744")
    worker = person("caseworker")
    worker.open("/casework/cases/?whose=")
    worker.follow("Madeup Courted", within="main")
    when_they_answer_that_it_was_reported(worker)
    when_they_record(worker, "Charge", TODAY - timedelta(days=20))
    when_they_record(worker, "Trial", TODAY + timedelta(days=20))
    when_the_trial_is_moved(worker, TODAY + timedelta(days=60), "The court had no room or no judge")
    when_the_trial_is_moved(worker, TODAY + timedelta(days=90), "A witness could not be there")
    worker.sees("First set for", "Then set for", "working days late")
    then_the_news_is_asked_for_and_told(worker)
    worker.look_at_both_widths()
    worker.open("/casework/justice/?whose=all&due=182")
    worker.sees("Madeup Courted", "Trial")
    worker.look_at_both_widths()
