"""What a caller may ask, what is refused in words, what is counted, and what the answer leaves behind: nothing."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from alongside.core.access.callers import caller
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.exchange import actions, queries, rules
from alongside.foundation.local.exchange.tests.published import BIRMINGHAM, ROOT, Directory, build, got, names
from tests.world import World

pytestmark = pytest.mark.django_db
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def directory(world: World) -> Directory:
    return build(world)


def refused(path: str, **said: Any) -> tuple[int, str, str]:
    answer = Client().get(f"{ROOT}{path}", said)
    body = json.loads(answer.content)
    assert answer["Content-Type"] == "application/problem+json" and answer["Access-Control-Allow-Origin"] == "*"
    return answer.status_code, body["code"], body["detail"]


def test_a_list_is_narrowed_by_words_in_name_summary_or_organisation(directory: Directory) -> None:
    assert names("/services", search="OUTREACH talk") == ["Sample Lantern Outreach"]
    assert set(names("/services", search="harbour sample")) == {"Sample Harbour Line", "Sample Harbour Group"}
    assert names("/services", search="%") == []
    assert names("/organizations", search="lantern") == ["Lantern Sample Charity"]
    assert "Stalking" in names("/taxonomy_terms", search="stalking")
    assert names("/taxonomies", search="made for") == ["Made for"]


def test_a_list_is_narrowed_by_term_taxonomy_and_organisation(directory: Directory) -> None:
    whole = got(f"/services/{directory.full.pk}")
    term = next(one["taxonomy_term"] for one in whole["attributes"] if one["taxonomy_term"]["term"] == "stalking")
    assert names("/services", taxonomy_term_id=term["id"]) == ["Sample Lantern Outreach"]
    assert names("/services", taxonomy_id=term["taxonomy_id"]) == ["Sample Lantern Outreach"]
    assert names("/services", organization_id=whole["organization_id"]) == [
        "Sample Lantern Outreach",
        "Sample Lantern Refuge",
    ]
    for name in ("taxonomy_term_id", "taxonomy_id", "organization_id"):
        assert got("/services", **{name: NOBODY})["contents"] == []
    terms = got("/taxonomy_terms", taxonomy_id=term["taxonomy_id"], per_page=1000)["contents"]
    assert {one["taxonomy"] for one in terms} == {"crime_types"}
    assert got("/taxonomy_terms", parent_id=NOBODY)["contents"] == []
    assert got("/taxonomy_terms", top_only="true") == got("/taxonomy_terms")


def test_a_list_is_narrowed_to_what_changed_since(directory: Directory) -> None:
    newest = directory.full.updated_at + timedelta(days=3)
    Service.objects.filter(pk=directory.full.pk).update(updated_at=newest)
    for moment in (newest.isoformat(), newest.date().isoformat(), newest.isoformat().replace("+00:00", "Z")):
        assert names("/services", modified_after=moment) == ["Sample Lantern Outreach"]
    asked = f"{ROOT}/services?modified_after={newest.date()}T00:00:00+00:00"  # the plus comes as a space
    assert Client().get(asked).json()["total_items"] == 1
    assert Client().get(f"{ROOT}/services")["Last-Modified"].startswith("Thu, 17 Sep 2026")


def test_places_are_narrowed_to_those_that_help_where_a_postcode_is(directory: Directory) -> None:
    def at(postcode: str) -> set[str]:
        return {one["service"]["name"] for one in got("/service_at_locations", postcode=postcode)["contents"]}

    assert at("b1 1bb") == {"Sample Lantern Outreach", "Sample Hub Calls"}
    assert at("WV1 1AA") == {"Sample Hub Calls"}
    assert refused("/service_at_locations", postcode="ZZ9 9ZZ")[:2] == (400, "postcode")
    status, code, words = refused("/service_at_locations", postcode="B1 1BB", proximity="500")
    assert (status, code) == (400, "proximity") and "no coordinates" in words


@pytest.mark.parametrize(
    ("said", "code"),
    [({"page": "0"}, "page"), ({"page": "-1"}, "page"), ({"page": "x"}, "page"), ({"page": "9" * 30}, "page"),
     ({"page": "²"}, "page"), ({"per_page": "1001"}, "per_page"), ({"full": "maybe"}, "full"),
     ({"format": "xml"}, "format"),
     ({"taxonomy_id": "1"}, "taxonomy_id"), ({"taxonomy_term_id": "{x}"}, "taxonomy_term_id"),
     ({"organization_id": "0" * 32}, "organization_id"), ({"modified_after": "yesterday"}, "modified_after"),
     ({"modified_after": "0001-01-01T00:00:00+14:00"}, "modified_after"), ({"search": "a\0b"}, "search"),
     ({"search": "x" * 201}, "search"), ({"postcode": "B1 1BB"}, "postcode"), ({"top_only": "true"}, "top_only")],
)  # fmt: skip
def test_what_cannot_be_followed_is_refused_in_words(world: World, said: dict[str, str], code: str) -> None:
    assert refused("/services", **said)[:2] == (400, code)


def test_what_the_standard_does_not_know_is_passed_over(directory: Directory) -> None:
    assert got("/services", perPage="1", apikey="x") == got("/services", page="", full="")


@pytest.mark.parametrize("path", ["services", "service_at_locations", "organizations", "taxonomies", "taxonomy_terms"])
@pytest.mark.parametrize("key", [NOBODY, "1", "%00", "x" * 300, "../services"])
def test_an_id_of_nothing_is_not_found(directory: Directory, path: str, key: str) -> None:
    answer = Client().get(f"{ROOT}/{path}/{key}")
    assert answer.status_code == 404 and answer["Content-Type"] == "application/problem+json"


def test_minimal_gives_all_at_once_and_lines_give_everything(directory: Directory) -> None:
    few = got("/services", minimal="true")
    assert (few["total_pages"], few["size"]) == (1, 5)
    assert set(few["contents"][0]) == {"id", "name", "status", "last_modified", "modified_date"}
    lines = Client().get(f"{ROOT}/services?format=ndjson&full=true&per_page=1")
    assert lines["Content-Type"] == "application/x-ndjson"
    whole = [json.loads(line) for line in lines.content.decode().splitlines()]
    assert [one["id"] for one in whole] == [one["id"] for one in got("/services")["contents"]]
    assert whole[0] == got(f"/services/{whole[0]['id']}")


def test_an_organisation_gives_its_services_as_asked(directory: Directory) -> None:
    plain = got("/organizations")["contents"]
    assert not [one for one in plain if "services" in one]
    mine = next(one["id"] for one in plain if one["name"] == "Lantern Sample Charity")
    assert set(got(f"/organizations/{mine}")["services"][0]) == {"id", "name"}
    assert got(f"/organizations/{mine}", full_service="1")["services"][0] == got(f"/services/{directory.full.pk}")


def test_it_is_read_alone_by_anybody_and_keeps_nothing(directory: Directory) -> None:
    client, events = Client(enforce_csrf_checks=True), Event.objects.count()
    answer = client.get(f"{ROOT}/services")
    assert answer["Access-Control-Allow-Origin"] == "*" and not answer.cookies and "set-cookie" not in answer
    assert client.head(f"{ROOT}/services").content == b""
    asked_first = client.options(f"{ROOT}/services")
    assert (asked_first.status_code, asked_first["Access-Control-Allow-Methods"]) == (204, "GET, HEAD, OPTIONS")
    for verb in (client.post, client.put, client.delete, client.patch):
        refusal = verb(f"{ROOT}/services")
        assert refusal.status_code == 405 and "GET" in refusal["Allow"]
    assert Event.objects.count() == events


def test_whoever_is_signed_in_is_a_member_of_the_public_here(world: World, directory: Directory) -> None:
    assert world.client("hub_manager").get(f"{ROOT}/services").json() == got("/services")


def test_what_a_caller_has_is_not_sent_again_until_it_changes(directory: Directory) -> None:
    where = f"{ROOT}/services/{directory.full.pk}"
    first = Client().get(where)
    assert first["Last-Modified"] and first["Cache-Control"] == "no-cache"
    again = Client().get(where, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert again["Access-Control-Allow-Origin"] == "*"
    Service.objects.filter(pk=directory.full.pk).update(name="Sample Other Name")
    assert Client().get(where, headers={"If-None-Match": first["ETag"]}).status_code == 200
    late = {"If-Modified-Since": first["Last-Modified"]}  # a date does not tell that something left
    assert Client().get(where, headers=late).status_code == 200


def test_calls_of_one_connection_are_counted_by_the_minute(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "calls_allowed", lambda on: 2)
    client, at = Client(REMOTE_ADDR="192.0.2.77"), timezone.now()
    index = caller(RequestFactory().get("/", REMOTE_ADDR="192.0.2.77"))
    for _ in range(2):
        actions.count_call(caller=index, at=at)
    with pytest.raises(RuleBroken, match="Wait a minute"):
        actions.count_call(caller=index, at=at)
    actions.count_call(caller=index, at=at + timedelta(minutes=1))
    monkeypatch.setattr(queries, "calls_allowed", lambda on: 0)
    answer = client.get(f"{ROOT}/")
    assert (answer.status_code, answer["Retry-After"], answer["Access-Control-Allow-Origin"]) == (429, "60", "*")
    assert "192.0.2" not in json.dumps(_cached())


def _cached() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key || value FROM core_cache")
        return [row for (row,) in cursor.fetchall()]


def test_the_limit_is_a_rule_of_the_office(world: World) -> None:
    assert queries.calls_allowed(timezone.localdate()) == 120


def test_the_public_may_ask_where_a_council_is(directory: Directory) -> None:
    assert BIRMINGHAM in json.dumps(got(f"/services/{directory.full.pk}")["service_areas"])
    assert rules.taxonomy_id("needs") != rules.taxonomy_id("modes")
