"""An entry arrives once, is opened by the worker alone, and is never lost; a phone that is stopped sends nothing."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import ProgrammingError, connection, transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.onthespot import actions, jobs, queries
from alongside.support.desk.onthespot.actions import Over
from alongside.support.desk.onthespot.models import Entry, Key, Occasion, Phone
from alongside.support.desk.onthespot.tests.spots import SAID, at_work, occasion, opened, phone, sealed, sent
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    cache.clear()


def stop(world: World) -> None:
    with at_work(world, "hub_manager") as by:
        actions.stop_phone(Phone.objects.get(), by=by, at=timezone.now())


def test_an_entry_becomes_a_referral_and_leaves_nothing_of_itself(world: World) -> None:
    found = occasion(world)
    entry = opened(sent(phone(world, found, "caseworker"), found))
    referral, victim, point = Referral.objects.get(), Victim.objects.get(), ContactPoint.objects.get()
    assert (referral.source, referral.source_ref, referral.hub_id) == ("on_the_spot", str(entry.pk), world.hub.pk)
    assert (referral.consent, referral.referred_by) == ("yes", world.actor("caseworker").user_id)
    assert (victim.given_name, victim.council) == ("Testina", "E08000025")
    assert (point.verified_how, point.safe, point.safe_times) == ("by_voice", "yes", "17:00-20:00")
    assert fields.read(point, "instructions") == "Say you are the club shop"
    assert (entry.state, bytes(entry.envelope), bytes(entry.plain)) == ("TAKEN_IN", b"", b"")
    assert "gate B" in fields.read(referral, "notes")


def test_the_same_entry_sent_again_arrives_once(world: World) -> None:
    found = occasion(world)
    token, key = phone(world, found), uuid4()
    for _ in range(3):
        sent(token, found, entry=key)
        opened(key)
    assert Referral.objects.count() == Entry.objects.count() == 1
    assert Event.objects.filter(name="spot_entry.arrived").count() == 1


def test_the_database_keeps_nothing_that_the_public_realm_could_open(world: World) -> None:
    found = occasion(world)
    sent(phone(world, found), found)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM onthespot_entry t")
        assert b"Testina".hex() not in cursor.fetchone()[0]
    for realm in (Realm.PUBLIC, Realm.HUB, Realm.PROVIDER):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(realm):
            Key.objects.count()


def test_a_stopped_phone_sends_nothing_and_is_told_to_forget(world: World) -> None:
    found = occasion(world)
    token = phone(world, found)
    stop(world)
    with pytest.raises(Over):
        sent(token, found)
    with pytest.raises(RuleBroken, match="stopped already"):
        stop(world)


def test_an_unknown_token_and_one_whose_time_is_over_send_nothing(world: World) -> None:
    found = occasion(world)
    token = phone(world, found)
    late = queries.last_moment(found) + timedelta(minutes=1)
    for one, at in (("nonsense", timezone.now()), (token, late)):
        with pytest.raises(Over):
            sent(one, found, at=at)
    assert sent(token, found, at=late - timedelta(minutes=2))


def test_a_worker_who_signs_out_gives_the_token_back(world: World) -> None:
    found = occasion(world)
    token = phone(world, found)
    for one in (token, token, "nonsense"):
        with transaction.atomic(), inside(Realm.PUBLIC):
            actions.give_back(one, at=timezone.now())
    assert Phone.objects.get().stopped_why == "worker"
    assert Event.objects.filter(name="phone.stopped").count() == 1


def test_one_phone_sends_so_many_in_an_hour(world: World) -> None:
    found = occasion(world)
    token, at = phone(world, found), timezone.now().replace(minute=5)
    for _ in range(queries.limit("spot_entries", at.date())):
        sent(token, found, envelope=b"x", at=at)
    with pytest.raises(RuleBroken, match="tries again"):
        sent(token, found, at=at)


@pytest.mark.parametrize(
    ("envelope", "text", "said", "why"),
    [(b"junk", None, None, "unreadable"), (None, "not json", None, "not_a_form"),
     (None, None, {**SAID, "agreed": False}, "not_agreed")],
)  # fmt: skip
def test_what_cannot_be_taken_in_is_held_with_the_reason(
    world: World, envelope: bytes | None, text: str | None, said: Any, why: str
) -> None:
    found = occasion(world)
    entry = opened(sent(phone(world, found), found, said, text=text, envelope=envelope))
    assert (entry.state, entry.why, Referral.objects.count()) == ("QUARANTINED", why, 0)
    assert bytes(entry.envelope)
    with at_work(world, "triage_officer"):
        assert queries.said_in(entry) == (text or (json.dumps({**json.loads(queries.said_in(entry))}) if said else ""))


def held(world: World) -> Entry:
    found = occasion(world)
    return opened(sent(phone(world, found), found, {**SAID, "phone": "12"}))


def test_what_was_held_is_mended_by_the_hub_and_taken_in_once(world: World) -> None:
    entry = held(world)
    with at_work(world, "triage_officer") as by:
        with pytest.raises(RuleBroken, match="cannot be one"):
            actions.mend(entry, by=by, at=timezone.now(), said={**SAID, "phone": "34"})
        referral = actions.mend(entry, by=by, at=timezone.now(), said=SAID)
        with pytest.raises(RuleBroken, match="cannot mend"):
            actions.mend(entry, by=by, at=timezone.now(), said=SAID)
    entry.refresh_from_db()
    assert (entry.state, referral.source_ref, bytes(entry.plain)) == ("TAKEN_IN", str(entry.pk), b"")


def test_what_was_held_is_set_aside_and_its_content_forgotten(world: World) -> None:
    entry = held(world)
    with at_work(world, "triage_officer") as by:
        actions.set_aside(entry, by=by, at=timezone.now())
    entry.refresh_from_db()
    assert (entry.state, bytes(entry.envelope), bytes(entry.plain)) == ("SET_ASIDE", b"", b"")
    assert Event.objects.get(name="spot_entry.set_aside").details == {"why": "bad_phone"}


def test_what_was_held_is_tried_again_from_what_came(world: World) -> None:
    entry = held(world)
    with at_work(world, "triage_officer") as by:
        actions.try_again(entry, by=by, at=timezone.now())
    assert opened(entry.pk).state == "QUARANTINED"


def test_an_entry_that_is_gone_is_said_so(world: World) -> None:
    entry = held(world)
    Entry.objects.all().delete()
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="no longer open"):
        actions.set_aside(entry, by=by, at=timezone.now())


def test_without_its_key_an_entry_is_held_and_not_lost(world: World) -> None:
    found = occasion(world)
    key = sent(phone(world, found), found)
    Key.objects.all().delete()
    assert opened(key).why == "unreadable" and bytes(Entry.objects.get().envelope)


def test_a_job_for_nothing_does_nothing(world: World) -> None:
    jobs.open_(event="", subject=str(uuid4()))
    found = occasion(world)
    jobs.open_(event="", subject=str(sent(phone(world, found), found)))
    assert Referral.objects.count() == 1


def test_the_hub_takes_one_on_its_own_page_once(world: World) -> None:
    found, key = occasion(world), uuid4()
    said = {**SAID, "phone_safe": "unsure", "age": "young", "times": ["by_arrangement", "evening"], "message": "yes"}
    with at_work(world, "triage_officer") as by:
        assert actions.take(found, by=by, at=timezone.now(), entry=key, said=said)
        assert actions.take(found, by=by, at=timezone.now(), entry=key, said=said) is None
    referral, point = Referral.objects.get(), ContactPoint.objects.get()
    assert referral.referred_by == by.user_id and referral.markers == ["child"]
    assert referral.victim.said_under == 18
    assert (point.safe, point.verified_how, point.leave_message) == ("unknown", "", True)
    assert point.safe_times == "Only when we have arranged it; 17:00-20:00"


def test_a_key_is_destroyed_when_nothing_can_come_and_nothing_waits(world: World) -> None:
    done, waiting = occasion(world), occasion(world)
    opened(sent(phone(world, waiting), waiting, {**SAID, "phone": "12"}))

    def forgotten(days: int) -> int:
        with transaction.atomic(), inside(Realm.WORKER):
            return actions.forget_keys(by=SYSTEM_ACTOR, at=timezone.now() + timedelta(days=days))

    assert (forgotten(3), forgotten(9), forgotten(9)) == (0, 1, 0)
    assert Key.objects.get().occasion_id == waiting.pk and not PersonKey.objects.filter(pk=done.pk).exists()
    jobs.forget_keys()


def test_an_event_is_changed_and_keeps_its_key(world: World) -> None:
    found = occasion(world)
    said = {name: getattr(found, name) for name in ("name", "kind", "council", "starts_at", "services")}
    with at_work(world, "hub_manager") as by:
        actions.change(
            found, by=by, at=timezone.now(), place="Other Ground", ends_at=found.ends_at + timedelta(hours=1),
            organisations=[], **said,
        )  # fmt: skip
    fresh = Occasion.objects.get()
    assert (fresh.place, fresh.visible_orgs, bytes(fresh.public_key)) == (
        "Other Ground", [world.hub.pk], bytes(found.public_key),
    )  # fmt: skip


def test_an_envelope_of_another_event_opens_nothing(world: World) -> None:
    one, other = occasion(world), occasion(world)
    key: UUID = uuid4()
    assert opened(sent(phone(world, one), one, entry=key, envelope=sealed(other, key))).why == "unreadable"
