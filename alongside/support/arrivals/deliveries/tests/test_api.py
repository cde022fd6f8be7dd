"""The API as a force's system meets it: tokens, batches that never lose more than a row, keys, limits, receipts."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alongside.core.models import Event, PersonKey
from alongside.support.arrivals.deliveries import queries
from alongside.support.arrivals.deliveries.models import Batch, Token
from alongside.support.arrivals.deliveries.tests.calls import GOOD, System, opened, row, work
from alongside.support.arrivals.feeds.models import Delivery, KeptRow
from alongside.support.arrivals.feeds.rows import NEEDED
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.sources import actions as sources
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def test_one_referral_is_received_loaded_and_accounted_for(world: World) -> None:
    system = System.of(world)
    answer = system.send(GOOD)
    assert answer.status_code == 202
    told = answer.json()
    assert (told["status"], told["rows"]) == ("received", 1)
    assert answer.headers["Location"] == told["receipt"]
    before = system.receipt(told["id"])
    assert before.json()["status"] == "received" and before.headers["Retry-After"]
    work()
    after = system.receipt(told["id"]).json()
    assert (after["status"], after["sent"], after["accepted"], after["rows"]) == ("loaded", 1, 1, [])
    referral = Referral.objects.get()
    assert (referral.source, referral.source_organisation) == ("police_feed", world.force.pk)
    assert Victim.objects.get().given_name == "Testina"


def test_what_is_wrong_with_a_row_costs_that_row_alone(world: World) -> None:
    batch = [
        row(1), "no row", None, 7, ["x"], row(2, phone="none"), row(3, consent="no"), row(4, shoe_size="9"),
        row(5, family_name=["Sampleford"]), row(6, offence_code="XX99"), row(1), {}, row(7, given_name="\ud800"),
        row(8, notes="a\x00b"), row(9, phone=None, phone_safe=None),
    ]  # fmt: skip
    told = System.of(world).sent(batch)
    assert (told["sent"], told["accepted"], told["duplicate"], told["held"], told["rejected"]) == (15, 1, 1, 2, 11)
    assert told["sent"] == told["accepted"] + told["duplicate"] + told["held"] + told["rejected"]
    why = {one["row"]: one["reason"] for one in told["rows"]}
    assert why == {
        2: "row:not_an_object", 3: "row:not_an_object", 4: "row:not_an_object", 5: "row:not_an_object",
        6: "phone:bad_phone", 7: "no_consent", 8: "row:unknown_field", 9: "family_name:not_text",
        10: "offence_code:unknown_offence", 12: "source_ref:missing", 13: "given_name:bad_characters",
        14: "notes:bad_characters", 15: "no_safe_contact",
    }  # fmt: skip
    assert all(one["words"] for one in told["rows"])
    assert "Sampleford" not in json.dumps(told) and "shoe_size" not in json.dumps(told)


def test_a_row_that_names_a_field_twice_is_rejected_whichever_is_meant(world: World) -> None:
    twice = json.dumps(GOOD)[:-1] + ', "consent": "no"}'
    told = System.of(world).sent(f"[{twice}, {json.dumps(row(2))}]".encode())
    assert (told["accepted"], told["rejected"]) == (1, 1)
    assert told["rows"][0]["reason"] == "row:repeated_field"


def test_the_codes_that_the_hub_set_up_are_understood_and_left_out_crimes_are_held(world: World) -> None:
    sources.set_up(
        world.force, by=world.actor("hub_manager"), at=timezone.now(), name="Crime", contact="Desk", charset="",
        columns={name: f"Their {name}" for name in NEEDED}, codes={"offence_code": {"common": "105A"}}, excluded=[],
    )  # fmt: skip
    told = System.of(world).sent(row(1, offence_code="Common"))
    assert told["accepted"] == 1
    delivery = Delivery.objects.get()
    assert delivery.version is not None and delivery.file == "By API: Crime system"


def test_what_was_sent_is_sealed_and_destroyed_once_it_is_loaded(world: World) -> None:
    system = System.of(world)
    system.send(GOOD)
    batch = Batch.objects.get()
    assert bytes(batch.content) and b"Sampleford" not in bytes(batch.content)
    assert PersonKey.objects.filter(person_id=batch.pk).exists()
    work()
    batch.refresh_from_db()
    assert batch.state == "LOADED" and bytes(batch.content) == b""
    assert not PersonKey.objects.filter(person_id=batch.pk).exists()
    work()
    assert Referral.objects.count() == 1


def test_the_same_key_and_body_are_received_once_however_they_are_spaced(world: World) -> None:
    system = System.of(world)
    first = system.send([row(1), row(2)], key="batch-0001")
    again = system.send(json.dumps([row(1), dict(reversed(row(2).items()))], indent=3).encode(), key="batch-0001")
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    work()
    assert system.send([row(1), row(2)], key="batch-0001").json() == first.json()
    assert Batch.objects.count() == Delivery.objects.count() == 1 and Referral.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(world: World) -> None:
    system = System.of(world)
    system.send(row(1), key="batch-0001")
    answer = system.send(row(2), key="batch-0001")
    assert (answer.status_code, answer.json()["code"]) == (409, "key_used")
    assert Batch.objects.count() == 1


def test_another_connection_may_use_the_same_key(world: World) -> None:
    assert System.of(world).send(row(1), key="batch-0001").status_code == 202
    assert System.of(world, name="Second").send(row(2), key="batch-0001").status_code == 202
    assert Batch.objects.count() == 2


def test_the_same_again_under_a_new_key_is_with_us_already_and_its_receipt_still_says_why(world: World) -> None:
    system = System.of(world)
    batch = [row(1), row(2, phone="none"), row(3, consent="no")]
    first, again = system.sent(batch), system.sent(batch)
    assert (again["accepted"], again["duplicate"], again["held"], again["rejected"]) == (0, 3, 0, 0)
    assert [(one["row"], one["outcome"], one["reason"]) for one in again["rows"]] == [
        (2, "duplicate", "phone:bad_phone")
    ]
    assert len(first["rows"]) == 2 and KeptRow.objects.count() == 2


def test_a_changed_row_is_held_and_never_overwrites(world: World) -> None:
    system = System.of(world)
    system.sent(row(1))
    told = system.sent(row(1, family_name="Changed"))
    assert (told["held"], told["rows"][0]["reason"]) == (1, "changed")
    assert Victim.objects.get().family_name == "Sampleford"


@pytest.mark.parametrize(("body", "code"), [
    (b" ", "bad_json"), (b"{", "bad_json"), (b"[NaN]", "bad_json"), (b"7", "bad_shape"), (b'"Sampleford"', "bad_shape"),
    (b"[]", "empty"), ("[\"Zo\xeb\"]".encode("cp1252"), "bad_charset"), (b"[" * 3000 + b"]" * 3000, "bad_json"),
    (b"[" * 30 + b"]" * 30, "bad_json"), (json.dumps([GOOD] * 501).encode(), "too_many_rows"),
    (b'[{"a":' + b"9" * 5000 + b"}]", "bad_json"), (b'{"notes": "Sampleford', "bad_json"),
])  # fmt: skip
def test_a_body_that_is_no_batch_is_refused_whole_and_not_repeated(world: World, body: bytes, code: str) -> None:
    answer = System.of(world).send(body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert b"Sampleford" not in answer.content and not Batch.objects.exists()


def test_a_byte_order_mark_does_no_harm(world: World) -> None:
    assert System.of(world).sent(b"\xef\xbb\xbf" + json.dumps(GOOD).encode())["accepted"] == 1


def test_other_content_types_are_refused(world: World) -> None:
    system = System.of(world)
    answer = system.client.post(
        "/api/v1/referrals", "source_ref=1", content_type="text/csv",
        headers={"Idempotency-Key": "batch-0001", **system.bearer},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (415, "not_json")


@pytest.mark.parametrize("key", ["", "short", "a" * 101, "has space", "Zoë-Sampleford"])
def test_a_key_is_needed_and_plain(world: World, key: str) -> None:
    system = System.of(world)
    answer = system.client.post(
        "/api/v1/referrals", json.dumps(GOOD), content_type="application/json",
        headers={**system.bearer, **({"Idempotency-Key": key} if key else {})},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_key")
    assert "Sampleford" not in answer.content.decode()


def test_a_body_over_a_megabyte_is_refused_before_it_is_read(world: World) -> None:
    system = System.of(world)
    answer = system.send(json.dumps([row(1, notes="x" * (1024 * 1024))]).encode())
    assert (answer.status_code, answer.json()["status"]) == (413, 413)
    assert system.sent([row(number, notes="x" * 3900) for number in range(240)])["accepted"] == 240


def test_a_connection_that_calls_too_often_is_asked_to_wait(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = queries.limit
    monkeypatch.setattr(queries, "limit", lambda code, at: 3 if code == "api_calls" else asked(code, at))
    monkeypatch.setattr("alongside.support.arrivals.deliveries.actions.limit", queries.limit)
    system, other = System.of(world), System.of(world, name="Second")
    assert [system.send(row(number)).status_code for number in range(4)] == [202, 202, 202, 429]
    answer = system.send(row(9))
    assert 0 < int(answer.headers["Retry-After"]) <= 60 and answer.json()["code"] == "too_many_requests"
    assert other.send(row(5)).status_code == 202
    assert [system.sign_in().status_code for _ in range(3)] == [200, 200, 429]
    assert not Event.objects.filter(name="batch.sent").count() > 4


def test_a_token_is_good_for_its_time_and_from_its_own_address_alone(world: World) -> None:
    system = System.of(world)
    assert system.sign_in().json()["expires_in"] == 3600
    elsewhere = System(system.connection, system.secret, token=system.token)
    elsewhere.client.defaults["REMOTE_ADDR"] = "192.0.2.9"
    assert elsewhere.send(row(1)).status_code == 401
    assert system.send(row(1)).status_code == 202
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    answer = system.send(row(2))
    assert (answer.status_code, answer.json()["code"]) == (401, "invalid_token")
    assert 'error="invalid_token"' in answer.headers["WWW-Authenticate"]


def test_only_an_index_of_secret_and_token_is_kept(world: World) -> None:
    system = System.of(world)
    rows = [*Token.objects.values_list(), *type(system.connection).objects.values_list()]
    assert system.secret not in str(rows) and system.token not in str(rows)


@pytest.mark.parametrize("bearer", ["", "Bearer", "Bearer x", "Bearer ' OR 1=1 --", f"Bearer {'a' * 43}", "Basic YTpi",
                                    f"Bearer {'a' * 90_000}", "Bearer \u00e9" * 3])  # fmt: skip
def test_hostile_tokens_open_nothing(world: World, bearer: str) -> None:
    connection, _ = opened(world)
    system = System(connection, "")
    answer = system.send(GOOD, Authorization=bearer)
    assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert not Batch.objects.exists()


def test_a_signed_in_browser_is_nobody_to_the_api(world: World) -> None:
    for person in ("hub_manager", "officer"):
        client = world.client(person)
        answer: Any = client.post("/api/v1/referrals", json.dumps(GOOD), content_type="application/json",
                                  headers={"Idempotency-Key": "batch-0001"})  # fmt: skip
        assert answer.status_code == 401
    assert not Batch.objects.exists()


def test_a_token_opens_no_page(world: World) -> None:
    system = System.of(world)
    for address in ("/feeds/", "/referrals/", "/casework/"):
        answer = system.client.get(address, headers=system.bearer)
        assert answer.status_code in (302, 404)


def test_absent_addresses_and_methods_are_answered_in_json(world: World) -> None:
    system = System.of(world)
    assert system.client.get("/api/v2/referrals").json()["status"] == 404
    asked = (("put", "/api/v1/referrals", "POST"), ("get", "/api/v1/token", "POST"),
             ("delete", "/api/v1/openapi.json", "GET"), ("put", "/api/v9/nothing", "GET"))  # fmt: skip
    for method, address, allowed in asked:
        answer: Any = getattr(system.client, method)(address, headers=system.bearer)
        assert (answer.status_code, answer.json()["status"], answer.headers["Allow"]) == (405, 405, allowed), address
