"""The sums behind every figure, and the disclosure rule that nothing may get round."""

from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.errors import RuleBroken
from alongside.core.figures import percentile, rounded, wilson
from alongside.facts.measures import catalogue, disclosure, rules
from alongside.facts.measures.disclosure import Audience, is_exact
from alongside.facts.measures.models import Dimension
from alongside.facts.measures.rules import Counts, Figure, Kind, Reference, finish

AT = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)


def figure(name: str, counts: Counts, *, audience: Audience = Audience.OUTSIDE, by: tuple[str, ...] = ()) -> Figure:
    measure = catalogue.measure(name)
    reference = Reference(measure.name, measure.version, "20260914-1100-abc123", "2026Q2")
    return finish(measure, counts, by=by, audience=audience, as_at=AT, reference=reference)


def share(numerator: int, denominator: int, eligible: int) -> Counts:
    numbers = {"numerator": numerator, "denominator": denominator, "eligible": eligible, "same": 0, "worse": 0}
    return Counts((), numbers, {})


def test_wilson_gives_the_published_interval() -> None:
    low, high = wilson(45, 60)
    assert (round(low, 4), round(high, 4)) == (0.6277, 0.8422)
    assert wilson(0, 10)[0] == 0.0
    assert wilson(10, 10)[1] == pytest.approx(1.0)


@given(st.integers(1, 10_000).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_an_interval_holds_its_share(pair: tuple[int, int]) -> None:
    part, whole = pair
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole + 1e-12
    assert part / whole - 1e-12 <= high <= 1


def test_percentiles_are_whole_days_by_which_so_many_had_happened() -> None:
    days = {0: 5, 3: 4, 9: 1}
    assert percentile(days, 0.5) == 0
    assert percentile(days, 0.9) == 3
    assert percentile(days, 1.0) == 9
    assert percentile({}, 0.5) is None


@pytest.mark.parametrize(
    ("count", "shown"), [(0, 0), (1, 5), (7, 5), (8, 10), (12, 10), (13, 15), (17, 15), (18, 20), (1202, 1200), (-1, 0)]
)
def test_counts_are_rounded_as_the_health_service_does(count: int, shown: int) -> None:
    assert rounded(count) == shown


@given(st.integers(0, 10**6))
def test_a_protected_count_never_tells_the_count(count: int) -> None:
    shown = rounded(count)
    assert shown % 5 == 0
    assert (shown == 0) == (count == 0)
    behind = [other for other in range(max(0, count - 10), count + 11) if rounded(other) == shown]
    assert count == 0 or len(behind) >= 5


@given(st.integers(0, 10**5))
def test_rounding_keeps_the_order_of_counts(count: int) -> None:
    assert all(rounded(left) <= rounded(right) for left, right in pairwise(range(count, count + 12)))


@given(st.integers(0, 200).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))))
def test_a_protected_share_is_made_of_protected_numbers(pair: tuple[int, int]) -> None:
    part, whole = pair
    made = figure("improved_health", share(part, whole, whole + 3))
    if whole < disclosure.SMALLEST_SHOWN:
        assert made.value is made.low is made.high is None
    else:
        assert made.value == rounded(part) / rounded(whole)
        assert made.value <= 1
    assert made.protected
    assert {made.numerator, made.denominator, made.n} <= {rounded(part), rounded(whole)}


@given(st.lists(st.integers(1, 30), min_size=2, max_size=8))
def test_cells_and_their_total_never_pin_a_cell_down(cells: list[int]) -> None:
    """Whatever is shown of a table, each cell may still be any of five numbers or more: an attack by bounds."""
    shown, total = [rounded(cell) for cell in cells], rounded(sum(cells))
    low = [min(n for n in range(60) if rounded(n) == each) for each in shown]
    high = [max(n for n in range(60) if rounded(n) == each) for each in shown]
    least = min(n for n in range(400) if rounded(n) == total)
    most = max(n for n in range(400) if rounded(n) == total)
    for place in range(len(cells)):
        others_high = sum(high) - high[place]
        others_low = sum(low) - low[place]
        bounds = max(low[place], least - others_high), min(high[place], most - others_low)
        assert bounds[0] <= cells[place] <= bounds[1]


def test_who_sees_exact_figures() -> None:
    every = [(), ("service",), ("provider",), ("crime_type",), ("service", "crime_type")]
    assert [is_exact(Audience.PROVIDER, by) for by in every] == [True] * 5
    assert [is_exact(Audience.OFFICE, by) for by in every] == [True, True, True, False, False]
    assert [is_exact(Audience.OUTSIDE, by) for by in every] == [False] * 5


def test_a_rare_crime_is_never_placed_below_the_police_area() -> None:
    group = Counts(("fgm", "E08000031"), {"numerator": 40}, {})
    made = figure("referrals_received", group, by=("crime_type", "council"), audience=Audience.OFFICE)
    assert made.withheld
    assert (made.value, made.n, made.parts) == (None, None, {})
    assert rules.value_words(made) == "Not shown"
    assert not rules.is_open(made)
    assert not disclosure.is_withheld({"crime_type": "fgm"})


def received(count: int, *by: str, audience: Audience = Audience.OUTSIDE) -> Figure:
    return figure("referrals_received", Counts(by, {"numerator": count}, {}), by=by, audience=audience)


def test_of_two_things_at_once_a_few_are_answered_like_none() -> None:
    two = ("crime_type", "source")
    assert [rules.is_open(received(count, *two)) for count in (0, 1, 7, 8)] == [False, False, False, True]
    assert [rules.is_open(received(count, "source")) for count in (0, 1)] == [False, True]
    assert rules.is_open(received(0))
    assert rules.is_open(received(1, *two, audience=Audience.PROVIDER))


@pytest.mark.parametrize(("eligible", "opens"), [(7, False), (8, True)])
def test_nothing_measured_is_told_only_of_enough_that_could_have_been(eligible: int, opens: bool) -> None:
    none = Counts(("burglary",), {"numerator": 0, "denominator": 0, "eligible": eligible, "same": 0, "worse": 0}, {})
    assert rules.is_open(figure("improved_health", none, by=("crime_type",))) is opens


def test_what_is_too_rare_to_be_placed_is_grouped_without_its_council() -> None:
    sql = catalogue.statement(catalogue.measure("waiting_now"), [Dimension.COUNCIL, Dimension.SERVICE], [])
    rare = "CASE WHEN council IS NULL OR crime_type IN ('fgm', 'modern_slavery') THEN '' ELSE council END"
    assert f"SELECT {rare}, service," in sql
    assert f"GROUP BY {rare}, service" in sql


def test_an_exact_share_carries_its_interval_coverage_and_parts() -> None:
    made = figure("improved_health", share(45, 60, 80), audience=Audience.OFFICE)
    assert (made.value, made.n, made.coverage, made.protected) == (0.75, 60, 0.75, False)
    assert made.low is not None
    assert rules.value_words(made) == "75%"
    none = figure("improved_health", share(0, 0, 0), audience=Audience.OFFICE)
    assert (none.value, none.coverage) == (None, None)
    assert rules.value_words(none) == "None yet"


def test_waits_are_shown_over_eight_or_more_unless_they_are_exact() -> None:
    few, many = ({1: 3, 4: 4}, {1: 3, 4: 5})
    assert figure("days_to_first_contact", Counts((), {"eligible": 20}, few)).value is None
    made = figure("days_to_first_contact", Counts((), {"eligible": 20}, many))
    assert (made.value, made.parts, made.coverage) == (4, {"ninetieth": 4}, 0.5)
    exact = figure("days_to_first_contact", Counts((), {"eligible": 20}, few), audience=Audience.OFFICE)
    assert (exact.value, exact.n) == (4, 7)
    assert rules.value_words(exact) == "4 days"
    protected = figure("days_to_first_contact", Counts((), {"eligible": 20}, few))
    assert rules.value_words(protected) == "Too few"
    assert rules.value_words(figure("days_to_first_contact", Counts((), {"eligible": 9}, {1: 9}))) == "1 day"


def test_rows_become_integers_by_group() -> None:
    rows = [("b", None, 2), ("b", 3, 4), ("a", 1, 1), (None, 0, 2)]
    made = rules.gathered(Kind.DAYS, 1, ["service", "days", "n"], rows)
    assert [(each.group, each.numbers, each.days) for each in made] == [
        (("",), {"eligible": 2}, {0: 2}), (("a",), {"eligible": 1}, {1: 1}), (("b",), {"eligible": 6}, {3: 4}),
    ]  # fmt: skip
    counted = rules.gathered(Kind.SHARE, 0, ["numerator", "denominator"], [(None, 3)])
    assert counted == [Counts((), {"numerator": 0, "denominator": 3}, {})]


def test_a_reference_reads_back_as_it_was_written() -> None:
    made = Reference("waiting_now", 1, "20260914-1100-abc123", "2026Q2", (("provider", "lantern"), ("council", "")))
    assert str(made) == "waiting_now@1/20260914-1100-abc123/2026Q2,provider=lantern,council="
    assert Reference.parse(str(made)) == made
    with pytest.raises(RuleBroken, match="reference"):
        Reference.parse("waiting_now")


def test_every_measure_says_what_it_counts() -> None:
    assert [measure.name for measure in catalogue.current()] == list(catalogue.ORDER)
    for measure in catalogue.every().values():
        assert all((measure.title, measure.definition, measure.numerator, measure.exclusions, measure.source))
        assert measure.owner
        assert measure.kind == Kind.COUNT or (measure.denominator and measure.coverage)
    assert catalogue.measure("waiting_now@2") is catalogue.measure("waiting_now")
    assert catalogue.measure("waiting_now@1").version == 1, "an old figure can always be made again"
    with pytest.raises(RuleBroken, match="no measure"):
        catalogue.measure("victims; DROP TABLE")


def test_a_statement_is_filled_with_our_own_columns_alone() -> None:
    measure = catalogue.measure("days_to_first_contact")
    sql = catalogue.statement(measure, [Dimension.SERVICE, Dimension.SOURCE], ["area"])
    assert "GROUP BY service, source, days_to_first_contact" in sql
    assert "area = $area" in sql
    assert "%(start)s" in catalogue.statement(measure, [], [], mark="%({})s")
    assert catalogue.parameters(sql, {"area": "x", "start": 1, "end": 2, "moment": 3}) == {
        "area": "x", "start": 1, "end": 2,
    }  # fmt: skip


def test_two_definitions_of_one_version_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (catalogue.FOLDER / "waiting_now.yaml").read_text()
    (tmp_path / "a.yaml").write_text(text)
    (tmp_path / "b.yaml").write_text(text)
    monkeypatch.setattr(catalogue, "FOLDER", tmp_path)
    catalogue.every.cache_clear()
    with pytest.raises(ValueError, match="defined twice"):
        catalogue.every()
    monkeypatch.undo()
    catalogue.every.cache_clear()


def test_a_night_goes_in_weeks_and_what_is_rested_on_goes_with_its_key() -> None:
    def why(**said: bool) -> rules.Why:
        return rules.why_kept(**{"latest": False, "first": False, "needed": False, **said})

    assert [why(), why(needed=True), why(first=True, needed=True), why(latest=True, first=True)] == [
        "night", "needed", "quarter", "latest",
    ]  # fmt: skip
    until = {each: rules.kept_until(each, date(2028, 2, 29), nights=35, years=6) for each in rules.Why}
    assert until == {
        "latest": None, "night": date(2028, 4, 4), "quarter": date(2034, 2, 28), "needed": date(2034, 2, 28),
    }  # fmt: skip
