"""What may be on paper, what may be a name, and when a plan is gone through again."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core.errors import RuleBroken
from alongside.core.privacy.whereabouts import tells_where
from alongside.support.cases.safety import rules

TODAY = date(2026, 9, 14)


def test_words_that_may_be_names_are_shown_and_beginnings_of_sentences_are_not() -> None:
    assert rules.names_in("Ring Priya when Tomasz is out. She knows. On Monday I go to O’Neill") == (
        "Priya", "Tomasz", "O’Neill"
    )  # fmt: skip
    assert rules.names_in("Go out by the back. Take the keys.\nRing my sister: she waits") == ()


def test_on_paper_ways_to_find_or_reach_somebody_are_left_out() -> None:
    said = rules.on_paper(" Go to 12 Sample Street, WV11 1AA, ring 07700 900123 or testina@example.example ")
    assert "Sample" not in said and "07700" not in said and "WV11" not in said and "@" not in said
    assert said.count("[left out]") >= 3 and said == said.strip()


@given(st.text(), st.sampled_from(["07700 900123", "B1 1AA", "flat 4", "a@b.example", "9 Made Up Road"]))
def test_nothing_on_paper_ever_tells_where(around: str, where: str) -> None:
    assert not tells_where(rules.on_paper(f"{around} {where} {around}"))


@pytest.mark.parametrize(
    ("said", "field"),
    [({"pieces": 0}, None), ({"home_shared": "yes"}, "kept_how"), ({"home_shared": "not_known"}, "kept_how"),
     ({"checked": False}, "checked")],
)  # fmt: skip
def test_paper_is_refused(said: dict[str, object], field: str | None) -> None:
    whole: dict[str, object] = {"pieces": 2, "home_shared": "no", "kept_how": "", "checked": True}
    rules.check_paper(**whole)  # type: ignore[arg-type]
    rules.check_paper(**whole | {"home_shared": "yes", "kept_how": "friend"})  # type: ignore[arg-type]
    with pytest.raises(RuleBroken) as refused:
        rules.check_paper(**whole | said)  # type: ignore[arg-type]
    assert (refused.value.field or None) == field


def test_words_and_days_that_make_no_sense_are_refused() -> None:
    latest = TODAY + timedelta(days=731)
    rules.check_words("Go")
    for day in (None, TODAY, latest):
        rules.check_review(day, today=TODAY, latest=latest)
    for words in ("  ", "x" * 4001):
        with pytest.raises(RuleBroken):
            rules.check_words(words)
    for day in (TODAY - timedelta(days=1), latest + timedelta(days=1)):
        with pytest.raises(RuleBroken):
            rules.check_review(day, today=TODAY, latest=latest)


def test_the_first_day_that_any_piece_asks_for_counts() -> None:
    assert rules.earliest([]) is None
    assert rules.earliest([None, TODAY, date(2026, 9, 1)]) == date(2026, 9, 1)
