"""A document is read from another body's server, and nothing is ever asked of an inside one."""

import gzip
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from alongside.core import outside
from alongside.core.outside import Limits, Unfetched, fetch

HOST, WHERE = "lists.example", "https://lists.example/services"
JSON = "Content-Type: application/json"
SMALL = Limits(most=1024 * 1024, seconds=2, wait=1)


@contextmanager
def server(*answers: bytes, drip: bytes = b"") -> Iterator[tuple[Any, list[bytes]]]:
    """A server that gives its answers in turn; `drip`: then this again and again, without end."""
    asked: list[bytes] = []
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        for answer in answers:
            peer, _ = listening.accept()
            with peer:
                asked.append(peer.recv(4096))
                try:
                    peer.sendall(answer)
                    while drip:
                        peer.sendall(drip)
                        threading.Event().wait(0.02)
                except OSError:
                    pass

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield lambda host, wait: socket.create_connection(listening.getsockname(), wait), asked
    finally:
        thread.join(5)
        listening.close()


def answer(body: bytes, *headers: str, status: str = "200 OK", length: int | None = None) -> bytes:
    told = [f"HTTP/1.1 {status}", *(headers or (JSON,)), f"Content-Length: {len(body) if length is None else length}"]
    return "\r\n".join([*told, "", ""]).encode() + body


def refused(url: str = WHERE, *answers: bytes, drip: bytes = b"", limits: Limits = SMALL) -> str:
    with server(*answers, drip=drip) as (connect, _), pytest.raises(Unfetched) as why:
        fetch(url, hosts=[HOST], limits=limits, connect=connect)
    return str(why.value)


def test_a_document_is_read_as_it_is_and_as_it_is_packed() -> None:
    for sent in (answer(b"[1]"), answer(gzip.compress(b"[1]"), JSON, "Content-Encoding: gzip")):
        with server(sent) as (connect, asked):
            assert fetch(f"{WHERE}?page=2", hosts=[HOST], connect=connect) == b"[1]"
        assert asked[0].startswith(b"GET /services?page=2 HTTP/1.1\r\nHost: lists.example\r\n")


def test_it_may_send_on_within_its_own_host() -> None:
    moved = answer(b"", "Location: /v3/services", status="302 Found")
    with server(moved, answer(b"[]")) as (connect, asked):
        assert fetch("https://lists.example", hosts=[HOST], connect=connect) == b"[]"
    assert asked[0].startswith(b"GET / ") and asked[1].startswith(b"GET /v3/services ")


@pytest.mark.parametrize(
    ("where", "words"),
    [("https://169.254.169.254/latest", "another host"), ("https://localhost/", "another host"),
     ("http://lists.example/", "https://"), ("https://lists.example:8443/", "port"),
     ("//other.example/", "another host")],
)  # fmt: skip
def test_a_way_on_to_an_inside_or_another_address_is_not_followed(where: str, words: str) -> None:
    assert words in refused(WHERE, answer(b"", f"Location: {where}", status="301 Moved"))


def test_a_way_on_without_end_is_left() -> None:
    assert "without end" in refused(WHERE, *[answer(b"", "Location: /again", status="307 Again")] * 4)


@pytest.mark.parametrize(
    ("url", "words"),
    [("http://lists.example/", "https://"), ("https://other.example/", "not one of the hosts"),
     ("https://", "https://"),
     ("https://a:b@lists.example/", "password"), ("https://lists.example:99999/", "not an address"),
     ("https://lists.example:80/", "port"), ("https://lists.example/a b", "plain letters"),
     ("file:///etc/passwd", "https"),
     ("https://lists.example.other.example/", "not one of the hosts"), ("https://lïsts.example/", "plain letters")],
)  # fmt: skip
def test_an_address_that_may_not_be_read_is_refused_before_anything_is_asked(url: str, words: str) -> None:
    assert words in refused(url)


@pytest.mark.parametrize(
    ("sent", "words"),
    [(answer(b"no", status="404 Not Found"), "answered 404"), (answer(b"<p>", "Content-Type: text/html"), "not JSON"),
     (answer(b"[]", JSON, "Content-Encoding: br"), "packed as br"),
     (answer(b"[]", JSON, "Content-Encoding: gzip"), "cannot be read"),
     (answer(b"[", length=9), "broke off"), (b"", "broke off"), (b"nonsense\r\n\r\n", "broke off"),
     (answer(gzip.compress(b"[1]")[:-9], JSON, "Content-Encoding: gzip"), "broke off")],
)  # fmt: skip
def test_part_of_a_document_or_another_kind_is_not_taken_over(sent: bytes, words: str) -> None:
    assert words in refused(WHERE, sent)


def test_what_is_too_large_is_refused_packed_or_not() -> None:
    large = bytes(2 * 1024 * 1024)
    assert "larger than 1 megabytes" in refused(WHERE, answer(large))
    bomb = gzip.compress(bytes(64 * 1024 * 1024))
    assert len(bomb) < 70_000 and "larger than" in refused(WHERE, answer(bomb, JSON, "Content-Encoding: gzip"))


def test_a_body_that_never_ends_ends_in_time() -> None:
    endless = f"HTTP/1.1 200 OK\r\n{JSON}\r\n\r\n".encode()
    assert "too long" in refused(WHERE, endless, drip=b" ", limits=Limits(most=1024, seconds=0.3, wait=1))


def test_headers_that_never_end_end_in_time() -> None:
    assert "too long" in refused(WHERE, b"HTTP/1.1 200 OK\r\nX: ", drip=b"x", limits=Limits(seconds=0.3, wait=1))


@pytest.mark.parametrize(
    "address",
    ["127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.1.2.3",
     "224.0.0.1", "::1",
     "fd00::1", "fe80::1", "::ffff:127.0.0.1", "2002:7f00:1::", "::", "ff02::1"],
)  # fmt: skip
def test_an_inside_address_is_never_connected_to(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where one address of several is outside: whichever comes first might be the next one's turn."""
    found = [(2, 1, 6, "", ("93.184.216.34", 443)), (2, 1, 6, "", (address, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(Unfetched, match="inside a network"):
        fetch(WHERE, hosts=[HOST])
    assert not outside.is_public(address) and outside.is_public("93.184.216.34") and outside.is_public("2606:4700::1")


def test_a_server_that_is_not_there_or_not_itself_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(fault: Exception) -> Any:
        def connect(*_: Any, **__: Any) -> Any:
            raise fault

        return connect

    monkeypatch.setattr(socket, "getaddrinfo", broken(OSError()))
    with pytest.raises(Unfetched, match="no server called"):
        fetch(WHERE, hosts=[HOST])
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("93.184.216.34", 443))])
    for fault, words in ((OSError(), "does not answer"), (ssl.SSLError(), "certificate")):
        monkeypatch.setattr(socket, "create_connection", broken(fault))
        with pytest.raises(Unfetched, match=words):
            fetch(WHERE, hosts=[HOST])


def test_the_connection_is_made_to_the_address_that_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(2, 1, 6, "", ("93.184.216.34", 443))])
    monkeypatch.setattr(socket, "create_connection", lambda where, wait: made.append(where))
    monkeypatch.setattr(ssl.SSLContext, "wrap_socket", lambda *_, server_hostname: made.append(server_hostname))
    outside.public(HOST, 1)
    assert made == [("93.184.216.34", 443), HOST]
