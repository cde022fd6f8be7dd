"""What a page may hold, when a way holds, and whom it is not for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.support.cases.journey import presenters, rules
from alongside.support.cases.journey.rules import Way

AT = datetime(2026, 9, 14, 10, tzinfo=UTC)
WORDS = Way(once=False, on=True, expires_at=None, used_at=None, ended_at=None)
LINK = replace(WORDS, once=True, expires_at=AT + timedelta(hours=1))


@pytest.mark.parametrize(
    ("way", "fresh", "holds"),
    [
        (WORDS, True, True), (WORDS, False, True), (replace(WORDS, on=False), True, False),
        (replace(WORDS, ended_at=AT), False, False), (LINK, True, True), (LINK, False, False),
        (replace(LINK, used_at=AT), True, False), (replace(LINK, used_at=AT), False, True),
        (replace(LINK, expires_at=AT), True, False), (replace(LINK, expires_at=None), True, False),
        (replace(LINK, on=False), True, False), (replace(LINK, on=False, feedback=True), True, True),
        (replace(LINK, ended_at=AT, feedback=True), True, False),
    ],
)  # fmt: skip
def test_a_way_opens_while_it_holds_and_a_link_once(way: Way, fresh: bool, holds: bool) -> None:
    assert rules.stands(way, at=AT, fresh=fresh) is holds


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""), ({"died": True, "closed": True}, "died"), ({"closed": True}, "closed"), ({"age": 12}, "under 13"),
        ({"age": 12, "checked": True}, "under 13"), ({"age": 15}, "manager"), ({"age": None}, "manager"),
        ({"age": 15, "checked": True}, ""), ({"age": None, "checked": True}, ""),
    ],
)  # fmt: skip
def test_whom_a_page_is_not_for(changes: dict[str, object], why: str) -> None:
    known = {"closed": False, "died": False, "age": 36, "youngest": 13, "adult": 18, "checked": False, **changes}
    said = rules.not_for(**known)  # type: ignore[arg-type]  # one table of mixed values
    assert why in said and bool(said) is bool(why)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({}, ""), ({"closed": False}, "when the case is closed"), ({"died": True}, "died"), ({"unsafe": True}, "safe"),
        ({"handed_on": True}, "taken them over"),
        ({"age": 12}, "in person"), ({"age": None}, ""),
    ],
)  # fmt: skip
def test_who_is_not_asked_how_it_was(changes: dict[str, object], why: str) -> None:
    known = {"closed": True, "died": False, "unsafe": False, "handed_on": False, "age": 36, "youngest": 13, **changes}
    said = rules.not_asked(**known)  # type: ignore[arg-type]  # one table of mixed values
    assert why in said and bool(said) is bool(why)


def test_words_of_a_worker_hold_no_place_and_nothing_that_tells() -> None:
    tells = ["police", "court"]
    assert rules.wrong_words("It is all in hand", tells) == ""
    assert "“police”" in rules.wrong_words("The Police rang", tells)
    assert rules.wrong_words("Ring 07700 900123", tells) == rules.HOLDS_PLACE
    assert rules.telling("courteous words", tells) == "court", "rather one word too many"


@pytest.mark.parametrize(
    ("name", "right"), [("", True), ("Sam", True), ("Zoë", True), ("Sam Smith", False), ("S4m", False)]
)
def test_a_first_name_alone_is_given(name: str, right: bool) -> None:
    assert (rules.wrong_name(name) == "") is right


def test_parts_stand_in_the_order_of_the_page() -> None:
    assert rules.parts(["rights", "people", "nothing"]) == ["people", "rights"]


def test_what_is_past_is_not_coming() -> None:
    dates = [{"at": (AT + timedelta(days=days)).isoformat()} for days in (-1, 0, 3)]
    assert rules.coming(dates, AT) == dates[1:]


@given(st.integers(0, 2000), st.integers(0, 400))
def test_days_of_a_decoy_are_ahead_and_stay_put_until_they_pass(gone: int, later: int) -> None:
    made = date(2026, 1, 1)
    today = made + timedelta(days=gone)
    found = rules.decoy_days(made, today, (9, 14))
    assert all(0 < (day - today).days <= 14 for day in found)
    if today + timedelta(days=1) < found[0]:
        assert rules.decoy_days(made, today + timedelta(days=1), (9,)) == found[:1]


@pytest.mark.parametrize(("on", "state", "said"), [
    ("2026-09-20", "next", "set for 20 September 2026"), ("2026-09-14", "next", "set for 14 September 2026"),
    ("2026-09-13", "next", "was set for 13 September 2026"), ("2026-09-13", "moved", "moved to another day"),
    ("2026-09-13", "done", "13 September 2026"),
])  # fmt: skip
def test_a_set_day_that_has_passed_is_not_said_to_be_coming(on: str, state: str, said: str) -> None:
    stage = {"words": "A day at court.", "on": on, "state": state}
    page = presenters.shown({"state": "OPEN", "way": [{"part": "Now", "stages": [stage]}]}, AT)
    assert page.way == (("Now", (f"A day at court. ({said})",)),)
