"""A session planned, recorded in three interactions and taken back; a group with its register; an address of times."""

import re
import time
from datetime import datetime, timedelta

from playwright.sync_api import APIRequestContext

from alongside.core.clocks import LONDON
from tests.journeys.conftest import Person
from tests.journeys.referring import MAIN
from tests.journeys.served import Site
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import Visitor

SECONDS = 20  # in which a session is recorded; a browser that is driven needs a part of it


def soon() -> datetime:
    return (datetime.now(LONDON) + timedelta(minutes=10)).replace(second=0, microsecond=0)


def day(at: datetime, name: str = "day") -> dict[str, str]:
    return {f"{name}_day": str(at.day), f"{name}_month": str(at.month), f"{name}_year": str(at.year)}


def given_a_planned_session(worker: Visitor, case: str) -> None:
    worker.open(case)
    worker.follow("Appointments", within="nav[aria-label='This case']")
    worker.sees("Nothing is planned")
    worker.look_at_both_widths()
    worker.follow("Plan an appointment")
    worker.look_at_both_widths()
    worker.press("Plan it", refused=True)
    at = soon()
    worker.choose(kind="session")
    worker.fill(from_time=f"{at:%H:%M}", whereabouts="Sample Room 3", **day(at))
    worker.press("Plan it")
    worker.sees("It is planned.", "Support session", "Casey Worker")
    worker.does_not_see("Sample Room 3")
    worker.look_at_both_widths()


def when_the_session_is_recorded_from_the_calendar(worker: Visitor, name: str) -> int:
    """How many interactions it took: a press, a note, a press."""
    worker.follow("Calendar", within=MAIN)
    worker.look_at_both_widths()
    row = worker.page.locator("main tbody tr", has_text=name)
    began, interactions = time.monotonic(), 0
    with worker.page.expect_event("load"):
        row.get_by_role("link", name=re.compile("^It happened")).click()
        interactions += 1
    worker.page.locator('[name="note"]').fill("Sample words: agreed what comes next")
    interactions += 1
    with worker.page.expect_event("load"):
        worker.page.get_by_role("button", name="Done", exact=True).click()
        interactions += 1
    assert time.monotonic() - began < SECONDS
    worker.look()
    worker.sees("Recorded. It counts as a contact too.")
    return interactions


def then_it_counts_once_and_is_taken_back(worker: Visitor, site: Site, case: str) -> None:
    worker.open(f"{case}contacts/")
    worker.sees("In person: met in person, 50 minutes", "agreed what comes next")
    worker.open(f"{case}appointments/")
    with worker.going():
        worker.page.get_by_role("button", name="Take back").first.click()
    worker.sees("What you recorded is taken back")
    site.work()
    worker.open(f"{case}contacts/")
    worker.does_not_see("agreed what comes next")


def test_a_session_is_recorded_in_three_interactions(person: Person, site: Site) -> None:
    case = given_a_case(person, "Sessionworth", "07700 900750")
    worker = person("caseworker")
    given_a_planned_session(worker, case)
    assert when_the_session_is_recorded_from_the_calendar(worker, "Sessionworth") == 3
    then_it_counts_once_and_is_taken_back(worker, site, case)
    worker.open(f"{case}appointments/")
    worker.follow_in(worker.page.locator("main tbody th").first)
    worker.sees("Sample Room 3")
    worker.look_at_both_widths()
    for words in ("It did not happen", "Move", "Change", "Interpreter", "Cancel it"):
        worker.follow(words)
        worker.look_at_both_widths()
        worker.page.go_back()


def given_a_group(manager: Visitor) -> str:
    manager.follow("Group work", within=MAIN)
    manager.look_at_both_widths()
    manager.follow("Set up a group")
    manager.press("Set it up", refused=True)
    manager.look_at_both_widths()
    manager.choose(kind="peer")
    manager.page.get_by_role("checkbox", name="Casey Worker").check()
    manager.fill(name="Garden group", **day(soon(), "starts_on"))
    manager.press("Set it up")
    manager.sees("Plan its sessions next", "Nobody is in it yet")
    return manager.path


def when_a_register_is_taken(worker: Visitor, group: str, name: str) -> None:
    worker.open(group)
    worker.follow("Plan sessions")
    at = soon()
    worker.fill(from_time=f"{at:%H:%M}", **day(at))
    worker.press("Plan them")
    worker.sees("in the calendar of whoever leads the group")
    worker.follow_in(worker.page.locator("main tbody tr").first)
    worker.sees("Register", name)
    worker.look_at_both_widths()
    worker.page.get_by_role("radio", name="Came", exact=True).first.check()
    worker.press("Done")
    worker.sees("The register is taken", "Put right", "Register taken")
    worker.look_at_both_widths()


def test_a_group_and_its_register(person: Person) -> None:
    case = given_a_case(person, "Gardener", "07700 900735")
    group, worker = given_a_group(person("service-manager")), person("caseworker")
    worker.open(case)
    worker.follow("Groups", within="nav[aria-label='This case']")
    worker.sees("In no group")
    worker.look_at_both_widths()
    worker.page.get_by_role("radio", name=re.compile("Garden group")).check()
    worker.choose(now="yes")
    worker.press("Save")
    worker.sees("They have a place", "In the group")
    when_a_register_is_taken(worker, group, "Madeup Gardener")
    worker.open(f"{case}contacts/")
    worker.sees("In person: met in person, 90 minutes")
    worker.open(group)
    with worker.going():
        worker.page.get_by_role("button", name="Print").first.click()
    worker.sees("M.G.", "Initials alone")
    worker.does_not_see("Madeup Gardener")


def then_anybody_reads_times_alone(asks: APIRequestContext, address: str) -> None:
    answer = asks.get(address, headers={"Cookie": ""})
    body = answer.text()
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert "set-cookie" not in answer.headers and "SUMMARY:Busy" in body
    assert not [word for word in ("Madeup", "AL-", "session", "LOCATION", "DESCRIPTION") if word in body]


def test_an_address_of_a_calendar_gives_nothing_away(person: Person) -> None:
    case = given_a_case(person, "Calendared", "07700 900739")
    worker = person("caseworker")
    given_a_planned_session(worker, case)
    worker.follow("Calendar", within=MAIN)
    worker.follow("In my own calendar program")
    worker.look_at_both_widths()
    worker.press("Make an address")
    worker.look_at_both_widths()
    address = worker.text(".app-card .app-ref").removeprefix(worker.origin)
    then_anybody_reads_times_alone(worker.context.request, address)
    worker.press("Stop the address")
    worker.sees("It shows nothing any more")
    assert worker.context.request.get(address).status == 410
