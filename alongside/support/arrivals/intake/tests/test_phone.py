"""The box for a phone number, as a victim or a referrer fills it in."""

import pytest
from django.core.exceptions import ValidationError

from alongside.support.arrivals.intake.questions import PhoneField


@pytest.mark.parametrize("typed", ["07700 900", "07700 9003", "07700 90012"])
def test_a_number_that_was_cut_short_is_refused_with_what_is_missing(typed: str) -> None:
    with pytest.raises(ValidationError, match="11 digits"):
        PhoneField("Phone number").clean(typed)


@pytest.mark.parametrize("typed", ["960001", "word"])
def test_what_is_no_number_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(ValidationError, match="like 07700 900123"):
        PhoneField("Phone number").clean(typed)


@pytest.mark.parametrize("typed", ["07700 900123", "01632 960001", "020 7946 0000", ""])
def test_a_whole_number_is_kept_as_it_was_typed(typed: str) -> None:
    assert PhoneField("Phone number").clean(typed) == typed
