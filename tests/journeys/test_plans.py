"""A plan: what the hub found is taken over, the needs are scored and looked at again, and it is given safely."""

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import Visitor


def given_what_the_hub_found_is_taken_over(worker: Visitor) -> None:
    worker.follow("Plan", within="main")
    worker.sees("There is no plan yet", "Found by the hub, and not in the plan")
    worker.look_at_both_widths()
    worker.press("Take into the plan")
    worker.sees("It is in the plan now", "Mental and physical health")
    worker.follow("Add a step", within="main", exact=False)
    worker.fill(what="Ring Madeup at 12 Sample Road")
    worker.choose(who="worker")
    worker.press("Add the step")


def when_the_needs_are_scored(worker: Visitor) -> None:
    worker.follow("Score the needs", within="main")
    worker.look_at_both_widths()
    worker.press("Keep the scores", refused=True)
    worker.choose(said_by="victim")
    worker.select(**{"step-health": "2. Bad most of the time: help is needed soon"})
    worker.fill(words="The nights are hard.")
    worker.press("Keep the scores")
    worker.sees("The scores have been kept", "Scored once", "The nights are hard", "Look at it again by")
    worker.look_at_both_widths()


def when_they_are_looked_at_again(worker: Visitor) -> None:
    worker.follow("Review and score", within="main")
    worker.choose(said_by="victim")
    worker.select(**{"step-health": "4. Mostly all right: a little help now and then"})
    worker.press("Keep the scores")
    worker.sees("Better by 2 steps")
    worker.page.get_by_text("Every score").first.click()
    worker.look_at_both_widths()
    worker.press("Looked at, nothing changed")
    worker.sees("It is kept that you looked at the plan")


def then_it_is_given_without_what_would_tell(worker: Visitor) -> None:
    """The crime is hidden and nobody knows who is at home: paper needs a place, and words that say nothing."""
    worker.follow("Give them the plan", within="main")
    worker.sees("seems to be an address")
    worker.look_at_both_widths()
    goal = worker.page.locator("textarea[name^='goal-']").first
    goal.fill("Sleep, and tell the police")
    worker.choose(way="paper", shares_home="not_known", safe="lives_apart")
    worker.press("Keep that they are given this", refused=True)
    worker.sees("so this cannot be why it is safe")
    worker.choose(safe="kept_here")
    worker.press("Keep that they are given this", refused=True)
    worker.sees("“police” gives away what the plan is about")
    worker.page.locator("textarea[name^='goal-']").first.fill("Sleep through the night")
    worker.press("Keep that they are given this", refused=True)
    worker.sees("cannot stand on the plan")
    worker.look_at_both_widths()
    worker.page.locator("textarea[name^='what-']").first.fill("Ring at ten in the morning")
    worker.press("Keep that they are given this")
    worker.sees("Version 1 of the plan", "What they have", "kept for them here")
    worker.look_at_both_widths()


def then_the_paper_says_nothing_of_whose_it_is(worker: Visitor) -> None:
    given = worker.path
    worker.press("Show it for printing")
    assert worker.page.title() == "My list"
    worker.sees("Sleep through the night", "Ring at ten in the morning", "My worker")
    worker.does_not_see("Madeup", "Scored", "Lantern", "Casey", "abuse", "Sample Road")
    worker.look_at_both_widths()
    worker.open(given)
    worker.choose(why="not_safe")
    worker.press("Withdraw it")
    worker.sees("The plan is withdrawn", "It is no longer safe for them to have")


def test_a_plan_is_made_scored_looked_at_again_and_given_safely(person: Person) -> None:
    case = given_a_case(person, "Scored", "07700 900746")
    worker = person("caseworker")
    worker.open(case)
    given_what_the_hub_found_is_taken_over(worker)
    when_the_needs_are_scored(worker)
    when_they_are_looked_at_again(worker)
    then_it_is_given_without_what_would_tell(worker)
    then_the_paper_says_nothing_of_whose_it_is(worker)
