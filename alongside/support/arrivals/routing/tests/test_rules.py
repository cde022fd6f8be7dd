"""Which rule of a list is the first to fit, what differs between lists, and why something waits for a person."""

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.support.arrivals.routing import rules
from alongside.support.arrivals.routing.rules import ASKED, SINGLE, Consent, Hours, Known, Reader, Rule, fits
from alongside.support.arrivals.routing.tests.lists import ON, known, rule

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault

DAYS = (None, date(2026, 9, 1), ON, date(2026, 9, 20))
_few = st.lists(st.sampled_from(("a", "b", "c")), max_size=2, unique=True).map(tuple)


def _rule(said: dict[str, Any]) -> Rule:
    return rule("R", **said)


_days = {name: st.sampled_from(DAYS) for name in ("since", "until")}
_codes = st.sampled_from(("a", "b", "c", "not_known"))
some_rule = st.fixed_dictionaries({}, optional={**dict.fromkeys(ASKED, _few), **_days}).map(_rule)
some_known = st.tuples(*[_codes] * len(SINGLE), *[_few.map(frozenset)] * 2).map(lambda said: Known(*said))


def plainly(listed: list[Rule], said: Known, on: date) -> Rule | None:
    """The reference: one rule after the other, read as it is written."""
    for one in listed:
        asked = {name: getattr(one.when, name) for name in ASKED}
        begun = one.since is None or one.since <= on
        ended = one.until is not None and one.until <= on
        words = dict(zip(ASKED, said, strict=True))
        answers = (
            not codes
            or (words[name] in codes if isinstance(words[name], str) else any(c in words[name] for c in codes))
            for name, codes in asked.items()
        )
        if begun and not ended and all(answers):
            return one
    return None


@CALM
@given(st.lists(some_rule, max_size=8), st.lists(some_known, min_size=1, max_size=4))
def test_the_reader_finds_what_reading_the_list_aloud_finds(listed: list[Rule], many: list[Known]) -> None:
    reader = Reader(listed)
    for said in many:
        assert reader.first(said, ON) is plainly(listed, said, ON)
        assert reader.first(said, ON) is next((one for one in listed if fits(one, said, ON)), None)


def test_what_an_earlier_list_said_of_a_person_it_says_of_each_kind_of_person() -> None:
    stored = rule(victims=("victim",)).as_json() | {"when": {"victims": ["person"]}}
    read = Rule.from_json(stored)
    assert read.when.victims == ("victim", "bereaved", "witness")
    assert not fits(read, known(victim="business"), ON) and fits(read, known(victim="witness"), ON)


@CALM
@given(st.lists(some_rule, max_size=8), some_known)
def test_what_is_asked_of_a_list_does_not_change_with_what_was_asked_before(listed: list[Rule], said: Known) -> None:
    reader, other = Reader(listed), Reader(listed)
    for crime in ("a", "b", "c"):
        other.first(said._replace(crime_type=crime), ON)
    assert reader.first(said, ON) is other.first(said, ON)


@CALM
@given(st.lists(some_rule, max_size=6))
def test_a_list_is_stored_and_read_back_the_same(listed: list[Rule]) -> None:
    assert rules.rules_of([one.as_json() for one in listed]) == tuple(listed)


def test_the_first_rule_that_fits_counts_and_its_days_do_too() -> None:
    first, second = rule("First", crime_types=("burglary",)), rule("Second")
    assert Reader([first, second]).first(known(), ON) is first
    assert Reader([second, first]).first(known(), ON) is second
    ended = replace(first, until=ON)
    assert Reader([ended, second]).first(known(), ON) is second
    assert Reader([replace(first, since=date(2026, 9, 15))]).first(known(), ON) is None
    assert Reader([]).first(known(), ON) is None


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 9, 14, 8, 0, tzinfo=UTC), "office"),  # nine in London
        (datetime(2026, 9, 14, 7, 59, tzinfo=UTC), "out"),
        (datetime(2026, 9, 14, 16, 0, tzinfo=UTC), "out"),
        (datetime(2026, 9, 12, 11, 0, tzinfo=UTC), "out"),
        (datetime(2026, 8, 31, 11, 0, tzinfo=UTC), "out"),
    ],
)
def test_office_hours_are_those_of_working_days_in_london(moment: datetime, expected: str) -> None:
    assert Hours(9, 17).code(moment) == expected


FREE = Consent(
    restricted=False, stopped=False, said_no=False, shares=True, high_risk=False, unasked=True, in_hand=False, fits=True
)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""), ({"restricted": True, "stopped": True}, "restricted"), ({"stopped": True}, "stopped"),
        ({"said_no": True, "high_risk": True}, "said_no"), ({"in_hand": True}, "in_hand"), ({"fits": False}, "unfit"),
        ({"shares": False}, "not_asked"), ({"shares": False, "high_risk": True}, ""),
        ({"shares": False, "high_risk": True, "unasked": False}, "not_asked"),
    ],
)  # fmt: skip
def test_what_goes_at_once_waits_where_a_person_must_decide(change: dict[str, bool], expected: str) -> None:
    assert rules.why_held(replace(FREE, **change)) == expected
    assert expected in ("", *rules.HELD)


def test_nothing_goes_without_a_person_against_a_no_whatever_else_is_so() -> None:
    for shares, high, unasked, in_hand, fit in product((True, False), repeat=5):
        said = Consent(restricted=False, stopped=False, said_no=True, shares=shares, high_risk=high, unasked=unasked,
                       in_hand=in_hand, fits=fit)  # fmt: skip
        assert rules.why_held(said)


@pytest.mark.parametrize(
    ("does", "suggested", "chosen", "expected"),
    [("suggest", "a", "a", False), ("suggest", "a", "b", True), ("keep", "", "b", True), ("none", "", "b", False),
     ("national", "", "a", True), ("at_once", "a", "a", False)],
)  # fmt: skip
def test_an_officer_goes_against_a_rule_by_choosing_something_else(
    does: str, suggested: str, chosen: str, expected: bool
) -> None:
    assert rules.is_override(does, suggested, chosen) is expected


def test_a_rule_moves_one_place_and_stops_at_the_ends() -> None:
    a, b, c = rule("A"), rule("B"), rule("C")
    assert rules.moved((a, b, c), b.id, up=True) == (b, a, c)
    assert rules.moved((a, b, c), b.id, up=False) == (a, c, b)
    assert rules.moved((a, b, c), a.id, up=True) == rules.moved((a, b, c), c.id, up=False) == (a, b, c)


def test_differences_name_what_was_added_removed_changed_and_moved() -> None:
    a, b, c, d = (replace(rule(name), reads=f"{name} reads") for name in "ABCD")
    changed = replace(b, name="B2", reads="B2 reads")
    found = rules.changes((a, b, c), (c, a, changed, d))
    assert [(one.what, one.name) for one in found] == [("moved", "C"), ("changed", "B2"), ("added", "D")]
    assert [one.what for one in rules.changes((a, b), (b,))] == ["removed"]
    assert rules.changes((a, b), (a, b)) == ()
    renamed = replace(a, reads="A reads of a service that has another name")
    assert [(one.what, one.before) for one in rules.changes((a,), (renamed,))] == [("changed", "A reads")]
