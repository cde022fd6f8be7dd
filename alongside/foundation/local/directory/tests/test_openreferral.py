"""Reading lists of services as Open Referral UK writes them: all kept, every oddity reported."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alongside.foundation.local.directory.openreferral import NotAList, leaves, read
from alongside.foundation.local.directory.plaintext import is_email, is_link, is_site, stripped

DATA = Path(__file__).parent / "data"
V1: dict[str, Any] = {
    "id": "sample-1",
    "name": "Sample Listening Ear",
    "description": "<p>Somebody to <b>talk</b> to.</p><ul><li>Calls&nbsp;</li><li><a href='https://one.example/x'>Chat</a></li>"
    "</ul><script>alert(1)</script>",
    "url": "www.sample.example/help",
    "email": "",
    "status": "active",
    "fees": "",
    "attending_type": "Phone",
    "assured_date": "2026-02-31",
    "organization": {"id": "o1", "name": "Sample Charity", "description": "", "url": "", "uri": ""},
    "pc_targetAudience": [{"id": "1", "audienceType": "Carers "}, {"id": "2", "audienceType": "Women"}],
}


def one(**changes: Any) -> Any:
    feed = read([{**V1, **changes}])
    return feed.listings[0]


def kinds(**changes: Any) -> set[str]:
    return {odd.key for odd in one(**changes).oddities}


def test_the_official_example_of_version_three_is_read_whole() -> None:
    feed = read(json.loads((DATA / "service_full.json").read_text()))
    found = feed.listings[0].fields
    assert (found["name"], found["provider_name"]) == ("Community Counselling", "Example Organization Inc.")
    assert (found["age_from"], found["age_to"], found["state"]) == (12, 100, "OPEN")
    assert found["location"] == "1-30 Main Street, MyCity, MyRegion, MyState, ABC 1234"
    assert found["cost"] == "fees_description; Under 18s and Over 60s £35 per 1 hour session"
    assert feed.oddities == {"bad:service_at_locations.location.addresses.postal_code": 1}
    assert feed.unused["contacts.name"] == 1


def test_a_page_of_version_three_and_a_bare_list_of_version_one_are_both_read() -> None:
    page = read(json.loads((DATA / "service_list.json").read_text()))
    assert [one.source_id for one in page.listings] == ["ac148810-d857-441c-9679-408f346de14b"]
    assert len(read({"content": [V1]}).listings) == len(read([V1]).listings) == 1


def test_markup_becomes_plain_text_and_scripts_go() -> None:
    found = one()
    assert found.fields["summary"] == "Somebody to talk to.\n\n• Calls\n• Chat (https://one.example/x)"
    assert "html:description" in kinds()


def test_a_site_without_its_scheme_is_kept_as_words_and_reported() -> None:
    assert one().fields["web"] == "www.sample.example/help"
    assert "no_scheme:url" in kinds()


def test_a_dangerous_link_is_reported_and_not_kept_as_a_link() -> None:
    assert one(url="javascript:alert(1)").fields["web"] == ""
    assert "bad:url" in kinds(url="javascript:alert(1)")
    assert not is_link('https://one.example/"onclick=')
    assert not is_link("https:///x")
    assert not is_link("http://[")
    assert is_site("one.example")
    assert not is_site("javascript:alert(1)")


def test_empty_strings_are_reported_by_field() -> None:
    assert {"empty:email", "empty:fees", "empty:organization.uri"} <= kinds()


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"name": None}, "missing:name"),
        ({"name": "  "}, "missing:name"),
        ({"id": None}, "missing:id"),
        ({"id": 7}, "bad:id"),
        ({"description": None}, "missing:description"),
        ({"organization": None}, "missing:organization.name"),
        ({"status": None}, "missing:status"),
        ({"status": "asleep"}, "bad:status"),
        ({"email": "nobody-at-sample"}, "bad:email"),
        ({"email": 12345}, "wrong_type:email"),
        ({"email": False}, "wrong_type:email"),
        ({"minimum_age": -1}, "bad:minimum_age"),
        ({"minimum_age": True}, "bad:minimum_age"),
        ({"minimum_age": float("nan")}, "bad:minimum_age"),
        ({"minimum_age": 10**400}, "bad:minimum_age"),
        ({"minimum_age": 20, "maximum_age": 10}, "bad:maximum_age"),
        ({"schedules": ["Monday"]}, "wrong_type:schedules"),
        ({"name": "x" * 300}, "too_long:name"),
        ({"name": "A\x00 name"}, "control:name"),
        ({"name": "A \ud800 name"}, "control:name"),
        ({"languages": [{"code": "english"}]}, "bad:languages.code"),
        ({"organization": {"name": "Sample", "url": "not a site"}, "url": None}, "bad:organization.url"),
    ],
)
def test_each_oddity_is_named(changes: dict[str, Any], kind: str) -> None:
    assert kind in kinds(**changes)


def test_a_bad_date_is_reported_and_not_guessed() -> None:
    assert one().fields["checked_on"] is None
    assert "bad:assured_date" in kinds()
    assert str(one(assured_date="2026-02-28T09:00:00Z").fields["checked_on"]) == "2026-02-28"


@pytest.mark.parametrize("sent", ["1900-01-01", "1999-12-31", "0001-01-01T00:00:00"])
def test_a_date_that_a_machine_filled_in_is_no_check(sent: str) -> None:
    assert one(assured_date=sent).fields["checked_on"] is None
    assert "too_old:assured_date" in kinds(assured_date=sent)


def test_words_of_a_taxonomy_are_topics_and_have_their_place() -> None:
    found = one(attributes=[{"taxonomy_term": {"name": "Domestic abuse"}}, {"taxonomy_term": {"name": ""}}])
    assert found.topics == ("Domestic abuse",)
    assert "attributes.taxonomy_term.name" not in found.unused
    assert (
        found.digest == one(attributes=[{"taxonomy_term": {"name": "Other"}}, {"taxonomy_term": {"name": ""}}]).digest
    )


def test_phones_hours_languages_and_notes_find_their_place() -> None:
    found = one(
        phones=[{"number": "01632 960 001"}, {"number": "01632 960 002"}],
        schedules=[{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}, {"id": "empty"}],
        languages=[{"code": "pl", "name": "Polish"}],
        cost_options=[{"amount": 5}, {"id": "empty"}],
        service_at_locations=[{"location": {"addresses": [{"city": "Testford", "postal_code": "B1 1AA"}, {}]}}],
        status="inactive",
    )
    fields = found.fields
    assert (fields["phone"], fields["hours"], fields["languages"]) == (
        "01632 960 001",
        "MO,TU 09:00 17:00",
        ["pl"],
    )
    assert (fields["cost"], fields["location"], fields["state"]) == ("£5", "Testford, B1 1AA", "CLOSED")
    notes = "Where: Phone\nFor: Carers, Women\nLanguages: Polish\nOther phone numbers: 01632 960 002"
    assert fields["access_notes"] == notes


def test_the_organisation_speaks_where_the_service_is_silent() -> None:
    organisation = {
        "name": "Sample",
        "description": "What it is.",
        "url": "https://s.example",
        "email": "a@s.example",
    }
    fields = one(organization=organisation, description="", url="", email="").fields
    assert (fields["summary"], fields["web"], fields["email"]) == (
        "What it is.",
        "https://s.example",
        "a@s.example",
    )


def test_the_same_id_twice_keeps_both() -> None:
    feed = read([V1, V1, "stray", 3])
    assert [found.source_id for found in feed.listings] == ["sample-1", "sample-1#2"]
    assert feed.oddities["duplicate:id"] == feed.oddities["duplicate:name"] == 1
    assert (feed.oddities["not_a_service:str"], feed.oddities["not_a_service:int"]) == (1, 1)


def test_lists_inside_lists_are_read() -> None:
    assert one(pc_targetAudience=[[{"audienceType": "Men"}]]).fields["access_notes"] == "Where: Phone\nFor: Men"


@pytest.mark.parametrize("document", [None, 3, "text", {}, {"contents": {}}, {"id": "1"}])
def test_a_document_without_services_says_so(document: object) -> None:
    with pytest.raises(NotAList):
        read(document)


def test_markup_that_says_nothing_is_told_apart() -> None:
    assert stripped("a<br>b <a href='https://x.example/'>https://x.example</a> <!-- c --> 3 < 4") == (
        "a\nb https://x.example 3 < 4"
    )
    assert is_email("a@b.example")
    assert not is_email("a b@c.example")


NAMES = st.sampled_from(
    ["id", "name", "description", "url", "email", "status", "organization", "minimum_age", "maximum_age",
     "schedules", "languages", "fees", "phones", "cost_options", "service_at_locations", "location", "x",
     "addresses", "postal_code", "assured_date", "alert", "code", "amount"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.text("<>/a&; bp"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=12,
)
ENTRIES = st.lists(st.dictionaries(NAMES, VALUES, max_size=8) | VALUES, max_size=4)


@given(ENTRIES)
@settings(deadline=None, max_examples=300)
def test_whatever_comes_each_entry_is_kept_or_reported(document: list[Any]) -> None:
    feed = read(document)
    assert len(feed.listings) + len(feed.strays) == len(document)
    assert len({found.source_id for found in feed.listings}) == len(feed.listings)
    for entry, listing in zip([e for e in document if isinstance(e, dict)], feed.listings, strict=True):
        odd = {oddity.field for oddity in listing.oddities}
        assert listing.fields["name"]
        assert len(listing.fields["name"]) <= 200
        assert all(path in odd for path, value in leaves(entry) if value == "")
