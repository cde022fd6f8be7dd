"""The office reads centres, volumes, time to answer and quiet centres, and no person; its neighbours nothing."""

from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from alongside.facts.measures import queries as measures
from alongside.foundation.organisations.models import Organisation
from alongside.support.centres.models import Centre, Report
from tests.story import LAST, Story

pytestmark = pytest.mark.django_db


def centre(story: Story, code: str, *, since: date = date(2025, 1, 1), hub: str = "hub") -> Centre:
    held = story.world.organisations[hub]
    body = Organisation.objects.create(
        code=code, kind="partner", force_id=held.force_id, name=f"Sample {code}", since=date(2024, 1, 1)
    )
    return Centre.objects.create(
        organisation=body, hub_id=held.pk, kind="library", address="1 Sample Street", council="E08000025", since=since,
        poster=code[:6].upper(), lookup=code.encode(), poster_since=LAST,
    )  # fmt: skip


def reports(found: Centre, number: int, *, answered: int | None = None, days_ago: int = 20) -> None:
    at = LAST - timedelta(days=days_ago)
    said: dict[str, Any] = {}
    if answered is not None:
        said = {"state": "CLOSED", "answer": "noted", "answered_at": at + timedelta(days=answered)}
    for _ in range(number):
        Report.objects.create(
            id=uuid4(), reference=uuid4().hex[:12], hub_id=found.hub_id, centre=found, via="poster", received_at=at,
            strands=["race"], kind="crime", whose="me", named=False, support=False, police="no", **said,
        )  # fmt: skip


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
