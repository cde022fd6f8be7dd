"""A list read from a file or an address: every page of it, or refused in words that say what to do next."""

import json
from typing import Any

import pytest

from alongside.core.outside import Unfetched, fetch
from alongside.foundation.local.directory.openreferral import pages
from alongside.foundation.local.lists import gathering
from alongside.foundation.local.lists.gathering import Gathered, Unreadable, at_page, follow, gather

WHERE = "https://lists.example/services"
Told = list[tuple[int, int | None, int]]


def entry(number: int) -> dict[str, Any]:
    return {"id": f"sample-{number}", "name": f"Sample {number}", "status": "active", "email": "", "url": ""}


def read(documents: dict[str, object], *, told: Told | None = None, address: str = WHERE) -> Gathered:
    """As if these documents lay at these addresses; how they are read is tested where it is done."""

    def lying(url: str, **limits: Any) -> bytes:
        if url not in documents:
            raise Unfetched("The server answered 404 in place of a document.")
        found = documents[url]
        return found if isinstance(found, bytes) else json.dumps(found).encode()

    heard: Told = [] if told is None else told
    return follow(address, hosts=["lists.example"], through=lying, told=lambda *said: heard.append(said))


def test_every_page_of_a_list_is_read() -> None:
    said, told = {"total_pages": 2, "total_items": 3}, []  # type: tuple[dict[str, int], Told]
    found = read({
        f"{WHERE}?full=true&page=9": {**said, "contents": [entry(1), entry(2)]},
        f"{WHERE}?full=true&page=2": {**said, "contents": [entry(3)]},
    }, told=told, address=f"{WHERE}?full=true&page=9")  # fmt: skip
    assert ([one["id"] for one in found.entries if isinstance(one, dict)], found.pages) == (
        ["sample-1", "sample-2", "sample-3"], 2,
    )  # fmt: skip
    assert told == [(1, 2, 2), (2, 2, 3)]
    assert len(found.sha256) == 64


def test_a_bare_list_is_one_page_and_its_end_is_not_told() -> None:
    told: Told = []
    assert len(read({WHERE: [entry(1)]}, told=told).entries) == 1
    assert told == [(1, None, 1)]


def test_a_list_that_only_says_which_page_is_the_last_is_followed_to_it() -> None:
    told: Told = []
    found = read({WHERE: {"last_page": False, "contents": [entry(1)]},
                  f"{WHERE}?page=2": {"last_page": True, "contents": [entry(2)]}}, told=told)  # fmt: skip
    assert (len(found.entries), told[-1]) == (2, (2, None, 2))


@pytest.mark.parametrize(
    ("documents", "words"),
    [
        ({}, "answered 404"),
        ({WHERE: b"\xff"}, "Windows-1252"),
        ({WHERE: {"a": 1}}, "no list of services"),
        ({WHERE: {"totalElements": 3, "content": [entry(1)]}}, "says that it has 3 services and gave 1"),
        ({WHERE: {"total_pages": 2, "contents": [entry(1)]}}, "Page 2: The server answered 404"),
        ({WHERE: {"total_pages": 501, "contents": []}}, "501 pages"),
        ({WHERE: {"total_pages": 2, "contents": [entry(1)]},
          f"{WHERE}?page=2": {"total_pages": 3, "contents": [entry(2)]}}, "changed while it was read"),
        ({WHERE: {"total_pages": 2, "contents": [entry(1)]},
          f"{WHERE}?page=2": {"total_pages": 2, "contents": [entry(1)]}}, "Page 2 is a page that came before"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_whole_is_not_read_at_all(documents: dict[str, object], words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        read(documents)


def endless(url: str, **limits: Any) -> bytes:
    number = int(url.partition("page=")[2] or 1)
    return json.dumps({"last": False, "content": [entry(number)]}).encode()


def nobody(*said: object) -> None:
    pass


def test_a_list_that_never_ends_is_left() -> None:
    with pytest.raises(Unreadable, match="goes on after 500 pages"):
        follow(WHERE, hosts=["lists.example"], through=endless, told=nobody)


def test_a_list_that_takes_too_long_is_left_whatever_it_says() -> None:
    moments = iter(range(0, 10_000, 100))
    with pytest.raises(Unreadable, match="longer than 10 minutes"):
        follow(WHERE, hosts=["lists.example"], through=endless, told=nobody, clock=lambda: next(moments))


def test_no_page_is_waited_for_longer_than_is_left() -> None:
    given: list[float] = []

    def slow(url: str, *, limits: Any, **words: Any) -> bytes:
        given.append(limits.seconds)
        return endless(url) if len(given) < 3 else b"[]"

    moments = iter([0.0, 1.0, 550.0, 560.0])
    follow(WHERE, hosts=["lists.example"], through=slow, told=nobody, clock=lambda: next(moments))
    assert given == [120, 50, 40]


def test_pages_that_are_too_large_together_are_left() -> None:
    large = [{"total_pages": 3, "contents": [{**entry(n), "description": "x" * 30_000_000}]} for n in (1, 2)]
    with pytest.raises(Unreadable, match="larger than 50 megabytes together"):
        read({WHERE: large[0], f"{WHERE}?page=2": large[1]})


def test_no_host_is_read_that_was_not_named_and_none_inside() -> None:
    for address, words in ((WHERE, "not one of the hosts"), ("http://lists.example/services", "https://")):
        with pytest.raises(Unreadable, match=words):
            follow(address, hosts=[], told=nobody)


def test_a_server_that_sends_on_to_an_inside_address_is_refused() -> None:
    def sent_on(url: str, **how: Any) -> bytes:
        return fetch("https://127.0.0.1/services", hosts=["127.0.0.1"])

    with pytest.raises(Unreadable, match="leads to an address inside a network"):
        follow(WHERE, hosts=["lists.example"], through=sent_on, told=nobody)


def test_a_count_that_is_none_is_passed_over() -> None:
    assert pages([]) == (1, None)
    assert pages({"total_pages": True, "totalPages": "2", "totalElements": 0}) == (1, 0)
    assert pages({"total_pages": -1, "totalPages": 4, "total_items": 9}) == (4, 9)


NAMED = json.dumps([{"id": "1", "name": "Café"}], ensure_ascii=False)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "It is empty"),
        (b" \n", "It is empty"),
        (NAMED.encode("utf-16"), "UTF-16"),
        (NAMED.encode("utf-16-le"), "UTF-16"),
        (NAMED.encode("cp1252"), "Windows-1252"),
        (b"<!doctype html><title>Services</title>", "web page"),
        (b"PK\x03\x04 something", "ZIP"),
        (b'[{"id": "1", "name": "Samp', "breaks off in the middle"),
        (b'[{"id": "1"}, ', "breaks off in the middle"),
        (b"id,name\n1,Sample", "not JSON: line 1"),
        (b"[" * 100_000, "without end"),
        (b'[{"id": "1", "name": "x", "minimum_age": ' + b"9" * 5000 + b"}]", "number that is too long"),
        (b"3", "neither a list nor a page"),
    ],
)
def test_a_file_that_is_no_list_says_what_it_is_and_what_to_do(raw: bytes, words: str) -> None:
    with pytest.raises(Unreadable, match=words):
        gather(raw)


def test_a_byte_order_mark_and_letters_of_names_are_read() -> None:
    assert gather(NAMED.encode("utf-8-sig")).entries == [{"id": "1", "name": "Café"}]


def test_a_file_of_more_than_fifty_megabytes_is_refused_before_it_is_read() -> None:
    with pytest.raises(Unreadable, match="larger than 50 megabytes"):
        gather(b"[" + b" " * gathering.MOST_BYTES + b"]")
    assert gather(b"[" + b" " * (gathering.MOST_BYTES - 2) + b"]").entries == []


def test_more_services_than_a_list_can_have_are_refused() -> None:
    with pytest.raises(Unreadable, match="20,001 entries"):
        gather(json.dumps([1] * 20_001).encode())


def test_the_address_of_a_page_keeps_what_else_is_asked() -> None:
    assert at_page(WHERE, 1) == WHERE
    assert at_page(f"{WHERE}?page=3&full=&q=a%20b", 2) == f"{WHERE}?full=&q=a+b&page=2"
