"""The office reads centres, volumes, time to answer and quiet centres, and no person; its neighbours nothing."""

import pytest
from django.test import Client

from alongside.facts.measures import queries as measures
from tests.centres import centre, reports
from tests.story import LAST, Story

pytestmark = pytest.mark.django_db


def page(client: Client, where: str = "/oversight/centres/") -> str:
    answer = client.get(where)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def told(story: Story) -> Story:
    reports(centre(story, "busy"), 12, answered=7)
    reports(centre(story, "steady"), 3)
    reports(centre(story, "silent"), 1, days_ago=200)
    reports(centre(story, "far", hub="far_hub"), 20)
    story.snapshot(LAST)
    return story


def test_small_numbers_of_a_centre_are_protected_and_totals_of_the_office_exact(told: Story) -> None:
    text = page(told.world.client("commissioning_officer"))
    rows = {name: text.split(f"Sample {name}")[1].split("</tr>")[0] for name in ("busy", "steady", "silent")}
    assert ">10<" in rows["busy"].replace(" ", "").replace("\n", "") and ">5<" in rows["steady"].replace(" ", "")
    assert "Quiet" in rows["silent"] and "Quiet" not in rows["steady"]
    assert '<span class="app-stats__value">15</span>' in text


def test_another_areas_centres_are_not_told(told: Story) -> None:
    assert "Sample far" not in page(told.world.client("commissioning_officer"))


def test_a_board_reads_protected_totals(told: Story) -> None:
    text = page(told.world.client("board_member"))
    assert '<span class="app-stats__value">15</span>' in text and "Download CSV" not in text


def test_the_list_is_sorted_and_another_quarter_is_turned_to(told: Story) -> None:
    text = page(told.world.client("analyst"), "/oversight/centres/2026Q2/?sort=-reports")
    assert text.index("Sample busy") < text.index("Sample steady")
    assert told.world.client("analyst").get("/oversight/centres/1990Q1/").status_code == 404


def test_the_file_is_protected_and_recorded(told: Story) -> None:
    file = told.world.client("analyst").post("/oversight/centres/2026Q2/export/")
    text = file.content.decode()
    assert "Sample steady,Open,5,0," in text and "Protected" in text


def test_without_a_snapshot_that_tells_of_centres_the_page_says_so(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = story.world.client("analyst")
    assert "no figures of reporting centres yet" in page(client)
    assert client.post("/oversight/centres/2026Q2/export/").status_code == 302
    story.snapshot(LAST)
    assert measures.latest() is not None and "No reporting centre" in page(client)


@pytest.mark.parametrize("person", ["triage_officer", "hub_manager", "caseworker", "referrer"])
def test_nobody_but_the_office_reads_it(story: Story, person: str) -> None:
    assert story.world.client(person).get("/oversight/centres/").status_code == 403


def test_centres_that_would_be_told_by_a_total_that_left_before_are_not_shown(story: Story) -> None:
    for number in range(7):
        reports(centre(story, f"small{number}"), 1)
    reports(centre(story, "once"), 12, days_ago=385)
    story.snapshot(LAST)
    analyst = story.world.client("analyst")
    total = analyst.post("/explore/export/?m=reports_received&from=2026Q2&to=2026Q2", {"fmt": "csv"})
    assert b"reports_received@" in total.content
    answer = analyst.post("/oversight/centres/2026Q2/export/")
    text = answer.content.decode()
    assert text.count("Not shown") >= 7
    assert "Sample once" in text
    assert ",10," in text, "a year before leaves"
