"""Exploring: what is chosen is drawn, told in a table, linked to and taken away; never a neighbour's, never a name."""

import csv
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from alongside.commissioning.exploring import choices
from alongside.commissioning.publications.models import Publication
from alongside.core.models import Event
from alongside.facts.measures import queries as measures
from alongside.foundation.office.rulebook import queries as rulebook
from tests.story import CANARIES, DAY, RECEIVED, Story
from tests.world import World

WINTER = datetime(2027, 1, 10, 3, 0, tzinfo=UTC)
QUARTER = timedelta(days=91)
CHARTS = ("line", "bars", "stacked", "panels", "control", "map")


@pytest.fixture
def told(story: Story) -> Story:
    """Nine referrals of two councils in 2026Q2, and one case each; some more in the quarter after."""
    for number in range(9):
        place = "E08000031" if number else "E08000025"
        case = story.case(story.referral(first_attempt_at=RECEIVED + DAY, council=place))
        story.contact(case)
        story.sitting(case, RECEIVED + 4 * DAY, health=2.0, coping=3.0, safety=3.0, informed=4.0)
        story.sitting(case, RECEIVED + 30 * DAY, health=4.0, coping=3.0, safety=1.0, informed=None)
        story.close(case, RECEIVED + 31 * DAY)
    for _ in range(4):
        story.contact(story.case(story.referral(RECEIVED + QUARTER, source="partner")))
    story.snapshot(as_at=WINTER)
    return story


def opened(story: Story, person: str, query: str = "", name: str = "explore") -> Any:
    return story.world.client(person).get(reverse(f"exploring:{name}") + f"?{query}")


def page(story: Story, person: str, query: str = "") -> str:
    answer = opened(story, person, query)
    assert answer.status_code == 200
    unlinked = re.sub(r'<a class="govuk-link app-plain-link"[^>]*>([^<]*)</a>', r"\1", answer.content.decode())
    return re.sub(r"\s+", " ", unlinked)


def taken(story: Story, person: str, query: str, fmt: str) -> Any:
    return story.world.client(person).post(reverse("exploring:export") + f"?{query}", {"fmt": fmt})


def rows_of(answer: Any) -> list[dict[str, str]]:
    return [row for row in csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))) if row["Reference"]]


def test_without_a_snapshot_or_a_measure_the_page_says_what_to_do(world: World, story: Story) -> None:
    assert "There are no figures yet" in page(story, "analyst")
    assert opened(story, "analyst", "m=cases_closed", "chart").status_code == 404
    story.nine()
    assert "Nothing chosen yet" in page(story, "analyst")
    assert opened(story, "analyst", "", "chart").status_code == 404


def test_every_measure_is_drawn_in_every_way_or_says_why_not(told: Story) -> None:
    for _, found in measures.themes():
        for measure in found:
            shown = page(told, "analyst", f"m={measure.name}&by=service")
            assert measure.title in shown
    for chart in CHARTS:
        for by in ("", "service", "council"):
            for name in ("referrals_received", "improved_health"):
                query = f"m={name}&by={by}&chart={chart}&from=2026Q1&to=2026Q3"
                page(told, "analyst", query)
                drawn = opened(told, "analyst", query, "chart")
                assert drawn["Content-Type"] == "image/svg+xml"
                assert drawn.content.startswith(b"<svg")
                assert b"<script" not in drawn.content
    assert "Groups of this measure do not add up to its whole. Drawn as bars of groups." in page(
        told, "analyst", "m=victims_supported&by=service&chart=stacked"
    )
    assert "A map is of one measure by council. Drawn as line over quarters." in page(
        told, "analyst", "m=victims_supported&chart=map"
    )


def test_several_measures_and_two_breakdowns_at_once(told: Story) -> None:
    both = page(told, "analyst", "m=referrals_received&m=victims_supported")
    assert "Referrals received and victims supported" in both
    apart = page(told, "analyst", "m=referrals_received&m=improved_health&chart=line")
    assert "Counts, shares and days have no scale in common. Drawn as small multiples." in apart
    crossed = page(told, "analyst", "m=referrals_received&by=crime_type&and=source&to=2026Q2")
    assert "Burglary, " in crossed
    assert "What leaves the office is broken down by one thing at most" in crossed
    one = page(told, "analyst", "m=referrals_received&m=cases_closed&by=service&and=source")
    assert "the first is shown" in one
    panels = page(told, "analyst", "m=referrals_received&m=cases_closed&by=service")
    assert "Referrals received: Lantern" in panels


def test_figures_are_exact_where_the_office_reads_totals_and_protected_elsewhere(told: Story) -> None:
    assert ">9<" in page(told, "analyst", "m=referrals_received&by=service&to=2026Q2").replace("> 9 <", ">9<")
    council = page(told, "analyst", "m=referrals_received&by=council&to=2026Q2")
    assert "Protected: 1 to 7 are shown as 5" in council
    assert not re.search(r"<td[^>]*>\s*[1-4678]\s*<", council)
    crossed = page(told, "analyst", "m=referrals_received&by=council&and=source&to=2026Q2")
    assert "Birmingham" not in crossed.split("<tbody")[-1]  # one referral, of two things at once, is told to nobody
    own = page(told, "service_manager", "m=referrals_received&by=council&to=2026Q2")
    assert "Exact, and yours alone." in own


def test_a_rare_crime_is_never_placed(told: Story) -> None:
    told.referral(crime_type="human_trafficking")
    told.snapshot(as_at=WINTER + DAY)
    for query in ("by=council", "by=crime_type&and=council", "by=council&and=crime_type"):
        shown = page(told, "analyst", f"m=referrals_received&to=2026Q2&{query}")
        assert not re.search("[Tt]rafficking, Wolverhampton|Wolverhampton, [^<]*rafficking", shown)


def test_a_neighbour_sees_nothing_of_anothers_and_a_board_has_fixed_figures(told: Story) -> None:
    shown = page(told, "neighbour_manager", "m=victims_supported&by=service&to=2026Q2")
    assert "Nothing was counted" in shown
    assert "Lantern" not in shown
    assert "Provider" not in re.findall(r'name="by">(.*?)</select>', shown)[0]
    for person in ("board_member", "caseworker", "triage_officer", "partnership_officer"):
        assert opened(told, person).status_code == 403
    anyone = opened(told, "neighbour_manager", "m=victims_supported&by=provider")
    assert "cannot be broken down by provider" in anyone.content.decode()


def test_no_identity_is_on_a_page_in_a_drawing_or_in_a_file(told: Story) -> None:
    query = "m=referrals_received&by=council&to=2026Q2"
    answers = [opened(told, "analyst", query), opened(told, "analyst", f"{query}&chart=map", "chart"),
               *(taken(told, "analyst", query, fmt) for fmt in ("csv", "xlsx", "svg"))]  # fmt: skip
    for answer in answers:
        for secret in (*CANARIES, *told.hidden):
            assert secret not in answer.content.decode("utf-8", "ignore")


def test_what_an_address_asks_for_in_vain_is_said(told: Story) -> None:
    shown = page(told, "analyst", "m=astrology&m=cases_closed&by=need&from=1999Q1&to=nonsense&chart=pie&compare=x")
    for words in ("A measure that was asked for is not in use.", "Cases closed cannot be broken down by need.",
                  "Quarters from 2024Q1 to 2026Q4 can be shown."):  # fmt: skip
        assert words in shown, words
    assert "the other way round" in page(told, "analyst", "m=cases_closed&from=2026Q2&to=2025Q2")
    many = "&".join(f"m={each.name}" for _, found in measures.themes() for each in found)
    assert "At most 4 measures" in page(told, "analyst", many)
    assert "cannot be broken down by that" in page(told, "analyst", "m=cases_closed&by=surname")


def test_a_figure_leads_to_its_own_page_by_its_reference(told: Story) -> None:
    raw = opened(told, "analyst", "m=victims_supported&by=service&to=2026Q2").content.decode()
    address = re.findall(r'app-plain-link" href="([^"]*)"', raw)[0].replace("&amp;", "&")
    figure = told.world.client("analyst").get(address)
    assert figure.status_code == 200
    assert "Victims supported" in figure.content.decode()


def test_comparisons_stand_beside_the_figures(told: Story) -> None:
    assert "9 the quarter before" in page(told, "analyst", "m=referrals_received&by=service&to=2026Q3&compare=before")
    assert "a year before" in page(told, "analyst", "m=referrals_received&from=2026Q1&to=2026Q3&compare=year")
    whole = page(told, "analyst", "m=improved_health&by=service&to=2026Q2&compare=whole")
    assert "The whole area" in whole
    own = page(told, "service_manager", "m=improved_health&by=service&to=2026Q2&compare=whole")
    assert "All of yours" in own
    chosen = page(told, "analyst", "m=referrals_received&by=council&g=E08000031&to=2026Q2")
    assert "Wolverhampton" in chosen.split("<tbody")[-1]
    assert "Birmingham" not in chosen.split("<tbody")[-1].split("</table>")[0]
    for query in ("compare=before", "compare=year", "compare=whole"):
        for chart in ("line", "bars"):
            for measure in ("improved_health", "referrals_received"):
                asked = f"m={measure}&by=service&to=2026Q3&chart={chart}&{query}"
                assert opened(told, "analyst", asked, "chart").status_code == 200


def test_few_quarters_have_no_limits_and_a_new_definition_begins_new_ones(told: Story) -> None:
    shown = page(told, "analyst", "m=referrals_received&chart=control&from=2024Q1&to=2026Q4")
    assert "With fewer than 8 nobody can say what is chance, so no limits are drawn." in shown
    assert "the definition changed in 2026Q3" in shown
    assert "Above this line version 2" in shown
    newest = page(told, "analyst", "m=referrals_received&chart=control&from=2024Q1&to=2026Q4&all=newest")
    assert "Above this line" not in newest
    running = page(told, "analyst", "m=referrals_received&chart=control&from=2026Q4&to=2026Q4")
    assert "Nothing had been counted in any quarter that is over." in running


def test_a_control_chart_finds_what_stands_out(story: Story) -> None:
    for number in range(10):
        for _ in range(30 if number == 9 else 5 + number % 2):
            story.referral(RECEIVED - QUARTER * (8 - number), first_attempt_at=RECEIVED - QUARTER * (8 - number) + DAY)
    story.snapshot(as_at=WINTER)
    asked = "m=referrals_received&chart=control&from=2024Q1&to=2026Q4&all=newest"
    shown = page(story, "analyst", asked)
    assert "lies above the upper limit" in shown
    assert "A point outside the limits." in shown
    assert b"<svg" in opened(story, "analyst", asked, "chart").content
    share = "m=hub_first_attempt_within_two_working_days&chart=control&from=2024Q1&to=2026Q4&all=newest"
    assert opened(story, "analyst", share, "chart").status_code == 200
    assert "p-chart" in page(story, "analyst", share)


def test_a_map_hatches_what_is_not_told_and_says_it(told: Story) -> None:
    asked = "m=improved_health&by=council&to=2026Q2&chart=map"
    assert "No figure is told for" in page(told, "analyst", asked)
    drawn = opened(told, "analyst", asked, "chart").content.decode()
    assert "url(#hatch)" in drawn
    assert "None told" in drawn
    assert opened(told, "service_manager", asked, "chart").status_code == 200


def test_what_leaves_the_office_is_protected_and_on_record(told: Story) -> None:
    query = "m=referrals_received&by=service&to=2026Q2"
    found = rows_of(taken(told, "commissioning_officer", query, "csv"))
    assert {row["Figure"] for row in found} == {"10"}  # nine on the page
    assert all(row["Definition"] and row["As at"] and "@" in row["Reference"] for row in found)
    book = load_workbook(BytesIO(taken(told, "analyst", query, "xlsx").content))
    assert book["Figures"]["A1"].value == "Measure"
    png = taken(told, "analyst", query, "png")
    assert png.content.startswith(b"\x89PNG")
    drawn = taken(told, "analyst", query, "svg").content.decode()
    assert "Protected" in drawn
    assert Event.objects.filter(name="export.made", details__about="explored figures").count() == 4
    crossed = told.world.client("analyst").post(
        reverse("exploring:export") + f"?{query}&and=source", {"fmt": "csv"}, follow=True
    )
    assert "one thing at most" in crossed.content.decode()
    own = rows_of(taken(told, "service_manager", f"{query}&and=source", "csv"))
    assert {row["Figure"] for row in own} == {"9"}
    assert taken(told, "analyst", query, "pdf").status_code == 302


def test_what_leaves_is_held_against_what_left_before_from_any_page(told: Story) -> None:
    query = "m=referrals_received&by=council&to=2026Q2&chart=bars&compare=whole"
    first = rows_of(taken(told, "analyst", query, "csv"))
    assert first
    made = Publication.objects.get()
    assert (made.kind, made.quarter) == ("explored", "2026Q2")
    story_goes_on = told.referral(first_attempt_at=RECEIVED + DAY, council="E08000025")
    assert story_goes_on
    told.snapshot(as_at=WINTER + timedelta(days=1))
    again = rows_of(taken(told, "commissioning_officer", query, "csv"))
    assert [row["Reference"] for row in again] == [row["Reference"] for row in first], "a week of one night"
    assert Publication.objects.filter(same_as=made).count() == 1
    assert opened(told, "analyst", query).content.decode().count(made.snapshot) == 0, "the page shows the newest"


def test_a_breakdown_that_would_tell_stays_and_says_so(told: Story) -> None:
    crimes = [row.code for row in rulebook.current("crime_types", RECEIVED.date())][:7]
    for crime in crimes:
        told.contact(told.case(told.referral(RECEIVED - QUARTER, crime_type=crime)))
    told.snapshot(as_at=WINTER + timedelta(days=2))
    query = "m=referrals_received&by=crime_type&to=2026Q1&chart=bars"
    found = list(csv.DictReader(StringIO(taken(told, "analyst", query, "csv").content.decode("utf-8-sig"))))
    assert {row["Figure"] for row in found if row["Reference"]} == {"Not shown"}
    assert any("Not shown" in (row["Measure"] or "") for row in found if not row["Reference"])
    assert taken(told, "analyst", query, "svg").status_code == 200


def test_measures_are_found_by_their_words_and_added(told: Story) -> None:
    shown = page(told, "analyst", "m=cases_closed&q=waiting+list")
    assert "Add On waiting lists" in shown
    assert "m=cases_closed&amp;m=on_waiting_lists" in shown
    assert "No other measure says" in page(told, "analyst", "q=astrology")


def test_a_choice_has_one_address(told: Story) -> None:
    client = told.world.client("analyst")
    long = "chart=bars&to=2026Q2&by=service&m=cases_closed&q=x&junk=1&m=&and=&from=&compare="
    shown = client.get(reverse("exploring:explore") + f"?{long}").content.decode()
    assert "explore/?m=cases_closed&amp;by=service&amp;to=2026Q2&amp;chart=bars" in shown
    assert set(choices.CHARTS) == set(choices.Chart)


def test_quarters_before_a_breakdown_was_known_say_so_and_the_file_leaves_them_out(told: Story) -> None:
    asked = "m=referrals_received&by=age_band&chart=panels&from=2026Q1&to=2026Q4"
    shown = page(told, "analyst", asked)
    assert "Not counted so then" in shown
    assert "Count every quarter by the newest definition" in shown
    quarters = {row["Quarter"] for row in rows_of(taken(told, "analyst", f"{asked}&by=service", "csv"))}
    assert quarters == {"2026Q2", "2026Q3"}  # nobody came in the others


def test_two_breakdowns_are_drawn_as_bars_and_as_stacked_bars(told: Story) -> None:
    for chart in ("bars", "stacked", "panels", "line", "map", "control"):
        asked = f"m=referrals_received&by=service&and=source&to=2026Q2&chart={chart}"
        assert opened(told, "service_manager", asked, "chart").content.startswith(b"<svg")
    several = "m=referrals_received&m=victims_supported&by=service&to=2026Q2"
    for chart in ("bars", "stacked", "control", "map"):
        assert "Drawn as small multiples." in page(told, "analyst", f"{several}&chart={chart}")
    assert "no scale in common" in page(told, "analyst", "m=referrals_received&m=improved_health&chart=bars")


def test_a_control_chart_of_one_group_is_named_after_it(told: Story) -> None:
    service = told.service().code
    shown = page(told, "analyst", f"m=referrals_received&by=service&g={service}&chart=control")
    assert "Referrals received: Lantern" in shown


def test_a_map_where_nobody_has_a_figure_says_so(told: Story) -> None:
    asked = "m=days_to_first_contact&by=council&g=E08000025&to=2026Q2&chart=map"
    assert "No group has a figure that can be shown." in page(told, "analyst", asked)
    assert b"url(#hatch)" in opened(told, "analyst", asked, "chart").content
