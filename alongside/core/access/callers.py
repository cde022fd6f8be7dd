"""Whose connection a request comes by, as a blind index: enough to count by, and the address is kept nowhere."""

from ipaddress import IPv4Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

from alongside.core.privacy import crypt


def network(address: str) -> str:
    """The connection that an address belongs to: of version 6 the first half, since one device has many of those."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or ip_network((found, 64), strict=False))


def caller(request: HttpRequest) -> bytes:
    """A blind index of the connection that a request comes by."""
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.TRUSTED_PROXY_COUNT
    trusted = hops[-proxies].strip() if proxies and len(hops) >= proxies else ""
    return crypt.blind("caller", network(trusted or request.META.get("REMOTE_ADDR", "")))
