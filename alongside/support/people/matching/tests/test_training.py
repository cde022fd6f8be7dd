"""Splink and the scorer of pages weigh alike, and what is trained finds people and not their relatives."""

import pytest

from alongside.core.errors import RuleBroken
from alongside.support.people.matching import queries, training
from alongside.support.people.matching.rules import Face, Model
from alongside.support.people.matching.tests.county import Rates, Told, county

PARITY = 0.01
TRUTH = {"precision": 0.97, "f1": 0.96}
HELD_OUT = Rates(household=0.8, shares_phone=0.6, named_after=0.08, twin=0.03)


def faces(people: list[Told]) -> dict[str, Face]:
    return {str(one.record): Face(*one.row[1:]) for one in people}


def greatest_difference(people: list[Told], trained: training.Trained) -> tuple[int, float]:
    known, shares = Model.read(trained.settings, trained.floor), {row[:2]: row[2] for row in trained.shares}
    mine, theirs = faces(people), training.weigh((one.row for one in people), trained)
    apart = (known.total(mine[one.left], mine[one.right], shares)[0] - one.weight for one in theirs)
    return len(theirs), max(abs(weight) for weight in apart)


def test_both_engines_weigh_ten_thousand_pairs_alike() -> None:
    pairs, apart = greatest_difference(county(9_000, seed=5), queries.trained(queries.SHIPPED))
    assert pairs >= 10_000
    assert apart < PARITY


def test_letters_beyond_ascii_weigh_alike() -> None:
    names = [("josé", "nuñez"), ("jose", "nunez"), ("محمد", "سعيد"), ("محمود", "سعيد"), ("zoë", "łukasz")]
    people = [
        Told(place, place, given, family, "1990-01-01", None, "p1", None, None, None)
        for place, (given, family) in enumerate(names)
    ]
    pairs, apart = greatest_difference(people, queries.trained(queries.SHIPPED))
    assert pairs == 10
    assert apart < PARITY


def test_training_finds_people_and_keeps_relatives_apart() -> None:
    trained = training.train(one.row for one in county(12_000, seed=2))
    assert all(share >= trained.floor for _, _, share in trained.shares)
    known = Model.read(trained.settings, trained.floor)
    assert known.start < -10
    people = county(12_000, seed=11, rates=HELD_OUT)
    whose = {str(one.record): one.person for one in people}
    true = sum(n * (n - 1) // 2 for n in _sizes(people))
    found = training.link((one.row for one in people), trained, least=2.0)
    right = sum(whose[one.left] == whose[one.right] for one in found)
    precision, recall = right / len(found), right / true
    assert precision >= TRUTH["precision"]
    assert 2 * precision * recall / (precision + recall) >= TRUTH["f1"]


def _sizes(people: list[Told]) -> list[int]:
    held: dict[int, int] = {}
    for one in people:
        held[one.person] = held.get(one.person, 0) + 1
    return list(held.values())


def test_a_hub_with_few_records_keeps_the_model_that_is_shipped() -> None:
    with pytest.raises(RuleBroken, match="2 records to train on, and 2000 are needed"):
        training.train(one.row for one in county(200)[:2])


def test_a_block_that_cannot_be_trained_on_is_left_out() -> None:
    few = county(2_500, seed=4, rates=Rates(no_email=1.0, turned=0.0))
    trained = training.train(one.row for one in few)
    assert Model.read(trained.settings, trained.floor).start < -8


def test_records_that_are_never_alike_cannot_be_trained_on() -> None:
    strangers = county(2_500, seed=4, rates=Rates(again=0.0, household=0.0, no_email=1.0))
    with pytest.raises(RuleBroken, match="Too few of these records are alike"):
        training.train(one.row for one in strangers)
