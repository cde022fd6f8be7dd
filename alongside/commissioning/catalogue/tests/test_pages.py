"""The catalogue's pages: every measure, its history and its break, what changed in a closed quarter, the rules."""

import csv
import re
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.urls import reverse

from alongside.core.models import Event
from alongside.facts.measures import queries
from tests.story import DAY, LAST, RECEIVED, Story
from tests.world import World

AUTUMN = datetime(2026, 10, 2, 3, 0, tzinfo=UTC)  # after the quarter that holds RECEIVED
WINTER = datetime(2027, 1, 10, 3, 0, tzinfo=UTC)


def tell(story: Story, number: int = 9) -> None:
    for _ in range(number):
        case = story.case(story.referral(first_attempt_at=RECEIVED + DAY))
        story.contact(case)
        story.sitting(case, RECEIVED + 4 * DAY, health=2.0, coping=3.0, safety=3.0, informed=4.0)
        story.sitting(case, RECEIVED + 30 * DAY, health=4.0, coping=3.0, safety=1.0, informed=None)
        story.need(case, "money", RECEIVED + 4 * DAY, "MET", RECEIVED + 29 * DAY)
        story.close(case, RECEIVED + 31 * DAY)


def page(story: Story, person: str, name: str, *args: str, query: str = "") -> str:
    answer = story.world.client(person).get(reverse(f"catalogue:{name}", args=args) + query)
    assert answer.status_code == 200
    unlinked = re.sub(r'<a class="govuk-link app-plain-link"[^>]*>([^<]*)</a>', r"\1", answer.content.decode())
    return re.sub(r"\s+", " ", unlinked)


def test_every_measure_is_listed_by_what_it_is_about_and_found_by_its_words(story: Story) -> None:
    tell(story)
    story.snapshot()
    shown = page(story, "analyst", "measures")
    for theme, told in queries.themes():
        assert theme in shown
        for measure in told:
            assert measure.title in shown
    found = page(story, "analyst", "measures", query="?q=Waiting+LIST")
    assert "On waiting lists" in found
    assert "Repeat victims" not in found
    assert "No measure says that" in page(story, "analyst", "measures", query="?q=astrology")


def test_a_measures_page_says_what_it_is_what_it_was_and_how_it_is_broken_down(story: Story) -> None:
    tell(story)
    story.snapshot()
    for _, told in queries.themes():
        for measure in told:
            shown = page(story, "analyst", "measure", measure.name)
            assert measure.title in shown
            assert "SELECT" in shown
            assert f"{measure.name}@" in shown
    assert "9 out of 9" in page(story, "analyst", "measure", "improved_health")


def test_a_group_is_protected_from_the_office_and_exact_for_its_provider(story: Story) -> None:
    tell(story)
    story.snapshot()
    query = "?by=need&quarter=2026Q2"
    office = page(story, "analyst", "measure", "needs_identified", query=query)
    own = page(story, "service_manager", "own_measure", "needs_identified", query=query)
    cell = 'app-plain-link" href'
    assert "Finance and benefits" in office
    assert ">10<" in office
    assert "Protected" in office
    assert ">9<" in own
    assert cell not in own


def test_what_a_neighbour_reads_of_its_own_is_nothing_of_anothers(story: Story) -> None:
    tell(story)
    story.snapshot()
    neighbour = page(story, "neighbour_manager", "own_measure", "victims_supported", query="?by=service&quarter=2026Q2")
    assert "Nothing in 2026Q2" in neighbour
    assert "Lantern" not in neighbour


def test_a_changed_definition_breaks_the_line_and_all_can_be_counted_by_the_newest(story: Story) -> None:
    tell(story)
    story.snapshot(as_at=WINTER)
    shown = page(story, "analyst", "measure", "referrals_received")
    assert "Above this line version 2, in use from 22 November 2026" in shown
    assert "The definition changed in 2026Q3" in shown
    assert "referrals_received@1/" in shown
    newest = page(story, "analyst", "measure", "referrals_received", query="?all=newest")
    assert "Above this line" not in newest
    assert "referrals_received@1/" not in newest
    assert "<del>" in shown


def test_a_closed_quarter_that_changed_says_what_it_first_was_and_where_it_changed(story: Story) -> None:
    tell(story)
    story.snapshot(as_at=AUTUMN)
    late = story.case(story.referral(RECEIVED + DAY, source="partner"))
    story.contact(late, RECEIVED + 5 * DAY)
    story.snapshot(as_at=WINTER)
    measure = page(story, "analyst", "measure", "victims_supported")
    assert "What changed" in measure
    shown = page(story, "analyst", "changed", "victims_supported", "2026Q2")
    for words in ("9, as at 2 October 2026", "10, as at 10 January 2027", "+1", "Lantern Sample Charity support"):
        assert words in shown, words
    unchanged = page(story, "analyst", "measure", "cases_closed")
    assert "What changed" not in unchanged
    assert "The figure is the same" in page(story, "analyst", "changed", "cases_closed", "2026Q2")
    own = page(story, "service_manager", "own_changed", "victims_supported", "2026Q2")
    assert "10, as at" in own
    for person, name in (("commissioning_officer", "quarter"), ("service_manager", "own")):
        quarter = story.world.client(person).get(reverse(f"quarters:{name}", args=["2026Q2"])).content.decode()
        assert "of this quarter changed since it was first told" in quarter
        assert "Victims supported: 9, now 10." in quarter
        running = story.world.client(person).get(reverse(f"quarters:{name}")).content.decode()
        assert "changed since it was first told" not in running


def test_the_counting_rules_are_the_definitions_and_the_rulebooks_words(story: Story) -> None:
    shown = page(story, "service_manager", "own_counting_rules")
    for _, told in queries.themes():
        for measure in told:
            assert measure.definition.replace("'", "&#39;") in shown
    assert "Could not be reached" in shown
    assert "Print" in shown


def test_the_definitions_leave_as_a_file(world: World) -> None:
    client = world.client("commissioning_officer")
    answer = client.post(reverse("catalogue:export"), {"fmt": "csv"})
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert sum(len(row) > 5 for row in rows) == sum(len(told) for _, told in queries.themes()) + 1
    assert Event.objects.filter(name="export.made").exists()
    assert client.post(reverse("catalogue:export"), {"fmt": "pdf"}).status_code == 302
    assert world.client("board_member").post(reverse("catalogue:export"), {"fmt": "csv"}).status_code == 403


def test_the_chart_is_a_drawing_that_does_nothing(story: Story) -> None:
    tell(story)
    story.snapshot(as_at=WINTER)
    for name in ("improved_health", "referrals_received", "days_to_first_contact"):
        for query in ("", "?all=newest"):
            drawn = story.world.client("analyst").get(reverse("catalogue:chart", args=[name]) + query)
            assert drawn["Content-Type"] == "image/svg+xml"
            assert b"<script" not in drawn.content
            assert drawn.content.startswith(b"<svg")


def test_without_a_snapshot_the_pages_say_so_and_draw_nothing(story: Story) -> None:
    assert "There are no figures yet" in page(story, "analyst", "measure", "waiting_now")
    assert "From the next snapshot" in page(story, "analyst", "measures")
    client = story.world.client("analyst")
    for name, args in (("chart", ["waiting_now"]), ("changed", ["waiting_now", "2026Q2"]), ("measure", ["none"])):
        assert client.get(reverse(f"catalogue:{name}", args=args)).status_code == 404


def test_a_quarter_that_no_earlier_snapshot_tells_has_nothing_to_compare(story: Story) -> None:
    tell(story, 1)
    story.snapshot(as_at=WINTER)
    client = story.world.client("analyst")
    for asked in ("2026Q2", "2026Q3", "2020Q1", "never"):
        assert client.get(reverse("catalogue:changed", args=["waiting_now", asked])).status_code == 404
    assert LAST < WINTER


@pytest.mark.parametrize("person", ["caseworker", "triage_officer", "referrer"])
def test_nobody_else_reads_the_catalogue(world: World, person: str) -> None:
    for name in ("measures", "counting_rules", "own_measures"):
        assert world.client(person).get(reverse(f"catalogue:{name}")).status_code in (302, 403)


def test_the_snapshots_are_listed_with_what_keeps_them(story: Story) -> None:
    tell(story, 1)
    night = story.snapshot(LAST - DAY)
    story.snapshot(LAST)
    story.snapshot(LAST + DAY)
    shown = page(story, "analyst", "snapshots")
    assert "The first after a quarter had ended" in shown
    assert "Pages show it" in shown
    assert f"What had changed since {night.code}" in shown
    assert "Everything: there is no whole one yet to add to" in shown
    assert "One night’s" in shown
    assert "Make one now" not in page(story, "board_member", "snapshots")


def test_a_snapshot_is_asked_for_once_and_its_progress_shown(story: Story) -> None:
    tell(story, 1)
    story.snapshot()
    client, place = story.world.client("analyst"), reverse("catalogue:make_snapshot")
    assert client.post(place).status_code == 302
    assert client.post(place).status_code == 302
    assert Event.objects.filter(name="snapshot.asked").count() == 1
    assert "0 of 12 files" in page(story, "analyst", "snapshots")
    assert story.world.client("board_member").post(place).status_code == 403


def test_a_snapshot_is_kept_for_a_paper_and_for_a_file_that_left(story: Story) -> None:
    tell(story, 1)
    story.snapshot(LAST - DAY)
    night, client = story.snapshot(LAST), story.world.client("analyst")
    assert client.post(reverse("catalogue:keep_snapshot", args=[night.code])).status_code == 302
    assert client.post(reverse("catalogue:keep_snapshot", args=["20200101-0000-abcdef"])).status_code == 302
    assert Event.objects.filter(name="snapshot.kept").count() == 1
    story.snapshot(LAST + DAY)
    assert "Something rests on it: a reference in a paper" in page(story, "analyst", "snapshots")
