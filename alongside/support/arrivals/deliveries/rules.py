"""What a request may say before anybody is known: its key, whose secret it brings, from where it comes."""

import base64
import binascii
import ipaddress
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from urllib.parse import unquote_plus
from uuid import UUID

from alongside.core.errors import RuleBroken

GRANT = "client_credentials"
SCOPE = "referrals"
BEARER = re.compile(r"bearer ([A-Za-z0-9_-]{20,100})", re.IGNORECASE)
KEY = r"^[A-Za-z0-9._:-]{8,100}$"
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
MOST_NETWORKS = 50


class TooMany(RuleBroken):
    """A connection asks more often than it may; `retry_after` in seconds."""

    def __init__(self, retry_after: int, what: str = "requests from this connection") -> None:
        super().__init__(f"Too many {what}. Wait {retry_after} seconds.")
        self.retry_after = retry_after


class OtherBody(RuleBroken):
    """The key of an earlier request came with another body."""


class Credentials(NamedTuple):
    """Which connection a request says it is, and the secret that it brings."""

    connection: UUID
    secret: str


class GrantRefused(Exception):
    """Why no token is given, by the codes of RFC 6749, 5.2."""

    def __init__(self, error: str, words: str, *, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.words, self.status = error, words, status


def unknown() -> GrantRefused:
    """The same answer whatever is wrong: no such connection, another secret, closed."""
    return GrantRefused("invalid_client", "There is no connection with this id and secret.", status=401)


def credentials(header: str, said: dict[str, str]) -> Credentials:
    """Of the Basic header or of the form, not of both (RFC 6749, 2.3)."""
    scheme, _, encoded = header.partition(" ")
    in_form = "client_id" in said or "client_secret" in said
    if header and in_form:
        raise GrantRefused("invalid_request", "Say the id and the secret once: in the header or in the form.")
    if header:
        pair = _basic(encoded) if scheme.lower() == "basic" else None
        if pair is None:
            raise unknown()
        return _known(*pair)
    if not in_form:
        raise GrantRefused("invalid_client", "Bring the connection's id and secret.", status=401)
    return _known(said.get("client_id", ""), said.get("client_secret", ""))


def _basic(encoded: str) -> tuple[str, str] | None:
    """Id and secret, each form-encoded before they are joined (RFC 6749, 2.3.1)."""
    try:
        name, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, ValueError):
        return None
    return (unquote_plus(name), unquote_plus(secret)) if colon else None


def _known(name: str, secret: str) -> Credentials:
    try:
        return Credentials(UUID(name), secret)
    except ValueError:
        raise unknown() from None


def check_grant(said: dict[str, str], repeated: bool) -> None:
    """Client credentials are the one grant that is given, for the one thing that can be done."""
    if repeated or "grant_type" not in said:
        raise GrantRefused("invalid_request", "Send grant_type=client_credentials as a form, each name once.")
    if said["grant_type"] != GRANT:
        raise GrantRefused("unsupported_grant_type", "The grant must be client_credentials.")
    if said.get("scope", SCOPE) not in ("", SCOPE):
        raise GrantRefused("invalid_scope", f"The scope can only be {SCOPE}.")


def network(address: str) -> str:
    """What a token is bound to: an address, of version 6 the network that one customer has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if found.version == 6:
        return str(ipaddress.ip_network((found, 64), strict=False))
    return str(found)


def networks(said: str) -> list[str]:
    """The networks of a text, one a line, as they are kept. Raises RuleBroken for a line that is none."""
    lines = [line.strip() for line in said.replace(",", "\n").splitlines() if line.strip()]
    if len(lines) > MOST_NETWORKS:
        raise RuleBroken(f"Give {MOST_NETWORKS} networks at most.", "allowed")
    return list(dict.fromkeys(_network(line) for line in lines))


def _network(line: str) -> str:
    try:
        found = ipaddress.ip_network(line, strict=False)
    except ValueError:
        raise RuleBroken(
            f"“{line[:60]}” is no address or network, such as 192.0.2.7 or 192.0.2.0/24.", "allowed"
        ) from None
    if found.prefixlen == 0:
        raise RuleBroken(f"“{line[:60]}” is every address there is. To let any call, leave this empty.", "allowed")
    return str(found)


def comes_from(address: str, allowed: Sequence[str]) -> bool:
    """Whether an address lies in one of the networks; where none is named, any does."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return not allowed
    mapped = getattr(found, "ipv4_mapped", None)
    return not allowed or any((mapped or found) in ipaddress.ip_network(one) for one in allowed)


def hour_of(at: datetime) -> int:
    """Wrong secrets are counted by the hour: this is its number."""
    return int(at.timestamp() // HOUR.total_seconds())


def rest_of_hour(at: datetime) -> int:
    """Seconds until the next hour's count begins."""
    whole = int(HOUR.total_seconds())
    return max(1, whole - int(at.timestamp()) % whole)


def retry_after(calls: Sequence[datetime], most: int, at: datetime) -> int:
    """Seconds until one more call is within the limit; 0 if it is now. `calls`: those of the last minute, in order."""
    if len(calls) < most:
        return 0
    return max(1, -(-int((calls[-most] + MINUTE - at).total_seconds() * 1000) // 1000))
