"""A whole case by keyboard alone: an offer, a wait, a trial that moves twice, a rise in risk, a safety plan, a fund."""

from datetime import date, timedelta
from typing import cast

from tests.journeys.conftest import Person
from tests.journeys.referring import MAIN, given_an_offer, when_the_worker_opens_the_latest_offer
from tests.journeys.test_justice import boxes
from tests.journeys.test_practical import given_a_fund
from tests.journeys.typist import Typist
from tests.journeys.visitor import Visitor

TODAY = date.today()
FUND = "Whole case fund"
CASE = "nav[aria-label='This case']"


def when_they_accept_and_make_contact(isva: Typist) -> str:
    when_the_worker_opens_the_latest_offer(isva)
    isva.press("Accept")
    isva.sees("You have accepted")
    case = isva.path
    isva.follow("Record a contact", within="main")
    isva.choose(channel="phone", result="spoke")
    isva.fill(minutes="40", note="Sample words: glad of the call.")
    isva.press("Record")
    return case


def when_they_plan(isva: Typist) -> None:
    isva.follow("Plan", within=CASE)
    isva.follow("Add a need", within="main")
    isva.choose(code="accommodation")
    isva.fill(goal="Somewhere that feels safe.")
    isva.press("Add to the plan")
    isva.follow("Score the needs", within="main")
    isva.choose(said_by="victim")
    isva.select(**{"step-accommodation": "2. Bad most of the time: help is needed soon"})
    isva.press("Keep the scores")
    isva.sees("The scores have been kept")


def when_they_wait_for_counselling(isva: Typist) -> None:
    isva.follow("Waiting", within=CASE)
    isva.follow("Put them on a list", within="main")
    isva.tick(isva.page.get_by_role("radio", name="Lantern domestic abuse advocates: Counselling"))
    isva.choose(need="soon")
    isva.press("Put them on the list")
    isva.sees("Counselling", "Place ")


def when_the_trial_moves_twice(isva: Typist) -> None:
    isva.follow("Justice", within=CASE)
    isva.follow("Answer", within="main")
    isva.tick(isva.page.get_by_role("radio", name="Yes, to the police"))
    isva.fill(**boxes("on", TODAY - timedelta(days=540)))
    isva.press("Record")
    for what, days in (("Charge", -400), ("Trial", 20)):
        isva.follow("Record what happened", within="main")
        isva.follow(what, within="main")
        isva.fill(**boxes("on", TODAY + timedelta(days=days)))
        isva.press("Record")
    for days in (60, 90):
        isva.follow("The day changed", within="main", exact=False)
        isva.tick(isva.page.get_by_role("radio", name="It was moved to another day"))
        isva.tick(isva.page.get_by_role("radio", name="The court had no room or no judge"))
        isva.fill(**boxes("new_on", TODAY + timedelta(days=days)))
        isva.press("Record")
        isva.sees("The day has been changed")


def when_the_risk_rises(isva: Typist) -> None:
    for yeses in (2, 15):
        isva.follow("Risk", within=CASE)
        isva.follow("Ask the questions", within="main")
        isva.tick(isva.page.get_by_role("radio", name="Domestic abuse", exact=True))
        isva.press("Begin")
        for question in isva.page.locator(".risk-item").all()[:yeses]:
            isva.tick(question.get_by_label("Yes", exact=True))
        isva.choose(asked_how="by_phone")
        isva.press("See what it comes to")
        isva.press("Finish")
    isva.sees("The risk rose on")


def when_they_write_a_safety_plan(isva: Typist) -> None:
    isva.follow("Safety", within=CASE)
    isva.follow("Getting out", within="main")
    isva.fill(words="The blue bag is at work.")
    isva.press("Add")
    isva.sees("The blue bag")


def when_travel_to_court_is_paid_for(isva: Typist, manager: Visitor) -> None:
    isva.follow("Practical help", within=CASE)
    isva.follow("Ask for practical help", within="main")
    isva.tick(isva.page.get_by_role("radio", name=FUND))
    isva.choose(kind="travel", how="supplier")
    isva.fill(pence="24.60", what="Two return tickets to court")
    isva.press("Ask for it")
    isva.sees("Waits for approval", "£24.60")
    manager.follow("Funds", within=MAIN)
    manager.follow("What waits for approval", within="main")
    manager.follow_in(manager.page.locator("main section", has_text="Two return tickets"))
    manager.press("Approve")
    manager.sees("Approved, to be paid")


def when_the_risk_is_low_again(isva: Typist) -> None:
    isva.follow("Risk", within=CASE)
    isva.follow("Say what was done", within="main")
    isva.choose(did="safety_plan")
    isva.press("Keep")
    isva.follow("Risk", within=CASE)
    isva.follow("Ask the questions", within="main")
    isva.tick(isva.page.get_by_role("radio", name="Domestic abuse", exact=True))
    isva.press("Begin")
    for question in isva.page.locator(".risk-item").all()[:3]:
        isva.tick(question.get_by_label("No", exact=True))
    isva.choose(asked_how="by_phone")
    isva.press("See what it comes to")
    isva.press("Finish")
    isva.sees("Now: Standard")


def when_what_is_open_is_seen_to(isva: Typist, case: str) -> None:
    """What was owed is told, and what the plan was for is met."""
    isva.follow("Justice", within=CASE)
    isva.follow("They were told: Charge", within="main", exact=False)
    isva.select(told_how="By letter")
    isva.press("Record")
    isva.sees("They were told on")
    isva.follow("Plan", within=CASE)
    isva.follow("Say how it stands", within="main", exact=False)
    isva.choose(state="MET")
    isva.press("Save")
    isva.open(f"{case}close/")
    isva.does_not_see("Before a planned end")


def when_they_close_it(isva: Typist) -> None:
    isva.choose(reason="support_completed", unmeasured_why="not_wanted", knows_how="yes", signposts=["helpline"])
    isva.fill(own_words="I sleep again")
    isva.press("Close the case")
    isva.sees("has been closed", "How it ended", "I sleep again")


def test_a_whole_case_is_run_by_keyboard_alone(person: Person) -> None:
    given_an_offer(person, person("triage"), "Wholecase", "07700 900752")
    manager = person("service-manager")
    given_a_fund(manager, FUND)
    isva = cast(Typist, person("caseworker", kind=Typist))
    case = when_they_accept_and_make_contact(isva)
    when_they_plan(isva)
    when_they_wait_for_counselling(isva)
    when_the_trial_moves_twice(isva)
    when_the_risk_rises(isva)
    when_they_write_a_safety_plan(isva)
    when_travel_to_court_is_paid_for(isva, manager)
    isva.open(case)
    isva.sees("Trial", "The risk rose", "Getting out")
    when_the_risk_is_low_again(isva)
    when_what_is_open_is_seen_to(isva, case)
    when_they_close_it(isva)
