"""Loading a delivery on a real database, in the worker's realm: whole or not at all, once and never twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, Grant, PersonKey
from alongside.core.privacy import crypt, fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.messages.rules import normalise
from alongside.foundation.office.organisations.models import Organisation, Postcode
from alongside.support.arrivals.feeds import actions, loading, queries
from alongside.support.arrivals.feeds.models import Delivery, KeptRow
from alongside.support.arrivals.feeds.reading import FeedRefused
from alongside.support.arrivals.feeds.rows import COLUMNS, FeedRow, validate
from alongside.support.arrivals.feeds.tests.samples import sample, text, write
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.people.victims.models import Agreement, Basis, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
STORED = (Victim, Referral, ContactPoint, Standing, Agreement, Basis, PersonKey, KeptRow, Grant)
TABLES = [model._meta.db_table for model in STORED]


@contextmanager
def working() -> Iterator[None]:
    with transaction.atomic(), inside(Realm.WORKER):
        yield


def load(path: Path, source: Organisation, at: datetime = NOW) -> Delivery:
    with working():
        return actions.load(path, source=source, by=SYSTEM_ACTOR, at=at)


def feed(folder: Path, *rows: dict[str, str], name: str = "feed.csv") -> Path:
    return write(folder, text(list(rows)), name)


def everything() -> list[Any]:
    """Every row that a load may write, whole."""
    found = []
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT row_to_json(t)::text FROM {table} t ORDER BY 1")
            found.append((table, cursor.fetchall()))
    return found


def receipt(delivery: Delivery) -> tuple[int, int, int, dict[str, int], dict[str, int]]:
    return delivery.sent, delivery.accepted, delivery.duplicate, delivery.held, delivery.rejected


def test_an_accepted_row_becomes_a_victim_with_a_referral(world: World, tmp_path: Path) -> None:
    Postcode.objects.get_or_create(code="B169HT", defaults={"council": "E08000025"})
    words = {
        "notes": "Call\tafter\\six\nplease",
        "officer_name": "PC Sample",
        "safe_times": "9:00-12:30",
        "vulnerable": "yes",
    }
    delivery = load(feed(tmp_path, sample(**words)), world.force)
    assert receipt(delivery) == (1, 1, 0, {}, {})
    referral = Referral.objects.select_related("victim").get()
    victim = referral.victim
    assert (victim.full_name, victim.name_key, victim.birth_date) == (
        "Testina Sampleford", "sampleford testina", date(1988, 2, 3)
    )  # fmt: skip
    assert (victim.sex, victim.ethnicity, victim.council, victim.hub_id) == (
        "female", "white_british", "E08000025", world.hub.pk
    )  # fmt: skip
    assert (referral.state, referral.source, referral.source_organisation, referral.source_ref) == (
        "RECEIVED", "police_feed", world.force.pk, "WM/26/0000001"
    )  # fmt: skip
    assert (referral.crime_type, referral.markers, referral.age_at_receipt) == ("violence", ["vulnerable"], 38)
    assert referral.reported_at == datetime(2026, 11, 18, 9, 30, tzinfo=UTC)
    assert referral.attempt_due_at.date() == date(2026, 11, 24)
    assert fields.read(referral, "notes") == "Call\tafter\\six\nplease"
    assert fields.read(referral, "officer") == "PC Sample"
    assert victim.visible_orgs == referral.visible_orgs == [world.hub.pk]


def test_ways_of_contact_are_sealed_found_by_their_index_and_never_verified(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(safe_times="9:00-12:30", address_line_1="1 Sample Street")), world.force)
    victim = Victim.objects.get()
    points = {point.kind: point for point in ContactPoint.objects.filter(person_id=victim.pk)}
    values = {kind: fields.read(point, "value") for kind, point in points.items()}
    assert values == {
        "phone": "+447700900123", "email": "testina@mail.example", "address": "1 Sample Street, Birmingham, B16 9HT"
    }  # fmt: skip
    assert {kind: point.safe for kind, point in points.items()} == {"phone": "yes", "email": "no", "address": "unknown"}
    assert all(point.verified_at is None and point.visible_orgs == [world.hub.pk] for point in points.values())
    assert all(
        bytes(point.lookup) == crypt.blind(kind, normalise(kind, values[kind])) for kind, point in points.items()
    )
    assert (points["phone"].safe_times, points["address"].safe_times) == ("09:00-12:30", "")


def test_the_agreement_the_basis_the_standing_and_the_events_are_recorded(world: World, tmp_path: Path) -> None:
    delivery = load(feed(tmp_path, sample(), sample(source_ref="WM/2", consent="unknown")), world.force)
    agreement = Agreement.objects.get()
    assert (agreement.about, agreement.given, agreement.how) == ("contact", True, "police")
    assert set(Basis.objects.values_list("purpose", flat=True)) == {"receive_referral"}
    standing = Standing.objects.first()
    assert standing and (standing.organisation_id, standing.word) == (world.force.pk, "received")
    received = Event.objects.filter(name="referral.received")
    assert set(received.values_list("subject", flat=True)) == set(Referral.objects.values_list("pk", flat=True))
    loaded = Event.objects.get(name="feed.loaded", subject=delivery.pk)
    assert (loaded.organisation_id, loaded.details["accepted"]) == (world.hub.pk, 2)
    assert Grant.objects.filter(organisation=world.hub.pk).count() == 4


def test_the_same_file_again_changes_nothing(world: World, tmp_path: Path) -> None:
    rows = (sample(), sample(source_ref="WM/2", consent="no"), sample(source_ref="WM/3", offence_code="999Z"))
    path = feed(tmp_path, *rows)
    first = load(path, world.force)
    assert receipt(first) == (3, 1, 0, {"no_consent": 1}, {"offence_code:unknown_offence": 1})
    before = everything()
    again = load(path, world.force, NOW + timedelta(days=1))
    assert receipt(again) == (3, 0, 3, {}, {})
    assert everything() == before


def test_the_same_rows_in_another_order_are_duplicates(world: World, tmp_path: Path) -> None:
    rows = [sample(source_ref=f"WM/{number}") for number in range(20)]
    load(feed(tmp_path, *rows), world.force)
    before = everything()
    again = load(feed(tmp_path, *reversed(rows), name="other.csv"), world.force)
    assert receipt(again) == (20, 0, 20, {}, {})
    assert everything() == before


def test_the_same_reference_of_another_force_is_another_victim(world: World, tmp_path: Path) -> None:
    other = Organisation.objects.create(
        code="test-rail", kind="force", force_id=world.force.force_id, name="Test Rail Police", since=date(2020, 1, 1)
    )
    path = feed(tmp_path, sample())
    assert receipt(load(path, world.force)) == receipt(load(path, other)) == (1, 1, 0, {}, {})


def test_a_row_that_changed_is_held_and_then_a_duplicate(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample()), world.force)
    changed = feed(tmp_path, sample(phone="07700 900124"), name="changed.csv")
    assert receipt(load(changed, world.force)) == (1, 0, 0, {"changed": 1}, {})
    assert receipt(load(changed, world.force)) == (1, 0, 1, {}, {})
    kept = KeptRow.objects.get()
    found = {(one.what, one.ours, one.theirs) for one in queries.differences(kept, NOW.date())}
    assert found == {("Telephone", "+447700900123", "+447700900124"), ("Safe to telephone", "", "yes")}


def test_held_and_rejected_rows_are_kept_sealed_for_ninety_days_and_then_only_counted(
    world: World, tmp_path: Path
) -> None:
    delivery = load(feed(tmp_path, sample(consent="no"), sample(source_ref="WM/2", phone="none")), world.force)
    held, rejected = KeptRow.objects.order_by("line")
    assert (held.outcome, held.reason, held.line) == ("held", "no_consent", 2)
    assert (rejected.outcome, rejected.reason, rejected.line) == ("rejected", "phone:bad_phone", 3)
    assert b"Sampleford" not in bytes(held.content)
    assert queries.cells(held)["family_name"] == "Sampleford"
    assert held.expires_at == NOW + timedelta(days=90)
    with working():
        assert actions.forget(at=NOW + timedelta(days=91)) == 0, "nothing expires that nobody dealt with"
        for row, how in ((held, "returned"), (rejected, "closed")):
            actions.settle(row, how, by=SYSTEM_ACTOR, at=NOW, words="", why="other")
        assert actions.forget(at=NOW + timedelta(days=89)) == 0
        assert actions.forget(at=NOW + timedelta(days=91)) == 2
    assert not KeptRow.objects.exists() and not PersonKey.objects.exists()
    left = Delivery.objects.get(pk=delivery.pk)
    assert (left.held, left.forgotten) == ({"no_consent": 1}, {"returned": 1, "closed": 1})


def test_a_load_that_fails_half_way_changes_nothing(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "BATCH", 2)
    path = feed(tmp_path, *(sample(source_ref=f"WM/{number}") for number in range(9)))
    before = everything()

    def stop(line: int) -> None:
        if line > 4:
            raise RuntimeError("the power went")

    with pytest.raises(RuntimeError), working():
        actions.load(path, source=world.force, by=SYSTEM_ACTOR, at=NOW, told=stop)
    assert everything() == before and not Delivery.objects.exists()
    assert receipt(load(path, world.force)) == (9, 9, 0, {}, {})


def test_a_reference_that_is_taken_is_never_given_again(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_out = iter(["AL-AAAA-AAAA", "AL-AAAA-AAAA", "AL-BBBB-BBBB"])
    monkeypatch.setattr(loading, "new_reference", lambda random: next(given_out))
    load(feed(tmp_path, sample()), world.force)
    load(feed(tmp_path, sample(source_ref="WM/2"), name="second.csv"), world.force)
    assert set(Referral.objects.values_list("reference", flat=True)) == {"AL-AAAA-AAAA", "AL-BBBB-BBBB"}


def test_texts_as_long_as_they_may_be_crash_nothing(world: World, tmp_path: Path) -> None:
    longest = {
        "source_ref": "W" * 60, "title": "T" * 35, "given_name": "é" * 100, "family_name": "ß" * 100,
        "language": "L" * 60, "notes": "n\\" * 2000, "offence_description": "d" * 300, "officer_name": "o" * 100,
        "address_line_1": "a" * 200, "address_line_2": "b" * 200, "town": "t" * 100, "ethnicity_code": "W3",
        "safe_times": ";".join(["9:00-9:30"] * 10),
    }  # fmt: skip
    business = sample(source_ref="WM/2", victim_kind="business", business_name="B" * 200, date_of_birth="")
    assert receipt(load(feed(tmp_path, sample(**longest), business), world.force)) == (2, 2, 0, {}, {})
    times = ContactPoint.objects.exclude(safe_times="").first()
    assert times and len(times.safe_times) <= 100 and times.safe_times.endswith("-09:30")
    assert Victim.objects.get(kind="business").name_key == "b" * 200


def test_what_a_spreadsheet_would_run_is_kept_as_it_was_sent(world: World, tmp_path: Path) -> None:
    delivery = load(feed(tmp_path, sample(given_name="=1+1", family_name="\\N")), world.force)
    assert (delivery.accepted, delivery.warnings) == (1, {"formula_cell": 1})
    assert Victim.objects.get().full_name == "=1+1 \\N"


def test_a_source_without_a_hub_is_refused(world: World, tmp_path: Path) -> None:
    Organisation.objects.filter(pk=world.hub.pk).update(until=date(2026, 1, 1))
    with pytest.raises(FeedRefused, match="no_hub"):
        load(feed(tmp_path, sample()), world.force)


def test_the_database_refuses_a_receipt_that_does_not_add_up(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample()), world.force)
    with pytest.raises(IntegrityError, match="adds_up"), transaction.atomic():
        Delivery.objects.update(held={"changed": 1})


def test_no_rows_are_a_delivery_of_none(world: World, tmp_path: Path) -> None:
    assert receipt(load(feed(tmp_path), world.force)) == (0, 0, 0, {}, {})


CHARACTERS = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
ROW = st.fixed_dictionaries(
    {"source_ref": st.sampled_from(["R/1", "R/2", "R/3", "R/4", "!"])},
    optional={
        "consent": st.sampled_from(["yes", "no", "unknown", "maybe"]),
        "phone": st.sampled_from(["07700 900123", "07700 900124", "12"]),
        "phone_safe": st.sampled_from(["yes", "no", ""]),
        "offence_code": st.sampled_from(["8N", "19C", "20B", "92E", "8Q", "ZZ"]),
        "domestic_abuse": st.sampled_from(["yes", "no"]),
        "given_name": st.text(CHARACTERS, max_size=30),
        "notes": st.text(CHARACTERS, max_size=60),
    },
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files=st.lists(st.lists(ROW, max_size=8), min_size=1, max_size=3))
def test_whatever_is_sent_each_receipt_adds_up_and_each_reference_is_taken_once(
    world: World, tmp_path: Path, files: list[list[dict[str, str]]]
) -> None:
    with transaction.atomic():
        for number, rows in enumerate(files):
            path = write(tmp_path, text([sample() | row for row in rows]).encode("utf-8", "replace"), f"{number}.csv")
            delivery = load(path, world.force)
            assert delivery.sent == delivery.accepted + delivery.duplicate + sum(delivery.held.values()) + sum(
                delivery.rejected.values()
            )
            again = load(path, world.force)
            assert (again.accepted, again.held, again.rejected) == (0, {}, {})
        taken = list(Referral.objects.values_list("source_ref", flat=True))
        assert len(taken) == len(set(taken)) == Victim.objects.count() == Standing.objects.count()
        transaction.set_rollback(True)


def kept(world: World, folder: Path, **changes: str) -> KeptRow:
    load(feed(folder, sample(**changes)), world.force)
    return KeptRow.objects.get()


def in_hub(world: World) -> dict[str, Any]:
    return {"by": world.actor("triage_officer"), "at": NOW + timedelta(hours=1)}


@contextmanager
def at_the_hub(world: World) -> Iterator[None]:
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        yield


def test_a_held_row_is_taken_in_once_somebody_has_found_a_safe_way(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone_safe="no")
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="safe to use"), transaction.atomic():
            actions.release(row, words="Rang the officer", **in_hub(world))
        referral = actions.release(
            row, words="Officer gave a sister's number", phone="07700 900555", phone_safe="yes", **in_hub(world)
        )
    referral, row = Referral.objects.get(pk=referral.pk), KeptRow.objects.get()
    assert (referral.source, referral.source_ref, referral.crime_type) == ("police_feed", "WM/26/0000001", "violence")
    assert (row.settled_how, row.referral_id) == ("released", referral.pk)
    assert fields.read(row, "settled_words") == "Officer gave a sister's number"
    phone = ContactPoint.objects.get(kind="phone")
    assert (fields.read(phone, "value"), phone.safe, phone.verified_at) == ("+447700900555", "yes", None)
    again = load(feed(tmp_path, sample(phone_safe="no")), world.force)
    assert receipt(again) == (1, 0, 1, {}, {})


def test_a_row_without_consent_stays_held_until_the_victim_agrees(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, consent="no")
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="agrees"), transaction.atomic():
            actions.release(row, words="Asked", **in_hub(world))
        actions.release(row, words="She agrees now", consent="yes", **in_hub(world))
    assert Agreement.objects.get().about == "contact"


def test_what_was_found_out_is_read_as_strictly_as_the_feed(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone_safe="no")
    with at_the_hub(world), pytest.raises(RuleBroken) as broken, transaction.atomic():
        actions.release(row, words="x", phone="not a number", phone_safe="yes", **in_hub(world))
    assert broken.value.field == "phone"


def test_a_row_is_taken_in_once_and_with_words(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, consent="no")
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="few words"), transaction.atomic():
            actions.release(row, words=" ", consent="yes", **in_hub(world))
        actions.release(row, words="She agrees", consent="yes", **in_hub(world))
        with pytest.raises(RuleBroken, match="already"), transaction.atomic():
            actions.release(row, words="Again", consent="yes", **in_hub(world))
    assert Event.objects.filter(name="feed_row.released", subject=row.pk).exists()


def test_a_rejected_row_is_not_taken_in_as_it_is(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone="none")
    with at_the_hub(world), pytest.raises(RuleBroken, match="mended first"), transaction.atomic():
        actions.release(row, words="x", **in_hub(world))


def test_new_details_are_added_and_what_is_unsafe_now_is_so_at_once(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(email_safe="yes")), world.force)
    new = {"phone": "07700 900777", "email_safe": "no"}
    load(feed(tmp_path, sample(**new), name="changed.csv"), world.force)
    row = KeptRow.objects.get()
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="with us already"), transaction.atomic():
            actions.release(row, words="x", **in_hub(world))
        actions.take_new_details(row, words="Both confirmed", take=["phone"], **in_hub(world))
    points = {(fields.read(p, "value"), p.safe) for p in ContactPoint.objects.exclude(kind="address")}
    assert points == {("+447700900123", "yes"), ("+447700900777", "yes"), ("testina@mail.example", "no")}
    assert Referral.objects.count() == 1


def test_a_change_of_a_row_that_is_not_with_us_is_compared_with_the_row_held_before(
    world: World, tmp_path: Path
) -> None:
    load(feed(tmp_path, sample(phone_safe="no")), world.force)
    load(feed(tmp_path, sample(), name="mended.csv"), world.force)
    row = KeptRow.objects.get(reason="changed")
    found = [(one.what, one.ours, one.theirs) for one in queries.differences(row, NOW.date())]
    assert found == [("Safe to telephone", "no", "yes")]
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="nothing on record"), transaction.atomic():
            actions.take_new_details(row, words="x", **in_hub(world))
        actions.release(row, words="The officer sent it again", **in_hub(world))
    assert Referral.objects.count() == 1


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(["07700 900123", "+44 7700 900123", "0044 7700900999", "01632 960123", "020 7946 0000 ext 12"]))
def test_a_number_of_the_feed_is_compared_as_every_other(number: str) -> None:
    row = validate(sample(phone=number))
    assert isinstance(row, FeedRow)
    assert row.phone.partition(";")[0] == normalise("phone", row.phone) == normalise("phone", number)


def test_every_column_of_the_feed_is_looked_at() -> None:
    """A column added to the feed must be stored or left out on purpose."""
    assert len(COLUMNS) == 33
