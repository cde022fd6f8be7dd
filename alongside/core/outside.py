"""Reads a document from another body's server, and never from an inside one: a named host, https, a public address.

Where it leads is looked at when the connection is made, so that a name that changes its mind changes nothing.
"""

import http.client
import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Timer
from urllib.parse import SplitResult, urljoin, urlsplit

Connect = Callable[[str, float], socket.socket]
REDIRECTS, MOVED = 3, (301, 302, 303, 307, 308)
CHUNK = 64 * 1024
KINDS = ("application/json", "application/hal+json", "application/problem+json", "text/json", "text/plain")


class Unfetched(Exception):
    """Why nothing was taken over, in words for whoever set up the address."""


@dataclass(frozen=True)
class Limits:
    """Bytes of what is read, unpacked or not; seconds of the whole; seconds of any one wait."""

    most: int = 50 * 1024 * 1024
    seconds: float = 120
    wait: float = 20


def public(host: str, wait: float) -> socket.socket:
    """A TLS connection to a host, if every address of its name is one of the open internet."""
    try:
        found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
    except OSError:
        raise Unfetched(f"There is no server called {host}. Check the address.") from None
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(is_public(one) for one in addresses):
        raise Unfetched(
            f"{host} leads to an address inside a network, not on the open internet. Nothing was asked of it."
        )
    try:
        plain = socket.create_connection((addresses[0], 443), wait)
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except ssl.SSLError:
        raise Unfetched(f"{host} cannot show that it is who it says: its certificate is not good.") from None
    except OSError:
        raise Unfetched(f"{host} does not answer. Try again later.") from None


def is_public(address: str) -> bool:
    """Whether an address is of the open internet, also where one of version 4 is written inside one of version 6."""
    found = ipaddress.ip_address(address)
    inner = getattr(found, "ipv4_mapped", None) or getattr(found, "sixtofour", None)
    return found.is_global and not found.is_multicast and (inner is None or inner.is_global)


def fetch(url: str, *, hosts: Collection[str], limits: Limits = Limits(), connect: Connect = public) -> bytes:
    """The document at an address. Raises Unfetched with why there is none; part of one is never given."""
    until = time.monotonic() + limits.seconds
    for _ in range(REDIRECTS + 1):
        parts = _allowed(url, hosts)
        answer = _asked(parts, limits, until, connect)
        if isinstance(answer, bytes):
            return answer
        moved = urljoin(url, answer)
        if urlsplit(moved).hostname != parts.hostname:
            raise Unfetched("It sends on to another host. Set up that address itself, if it is right.")
        url = moved
    raise Unfetched("It sends on from address to address without end.")


def _allowed(url: str, hosts: Collection[str]) -> SplitResult:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Unfetched("This is not an address of the web.") from None
    if not url.isascii() or not url.isprintable() or " " in url or parts.scheme != "https" or not host:
        raise Unfetched("Give an address that begins with https://, in plain letters.")
    if parts.username is not None or port not in (None, 443):
        raise Unfetched("The address must hold no name, password or port.")
    if host not in hosts:
        raise Unfetched(
            f"{host} is not one of the hosts that may be read here. Whoever runs this system keeps that list."
        )
    return parts


def _asked(parts: SplitResult, limits: Limits, until: float, connect: Connect) -> bytes | str:
    """The document, or where the server sends on to. Ends in time whatever the server does."""
    host = parts.hostname or ""
    connection = http.client.HTTPSConnection(host, timeout=limits.wait)
    connection.sock = connect(host, limits.wait)
    answer = http.client.HTTPResponse(connection.sock, method="GET")
    ends = Timer(max(until - time.monotonic(), 0), socket.socket.shutdown, (connection.sock, socket.SHUT_RDWR))
    ends.start()
    try:
        where = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("GET", where, headers={"Accept": "application/json", "Accept-Encoding": "gzip"})
        answer.begin()
        return _read(answer, limits, until)
    except (OSError, http.client.HTTPException):
        words = "It took too long." if time.monotonic() >= until else "The connection broke off."
        raise Unfetched(f"{words} Nothing was taken over.") from None
    finally:
        ends.cancel()
        answer.close()
        connection.close()


def _read(answer: http.client.HTTPResponse, limits: Limits, until: float) -> bytes | str:
    if answer.status in MOVED:
        return answer.getheader("Location", "")
    if answer.status != 200:
        raise Unfetched(f"The server answered {answer.status} in place of a document.")
    kind = answer.headers.get_content_type()
    if kind not in KINDS:
        raise Unfetched(f"It is {kind}, and not JSON.")
    packed = answer.getheader("Content-Encoding", "identity").lower()
    if packed not in ("identity", "gzip"):
        raise Unfetched(f"It is packed as {packed}, which was not asked for.")
    body = _body(answer, _Unpacked(packed == "gzip", limits.most), until)
    if answer.length:
        raise Unfetched("The connection broke off. Nothing was taken over.")
    return body


def _body(answer: http.client.HTTPResponse, unpacked: "_Unpacked", until: float) -> bytes:
    while time.monotonic() < until and (chunk := answer.read1(CHUNK)):
        unpacked.take(chunk)
    if time.monotonic() >= until:
        raise Unfetched("It took too long. Nothing was taken over.")
    return unpacked.whole()


class _Unpacked:
    """What came so far, unpacked; never more than may come."""

    def __init__(self, packed: bool, most: int) -> None:
        self.kept, self.most = bytearray(), most
        self.gzip = zlib.decompressobj(wbits=31) if packed else None

    def take(self, chunk: bytes) -> None:
        room = self.most + 1 - len(self.kept)
        try:
            self.kept += self.gzip.decompress(chunk, room) if self.gzip else chunk
        except zlib.error:
            raise Unfetched("It is packed in a way that cannot be read.") from None
        if len(self.kept) > self.most:
            raise Unfetched(f"It is larger than {self.most // (1024 * 1024)} megabytes. Nothing was taken over.")

    def whole(self) -> bytes:
        if self.gzip and not self.gzip.eof:
            raise Unfetched("The connection broke off. Nothing was taken over.")
        return bytes(self.kept)
