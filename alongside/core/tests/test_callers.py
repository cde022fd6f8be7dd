"""One connection is one caller, however many addresses its devices have; the address itself is kept nowhere."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from alongside.core.access.callers import caller
from alongside.core.access.callers import network as network_of


@pytest.mark.parametrize(
    ("address", "network"),
    [("192.0.2.7", "192.0.2.7"), ("::ffff:192.0.2.7", "192.0.2.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
     ("2001:db8:1:2::9", "2001:db8:1:2::/64"), ("not an address", "not an address"), ("", "")],
)  # fmt: skip
def test_a_connection_is_one_however_many_addresses_its_devices_have(address: str, network: str) -> None:
    assert network_of(address) == network


def test_the_address_that_the_proxy_saw_counts_and_none_that_a_caller_made_up(settings: Settings) -> None:
    def comes(forwarded: str) -> bytes:
        return caller(RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="192.0.2.1"))

    settings.TRUSTED_PROXY_COUNT = 1
    assert comes("198.51.100.9, 192.0.2.7") == comes("192.0.2.7") != comes("192.0.2.8")
    settings.TRUSTED_PROXY_COUNT = 0
    assert comes("192.0.2.7") == comes("192.0.2.8")
