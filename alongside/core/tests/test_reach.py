"""What organisations type of how they are reached: nothing that a browser would run, and nothing that rings nobody."""

import pytest

from alongside.core import reach
from alongside.core.errors import RuleBroken

RUNS = ["javascript:alert(1)", "data:text/html,x", "tel:999", "01632 960001<b>", 'https://a.example/" onclick="x']


@pytest.mark.parametrize("text", ["", "999", "60777", "01632 960001", "+44 (0)1632 960-001", "020 7946 0000"])
def test_a_telephone_number_is_digits(text: str) -> None:
    assert reach.phone_fault(text) == ""


@pytest.mark.parametrize(
    "text", [*RUNS, "99", "1" * 16, "()", "01632 960001 or 01632 960002", "call us", "\u0661\u0661\u0661"]
)
def test_what_rings_nobody_is_refused(text: str) -> None:
    assert "telephone number" in reach.phone_fault(text)


@pytest.mark.parametrize("text", ["", "help@sample.example"])
def test_an_address_of_mail_may_be_left_empty(text: str) -> None:
    assert reach.email_fault(text) == ""


@pytest.mark.parametrize(
    "text", [*RUNS, "sample.example", "a@b@sample.example", "a@sample.example?bcc=b@sample.example"]
)
def test_what_is_no_address_of_mail_is_refused(text: str) -> None:
    assert "e-mail address" in reach.email_fault(text)


@pytest.mark.parametrize("text", ["", "https://sample.example", "https://www.sample.example:8443/help?a=b#c"])
def test_a_site_is_reached_by_https(text: str) -> None:
    assert reach.site_fault(text) == ""


@pytest.mark.parametrize(
    "text",
    [*RUNS, "http://sample.example", "sample.example", "https://localhost", "https://", "https://[::1",
     "//sample.example", "https://sample.example@evil.example", "https://sample.example/a b", "https://-.example"],
)  # fmt: skip
def test_no_other_site_is_taken(text: str) -> None:
    assert "https://" in reach.site_fault(text)


def test_a_refusal_stands_beside_its_field() -> None:
    reach.check(phone="01632 960001", email="", web="https://sample.example")
    with pytest.raises(RuleBroken) as broken:
        reach.check(phone="01632 960001", web="javascript:alert(1)")
    assert broken.value.field == "web"
