"""A template is written by page alone, a return is filled in, sent and certified by a provider, and accepted."""

import re

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor

NAV = "nav[aria-label='Main']"


def when_an_office_writes_a_template(officer: Visitor) -> None:
    officer.follow("Returns", within=NAV)
    officer.look_at_both_widths()
    officer.follow("Return templates", within="main")
    officer.look_at_both_widths()
    officer.follow("Write a template")
    officer.press("Begin", refused=True)
    officer.fill(title="Sample short return")
    officer.press("Begin")
    officer.look_at_both_widths()
    officer.press("Save in the draft")
    officer.follow("Add a section")
    officer.fill(title="People")
    officer.press("Save in the draft")
    officer.follow("Add a question")
    officer.look_at_both_widths()
    officer.choose(kind="figure")
    officer.press("Continue")
    officer.look_at_both_widths()
    officer.fill(words="Victims supported")
    officer.select(measure="Victims supported")
    officer.press("Save in the draft")
    officer.sees("Filled in: Victims supported")
    officer.look_at_both_widths()
    officer.follow("Publish it")
    officer.look_at_both_widths()
    officer.press("Publish")
    officer.sees("Published", "Version 1")


def when_a_provider_fills_its_return_in(manager: Visitor) -> str:
    manager.open("/own-returns/")
    manager.look_at_both_widths()
    manager.follow_in(manager.page.locator("main tbody tr").first)
    there = manager.path
    manager.look_at_both_widths()
    manager.follow("People and activity", within="main .govuk-task-list")
    manager.look_at_both_widths()
    for _ in range(2):
        for box in manager.page.locator("main details[open] textarea").all():
            box.fill("A worker came back, and more people were sent to us.")
        manager.press("Save and go on")
    manager.choose(q18="no")
    manager.press("Save and go on")
    manager.fill(q20_0_post="Caseworker", q20_0_funded="many")
    manager.press("Save and go on", refused=True)
    manager.look_at_both_widths()
    manager.fill(q20_0_funded="2", q20_0_filled="1.5")
    manager.press("Save and go on")
    manager.look_at_both_widths()
    manager.fill(q22="12,500", q23_0_line="Wages", q23_0_spent="12500")
    manager.choose(q24="All of it spent")
    manager.press("Save and go on")
    manager.fill(q27="More people came than we had places for.")
    manager.press("Save and go on")
    manager.sees("£12,500.00", "Caseworker")
    assert manager.path == there
    return there


def then_it_is_sent_and_certified(manager: Visitor, there: str) -> None:
    manager.press("Send it")
    manager.sees("Sent, not certified")
    manager.follow("Certify it")
    manager.look_at_both_widths()
    manager.fill(name="Sample Chair", post="Chair")
    manager.press("Certify", refused=True)
    manager.page.get_by_role("checkbox", name="I put my name to this").check()
    manager.press("Certify")
    manager.sees("Certified", "Sample Chair")
    manager.open(there)
    manager.look_at_both_widths()


def then_the_office_asks_back(officer: Visitor) -> None:
    officer.open("/returns/")
    officer.follow("Lantern Sample Charity", within="main")
    officer.look_at_both_widths()
    with officer.going():
        officer.page.locator("#q22").get_by_role("link", name=re.compile("Ask about this")).click()
    officer.look_at_both_widths()
    officer.fill(words="Is this the whole sum?")
    officer.press("Ask")
    officer.sees("Is this the whole sum?", "Asked back")


def test_a_return_goes_its_whole_way(person: Person) -> None:
    officer, manager = person("commissioner"), person("service-manager")
    when_an_office_writes_a_template(officer)
    there = when_a_provider_fills_its_return_in(manager)
    then_it_is_sent_and_certified(manager, there)
    then_the_office_asks_back(officer)
    manager.open(there)
    manager.sees("Is this the whole sum?", "The office asks about some answers")
    officer.open("/returns/set-up/")
    officer.look_at_both_widths()
    officer.follow("Set one up")
    officer.look_at_both_widths()
