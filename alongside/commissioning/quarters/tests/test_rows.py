"""The rows of a figure: for analysts alone, on record, of the very rows that were counted, and of nobody's name."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from alongside.core.models import Event
from alongside.core.periods import Quarter
from alongside.facts.measures import catalogue, queries
from alongside.facts.measures.disclosure import Audience
from alongside.facts.measures.models import Dimension
from alongside.facts.measures.rules import Figure, Kind
from tests.story import CANARIES, DAY, RECEIVED, Story

Q2 = Quarter(2026, 2)


def figure(name: str, *by: Dimension) -> Figure:
    return queries.figures(name, quarter=Q2, by=by, area="west-midlands", audience=Audience.OFFICE)[0]


def told(story: Story) -> None:
    story.nine()
    for number in range(3):
        case = story.case(story.referral(source="partner"))
        story.session(case, RECEIVED + (6 + number) * DAY)
        story.need(case, "money", RECEIVED + 4 * DAY)
        story.risk(case, "high", RECEIVED + 4 * DAY)
    story.snapshot()


def test_the_rows_of_every_measure_are_the_ones_that_it_counts(story: Story) -> None:
    told(story)
    checked = 0
    for measure in catalogue.latest().values():
        found = figure(measure.name)
        rows = queries.rows(found.reference, most=1000)
        place = rows.columns.index("counted")
        if measure.kind == Kind.SHARE and "DISTINCT" not in measure.sql:
            assert sum(bool(row[place]) for row in rows.rows) == found.numerator, measure.name
            assert found.coverage is None or round(rows.total * found.coverage) == found.denominator, measure.name
        elif measure.kind == Kind.COUNT and "DISTINCT" in measure.sql:
            assert len({row[0] for row in rows.rows}) == found.value, measure.name
        elif measure.kind == Kind.COUNT and "sum(" not in measure.sql:
            assert rows.total == found.value, measure.name
            checked += rows.total
    assert checked > 20


def test_rows_are_of_the_group_that_the_figure_is_of(story: Story) -> None:
    told(story)
    found = {each.group[0][1]: each for each in queries.figures(
        "referrals_received", quarter=Q2, by=[Dimension.SOURCE], area="west-midlands", audience=Audience.OFFICE
    )}  # fmt: skip
    rows = queries.rows(found["partner"].reference, most=100)
    assert rows.total == 4
    assert {row[rows.columns.index("source")] for row in rows.rows} == {"partner"}


def test_where_a_rare_crime_was_is_in_no_row(story: Story) -> None:
    story.referral(crime_type="modern_slavery")
    story.referral()
    story.snapshot()
    rows = queries.rows(figure("referrals_received").reference)
    place, crime = rows.columns.index("council"), rows.columns.index("crime_type")
    assert {(row[crime], row[place]) for row in rows.rows} == {("modern_slavery", ""), ("burglary", "E08000031")}


def test_an_analyst_says_why_and_turns_pages(story: Story) -> None:
    told(story)
    story.many(60)
    story.snapshot()
    client, reference = story.world.client("analyst"), figure("referrals_received").reference
    address = f"{reverse('quarters:rows')}?{urlencode({'ref': reference})}"
    assert client.get(address).status_code == 302
    assert "Choose why" in client.post(reverse("quarters:open_rows"), {"ref": reference}).content.decode()
    assert not Event.objects.filter(name="figure.rows_opened").exists()
    answer = client.post(reverse("quarters:open_rows"), {"ref": reference, "why": "check"}, follow=True)
    page = answer.content.decode()
    assert "70 rows" in page
    assert "Page 1 of 2" in page
    assert "Page 2 of 2" in client.get(f"{address}&page=2").content.decode()
    assert "Page 1 of 2" in client.get(f"{address}&page=x").content.decode()
    event = Event.objects.get(name="figure.rows_opened")
    assert event.details == {"reference": reference, "why": "check"}
    for word in (*CANARIES, *story.hidden):
        assert word not in page


@pytest.mark.parametrize("person", ["commissioning_officer", "board_member", "service_manager", "office_administrator"])
def test_nobody_else_opens_rows(story: Story, person: str) -> None:
    told(story)
    reference = figure("referrals_received").reference
    client = story.world.client(person)
    assert client.get(reverse("quarters:rows"), {"ref": reference}).status_code == 403
    assert client.post(reverse("quarters:open_rows"), {"ref": reference, "why": "check"}).status_code == 403


def test_what_is_not_ones_own_or_is_no_reference_is_not_there(story: Story) -> None:
    told(story)
    client = story.world.client("analyst")
    far = queries.figures("referrals_received", quarter=Q2, area="cumbria")[0].reference
    for reference in (far, "nonsense", ""):
        assert client.post(reverse("quarters:open_rows"), {"ref": reference, "why": "check"}).status_code == 404
    rare = figure("referrals_received").reference + ",crime_type=modern_slavery,council=E08000031"
    assert queries.rows(rare) == queries.Rows((), (), 0)
