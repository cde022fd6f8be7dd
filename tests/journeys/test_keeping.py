"""What the hub keeps of a feed, and for how long: a row that came again, rejected rows, a record kept, the nights."""

from pathlib import Path

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

FEEDS = Path(__file__).parents[2] / "demo" / "feeds"


def given_a_file_is_loaded(manager: Visitor, site: Site, name: str) -> None:
    manager.open("/feeds/load/")
    manager.page.locator("input[name=source]").first.check()
    manager.page.locator("input[type=file]").set_input_files(FEEDS / name)
    manager.page.get_by_role("button", name="Load the file").click()
    manager.page.wait_for_url("**/feeds/loading/**")
    site.work()
    manager.open("/feeds/")
    manager.follow_in(manager.page.locator("main tbody tr").first)
    manager.look_at_both_widths()


def then_rejected_rows_are_handed_back(manager: Visitor) -> None:
    with manager.page.expect_download() as handed:
        manager.page.get_by_role("button", name="Download the rejected rows").click()
    lines = Path(handed.value.path()).read_text("utf-8-sig").splitlines()
    assert handed.value.suggested_filename == "rejected-rows.csv"
    assert lines[0] == "Line,Reference,Why it was rejected" and len(lines) == 9


def when_a_changed_row_of_nobody_elses_is_opened(manager: Visitor) -> None:
    """Which cases of the demonstration are a service's already, and theirs to decide, turns with the hour."""
    manager.open("/feeds/held/?reason=changed")
    rows = [str(link.get_attribute("href")) for link in manager.page.locator("main tbody tr td:nth-child(2) a").all()]
    for address in rows or ["/feeds/held/"]:
        manager.open(address)
        if manager.page.locator("main a", has_text="Take the new details").count():
            return
    raise AssertionError(f"no changed row can be taken, of {len(rows)}")


def when_a_changed_row_is_taken(manager: Visitor) -> None:
    when_a_changed_row_of_nobody_elses_is_opened(manager)
    manager.look_at_both_widths()
    manager.follow("Take the new details")
    manager.sees("What is different", "With us", "Sent now")
    manager.look_at_both_widths()
    manager.press("Take the new details", refused=True)
    manager.fill(words="The officer in the case told me")
    manager.press("Take the new details")
    manager.sees("New details taken")


def when_a_record_is_kept_longer(manager: Visitor) -> None:
    manager.follow("Open the referral")
    manager.follow("record", within="main", exact=False)
    manager.follow("How long this record is kept")
    manager.follow("Keep it longer")
    manager.look_at_both_widths()
    manager.choose(reason="criminal_case")
    manager.fill(words="A sample trial", review_on_day="1", review_on_month="3", review_on_year="2031")
    manager.press("Keep it")
    manager.sees("A sample trial", "Look again on 1 March 2031")
    manager.look_at_both_widths()


def then_the_operator_finds_it_among_the_nights(manager: Visitor) -> None:
    manager.follow("Jobs", within="nav[aria-label='Main']")
    manager.look_at_both_widths()
    manager.follow("What each night erased, and what is next")
    manager.sees("How long each class is kept", "6 weeks")
    manager.look_at_both_widths()
    manager.follow("Records that somebody keeps longer")
    manager.sees("A criminal investigation or trial")
    manager.look_at_both_widths()


def test_a_changed_row_is_compared_and_its_record_kept_longer(person: Person, site: Site) -> None:
    manager = person("hub-manager")
    given_a_file_is_loaded(manager, site, "09_broken_rows.csv")
    then_rejected_rows_are_handed_back(manager)
    given_a_file_is_loaded(manager, site, "08_three_days.csv")
    when_a_changed_row_is_taken(manager)
    when_a_record_is_kept_longer(manager)
    then_the_operator_finds_it_among_the_nights(manager)
