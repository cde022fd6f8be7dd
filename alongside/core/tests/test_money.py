"""Money in whole pence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alongside.core import money
from alongside.core.errors import RuleBroken


@pytest.mark.parametrize(
    ("text", "pence"),
    [
        ("£1,234.56", 123456),
        ("1234.56", 123456),
        (" £12 ", 1200),
        ("0", 0),
        ("-£5.00", -500),
        ("£12,362,832.67", 1236283267),
    ],
)
def test_amounts_are_read_as_written(text: str, pence: int) -> None:
    assert money.parse(text) == pence


@pytest.mark.parametrize("text", ["", "£", "1,23", "12,34.00", "1.5", "1.234", "£-5", "5p", "1e3", "$5", "١٢", "1 000"])
def test_what_could_be_misread_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken, match="not an amount"):
        money.parse(text)


@given(st.integers(-(10**13), 10**13))
def test_what_is_shown_can_be_read_back(pence: int) -> None:
    assert money.parse(money.format(pence)) == pence


def test_shown_with_commas_and_pence() -> None:
    assert money.format(123456) == "£1,234.56"
    assert money.format(-5) == "-£0.05"


def test_the_spare_penny_goes_to_the_earliest() -> None:
    assert money.split(100, [1, 1, 1]) == (34, 33, 33)
    assert money.split(-100, [1, 1, 1]) == (-34, -33, -33)
    assert money.split(100, [0, 1, 2]) == (0, 33, 67)


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_a_split_loses_no_penny_and_strays_less_than_one(pence: int, weights: list[int]) -> None:
    shares = money.split(pence, weights)
    assert sum(shares) == pence
    assert all(
        abs(share * sum(weights) - pence * weight) < sum(weights) for share, weight in zip(shares, weights, strict=True)
    )


@pytest.mark.parametrize("weights", [[], [0, 0], [2, -1]])
def test_a_split_needs_sensible_weights(weights: list[int]) -> None:
    with pytest.raises(ValueError, match="weights"):
        money.split(100, weights)
