"""A figure's permanent reference, copied by one person and opened by another; nobody opens what is not theirs."""

from urllib.parse import quote

from tests.journeys.conftest import Person
from tests.journeys.visitor import Visitor


def given_the_reference_of_a_figure(reader: Visitor) -> tuple[str, str]:
    """The reference and the figure as it is shown."""
    reader.follow("Quarter", within="nav[aria-label='Main']")
    reader.look_at_both_widths()
    reader.follow("How it was made", within="main", exact=False)
    reader.sees("How it was worked out", "What it was made of", "Referrals received")
    reader.look_at_both_widths()
    return reader.text("main .app-ref"), reader.text("main .app-figure__value")


def when_it_is_pasted(reader: Visitor, reference: str) -> None:
    reader.follow("Quarter", within="nav[aria-label='Main']")
    reader.follow("Open a figure by its reference")
    reader.fill(ref="no reference")
    reader.press("Open", refused=True)
    reader.fill(ref=f" {reference} ")
    reader.press("Open")


def test_a_figure_is_opened_by_its_reference_and_by_nobody_whose_it_is_not(person: Person) -> None:
    reference, figure = given_the_reference_of_a_figure(person("commissioner"))
    analyst = person("analyst")
    when_it_is_pasted(analyst, reference)
    analyst.sees(figure, reference)
    manager = person("service-manager")
    manager.open(f"/own-figures/figure/?ref={quote(reference)}", status=404)
    manager.open("/own-figures/figure/")
    manager.look_at_both_widths()


def test_a_book_of_the_rulebook_is_read_and_taken_away(person: Person) -> None:
    reader = person("board")
    reader.follow("Rulebook", within="nav[aria-label='Main']")
    reader.follow("Crime types", within="main")
    reader.look_at_both_widths()
    with reader.page.expect_download() as taken:
        reader.page.get_by_role("link", name="CSV").click()
    assert taken.value.suggested_filename == "rulebook-crime-types.csv"
