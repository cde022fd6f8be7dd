"""A row that was held or rejected and comes again, unchanged, waits once, and goes the way of the row that was kept."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds import actions, loading
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SentAgain, SourceVersion
from alongside.support.arrivals.feeds.tests.samples import NOW, sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, load, receipt, working
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db
BAD = sample(source_ref="WM/2", phone="none")
HELD = sample(source_ref="WM/3", consent="no")
LATER = NOW + timedelta(days=1)


def again() -> list[tuple[str, int, int]]:
    """(file, line there, line of the kept row)."""
    return list(SentAgain.objects.order_by("delivery", "line").values_list("delivery__file", "line", "kept__line"))


def test_a_rejected_row_in_another_file_is_a_duplicate_of_the_one_that_waits(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample(), BAD), world.force)
    other = load(feed(tmp_path, BAD, sample(source_ref="WM/9"), name="other.csv"), world.force, LATER)
    assert receipt(other) == (2, 1, 1, {}, {})
    (kept,) = KeptRow.objects.all()
    assert (kept.outcome, kept.settled_at, kept.delivery.file) == ("rejected", None, "feed.csv")
    assert again() == [("other.csv", 2, 3)]


@pytest.mark.parametrize("how", ["released", "returned", "closed"])
def test_it_follows_the_one_that_somebody_dealt_with(world: World, tmp_path: Path, how: str) -> None:
    load(feed(tmp_path, BAD, HELD), world.force)
    with working():
        for kept in KeptRow.objects.all():
            actions.settle(kept, how, by=SYSTEM_ACTOR, at=NOW, words="Sample")
    assert receipt(load(feed(tmp_path, HELD, BAD, name="other.csv"), world.force, LATER)) == (2, 0, 2, {}, {})
    assert not KeptRow.objects.filter(settled_at=None).exists() and len(again()) == 2
    assert SentAgain.objects.all().ways() == {how: 2}


def test_a_rejected_row_that_was_mended_and_taken_in_is_not_asked_about_again(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, BAD), world.force)
    with working():
        mended = sample(source_ref="WM/2", phone="07700 900222")
        actions.release(KeptRow.objects.get(), by=SYSTEM_ACTOR, at=NOW, words="Asked the officer", mended=mended)
    assert receipt(load(feed(tmp_path, BAD, name="other.csv"), world.force, LATER)) == (1, 0, 1, {}, {})
    assert Referral.objects.count() == KeptRow.objects.count() == 1


def test_other_cells_wait_anew(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, BAD), world.force)
    other = {**BAD, "notes": "Ring the neighbour"}
    assert receipt(load(feed(tmp_path, other, name="other.csv"), world.force)) == (1, 0, 0, {}, {"phone:bad_phone": 1})
    assert KeptRow.objects.filter(settled_at=None).count() == 2 and not again()


def test_the_same_cells_in_another_order_are_the_same(world: World, tmp_path: Path) -> None:
    assert loading.same_cells("1|", {"a": "1", "b": "2"}) == loading.same_cells("1|", {"b": "2", "a": "1"})
    assert loading.same_cells("1|", {"a": "1"}) != loading.same_cells("1|", {"b": "1"})
    assert loading.same_cells("1|", {"a": "1"}) != loading.same_cells("2|", {"a": "1"}), "nothing joins two forces"


def test_in_one_file_the_first_is_kept(world: World, tmp_path: Path) -> None:
    one = load(feed(tmp_path, HELD, BAD, BAD, HELD, BAD), world.force)
    assert receipt(one) == (5, 0, 3, {"no_consent": 1}, {"phone:bad_phone": 1})
    assert again() == [("feed.csv", 4, 3), ("feed.csv", 5, 2), ("feed.csv", 6, 3)]


def test_a_held_row_written_in_another_way_is_linked_too(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, HELD), world.force)
    load(feed(tmp_path, {**HELD, "occurred_from": "2026-11-17", "consent": "No"}, name="other.csv"), world.force)
    assert again() == [("other.csv", 2, 2)]


def test_duplicates_of_a_referral_are_only_counted(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample()), world.force)
    assert receipt(load(feed(tmp_path, sample(), sample(), name="other.csv"), world.force)) == (2, 0, 2, {}, {})
    assert not SentAgain.objects.exists()


def test_another_force_and_another_feed_of_the_same_are_apart(world: World, tmp_path: Path) -> None:
    other = Organisation.objects.create(
        code="test-rail", kind="force", force_id=world.force.force_id, name="Test Rail Police", since=world.force.since
    )
    columns = {name: name for name in (*sample(), "notes")}
    SourceVersion.objects.create(
        hub_id=world.hub.pk, source=world.force, feed="asb", number=1, name="Antisocial behaviour",
        contact="sample@force.example", columns={**columns, "hate_strands": "hate_strands"}, saved_at=NOW,
    )  # fmt: skip
    path = feed(tmp_path, BAD)
    load(path, world.force)
    load(path, other)
    with working():
        actions.load(path, source=world.force, feed="asb", by=SYSTEM_ACTOR, at=NOW)
    assert KeptRow.objects.filter(outcome="rejected").count() == 3 and not again()


def test_once_the_kept_row_is_forgotten_so_is_that_it_came_again_and_the_next_waits(
    world: World, tmp_path: Path
) -> None:
    load(feed(tmp_path, BAD), world.force)
    load(feed(tmp_path, BAD, name="other.csv"), world.force)
    with working():
        actions.settle(KeptRow.objects.get(), "closed", by=SYSTEM_ACTOR, at=NOW, words="Sample")
        actions.forget(at=NOW + timedelta(days=91))
    assert not SentAgain.objects.exists()
    assert Delivery.objects.get(file="other.csv").duplicate == 1, "it stays counted"
    load(feed(tmp_path, BAD, name="third.csv"), world.force, NOW + timedelta(days=92))
    assert KeptRow.objects.get().settled_at is None


def test_the_digest_is_keyed_and_says_nothing_of_the_cells(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, BAD), world.force)
    kept = KeptRow.objects.get()
    assert len(bytes(kept.same)) == 16 and b"Sampleford" not in bytes(kept.same)
    assert "same" in KeptRow.Privacy.identity


def test_a_neighbouring_hub_sees_nothing_of_it(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, BAD), world.force)
    load(feed(tmp_path, BAD, name="other.csv"), world.force)
    for person, many in (("triage_officer", 1), ("far_triage_officer", 0)):
        actor = world.actor(person)
        with transaction.atomic(), inside(Realm.HUB, orgs=actor.orgs):
            assert SentAgain.objects.count() == SentAgain.objects.visible_to(actor).count() == many
