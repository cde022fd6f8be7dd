"""What a worker types outlives a dropped connection and an expired session, and nobody else opens it."""

from typing import Any

from playwright.sync_api import Dialog, Page, Request, Route, expect

from tests.journeys.conftest import Person
from tests.journeys.test_cases import given_a_case
from tests.journeys.visitor import PHONE, Visitor

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


def when_the_connection_drops(worker: Visitor) -> None:
    worker.page.context.set_offline(True)


def when_it_is_back(worker: Visitor) -> None:
    worker.page.context.set_offline(False)


def when_they_press(worker: Visitor, words: str) -> None:
    """A button whose form does not leave the page."""
    worker.page.get_by_role("button", name=words, exact=True).first.click()


def then_there_is_one_note(worker: Visitor, case: str, words: str) -> None:
    worker.open(f"{case}notes/")
    assert worker.text().count(words) == 1


def test_a_note_and_a_session_are_recorded_on_a_case_without_a_connection_and_sent_by_themselves(
    person: Person,
) -> None:
    case = given_a_case(person, "Tunnel", "07700 900724")
    worker = person("caseworker", size=PHONE)
    worker.open(case)
    when_the_connection_drops(worker)
    worker.page.get_by_role("link", name="Add a note", exact=True).click()
    when_they_type(worker.page, "Sample words from a tunnel")
    when_they_press(worker, "Save")
    worker.sees("Not sent yet: 1", "Take it back and change it")
    worker.page.get_by_role("link", name="Record a session", exact=True).click()
    worker.page.locator("[data-opened] textarea").fill("Sample session in a cellar")
    when_they_press(worker, "Record it")
    worker.sees("Not sent yet: 2", "Record a session")
    worker.page.get_by_role("link", name="Risk", exact=True).first.click()
    worker.sees("This page stays open")
    worker.look_at_both_widths()
    when_it_is_back(worker)
    worker.sees("Sent and saved: Add a note")
    worker.page.get_by_text("Not sent yet").first.wait_for(state="hidden")
    then_there_is_one_note(worker, case, "Sample words from a tunnel")
    worker.open(f"{case}appointments/")
    worker.sees("It happened")
    then_nothing_waits_on_the_device(worker.page)


def test_an_answer_that_was_lost_on_its_way_makes_no_second_note(person: Person) -> None:
    case = given_a_case(person, "Echo", "07700 900725")
    worker = person("caseworker")
    lost: list[str] = []

    def lose(route: Route, request: Request) -> None:
        """The first is taken by the server, and its answer never comes."""
        if request.method == "POST" and "x-alongside-once" in request.headers and not lost:
            lost.append(route.fetch().text())
            route.abort()
        else:
            route.fallback()

    worker.page.context.route("**/notes/add/", lose)
    when_they_open_a_note(worker, case)
    when_the_connection_drops(worker)
    when_they_type(worker.page, "Sample words, once")
    when_they_press(worker, "Save")
    worker.sees("Not sent yet: 1")
    when_it_is_back(worker)
    worker.page.wait_for_timeout(500)
    when_they_press(worker, "Send now")
    worker.sees("Sent and saved")
    assert lost == ['{"state": "taken"}']
    then_there_is_one_note(worker, case, "Sample words, once")


def test_what_the_server_did_not_take_is_in_its_form_again_and_signing_out_asks_first(person: Person) -> None:
    case = given_a_case(person, "Refused", "07700 900726")
    worker = person("caseworker")
    worker.open(f"{case}appointments/record/")
    when_the_connection_drops(worker)
    worker.fill(minutes="9999", note="Sample words with a slip")
    when_they_press(worker, "Record it")
    worker.sees("Not sent yet: 1")
    answers: list[str] = []

    def stay(dialog: Dialog) -> None:
        answers.append(dialog.message)
        dialog.dismiss()

    worker.page.once("dialog", stay)
    worker.page.locator(".app-account summary").click()
    when_they_press(worker, "Sign out")
    worker.page.wait_for_function("() => !document.querySelector('[data-sign-out]').dataset.wiped")
    assert answers and "not been sent yet" in answers[0]
    when_it_is_back(worker)
    worker.sees("It could not be saved as it is")
    worker.follow("Open it")
    expect(worker.page.locator("textarea[name=note]")).to_have_value("Sample words with a slip")
    worker.fill(minutes="30")
    worker.press("Record it")
    worker.sees("Recorded")
    then_nothing_waits_on_the_device(worker.page)


def given_words_that_wait(worker: Visitor, case: str) -> None:
    """A part of them the server has as a draft; Save was pressed on the whole without a connection."""
    when_they_open_a_note(worker, case)
    when_they_type(worker.page, "Sample words")
    worker.page.get_by_text("Draft kept at").wait_for()
    when_the_connection_drops(worker)
    when_they_type(worker.page, " and more")
    when_they_press(worker, "Save")
    worker.sees("Not sent yet: 1")


def test_what_waits_is_shown_whole_and_stands_still_until_it_is_sent(person: Person) -> None:
    case = given_a_case(person, "Waiting", "07700 900753")
    worker = person("caseworker")
    blocked = [True]

    def block(route: Route, request: Request) -> None:
        if blocked[0] and "x-alongside-once" in request.headers:
            route.abort()
        else:
            route.fallback()

    worker.page.context.route("**/notes/add/", block)
    given_words_that_wait(worker, case)
    when_it_is_back(worker)
    when_they_open_a_note(worker, case)
    then_the_note_begins_with(worker, "Sample words and more")
    assert worker.page.locator("form[data-draft][inert]").count() == 1
    worker.look_at_both_widths()
    blocked[0] = False
    when_they_press(worker, "Send now")
    then_the_note_begins_with(worker, "")
    then_there_is_one_note(worker, case, "Sample words and more")
    then_nothing_waits_on_the_device(worker.page)


def test_a_page_that_was_read_just_before_they_went_is_read_afresh(person: Person) -> None:
    case = given_a_case(person, "Crossing", "07700 900754")
    worker = person("caseworker")
    given_words_that_wait(worker, case)
    older = worker.page.context.request.get(f"{worker.origin}{case}notes/add/").text()
    assert "Sample words" in older
    when_it_is_back(worker)
    worker.sees("It has been sent and saved")
    shown: list[str] = []

    def cross(route: Route) -> None:
        if shown:
            route.fallback()
        else:
            shown.append(older)
            route.fulfill(body=older, content_type="text/html")

    worker.page.context.route("**/notes/add/", cross)
    worker.page.goto(f"{case}notes/add/")
    then_the_note_begins_with(worker, "")
    assert shown
    then_there_is_one_note(worker, case, "Sample words and more")
