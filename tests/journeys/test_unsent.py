"""What a worker types outlives a dropped connection and an expired session, and nobody else opens it."""

from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import Visitor

STATUS = "[data-draft-status]"


def when_they_type(page: Page, words: str) -> None:
    page.locator("textarea[name=words]").press_sequentially(words)


def then_it_is_kept_on_the_device(page: Page) -> None:
    page.wait_for_function(
        """async () => {
            const open = indexedDB.open("alongside-unsent", 1)
            const database = await new Promise(done => { open.onsuccess = () => done(open.result) })
            const rows = await new Promise(done => {
                const found = database.transaction("written").objectStore("written").getAll()
                found.onsuccess = () => done(found.result)
            })
            database.close()
            const plain = rows.map(row => new TextDecoder().decode(row.sealed)).join("")
            return rows.length === 1 && !plain.includes("Sample")
        }"""
    )


def then_nothing_is_on_the_device(page: Page) -> None:
    page.wait_for_function("async () => !(await indexedDB.databases()).some(one => one.name === 'alongside-unsent')")


def then_nothing_waits_on_the_device(page: Page) -> None:
    """Once a note was sent, the next page throws away what was kept of it."""
    page.wait_for_function(
        """async () => {
            const open = indexedDB.open("alongside-unsent", 1)
            const database = await new Promise(done => { open.onsuccess = () => done(open.result) })
            const counted = database.transaction("written").objectStore("written").count()
            const number = await new Promise(done => { counted.onsuccess = () => done(counted.result) })
            database.close()
            return number === 0
        }"""
    )


def when_they_open_a_note(worker: Visitor, case: str) -> None:
    worker.open(f"{case}notes/add/")


def then_the_note_begins_with(worker: Visitor, words: str) -> None:
    expect(worker.page.locator("textarea[name=words]")).to_have_value(words)


def test_what_was_typed_without_a_connection_is_put_back(person: Person) -> None:
    case = given_a_case(person, "Unsent", "07700 900721")
    worker = person("caseworker")
    when_they_open_a_note(worker, case)
    worker.page.context.set_offline(True)
    when_they_type(worker.page, "Sample words on a train")
    worker.page.get_by_role("button", name="Save").click()
    worker.page.get_by_text("There is no connection").wait_for()
    then_it_is_kept_on_the_device(worker.page)
    assert worker.page.url.endswith("/notes/add/")
    worker.page.context.set_offline(False)
    when_they_open_a_note(worker, case)
    then_the_note_begins_with(worker, "Sample words on a train")
    worker.look_at_both_widths()
    worker.press("Save")
    worker.sees("The note has been saved", "Sample words on a train")
    then_nothing_waits_on_the_device(worker.page)
    when_they_open_a_note(worker, case)
    then_the_note_begins_with(worker, "")


def test_a_session_that_ended_loses_nothing_and_signing_out_leaves_nothing(person: Person) -> None:
    case = given_a_case(person, "Sessionless", "07700 900722")
    worker = person("caseworker")
    when_they_open_a_note(worker, case)
    kept: list[Any] = list(worker.page.context.cookies())
    worker.page.context.clear_cookies()
    when_they_type(worker.page, "Sample words after the end")
    worker.page.get_by_role("button", name="Save").click()
    worker.page.get_by_text("You have been signed out").wait_for()
    then_it_is_kept_on_the_device(worker.page)
    worker.page.context.add_cookies(kept)  # signed in again
    when_they_open_a_note(worker, case)
    then_the_note_begins_with(worker, "Sample words after the end")
    worker.page.get_by_text("was put back").wait_for()
    worker.page.locator(".app-account summary").click()
    worker.page.get_by_role("button", name="Sign out").click()
    worker.page.wait_for_load_state()
    then_nothing_is_on_the_device(worker.page)


def test_two_people_on_one_case_see_each_other(person: Person) -> None:
    case = given_a_case(person, "Together", "07700 900723")
    worker, manager = person("caseworker"), person("service-manager")
    worker.open(case)
    manager.open(case)
    manager.page.get_by_text("Casey Worker has this case open too").wait_for()
    when_they_open_a_note(worker, case)
    when_they_type(worker.page, "Half a th")
    worker.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    manager.page.wait_for_timeout(300)
    manager.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    manager.page.get_by_text("Casey Worker is writing on this case now").wait_for()
