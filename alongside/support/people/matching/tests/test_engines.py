"""Which engine links records, and that a model means the same to each."""

import json
from typing import Any

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.people.matching import engines
from alongside.support.people.matching.queries import FIRST_MODEL

MODEL = json.loads(FIRST_MODEL.read_text())["settings"]


def test_records_go_to_the_engine_that_is_set() -> None:
    opened = engines.desk([("1", "testa", "sample", None, None, None, None, None, None)])
    assert isinstance(opened, engines.DuckDesk)
    assert opened.records == 1


def test_an_engine_that_is_none_of_ours_is_refused_with_those_there_are(settings: Any) -> None:
    settings.MATCH_ENGINE = "abacus"
    with pytest.raises(RuleBroken, match="Set it to one of: duckdb, spark"):
        engines.desk([])


def test_an_engine_that_is_not_installed_says_where_its_needs_are_written(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.MATCH_ENGINE = "spark"
    monkeypatch.setitem(engines.ENGINES, "spark", "no_such_engine.Desk")
    with pytest.raises(RuleBroken, match=r"not installed here. See docs/operator.md"):
        engines.desk([])


def test_a_model_is_kept_the_same_whichever_engine_trained_it() -> None:
    said = engines.spoken(MODEL, "spark")
    assert engines.kept(said, "spark") == MODEL
    words = json.dumps(said)
    assert "startswith(given_l" in words and "`born`" in words and said["sql_dialect"] == "spark"
    assert "starts_with" not in words and "jaro_winkler_similarity" not in words
    assert engines.spoken(MODEL, "duckdb") == MODEL


def test_names_that_five_people_bear_are_counted_and_rarer_ones_are_not() -> None:
    row = (None, None, None, None, None, None)
    desk = engines.DuckDesk(
        [(str(number), "testa" if number < 5 else f"rare{number}", *row, None) for number in range(10)]
    )
    assert desk.shares() == [("given", "testa", 0.5)]
