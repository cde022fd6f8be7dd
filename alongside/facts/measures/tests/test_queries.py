"""Figures from a snapshot: each measure on a story that can be counted by hand; exactness; permanence."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from io import StringIO
from itertools import product
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import queries, snapshots
from alongside.facts.measures.disclosure import Audience
from alongside.facts.measures.models import EVERYWHERE, Dimension
from alongside.facts.measures.rules import Figure
from tests.story import DAY, LAST, RECEIVED, Story

Q2 = Quarter(2026, 2)


def office(name: str, *by: Dimension, quarter: Quarter = Q2) -> dict[tuple[str, ...], Figure]:
    found = queries.figures(name, quarter=quarter, by=by, area="west-midlands", audience=Audience.OFFICE)
    return {tuple(code for _, code in figure.group): figure for figure in found}


def total(name: str, quarter: Quarter = Q2) -> Figure:
    return office(name, quarter=quarter)[()]


def test_every_measure_counts_what_its_definition_says(story: Story) -> None:
    story.nine()
    assert total("referrals_received").value == 7
    referred = total("referred_within_two_working_days")
    assert (referred.numerator, referred.denominator) == (4, 5)
    tried = total("hub_first_attempt_within_two_working_days")
    assert (tried.numerator, tried.denominator, tried.coverage) == (3, 5, 5 / 7)
    assert total("victims_offered_support").value == 6
    supported = total("victims_supported")
    assert (supported.value, supported.parts) == (3, {"newcomers": 3, "continuing": 0})
    waits = total("days_to_first_contact")
    assert (waits.value, waits.parts["ninetieth"], waits.n, waits.coverage) == (4, 5, 3, 3 / 7)
    assert total("waiting_now").value == 1
    health = total("improved_health")
    assert (health.numerator, health.denominator, health.coverage) == (2, 2, 2 / 3)
    assert total("improved_safety").parts == {"same": 0, "worse": 2}
    assert total("improved_coping").parts == {"same": 2, "worse": 0}
    assert total("improved_informed").value is None


def test_a_quarter_without_rows_is_nought_and_not_an_error(story: Story) -> None:
    story.nine()
    for measure in queries.catalogue():
        figure = total(measure.name, Quarter(2024, 1))
        assert figure.value in (0, None)
        assert queries.figures(measure.name, quarter=Quarter(2024, 1), by=[Dimension.SOURCE]) == ()


def test_another_police_area_is_not_counted(story: Story) -> None:
    story.nine()
    assert [figure.group for figure in office("referrals_received", Dimension.COUNCIL).values()] == [
        (("council", "E08000031"),)
    ]
    far = queries.figures("referrals_received", quarter=Q2, area="cumbria", audience=Audience.OFFICE)
    assert [figure.value for figure in far] == [1]


def test_the_office_sees_totals_by_service_exactly_and_every_breakdown_protected(story: Story) -> None:
    story.nine()
    services = office("victims_supported", Dimension.SERVICE)
    assert {group: (each.value, each.protected) for group, each in services.items()} == {
        ("test-provider-support",): (3, False)
    }
    crimes = office("referrals_received", Dimension.CRIME_TYPE)[("burglary",)]
    assert (crimes.value, crimes.protected) == (5, True)
    outside = queries.figures("referrals_received", quarter=Q2, area="west-midlands")[0]
    assert (outside.value, outside.protected) == (5, True)


def test_a_provider_sees_its_own_exactly_and_nobody_elses(story: Story) -> None:
    story.nine()
    own = queries.figures(
        "referrals_received", quarter=Q2, by=[Dimension.PROVIDER, Dimension.SOURCE], provider="test-neighbour",
        audience=Audience.PROVIDER,
    )  # fmt: skip
    assert [(each.group, each.value) for each in own] == [((("provider", "test-neighbour"), ("source", "self")), 1)]
    with pytest.raises(RuleBroken, match="which provider"):
        queries.figures("referrals_received", quarter=Q2, audience=Audience.PROVIDER)


def test_the_next_snapshot_moves_a_providers_figure_by_one(story: Story) -> None:
    story.nine()
    case = story.case(story.referral())
    story.contact(case)
    before = total("victims_supported")
    story.snapshot(as_at=LAST + DAY)
    after = total("victims_supported")
    assert (before.value, after.value) == (3, 4)
    assert queries.again(before.reference, audience=Audience.OFFICE) == before


def test_a_reference_makes_the_same_figure_again(story: Story) -> None:
    story.many(4)
    story.nine()
    for by in ((Dimension.SOURCE,), (Dimension.SOURCE, Dimension.CRIME_TYPE)):
        found = office("referrals_received", *by)
        assert ("police_feed", "burglary")[: len(by)] in found
        for group, figure in found.items():
            assert queries.again(figure.reference, audience=Audience.OFFICE) == figure, group
    own = queries.figures("waiting_now", quarter=Q2, provider="test-provider", audience=Audience.PROVIDER)[0]
    assert queries.again(own.reference, audience=Audience.PROVIDER) == own
    assert queries.again(f"{own.reference},service=nobody", audience=Audience.PROVIDER) is None


def rare(story: Story, council: str) -> None:
    """Nine of a rare crime in one council, each with everything that a measure counts."""
    for _ in range(9):
        case = story.case(story.referral(crime_type="modern_slavery", council=council, first_attempt_at=LAST - 9 * DAY))
        story.contact(case)
        for day, score in ((4, 2.0), (30, 4.0)):
            story.sitting(case, RECEIVED + day * DAY, health=score, coping=score, safety=score, informed=score)
        story.close(case, RECEIVED + 31 * DAY)


def placed(code: str, audience: Audience) -> dict[object, object]:
    """Every figure of a snapshot that is of a council, in every crossing, without its reference."""
    of = {"area": "west-midlands"} if audience == Audience.OFFICE else {"provider": "test-provider"}
    crossings = [(Dimension.COUNCIL,), *((Dimension.COUNCIL, each) for each in EVERYWHERE if each != Dimension.COUNCIL)]
    return {
        (measure.key, figure.group): replace(figure, reference="", as_at=LAST)
        for measure in queries.catalogue()
        for by in crossings
        for figure in queries.figures(measure.key, quarter=Q2, by=by, snapshot_code=code, audience=audience, **of)
        if dict(figure.group)["council"]
    }


@pytest.mark.parametrize("audience", [Audience.OFFICE, Audience.PROVIDER])
def test_where_a_rare_crime_was_changes_no_figure_of_any_snapshot(story: Story, audience: Audience) -> None:
    for _ in range(9):
        story.contact(story.case(story.referral()))
    before = placed(story.snapshot().code, audience)
    rare(story, "E08000031")
    rare(story, "E08000025")
    after = placed(story.snapshot(as_at=LAST + DAY).code, audience)
    assert before
    assert after == before
    crimes = office("referrals_received", Dimension.CRIME_TYPE)
    assert crimes[("modern_slavery",)].value == 20  # of the whole area it is counted
    assert office("referrals_received", Dimension.COUNCIL)[("",)].value == 20


NONE = ("waiting_now", "witnesses_referred")  # all were reached, and all are victims


def test_a_rare_crime_is_answered_alike_where_it_was_and_where_it_was_not(story: Story) -> None:
    rare(story, "E08000031")
    code = story.snapshot().code
    readers = ((Audience.OFFICE, "area=west-midlands"), (Audience.PROVIDER, "only_provider=test-provider"))
    for measure, (audience, whose) in product(queries.catalogue(), readers):
        place = f"{measure.key}/{code}/2026Q2,{whose}"
        there = queries.again(f"{place},crime_type=modern_slavery", audience=audience)
        assert (there is None) == (measure.name in NONE), measure.name
        for council in ("E08000031", "E08000025", "nowhere", ""):
            for group in (
                f"crime_type=modern_slavery,council={council}",
                f"council={council},crime_type=modern_slavery",
            ):
                assert queries.again(f"{place},{group}", audience=audience) is None


def test_what_is_never_told_is_refused_before_anything_is_counted(story: Story, snapshot_place: Path) -> None:
    code = story.snapshot().code
    for path in (snapshot_place / code).glob("*.parquet"):
        path.unlink()
    asked = f"waiting_now@1/{code}/2026Q2,area=west-midlands,crime_type=fgm,council=E08000031"
    assert queries.again(asked, audience=Audience.OFFICE) is None


def test_of_two_things_at_once_a_few_and_none_are_answered_alike(story: Story) -> None:
    story.many(7)
    story.many(8, crime_type="robbery")
    story.snapshot()
    crossed = office("referrals_received", Dimension.CRIME_TYPE, Dimension.COUNCIL)
    assert {group: each.value for group, each in crossed.items()} == {("robbery", "E08000031"): 10}
    assert office("referrals_received", Dimension.CRIME_TYPE)[("burglary",)].value == 5


def test_what_was_counted_is_kept_and_a_broken_cache_is_counted_again(story: Story, snapshot_place: Path) -> None:
    story.nine()
    first = total("waiting_now")
    kept = list((snapshot_place.parent / "cache" / "measures").rglob("*.json"))
    assert kept
    queries.counted.cache_clear()
    assert total("waiting_now") == first
    for path in kept:
        path.write_text("{")
    queries.counted.cache_clear()
    assert total("waiting_now") == first


def test_a_disk_that_takes_nothing_only_makes_it_slower(story: Story, snapshot_place: Path) -> None:
    story.nine()
    (snapshot_place.parent / "cache").write_text("a file where the folder would be")
    assert total("waiting_now").value == 1


def test_an_altered_snapshot_is_not_shown(story: Story, snapshot_place: Path) -> None:
    code = story.snapshot().code
    with (snapshot_place / code / "cases.parquet").open("ab") as file:
        file.write(b"x")
    with pytest.raises(snapshots.SnapshotDamaged, match="altered"):
        total("waiting_now")


def test_without_a_snapshot_there_is_a_sentence_and_no_page_fails(snapshot_place: Path) -> None:
    assert queries.latest() is None
    assert list(queries.every_snapshot()) == []
    with pytest.raises(RuleBroken, match="no snapshot yet"):
        queries.figures("waiting_now", quarter=Q2)
    with pytest.raises(RuleBroken, match="no snapshot called"):
        queries.snapshot("../etc")


def test_what_is_not_offered_is_refused(story: Story) -> None:
    story.snapshot()
    with pytest.raises(RuleBroken, match="at most"):
        queries.figures("waiting_now", quarter=Q2, by=[Dimension.SOURCE, Dimension.COUNCIL, Dimension.SERVICE])
    with pytest.raises(RuleBroken, match="at most"):
        queries.figures("waiting_now", quarter=Q2, by=[Dimension.SOURCE, Dimension.SOURCE])


def test_the_moment_of_a_running_quarter_is_the_snapshots_own_day(story: Story) -> None:
    story.snapshot()
    held = queries.snapshot(None)
    assert queries.period(Q2, held)["moment"] == date(2026, 9, 15)
    assert queries.period(Quarter(2026, 1), held)["moment"] == date(2026, 7, 1)


def said(*words: str) -> str:
    out = StringIO()
    call_command("measures", *words, stdout=out)
    return out.getvalue()


def test_the_command_lists_and_shows(story: Story) -> None:
    for _ in range(4):
        story.case(story.referral())
    story.nine()
    assert "victims_supported@2" in said("list")
    assert len(json.loads(said("list", "--json"))) == len(queries.catalogue())
    shown = json.loads(
        said("show", "referrals_received", "--quarter", "2026Q2", "--by", "provider,crime_type", "--json")
    )
    assert {"provider": "test-provider", "crime_type": "burglary"} in [figure["group"] for figure in shown]
    assert all(figure["protected"] for figure in shown)
    words = said("show", "victims_supported", "--provider", "test-provider")
    assert " 3 " in words
    assert "exact" in words


def test_the_command_never_says_where_a_rare_crime_was(story: Story) -> None:
    told: list[str] = []
    for council in ("E08000031", "E08000025"):
        for _ in range(9):
            story.referral(crime_type="modern_slavery", council=council)
        story.snapshot(as_at=LAST + DAY * len(told))
        for by in ("crime_type,council", "council,crime_type"):
            shown = said("show", "referrals_received", "--quarter", "2026Q2", "--by", by)
            assert "modern_slavery" not in shown
            assert "E080000" not in shown
            told.append(shown)
    assert told[:2] == told[2:]


def test_the_command_refuses_in_words(story: Story) -> None:
    story.snapshot()
    for words in ("nothing", "waiting_now --by name", "waiting_now --quarter x"):
        with pytest.raises(CommandError):
            said("show", *words.split())


def test_storage_elsewhere_is_fetched_once(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.nine()
    monkeypatch.setattr(snapshots, "FileSystemStorage", type("Elsewhere", (), {}))
    assert total("waiting_now").value == 1


def test_pages_find_the_newest_when_its_name_is_being_rewritten(story: Story, snapshot_place: Path) -> None:
    story.snapshot(as_at=datetime(2026, 8, 1, tzinfo=UTC))
    newest = story.snapshot()
    (snapshot_place / "latest.json").unlink()
    found = queries.latest()
    assert found is not None
    assert found.code == newest.code
