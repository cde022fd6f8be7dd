"""Passed on to whoever holds the case, decided by them, done by the worker; and nothing by itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.changes import actions, jobs, queries
from alongside.support.arrivals.changes.models import Change
from alongside.support.arrivals.changes.tests.held_cases import accept, held, offered, sent_again
from alongside.support.arrivals.feeds.models import Delivery, KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import NOW, feed, load, working
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=5)
NEW = {"family_name": "Changed", "phone": "07700 900321", "notes": "The neighbour Testo saw it"}


@contextmanager
def at_the_provider(world: World, person: str = "caseworker") -> Iterator[None]:
    by = world.actor(person)
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        yield


def decide(world: World, default: str = "keep", **chosen: str) -> Change:
    """Every difference is decided as the default, but those that are named."""
    change = Change.objects.get()
    said = {one.what: chosen.get(one.what.replace(" ", "_").replace("-", "_"), default)
            for one in queries.differences(change)}  # fmt: skip
    with at_the_provider(world):
        return actions.decide(change, by=world.actor("caseworker"), at=LATER, decisions=said, words="She told me")


def carry_out() -> None:
    with working():
        for _ in range(2):
            jobs.carry_out.func(event="", subject=str(Change.objects.get().pk))


def numbers() -> set[tuple[str, str]]:
    return {(fields.read(one, "value"), one.safe) for one in ContactPoint.objects.filter(kind="phone")}


def test_before_a_provider_holds_the_case_it_is_the_hubs(world: World, tmp_path: Path) -> None:
    offer = offered(world, tmp_path)
    sent_again(world, tmp_path, **NEW)
    assert not Change.objects.exists()
    accept(world, offer)
    with working():
        for _ in range(2):
            jobs.hand_over.func(event="", subject=str(offer.pk))
        jobs.hand_over.func(event="", subject=str(uuid4()))
    assert Change.objects.get().provider_id == world.provider.pk


def test_the_provider_is_shown_what_it_holds_itself_and_nothing_is_taken_yet(world: World, tmp_path: Path) -> None:
    row = held(world, tmp_path, **NEW)
    change = Change.objects.get()
    told = {one.what: (one.ours, one.theirs) for one in queries.differences(change)}
    assert told["Family name"] == ("Sampleford", "Changed") and "Notes" not in told and "Officer" not in told
    assert b"Changed" not in bytes(change.differences)
    assert Victim.objects.get().family_name == "Sampleford" and len(numbers()) == 1
    assert queries.waiting_for(world.actor("caseworker")) == 1
    assert queries.passed_on(row) == "Lantern Sample Charity"


def test_what_is_taken_is_taken_by_the_worker_in_the_name_of_who_decided(world: World, tmp_path: Path) -> None:
    row = held(world, tmp_path, **NEW)
    decide(world, Family_name="take", Telephone="note")
    carry_out()
    row.refresh_from_db()
    victim = Victim.objects.get()
    assert (victim.family_name, row.settled_how, Change.objects.get().state) == ("Changed", "applied", "DONE")
    assert len(numbers()) == 1, "a way of contact that was not taken is not added"
    corrected = Event.objects.get(name="victim.corrected")
    assert corrected.user_id == world.people["caseworker"].pk
    assert "She told me" in fields.read(row, "settled_words") and queries.passed_on(row) == ""


def test_a_number_that_is_taken_is_added_and_not_verified(world: World, tmp_path: Path) -> None:
    held(world, tmp_path, phone="07700 900321")
    decide(world, Telephone="take")
    carry_out()
    assert ("+447700900321", "yes") in numbers()
    assert not ContactPoint.objects.exclude(verified_at=None).exists()


def test_where_everything_of_ours_is_kept_the_row_is_closed(world: World, tmp_path: Path) -> None:
    row = held(world, tmp_path, **NEW)
    decide(world)
    carry_out()
    row.refresh_from_db()
    assert (row.settled_how, row.settled_why, Victim.objects.get().family_name) == (
        "closed", "ours_is_right", "Sampleford"
    )  # fmt: skip


def test_what_is_not_safe_any_more_is_so_whatever_is_decided(world: World, tmp_path: Path) -> None:
    held(world, tmp_path, phone_safe="no", consent="no")
    change = Change.objects.get()
    assert Event.objects.get(name="change.passed_on").details == {"refusal": True}
    decide(world)
    carry_out()
    assert numbers() == {("+447700900123", "no")} and Referral.objects.get().consent == "no"
    assert Change.objects.get(pk=change.pk).state == "DONE"


def test_every_difference_is_decided_and_only_once(world: World, tmp_path: Path) -> None:
    held(world, tmp_path, phone="07700 900321")
    change, by = Change.objects.get(), world.actor("caseworker")
    with at_the_provider(world), pytest.raises(RuleBroken, match="Say what becomes"), transaction.atomic():
        actions.decide(change, by=by, at=LATER, decisions={"Telephone": "take", "Safe to telephone": "take"})
    decide(world)
    with at_the_provider(world), pytest.raises(RuleBroken, match="already"), transaction.atomic():
        actions.decide(change, by=by, at=LATER, decisions={})


def test_a_record_that_was_corrected_meanwhile_is_asked_about_again(world: World, tmp_path: Path) -> None:
    held(world, tmp_path, given_name="Testy", family_name="Changed")
    decide(world, "take")
    victim = Victim.objects.get()
    named = replace(victims.identity_of(victim), family_name="Changed")
    victims.correct(victim, by=world.actor("triage_officer"), at=LATER, identity=named, reason="told_us", seen=1)
    carry_out()
    change = Change.objects.get()
    assert (change.state, change.decided_at, change.seen) == ("OPEN", None, 2)
    assert [one.what for one in queries.differences(change)] == ["Given name"]
    assert queries.decisions(change) == {} and Victim.objects.get().given_name == "Testina"


def test_what_the_hub_settles_itself_is_asked_of_nobody(world: World, tmp_path: Path) -> None:
    row = held(world, tmp_path, **NEW)
    hub = world.actor("triage_officer")
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk], user=hub.user_id):
        actions.end(row, by=hub, at=LATER)
        actions.end(row, by=hub, at=LATER)
    assert Change.objects.get().state == "DONE" and queries.waiting_for(world.actor("caseworker")) == 0


def test_a_row_that_is_gone_when_it_was_decided_leaves_nothing_to_do(world: World, tmp_path: Path) -> None:
    held(world, tmp_path, **NEW)
    decide(world, Family_name="take")
    KeptRow.objects.all().delete()
    carry_out()
    assert Change.objects.get().state == "DONE" and Victim.objects.get().family_name == "Sampleford"


def test_a_difference_that_a_provider_may_not_know_is_not_passed_on(world: World, tmp_path: Path) -> None:
    row = held(world, tmp_path, notes="Only the officer's words")
    assert not Change.objects.exists()
    with working():
        assert actions.pass_on(row, by=SYSTEM_ACTOR, at=LATER) is None


def test_a_row_of_nobody_we_know_is_not_passed_on(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(consent="no")), world.force)
    load(feed(tmp_path, sample(consent="no", phone="07700 900999"), name="two.csv"), world.force)
    with working():
        jobs.pass_on.func(event="", subject=str(Delivery.objects.latest("id").pk))
    assert not Change.objects.exists()
    partner = Referral(source=Referral.Source.PARTNER, source_ref="x")
    assert not queries.sent_again_of(partner).exists()


def test_neighbours_see_no_change_and_the_provider_writes_only_what_it_decides(world: World, tmp_path: Path) -> None:
    held(world, tmp_path, **NEW)
    for person in ("neighbour_caseworker", "far_triage_officer"):
        with at_the_provider(world, person):
            assert Change.objects.count() == 0
    with at_the_provider(world):
        assert Change.objects.count() == 1
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Change.objects.update(provider_id=world.neighbour.pk)
    assert Change.objects.visible_to(world.actor("neighbour_caseworker")).count() == 0
    assert Change.objects.visible_to(replace(SYSTEM_ACTOR)).count() == 1
