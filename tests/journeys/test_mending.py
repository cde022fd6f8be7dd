"""A file with rows to look at: two are mended, one is returned, the officer reads why, and it all adds up."""

import json
import re
from pathlib import Path

from alongside.support.arrivals.feeds.tests.samples import sample, text
from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

OFFICER = "pc.journey@police.example"
REF = "JOURNEY/26/0003"


def given_a_file_with_rows_to_look_at(manager: Visitor, site: Site, folder: Path) -> None:
    rows = [
        sample(source_ref="JOURNEY/26/0001", phone="ask at the desk"), sample(source_ref="JOURNEY/26/0002",
               phone_safe="no"), sample(source_ref=REF, consent="no", officer_email=OFFICER),
        sample(source_ref="JOURNEY/26/0004", phone="07700 900777"),
    ]  # fmt: skip
    path = folder / "journey.csv"
    path.write_text(text(rows), encoding="utf-8")
    manager.open("/feeds/load/")
    manager.page.locator("input[name=source]").first.check()
    manager.page.locator("input[type=file]").set_input_files(path)
    manager.page.get_by_role("button", name="Load the file").click()
    manager.page.wait_for_url("**/feeds/loading/**")
    site.work()
    manager.open("/feeds/held/?sort=-came")
    manager.sees("JOURNEY/26/0001", "Rejected", "No safe contact")
    manager.look_at_both_widths()


def when_two_rows_are_mended_and_taken_in(manager: Visitor) -> None:
    for ref, cells in (("JOURNEY/26/0001", {"phone": "07700 900555"}), ("JOURNEY/26/0002", {"phone_safe": "yes"})):
        manager.open("/feeds/held/?sort=-came")
        manager.follow(ref)
        manager.look_at_both_widths()
        manager.follow("Mend it")
        manager.look_at_both_widths()
        manager.fill(**cells)
        manager.press("Keep this")
        manager.sees("As it was mended", "the rules would accept it")
        manager.look_at_both_widths()
        manager.follow("Take it in")
        manager.look_at_both_widths()
        manager.fill(words="The desk rang back with it")
        manager.press("Take it in")
        manager.sees("taken in as a new referral")


def when_one_is_returned_and_previewed(manager: Visitor) -> None:
    manager.open("/feeds/held/?sort=-came")
    manager.follow(REF)
    manager.follow("Return it to the officer")
    manager.look_at_both_widths()
    manager.choose(reason="no_consent")
    manager.press("See what the officer reads")
    manager.sees("We may not contact the victim.", "The officer is written to.")
    manager.look_at_both_widths()
    manager.press("Return it")
    manager.follow("See what the officer reads")
    manager.sees("This is the officer’s page", "Does the victim agree to be contacted by us?")
    manager.look_at_both_widths()


def then_the_officer_reads_it_once_and_answers(officer: Visitor, site: Site) -> None:
    site.work()
    sent = [json.loads(path.read_text()) for path in (site.folder / "outbox").glob("*.json")]
    (words,) = {one["words"] for one in sent if one["to"] == OFFICER}
    link = re.search(r"https?://\S+(/answer/\S+)", words)
    assert link and REF not in words
    officer.open(link[1])
    assert officer.path == "/answer/"
    officer.look_at_both_widths()
    officer.fill(reference="JOURNEY/26/9999")
    officer.press("Open the answer", refused=True)
    officer.fill(reference="journey 26 0003")
    officer.press("Open the answer")
    officer.sees("We may not contact the victim.")
    officer.does_not_see("Sampleford", "Testina", REF)
    officer.look_at_both_widths()
    officer.choose(consent="yes")
    officer.fill(words="Asked on the telephone today")
    officer.press("Send the answer")
    officer.sees("We have your answer")


def then_everything_is_reconciled(manager: Visitor, site: Site) -> None:
    site.work()
    manager.open("/feeds/held/?sort=-came")
    manager.sees(REF, "The officer answered")
    manager.open("/feeds/reconciliation/")
    manager.sees("The figures add up")
    manager.look_at_both_widths()
    manager.follow_in(manager.page.locator("main tbody tr").first)
    manager.sees("journey.csv", "Received: the sum of these")
    manager.look_at_both_widths()
    manager.follow("Released later")
    manager.sees("JOURNEY/26/0001", "JOURNEY/26/0002")
    manager.look_at_both_widths()


def then_an_alarm_is_acknowledged(manager: Visitor) -> None:
    manager.open("/feeds/reconciliation/")
    manager.follow("Acknowledge", within="main", exact=False)
    manager.look_at_both_widths()
    manager.choose(reason="nothing_to_send")
    manager.press("Acknowledge")
    manager.sees("Acknowledged by")


def test_rows_are_mended_returned_answered_and_reconciled(person: Person, site: Site, tmp_path: Path) -> None:
    manager = person("hub-manager")
    given_a_file_with_rows_to_look_at(manager, site, tmp_path)
    when_two_rows_are_mended_and_taken_in(manager)
    when_one_is_returned_and_previewed(manager)
    then_the_officer_reads_it_once_and_answers(person(), site)
    then_everything_is_reconciled(manager, site)
    then_an_alarm_is_acknowledged(manager)
