"""What a request may say before anybody is known."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from alongside.support.arrivals.deliveries import rules

WHO = UUID("0193a0de-0000-7000-8000-000000000001")
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def basic(text: str) -> str:
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def test_id_and_secret_come_by_the_header_or_by_the_form() -> None:
    assert rules.credentials(basic(f"{WHO}:a%2Bb+c"), {}) == (WHO, "a+b c")
    assert rules.credentials("", {"client_id": str(WHO), "client_secret": "s"}) == (WHO, "s")


@pytest.mark.parametrize(("header", "said", "error", "status"), [
    ("", {}, "invalid_client", 401), ("Basic !!", {}, "invalid_client", 401), ("Bearer x", {}, "invalid_client", 401),
    (basic("no-colon"), {}, "invalid_client", 401), (basic("nobody:x"), {}, "invalid_client", 401),
    ("Basic \u00e9", {}, "invalid_client", 401), ("Basic //8=", {}, "invalid_client", 401),
    ("", {"client_secret": "s"}, "invalid_client", 401), ("", {"client_id": "' OR 1=1"}, "invalid_client", 401),
    (basic(f"{WHO}:s"), {"client_id": str(WHO)}, "invalid_request", 400),
])  # fmt: skip
def test_what_names_no_connection_is_refused_alike(header: str, said: dict[str, str], error: str, status: int) -> None:
    with pytest.raises(rules.GrantRefused) as refused:
        rules.credentials(header, said)
    assert (refused.value.error, refused.value.status) == (error, status)


@pytest.mark.parametrize(("said", "repeated", "error"), [
    ({}, False, "invalid_request"), ({"grant_type": rules.GRANT}, True, "invalid_request"),
    ({"grant_type": "password"}, False, "unsupported_grant_type"),
    ({"grant_type": rules.GRANT, "scope": "everything"}, False, "invalid_scope"),
])  # fmt: skip
def test_one_grant_is_given_for_one_scope(said: dict[str, str], repeated: bool, error: str) -> None:
    with pytest.raises(rules.GrantRefused, match=error):
        rules.check_grant(said, repeated)


def test_the_right_grant_passes_with_or_without_its_scope() -> None:
    for scope in ({}, {"scope": ""}, {"scope": rules.SCOPE}):
        rules.check_grant({"grant_type": rules.GRANT, **scope}, False)


def test_a_token_is_bound_to_an_address_or_to_a_customers_network() -> None:
    assert rules.network("192.0.2.7") == "192.0.2.7"
    assert rules.network("2001:db8:1:2:3::4") == rules.network("2001:db8:1:2::9") == "2001:db8:1:2::/64"
    assert rules.network("unix:") == ""


def test_whoever_called_too_often_waits_until_one_call_is_a_minute_old() -> None:
    calls = [NOW - timedelta(seconds=50), NOW - timedelta(seconds=20), NOW - timedelta(seconds=1)]
    assert rules.retry_after(calls, 4, NOW) == 0
    assert rules.retry_after(calls, 3, NOW) == 10
    assert rules.retry_after(calls, 2, NOW) == 40
    assert rules.retry_after([NOW - timedelta(seconds=60)], 1, NOW) == 1


def test_an_id_is_a_uuid_however_it_is_written() -> None:
    assert rules.credentials("", {"client_id": WHO.hex.upper(), "client_secret": ""}).connection == UUID(str(WHO))
