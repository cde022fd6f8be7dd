"""Cases that change hands: cover for somebody who is away, and the work of somebody who left."""

import re
from datetime import date, timedelta

from tests.journeys.conftest import Person
from tests.journeys.referring import MAIN, given_an_offer, when_the_worker_opens_the_latest_offer
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

MANAGER = "Selma Servicemanager"


def given_a_case(person: Person, family: str, phone: str) -> str:
    """The address of a case that Lantern has just accepted."""
    given_an_offer(person, person("triage"), family, phone)
    worker = person("caseworker")
    when_the_worker_opens_the_latest_offer(worker)
    worker.press("Accept")
    worker.sees("You have accepted", f"Madeup {family}")
    return worker.path


def when_the_manager_assigns_it(manager: Visitor, case: str, name: str) -> str:
    """The name of whom it was given to; the first that contains these words."""
    manager.open(case)
    manager.follow("Assign", within="main")
    answer = manager.page.locator("main .govuk-radios__item", has_text=name).first
    chosen = re.sub(r"\s*\(.*", "", answer.inner_text().strip())
    answer.locator("input").check()
    manager.press("Assign")
    manager.sees("The case has been assigned", chosen)
    return chosen


def when_the_manager_covers(manager: Visitor) -> None:
    until = date.today() + timedelta(days=7)
    manager.follow("Arrange cover", within="main")
    manager.look_at_both_widths()
    manager.page.get_by_role("radio", name=MANAGER).check()
    manager.fill(until_day=str(until.day), until_month=str(until.month), until_year=str(until.year))
    manager.press("Arrange cover")


def test_a_colleague_covers_for_a_worker_who_is_away(person: Person) -> None:
    case = given_a_case(person, "Covered", "07700 900711")
    manager = person("service-manager")
    when_the_manager_assigns_it(manager, case, "Casey Worker")
    when_the_manager_covers(manager)
    manager.sees("Covered by", MANAGER)
    manager.open("/casework/cases/?whose=mine")
    manager.sees("Madeup Covered", f"Casey Worker, covered by {MANAGER}")


def when_the_manager_removes(manager: Visitor, name: str) -> None:
    manager.follow("People", within=MAIN)
    row = manager.page.locator("main tbody tr", has_text=name)
    manager.follow_in(row.locator("li", has_text="Remove"))
    manager.press("Remove")
    manager.sees("can no longer sign in here")


def test_the_cases_of_somebody_who_left_have_no_worker_and_can_be_given_again(person: Person, site: Site) -> None:
    case = given_a_case(person, "Handedover", "07700 900712")
    manager = person("service-manager")
    leaver = when_the_manager_assigns_it(manager, case, "Worker-Lantern")
    when_the_manager_removes(manager, leaver)
    site.work()
    manager.open("/casework/cases/?whose=nobody")
    manager.sees("Madeup Handedover", "Nobody yet")
    manager.open(case)
    manager.follow("Assign", within="main")
    manager.does_not_see(leaver)
    when_the_manager_assigns_it(manager, case, "Casey Worker")


def test_a_manager_sets_a_limit_and_takes_the_list_away_without_names(person: Person) -> None:
    case = given_a_case(person, "Onelist", "07700 900713")
    manager = person("service-manager")
    when_the_manager_assigns_it(manager, case, "Casey Worker")
    manager.open("/casework/cases/?whose=")
    manager.follow("Workers and their limits", within="main")
    manager.look_at_both_widths()
    row = manager.page.locator("main tbody tr", has_text="Casey Worker")
    manager.follow_in(row.locator("td").last)
    manager.fill(limit="1")
    manager.press("Save")
    manager.sees("The limit of Casey Worker is set")
    manager.open("/casework/cases/?whose=")
    with manager.page.expect_download() as waiting:
        manager.page.get_by_role("button", name="Download CSV").click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    assert waiting.value.suggested_filename == "caseload.csv"
    assert "Casey Worker" in text and "Onelist" not in text and "Madeup" not in text
