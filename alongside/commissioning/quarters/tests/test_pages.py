"""The quarter page, a measure's page, a provider's own page, charts and files."""

import csv
import re
from io import BytesIO, StringIO
from pathlib import Path

from django.urls import reverse
from openpyxl import load_workbook

from alongside.commissioning.quarters import charts, jobs
from alongside.core.models import Event
from alongside.facts.measures.models import EVERYWHERE
from alongside.foundation.office.documents.rules import scan_xlsx
from tests.story import DAY, LAST, RECEIVED, Story

YEAR_AGO = RECEIVED.replace(year=2025)


def tell(story: Story) -> None:
    for number in range(9):
        case = story.case(
            story.referral(first_attempt_at=RECEIVED + DAY, source="self" if number > 6 else "police_feed")
        )
        story.contact(case)
        story.sitting(case, RECEIVED + 4 * DAY, health=2.0, coping=3.0, safety=3.0, informed=4.0)
        story.sitting(case, RECEIVED + 30 * DAY, health=4.0, coping=3.0, safety=1.0, informed=None)
        story.close(case, RECEIVED + 31 * DAY)
    for _ in range(3):
        story.contact(story.case(story.referral(YEAR_AGO), "neighbour"))
    story.snapshot()


def page(story: Story, person: str, name: str, *args: str, query: str = "") -> str:
    answer = story.world.client(person).get(reverse(f"quarters:{name}", args=args) + query)
    assert answer.status_code == 200
    unlinked = re.sub(r'<a class="govuk-link app-plain-link"[^>]*>([^<]*)</a>', r"\1", answer.content.decode())
    return re.sub(r"\s+", " ", unlinked)


def test_the_quarter_page_shows_every_measure_with_what_it_means(story: Story) -> None:
    tell(story)
    shown = page(story, "commissioning_officer", "quarter")
    for words in (
        "Quarter 2026Q2", "Referrals received", "Improved health and wellbeing", "100%", "of 9",
        "As at 14 September 2026",
        "in the whole quarter a year ago", "One victim in one crime", "referrals_received@1/", "so far", "Download CSV",
    ):  # fmt: skip
        assert words in shown, words
    assert "style=" not in shown
    assert "<script>" not in shown


def test_a_finished_quarter_is_compared_with_the_year_before(story: Story) -> None:
    tell(story)
    story.snapshot(as_at=LAST + 30 * DAY)
    shown = page(story, "commissioning_officer", "quarter", "2026Q2")
    assert "Up 6 on a year ago (3)" in shown
    earlier = page(story, "commissioning_officer", "quarter", "2025Q3")
    assert "No figure a year ago" in earlier


def test_the_office_reads_services_exactly_and_the_rest_protected(story: Story) -> None:
    tell(story)
    exact = page(story, "commissioning_officer", "quarter", "2026Q2", query="?by=service")
    assert 'Lantern Sample Charity support</th> <td class="govuk-table__cell govuk-table__cell--numeric">9' in exact
    protected = page(story, "commissioning_officer", "quarter", "2026Q2", query="?by=source")
    assert "Protected: 1 to 7 are shown as 5" in protected
    assert 'Police feed</th> <td class="govuk-table__cell govuk-table__cell--numeric">5' in protected


def test_a_board_reads_protected_figures_alone(story: Story) -> None:
    tell(story)
    shown = page(story, "board_member", "quarter", query="?by=service")
    assert 'Lantern Sample Charity support</th> <td class="govuk-table__cell govuk-table__cell--numeric">10' in shown
    assert "Download CSV" not in shown


def test_a_figure_of_nothing_says_so_in_words(story: Story) -> None:
    story.referral()
    story.snapshot(as_at=LAST + 30 * DAY)
    running, over = page(story, "analyst", "quarter"), page(story, "analyst", "quarter", "2026Q2")
    assert "Nothing to count so far. No figure a year ago" in running
    assert "Nothing to count in this quarter. No figure a year ago" in over
    assert "of 0" not in over + running
    assert "None yet" in running
    assert "None yet" not in over.split("In pictures")[0]


def test_a_provider_reads_its_own_exact_figures(story: Story) -> None:
    tell(story)
    shown = page(story, "service_manager", "own", "2026Q2", query="?by=source")
    assert "yours alone" in shown
    assert 'Police feed</th> <td class="govuk-table__cell govuk-table__cell--numeric">7' in shown
    assert "Harbour" not in shown


def test_every_breakdown_can_be_sorted(story: Story) -> None:
    tell(story)
    for by in EVERYWHERE:
        for sort in ("group", "-group", "victims_supported", "-improved_health"):
            shown = page(story, "analyst", "quarter", "2026Q2", query=f"?by={by}&sort={sort}")
            assert f'aria-sort="{"descending" if sort.startswith("-") else "ascending"}"' in shown


def test_without_a_snapshot_the_pages_say_so(story: Story) -> None:
    assert "There are no figures yet" in page(story, "analyst", "quarter")
    assert "There are no figures yet" in page(story, "service_manager", "own")
    answer = story.world.client("analyst").post(reverse("quarters:export", args=["2026Q2"]), {"fmt": "csv"})
    assert answer.status_code == 302


def test_what_no_page_shows_is_not_found(story: Story) -> None:
    story.snapshot()
    client = story.world.client("analyst")
    for address in (
        reverse("quarters:quarter", args=["2026Q9"]), reverse("quarters:quarter", args=["2019Q1"]),
        reverse("quarters:quarter", args=["2027Q1"]), reverse("catalogue:measure", args=["no_such"]),
        reverse("quarters:chart", args=["2026Q2", "nothing"]),
    ):  # fmt: skip
        assert client.get(address).status_code == 404


def test_charts_are_drawings_that_do_nothing(story: Story) -> None:
    tell(story)
    for name in (*charts.DRAWINGS, "quarters"):
        answer = story.world.client("analyst").get(reverse("quarters:chart", args=["2026Q2", name]))
        assert answer["Content-Type"] == "image/svg+xml"
        assert answer.content.startswith(b"<svg ")
        assert b" style=" not in answer.content
        own = story.world.client("service_manager").get(reverse("quarters:own_chart", args=["2026Q2", name]))
        assert own.status_code == 200


def test_a_snapshot_is_counted_and_drawn_before_anybody_asks(story: Story, snapshot_place: Path) -> None:
    jobs.prepare(event="", subject="")
    assert not (snapshot_place.parent / "cache").exists()
    tell(story)
    jobs.prepare(event="", subject="")
    kept = snapshot_place.parent / "cache"
    assert len(list((kept / "charts").rglob("*.svg"))) == len(charts.DRAWINGS)
    before = len(list((kept / "measures").rglob("*.json")))
    assert before > 100
    page(story, "commissioning_officer", "quarter", query="?by=council")
    assert len(list((kept / "measures").rglob("*.json"))) == before


def test_an_empty_quarter_can_be_drawn(story: Story) -> None:
    story.snapshot()
    for name in charts.DRAWINGS:
        answer = story.world.client("analyst").get(reverse("quarters:chart", args=["2026Q2", name]))
        assert answer.status_code == 200


def test_the_file_holds_protected_figures_and_its_taking_is_recorded(story: Story) -> None:
    tell(story)
    client = story.world.client("commissioning_officer")
    answer = client.post(reverse("quarters:export", args=["2026Q2"]), {"fmt": "csv"})
    assert answer["Content-Disposition"] == 'attachment; filename="quarter-2026q2.csv"'
    rows = list(csv.DictReader(StringIO(answer.content.decode("utf-8-sig"))))
    received = [row for row in rows if row["Measure"] == "Referrals received" and row["Quarter"] == "2026Q2"]
    assert received[0]["Figure"] == "10"
    assert {row["By"] for row in received} == {"All", "Provider", "Service", "Crime type", "Council", "Source"}
    counts = [row["Count"] for row in rows if row["Count"]]
    assert all(int(count) % 5 == 0 for count in counts)
    event = Event.objects.get(name="export.made")
    assert event.user_id == story.world.people["commissioning_officer"].pk
    assert event.details["rows"] == sum(bool(row["Unit"]) for row in rows)  # its notes have none


def test_the_spreadsheet_passes_the_scan(story: Story) -> None:
    tell(story)
    answer = story.world.client("analyst").post(reverse("quarters:export", args=["2026Q2"]), {"fmt": "xlsx"})
    assert scan_xlsx(answer.content) == []
    assert load_workbook(BytesIO(answer.content)).sheetnames == ["Figures"]
    wrong = story.world.client("analyst").post(reverse("quarters:export", args=["2026Q2"]), {"fmt": "exe"})
    assert wrong.status_code == 302
