"""A mobile number with digits missing rings somebody else, or nobody."""

import pytest

from alongside.foundation.office.messages import rules


@pytest.mark.parametrize("typed", ["07700 900", "07700 9003", "07700 90012", "07700 9001234", "+44 7700 90012"])
def test_a_mobile_number_of_other_than_eleven_digits_is_refused_kindly(typed: str) -> None:
    assert rules.fault("phone", typed) == rules.CUT_SHORT


@pytest.mark.parametrize(
    "typed", ["07700 900123", "+44 7700 900999", "0044 7700 900000", "01632 960001", "020 7946 0000"]
)
def test_whole_numbers_go_on_working(typed: str) -> None:
    assert rules.fault("phone", typed) == ""
