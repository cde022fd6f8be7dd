"""A partner reads what to do, without script too; the office changes the words, looks at them and goes back."""

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor


def given_a_partner_reads_and_compares(housing: Visitor) -> None:
    housing.open("/what-to-do/")
    housing.look_at_both_widths()
    housing.follow("Domestic abuse")
    housing.sees("What to do first", "What the law asks of you", "Who takes this now", "Domestic Abuse Act 2021 s.3")
    housing.look_at_both_widths()
    for box in housing.page.locator("input[name=service]").all()[:2]:
        box.check()
    housing.press("Compare up to three")
    housing.sees("Room and wait", "Words to hand on")
    housing.look_at_both_widths()


def when_the_hub_changes_the_words_and_names_a_lead(manager: Visitor) -> None:
    manager.open("/what-to-do/on/fgm/write/")
    manager.look_at_both_widths()
    manager.fill(first="Listen first.")
    manager.press("Save the draft and look at it")
    manager.sees("Draft: nobody outside your office sees it", "Listen first.")
    manager.look_at_both_widths()
    manager.page.get_by_role("button", name="Show it from").click()
    manager.sees("Version 2")
    manager.look_at_both_widths()
    manager.open("/what-to-do/leads/new/")
    manager.look_at_both_widths()
    manager.fill(name="Jo Sampleworth", role="Named nurse", works_for="Sample Clinic", phone="01632 960705")
    manager.press("Save")
    manager.sees("Jo Sampleworth")
    manager.look_at_both_widths()


def then_the_partner_reads_them_until_they_are_undone(housing: Visitor, manager: Visitor) -> None:
    housing.open("/what-to-do/on/fgm/")
    housing.sees("Listen first.", "Jo Sampleworth")
    manager.open("/what-to-do/on/fgm/history/")
    manager.press("Show these words again")
    housing.open("/what-to-do/on/fgm/")
    housing.sees("Listen and do not judge")


def test_what_to_do_is_read_written_and_undone(person: Person) -> None:
    housing, manager = person("housing", script=False), person("hub-manager")
    given_a_partner_reads_and_compares(housing)
    when_the_hub_changes_the_words_and_names_a_lead(manager)
    then_the_partner_reads_them_until_they_are_undone(housing, manager)
