"""Another force's feed, with its own columns and codes, is set up by pages alone, tried, kept and loaded."""

from pathlib import Path

from tests.journeys.conftest import Person
from tests.journeys.served import Site
from tests.journeys.visitor import Visitor

SAMPLE = Path(__file__).parents[2] / "demo" / "feeds" / "11_other_force.csv"
OFFENCES = {"abh": "8N", "common": "105A", "harass": "8L", "burg-dw": "28E", "rob": "34B", "tfmv": "45",
            "dam-dw": "58A", "tfp": "39"}  # fmt: skip
ETHNIC = {"wb": "W1", "ind": "A1", "pak": "A2", "car": "B1", "mix": "M1", "ref": "NS"}


def given_a_sample_is_sent(manager: Visitor, sample: Path = SAMPLE) -> None:
    manager.open("/feeds/")
    manager.follow("Sources")
    manager.look_at_both_widths()
    manager.follow("Set up a source")
    manager.page.locator("input[name=source]").first.check()
    manager.fill(name="Crime system, daily", contact="Crime desk, desk@police.example")
    manager.look_at_both_widths()
    manager.page.locator("input[type=file]").set_input_files(sample)
    manager.press("Read the sample")
    manager.sees("Which column is which?")


def when_columns_and_codes_are_given(manager: Visitor) -> None:
    manager.look_at_both_widths()
    manager.page.locator("select[name=ethnicity_code]").select_option("Ethn")
    manager.press("Go on to the codes")
    manager.look_at_both_widths()
    for said, ours in OFFENCES.items():
        manager.page.get_by_label(f"“{said}” means").fill(ours)
    for said, ours in ETHNIC.items():
        manager.page.get_by_label(f"“{said}” means").select_option(ours)
    manager.press("Try it")
    manager.sees("What would become of each row", "No consent")
    manager.look_at_both_widths()


def then_it_is_kept_and_the_next_file_read_that_way(manager: Visitor, site: Site) -> None:
    manager.press("Save and read every file this way")
    manager.sees("Saved as version 1", "Crime Reference")
    manager.look_at_both_widths()
    manager.open("/feeds/load/")
    manager.page.locator("input[name=source]").first.check()
    manager.page.locator("input[type=file]").set_input_files(SAMPLE)
    manager.page.get_by_role("button", name="Load the file").click()
    manager.page.wait_for_url("**/feeds/loading/**")
    site.work()
    manager.open("/feeds/")
    manager.follow_in(manager.page.locator("main tbody tr").first)
    manager.sees("Crime system, daily, version 1", "Windows-1252")
    manager.look_at_both_widths()


def then_a_second_feed_stands_beside_it(manager: Visitor) -> None:
    """With references of its own; whoever loads a file is asked which of the two it is of."""
    manager.open("/feeds/sources/set-up/")
    manager.page.get_by_label("Another feed of").first.check()
    manager.fill(name="Antisocial behaviour, weekly", series="ASB/", contact="Crime desk, desk@police.example")
    manager.page.locator("input[type=file]").set_input_files(SAMPLE.with_name("01_clean_utf8.csv"))
    manager.press("Read the sample")
    manager.press("Go on to the codes")
    manager.press("Try it")
    manager.press("Save and read every file this way")
    manager.sees("Saved as version 1", "ASB/")
    manager.look_at_both_widths()
    manager.open("/feeds/sources/")
    manager.sees("Crime system, daily", "Antisocial behaviour, weekly")
    manager.look_at_both_widths()
    manager.open("/feeds/load/")
    manager.sees("Antisocial behaviour, weekly")
    manager.look_at_both_widths()
    manager.open("/feeds/reconciliation/")
    manager.look_at_both_widths()


def then_it_is_changed_back_to_our_own_columns(manager: Visitor) -> None:
    """The site is shared with the other journeys, whose files have them."""
    given_a_sample_is_sent(manager, SAMPLE.with_name("01_clean_utf8.csv"))
    manager.press("Go on to the codes")
    manager.press("Try it")
    manager.press("Save and read every file this way")
    manager.sees("Saved as version 2")


def test_another_forces_feed_is_set_up_and_loaded(person: Person, site: Site) -> None:
    manager = person("hub-manager")
    given_a_sample_is_sent(manager)
    when_columns_and_codes_are_given(manager)
    then_it_is_kept_and_the_next_file_read_that_way(manager, site)
    then_it_is_changed_back_to_our_own_columns(manager)
    then_a_second_feed_stands_beside_it(manager)
