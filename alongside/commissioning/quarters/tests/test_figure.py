"""A figure is opened by its permanent reference, by whoever may read it, and is the same for good."""

from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse

from alongside.facts.measures import queries as measures
from tests.story import DAY, LAST, Story
from tests.world import World

SUPPORTED = "victims_supported@1"


def told(story: Story) -> str:
    """Nine supported by one provider, three by its neighbour; the snapshot's code."""
    for number in range(12):
        story.contact(story.case(story.referral(), "neighbour" if number > 8 else "provider"))
    return story.snapshot().code


def ask(story: Story, person: str, reference: str, name: str = "figure") -> Any:
    address = reverse(f"quarters:{name}")
    return story.world.client(person).get(f"{address}?{urlencode({'ref': reference})}")


def own(story: Story, person: str, reference: str) -> Any:
    return ask(story, person, reference, "own_figure")


def test_a_figure_opens_with_what_it_was_made_of(story: Story) -> None:
    code = told(story)
    reference = f"{SUPPORTED}/{code}/2026Q2,area=west-midlands"
    page = unescape(ask(story, "analyst", reference).text)
    for words in (
        reference,
        "Victims supported",
        ">12<",
        "Exact",
        code,
        "What it was made of",
        "SELECT",
        "The whole area",
    ):
        assert words in page, words
    files = measures.snapshot(code).files
    assert all(file.sha256 in page for file in files.values())


def test_a_later_snapshot_changes_no_figure_of_an_earlier_one(story: Story) -> None:
    reference = f"{SUPPORTED}/{told(story)}/2026Q2,area=west-midlands"
    story.contact(story.case(story.referral()))
    story.snapshot(as_at=LAST + DAY)
    assert ">12<" in ask(story, "analyst", reference).text


def test_every_figure_of_the_page_leads_to_its_own(story: Story) -> None:
    told(story)
    page = unescape(story.world.client("analyst").get(reverse("quarters:quarter") + "?by=service").text)
    assert page.count("data-copy=") == len(measures.catalogue())
    links = {part.split('"')[0] for part in page.split('href="')[1:] if "/quarter/figure/?ref=" in part.split('"')[0]}
    assert len(links) > len(measures.catalogue())
    for link in sorted(links)[:8]:
        assert "How it was worked out" in story.world.client("analyst").get(link).text


def test_a_breakdown_is_protected_and_a_board_reads_it_so_too(story: Story) -> None:
    code = told(story)
    page = ask(story, "analyst", f"{SUPPORTED}/{code}/2026Q2,area=west-midlands,source=police_feed").text
    assert ">10<" in page
    assert "Protected" in page
    assert "Source: Police feed" in page
    total = f"{SUPPORTED}/{code}/2026Q2,area=west-midlands"
    assert (">12<" in ask(story, "analyst", total).text, ">12<" in ask(story, "board_member", total).text) == (
        True,
        False,
    )


def test_a_board_has_no_crossings(story: Story) -> None:
    crossed = f"{SUPPORTED}/{told(story)}/2026Q2,area=west-midlands,source=police_feed,crime_type=burglary"
    assert ask(story, "analyst", crossed).status_code == 200
    assert ask(story, "board_member", crossed).status_code == 404


def test_a_rare_crime_by_council_answers_alike_whatever_the_data_hold(story: Story) -> None:
    earlier, crime = story.snapshot().code, "modern_slavery"
    for _ in range(9):
        story.contact(story.case(story.referral(crime_type=crime)))
    later = story.snapshot(as_at=LAST + DAY).code
    readers = {
        "analyst": ("figure", "area=west-midlands"),
        "board_member": ("figure", "area=west-midlands"),
        "service_manager": ("own_figure", "only_provider=test-provider"),
    }
    for person, (name, whose) in readers.items():
        answers = {
            (answer.status_code, answer.content)
            for measure in measures.catalogue()
            for code, council in ((earlier, "E08000031"), (later, "E08000031"), (later, "E08000025"))
            for group in [f"crime_type={crime},council={council}"]
            for answer in [ask(story, person, f"{measure.key}/{code}/2026Q2,{whose},{group}", name)]
        }
        assert [status for status, _ in answers] == [404], person
        area = f"{SUPPORTED}/{later}/2026Q2,{whose},crime_type={crime}"
        assert ask(story, person, area, name).status_code == 200, person


def test_an_altered_snapshot_says_no_more_of_a_rare_crime(story: Story, snapshot_place: Path) -> None:
    code = told(story)
    with (snapshot_place / code / "cases.parquet").open("ab") as file:
        file.write(b"x")
    place = "area=west-midlands,crime_type=fgm,council=E08000031"
    assert ask(story, "analyst", f"{SUPPORTED}/{code}/2026Q2,{place}").status_code == 404


def test_of_two_things_at_once_a_few_and_none_are_the_same_page(story: Story) -> None:
    place = f"{SUPPORTED}/{told(story)}/2026Q2,area=west-midlands,crime_type=burglary"
    few = ask(story, "analyst", f"{place},provider=test-neighbour")
    none = ask(story, "analyst", f"{place},provider=no-such")
    assert (few.status_code, few.content) == (404, none.content)
    assert ask(story, "analyst", f"{place},provider=test-provider").status_code == 200


def test_a_provider_opens_its_own_figures_alone(story: Story) -> None:
    code = told(story)
    mine = f"{SUPPORTED}/{code}/2026Q2,only_provider=test-provider"
    page = own(story, "service_manager", mine)
    assert ">9<" in page.text
    assert own(story, "neighbour_manager", mine).status_code == 404
    assert ask(story, "analyst", mine).status_code == 404
    for foreign in (f"{SUPPORTED}/{code}/2026Q2", f"{SUPPORTED}/{code}/2026Q2,area=west-midlands",
                    f"{SUPPORTED}/{code}/2026Q2,only_provider=test-neighbour",
                    f"{SUPPORTED}/{code}/2026Q2,only_provider=test-provider,area=west-midlands"):  # fmt: skip
        assert own(story, "service_manager", foreign).status_code == 404, foreign


def test_absent_and_foreign_look_the_same(story: Story) -> None:
    code = told(story)
    foreign = ask(story, "analyst", f"{SUPPORTED}/{code}/2026Q2,area=cumbria")
    for absent in (
        f"no_such@1/{code}/2026Q2,area=west-midlands",
        f"victims_supported@9/{code}/2026Q2,area=west-midlands",
        f"{SUPPORTED}/no-such/2026Q2,area=west-midlands",
        f"{SUPPORTED}/{code}/2019Q1,area=west-midlands",
        f"{SUPPORTED}/{code}/2026Q2,area=west-midlands,service=no-such",
        f"{SUPPORTED}/{code}/2026Q2,area=west-midlands,name=anna",
        f"{SUPPORTED}/{code}/2026Q2",
    ):
        answer = ask(story, "analyst", absent)
        assert (answer.status_code, answer.content) == (404, foreign.content), absent


def test_what_is_no_reference_is_said_so_and_a_pasted_line_break_forgiven(story: Story) -> None:
    code = told(story)
    assert "not a figure’s reference" in ask(story, "analyst", "hello").text.replace("&#39;", "’")
    assert "Paste the reference" in ask(story, "analyst", "").text
    assert "Open a figure by its reference" in story.world.client("analyst").get(reverse("quarters:figure")).text
    assert ask(story, "analyst", f" {SUPPORTED}/{code}/\n2026Q2,area=west-midlands ").status_code == 200


def test_an_altered_snapshot_is_not_shown_and_the_page_says_so(story: Story, snapshot_place: Path) -> None:
    reference = f"{SUPPORTED}/{told(story)}/2026Q2,area=west-midlands"
    with (snapshot_place / measures.Reference.parse(reference).snapshot / "cases.parquet").open("ab") as file:
        file.write(b"x")
    page = ask(story, "analyst", reference)
    assert page.status_code == 200
    assert "altered after it was written" in page.text


@pytest.mark.parametrize("person", ["triage_officer", "hub_manager", "caseworker", "service_manager", "officer"])
def test_nobody_else_opens_the_offices_figures(world: World, person: str) -> None:
    assert world.client(person).get(reverse("quarters:figure")).status_code == 403


@pytest.mark.parametrize("person", ["analyst", "board_member", "caseworker", "triage_officer"])
def test_nobody_else_opens_a_providers(world: World, person: str) -> None:
    assert world.client(person).get(reverse("quarters:own_figure")).status_code == 403
