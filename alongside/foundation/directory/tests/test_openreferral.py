"""Importing lists of services as Open Referral UK writes them: all kept, every oddity reported."""

import json
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Event
from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from alongside.foundation.directory.actions import import_services
from alongside.foundation.directory.models import Service
from alongside.foundation.directory.openreferral import NotAList, leaves, read
from alongside.foundation.directory.plaintext import is_email, is_link, is_site, stripped
from alongside.foundation.organisations.models import Postcode
from tests.world import World

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
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


@pytest.mark.django_db
@given(ENTRIES)
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_comes_the_database_holds_it_and_the_second_time_changes_nothing(
    document: list[Any],
) -> None:
    with transaction.atomic():
        first = import_services(read(document), by=SYSTEM_ACTOR, at=NOW, source="odd")
        again = import_services(read(document), by=SYSTEM_ACTOR, at=NOW, source="odd")
        assert (first.added, again.added, again.changed) == (first.services, 0, 0)
        transaction.set_rollback(True)


def load(tmp_path: Path, document: object, *options: str) -> dict[str, Any]:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps(document))
    out = StringIO()
    call_command("directory", "import", str(path), "--source", "sample-list", "--json", *options, stdout=out)
    receipt: dict[str, Any] = json.loads(out.getvalue())
    return receipt


def test_the_receipt_adds_up_and_a_second_import_changes_nothing(world: World, tmp_path: Path) -> None:
    document = [{**V1, "id": f"s{number}"} for number in range(5)]
    with realms.inside(Realm.WORKER):
        first = load(tmp_path, document, "--council", "E08000025")
        again = load(tmp_path, document)
    assert (first["services"], first["added"], first["file"]) == (5, 5, "feed.json")
    assert (again["added"], again["changed"], again["unchanged"]) == (0, 0, 5)
    assert first["sha256"] == again["sha256"]
    assert len(first["sha256"]) == 64
    assert first["oddities"]["empty:email"] == 5
    assert Event.objects.filter(name="service.added").count() == 5


def test_what_changed_there_is_written_and_what_was_added_here_stays(world: World, tmp_path: Path) -> None:
    load(tmp_path, [V1, {**V1, "id": "gone"}])
    Service.objects.filter(source_id="sample-1").update(provider=world.provider, crime_types=["stalking"])
    receipt = load(tmp_path, [{**V1, "name": "Sample New Name"}])
    held = Service.objects.get(source_id="sample-1")
    assert (receipt["changed"], receipt["unchanged"], receipt["absent"]) == (1, 0, 1)
    assert (held.name, held.provider, held.crime_types) == ("Sample New Name", world.provider, ["stalking"])
    assert Service.objects.filter(source_id="gone").exists()


def test_what_is_imported_takes_no_referrals(world: World, tmp_path: Path) -> None:
    load(tmp_path, [V1])
    held = Service.objects.get()
    assert (held.takes_referrals, held.provider, held.source) == (False, None, "sample-list")
    assert not Service.objects.routable().exists()


def test_the_receipt_in_words_names_what_has_no_place(world: World, tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(json.dumps([V1]))
    out = StringIO()
    call_command("directory", "import", str(path), "--source", "sample-list", stdout=out)
    assert "1 services. 1 added" in out.getvalue()
    assert "no place for organization.id in 1" in out.getvalue()


@pytest.mark.parametrize(
    ("content", "words"), [(b"", "not JSON"), (b"\xff\xfe", "not JSON"), (b"{}", "no list of services")]
)
def test_a_file_that_is_no_list_is_refused_in_words(content: bytes, words: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=words):
        call_command("directory", "import", str(path), "--source", "x")


@pytest.mark.django_db
def test_wrong_words_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text("[]")
    for words in (["--source", "Not A Code"], ["--source", "x", "--council", "nowhere"]):
        with pytest.raises(CommandError):
            call_command("directory", "import", str(path), *words)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("directory", "import", str(tmp_path / "absent.json"), "--source", "x")
    with pytest.raises(CommandError, match="--all"):
        call_command("directory", "postcodes")
    with pytest.raises(CommandError, match="No police area"):
        call_command("directory", "postcodes", "--force", "atlantis")


def test_postcodes_of_a_police_area_are_loaded(world: World) -> None:
    out = StringIO()
    call_command("directory", "postcodes", "--force", "city-of-london", stdout=out)
    assert out.getvalue() == f"{Postcode.objects.count():,} postcodes loaded.\n"
    assert Postcode.objects.get(pk="EC2V7HH").council == "E09000001"
    assert set(Postcode.objects.values_list("council", flat=True)) == {"E09000001"}
