"""Pure rules of lists."""

from typing import Any

import pytest

from alongside.foundation.local.directory.openreferral import read
from alongside.foundation.local.finding.rules import Meaning, Vocabulary, mentioned
from alongside.foundation.local.lists import queries, rules

SAID = {"name": "Sample Safe Talk",
        "run_by": "Sample Talkers", "phone": "01632 960 001", "email": "Talk@sample.example",
        "web": "https://www.talk.sample.example/", "location": "1 Sample Street, B1 1BB"}  # fmt: skip


def held(key: str = "a", **changes: str) -> rules.Held:
    return rules.held(key, {**SAID, **changes})


@pytest.mark.parametrize(
    ("changes", "alike"),
    [
        ({}, ("name", "email", "phone", "postcode", "web")),
        ({"name": "Sample Safe Talks", "phone": "(01632) 960001", "email": "", "web": "", "location": ""},
         ("name", "phone")),
        ({"name": "Safe Talk Sample", "phone": "", "email": "", "web": "http://talk.sample.example", "location": ""},
         ("name", "web")),
        ({"phone": "", "email": "", "web": "", "location": ""}, ("name",)),
        ({"phone": "", "email": "", "web": "", "location": "", "run_by": "Somebody Else"}, ()),
        ({"name": "Sample Tea Dance"}, ()),
    ],
)  # fmt: skip
def test_a_service_is_likely_the_same_by_its_name_and_a_way_to_reach_it(
    changes: dict[str, str], alike: tuple[str, ...]
) -> None:
    found = rules.Twins([held()]).of(held("", **changes), ())
    assert (found.alike if found else ()) == alike


def test_the_likeliest_is_found_whatever_the_order_and_one_that_it_is_not_is_passed_over() -> None:
    near, nearer = held("a", name="Sample Safe Talkers"), held("b")
    for order in ([near, nearer], [nearer, near]):
        found = rules.Twins(order).of(held(""), ())
        assert found is not None and found.key == "b"
    other = rules.Twins([near, nearer]).of(held(""), ["b"])
    assert other is not None and other.key == "a"
    assert rules.Twins([]).of(held(""), ()) is None


def test_what_differs_is_what_the_list_says_otherwise_than_before_and_is_not_so_here() -> None:
    base: dict[str, Any] = {"name": "A", "phone": "1", "web": "w"}
    told = {"name": "B", "phone": "2", "web": "w"}
    now = {"name": "B", "phone": "9", "web": "mended here"}
    assert rules.different(base, told, now, ours=False) == {"phone": "2"}


def test_of_a_service_that_is_run_here_nobody_else_says_who_runs_it() -> None:
    told = {"provider_name": "Others", "checked_on": "2026-01-01", "hours": "9 to 5"}
    assert rules.different({"hours": ""}, told, {}, ours=True) == {"hours": "9 to 5"}


def test_what_a_list_leaves_empty_is_no_difference_where_nothing_was_taken_over_before() -> None:
    told: dict[str, Any] = {"phone": "", "age_from": None, "languages": [], "summary": "Words"}
    now = {"phone": "01632 960 002", "age_from": 18, "languages": ["pl"], "summary": ""}
    assert rules.different({}, told, now, ours=True) == {"summary": "Words"}
    assert rules.different({"phone": "01632 960 002"}, {"phone": ""}, now, ours=True) == {"phone": ""}


def test_of_a_secret_place_neither_the_address_nor_words_that_tell_one_are_taken() -> None:
    told = {"name": "Sample refuge", "summary": "Come to 12 Hidden Lane", "location": "12 Hidden Lane",
            "location_public": True, "hours": "B1 1BB, all day", "phone": "01632 960 001"}  # fmt: skip
    assert rules.placeless(told) == {"name": "Sample refuge", "phone": "01632 960 001"}


def test_mends_are_counted_by_kind_and_field_with_some_ids() -> None:
    feed = read([{"id": f"s{n}", "name": "x", "email": "", "fees": ["", ""]} for n in range(5)] + ["stray"])
    found = {(one["kind"], one["field"]): one for one in rules.mends(feed)}
    assert found["empty", "email"]["count"] == 5
    assert found["empty", "email"]["examples"] == ["s0", "s1", "s2"]
    assert (found["empty", "fees"]["count"], found["empty", "fees"]["examples"]) == (10, ["s0", "s1", "s2"])
    assert found["not_a_service", "str"] == {"kind": "not_a_service", "field": "str", "count": 1, "examples": []}


def test_a_day_goes_to_json_and_back() -> None:
    fields = read([{"id": "1", "name": "x", "assured_date": "2026-02-28"}, {"id": "2", "name": "y"}]).listings
    for listing in fields:
        assert rules.as_columns(rules.as_json(listing.fields)) == listing.fields


def test_words_of_a_service_speak_of_a_crime_only_where_they_stand_together() -> None:
    words = Vocabulary((Meaning("a", "A", ("domestic abuse", "refuge"), crime_types=("domestic_abuse",)),
                        Meaning("b", "B", ("hate crime",), crime_types=("hate_crime",))))  # fmt: skip
    assert [one.words for one in mentioned("A refuge after domestic abuse, and refuges", words)] == [
        "refuge", "domestic abuse",
    ]  # fmt: skip
    assert mentioned("Domestic cleaning without abuse; hate no crime", words) == ()
    found = queries.heard("HATE CRIMES and a refuge", words)
    assert (found.words, found.crimes) == (["hate crime", "refuge"], ["hate_crime", "domestic_abuse"])


def test_postcodes_are_found_in_an_address() -> None:
    assert rules.postcodes("1 Sample Street, B1 1BB; Room 2, b12 9aa, no 12") == ["B11BB", "B129AA"]
