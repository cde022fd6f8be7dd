"""Rows that are held before there is a record, of a kind that would be restricted: for those whom the rule names."""

from pathlib import Path
from typing import Any

import pytest
from django.db import Error, connection
from django.utils import timezone

from alongside.core import clocks
from alongside.core.models import Event
from alongside.foundation.office.organisations.models import Membership
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, load
from alongside.support.arrivals.mending import actions as mending
from alongside.support.arrivals.mending import jobs
from alongside.support.arrivals.mending.models import Mend
from alongside.support.arrivals.reconciliation import queries as reconciliation
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.replies.models import Reply
from alongside.support.keeping.restricted.tests.sealed import acting, working
from alongside.support.keeping.restricted.tests.test_held_rows import seal
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
FORCED, ORDINARY = "66/97", "8N"
REF, CANARY = "WM/26/0000001", "Canaryford"
OUTSIDE, MANAGER, KEEPER = "triage_officer", "hub_manager", "privacy_officer"
VERBS = ("", "mend/", "release/", "send-back/", "set-aside/", "reopen/", "take-new-details/")


def arrives(world: World, folder: Path, name: str = "first.csv", **cells: str) -> KeptRow:
    said = {"offence_code": FORCED, "consent": "no", "family_name": CANARY} | cells
    load(feed(folder, sample(**said), name=name), world.force, timezone.now())
    return KeptRow.objects.get(delivery__file=name)


def seen(world: World, person: str) -> int:
    """How many kept rows somebody sees, by either lock alone."""
    by = world.actor_now(person)
    with acting(world, person):
        by_row = KeptRow.objects.count()
    assert by_row == KeptRow.objects.visible_to(by).count(), "the two locks differ"
    return by_row


def tally(world: World, person: str) -> Any:
    today = clocks.london_date(timezone.now())
    with acting(world, person) as by:
        return reconciliation.tallies(by, today, today)[world.force.pk, "", today]


def test_it_is_for_those_whom_the_rule_names_and_only_counted_for_the_rest_of_the_hub(
    world: World, tmp_path: Path
) -> None:
    assert arrives(world, tmp_path).guarded
    assert [seen(world, person) for person in (OUTSIDE, MANAGER, KEEPER, "far_triage_officer")] == [0, 1, 1, 0]
    outside, named = tally(world, OUTSIDE), tally(world, MANAGER)
    assert (outside.held, outside.waiting, outside.named, outside.unexplained) == (1, 0, 1, 0)
    assert (named.held, named.waiting, named.named, named.unexplained) == (1, 1, 0, 0)


@pytest.mark.parametrize(
    "cells",
    [
        {"phone": "x"},
        {"offence_code": "not one", "offence_description": "Forced marriage of a girl"},
        {"consent": "no", "domestic_abuse": "yes"},
    ],
)
def test_a_rejected_row_or_one_of_an_unknown_offence_that_says_so_is_closed_too(
    world: World, tmp_path: Path, cells: dict[str, str]
) -> None:
    arrives(world, tmp_path, **cells)
    assert [seen(world, person) for person in (OUTSIDE, MANAGER)] == [0, 1]


def test_an_ordinary_row_is_open_to_the_hub(world: World, tmp_path: Path) -> None:
    assert not arrives(world, tmp_path, offence_code=ORDINARY).guarded
    assert seen(world, OUTSIDE) == 1


def test_where_the_rule_names_nobody_it_is_open_to_the_hub_so_that_it_is_not_lost(world: World, tmp_path: Path) -> None:
    arrives(world, tmp_path)
    Membership.objects.filter(role__in=["hub_manager", "privacy_officer"]).update(until=timezone.now())
    assert seen(world, OUTSIDE) == 1
    assert seen(world, "far_triage_officer") == 0


def test_whoever_has_left_or_may_not_sign_in_is_named_no_more(world: World, tmp_path: Path) -> None:
    arrives(world, tmp_path)
    manager = world.people[MANAGER]
    manager.is_active = False
    manager.save(update_fields=["is_active"])
    assert seen(world, OUTSIDE) == 0
    assert seen(world, KEEPER) == 1


def test_no_page_shows_it_and_no_verb_reaches_it(world: World, tmp_path: Path) -> None:
    kept = arrives(world, tmp_path)
    outside, named = world.client(OUTSIDE), world.client(MANAGER)
    today = clocks.london_date(timezone.now()).isoformat()
    day = f"/feeds/reconciliation/{world.force.pk}/{today}/"
    pages = ["/", "/referrals/", "/referrals/wallboard/", "/feeds/", "/feeds/held/", f"/feeds/{kept.delivery_id}/", day]
    for page in [*pages, *(f"{day}{what}/" for what in ("held", "waiting"))]:
        told = outside.get(page, follow=True)
        assert told.status_code == 200, page
        assert REF not in told.text and CANARY not in told.text and str(kept.pk) not in told.text, page
    assert "Kept behind named people" in outside.get(day).text
    assert REF in named.get("/feeds/held/").text and CANARY in named.get(f"/feeds/rows/{kept.pk}/").text
    for verb in VERBS:
        where = f"/feeds/rows/{kept.pk}/{verb}"
        assert [outside.get(where).status_code, outside.post(where).status_code] == [404, 404], verb
    outside.post("/feeds/held/settle/", {"rows": [str(kept.pk)], "do": "closed:mistake"})
    kept.refresh_from_db()
    assert kept.settled_at is None


def test_the_database_alone_refuses_a_write_by_somebody_not_named(world: World, tmp_path: Path) -> None:
    kept = arrives(world, tmp_path)
    with acting(world, OUTSIDE):
        assert KeptRow.objects.filter(pk=kept.pk).update(settled_why="x") == 0


def test_the_named_mend_it_and_take_it_in_as_a_restricted_record(world: World, tmp_path: Path) -> None:
    kept, now = arrives(world, tmp_path), timezone.now()
    with acting(world, MANAGER) as by:
        mending.mend(kept, by=by, at=now, cells={"consent": "yes", "notes": "Asked her friend"})
        mending.release(kept, by=by, at=now, words="She agreed")
    assert Referral.objects.get().victim.restricted
    assert [seen(world, person) for person in (OUTSIDE, MANAGER, KEEPER)] == [0, 1, 1]
    with acting(world, OUTSIDE) as by:
        assert not Mend.objects.exists() and not Mend.objects.visible_to(by).exists()
        assert not Victim.objects.exists()


def test_what_is_returned_or_closed_stays_with_the_named(world: World, tmp_path: Path) -> None:
    kept = arrives(world, tmp_path)
    with acting(world, MANAGER) as by:
        mending.send_back(kept, by=by, at=timezone.now(), reason="other", words="Ask her officer")
    assert seen(world, OUTSIDE) == 0
    with acting(world, OUTSIDE) as by:
        assert not Reply.objects.exists() and not Reply.objects.visible_to(by).exists()


def test_whoever_mends_a_row_to_such_a_kind_sees_it_still_and_the_rest_do_not(world: World, tmp_path: Path) -> None:
    kept, now = arrives(world, tmp_path, offence_code=ORDINARY), timezone.now()
    with acting(world, OUTSIDE) as by:
        mending.mend(kept, by=by, at=now, cells={"offence_code": FORCED})
    assert [seen(world, one) for one in (OUTSIDE, "other_triage_officer", MANAGER)] == [1, 0, 1]
    with acting(world, OUTSIDE) as by:
        mending.mend(kept, by=by, at=now, cells={"consent": "yes"})
        mending.release(kept, by=by, at=now, words="She agreed")
    assert [seen(world, one) for one in (OUTSIDE, "other_triage_officer", MANAGER)] == [1, 0, 1]
    assert Referral.objects.get().victim.restricted


def test_mending_opens_nothing_again_and_nobody_opens_it_by_hand(world: World, tmp_path: Path) -> None:
    kept, now = arrives(world, tmp_path), timezone.now()
    with acting(world, MANAGER) as by:
        mending.mend(kept, by=by, at=now, cells={"offence_code": ORDINARY})
        KeptRow.objects.filter(pk=kept.pk).update(guarded=False)
    assert seen(world, OUTSIDE) == 0
    with pytest.raises(Error, match="permission denied"), acting(world, MANAGER) as by:
        KeptRow.objects.filter(pk=kept.pk).update(guarded_by=by.user_id)


def test_a_row_about_an_open_record_is_closed_by_its_own_kind_until_that_record_is(
    world: World, tmp_path: Path
) -> None:
    load(feed(tmp_path, sample(), name="ours.csv"), world.force, timezone.now())
    arrives(world, tmp_path, "again.csv")
    assert [seen(world, person) for person in (OUTSIDE, MANAGER)] == [0, 1]
    assert tally(world, OUTSIDE).named == 1
    seal(world, OUTSIDE)
    assert [seen(world, person) for person in (OUTSIDE, "other_triage_officer", MANAGER)] == [1, 0, 0]
    assert [tally(world, person).named for person in (OUTSIDE, "other_triage_officer")] == [0, 1]


def forget_kinds() -> None:
    """As the rows stood before anybody looked at their kind."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE feeds_keptrow DISABLE TRIGGER feeds_guarded_for_good")
        cursor.execute("UPDATE feeds_keptrow SET guarded = false, guarded_by = NULL")
        cursor.execute("ALTER TABLE feeds_keptrow ENABLE TRIGGER feeds_guarded_for_good")


def test_rows_that_came_before_their_kind_was_restricted_are_closed_by_the_job(world: World, tmp_path: Path) -> None:
    kept = arrives(world, tmp_path)
    mended = arrives(world, tmp_path, "other.csv", source_ref="WM/26/2", offence_code=ORDINARY)
    ordinary = arrives(world, tmp_path, "third.csv", source_ref="WM/26/3", offence_code=ORDINARY)
    with acting(world, MANAGER) as by:
        mending.mend(mended, by=by, at=timezone.now(), cells={"offence_code": FORCED})
    forget_kinds()
    assert seen(world, OUTSIDE) == 3
    for _ in range(2):
        with working():
            jobs.guard_all.func.__wrapped__()
    assert seen(world, OUTSIDE) == 1
    assert set(KeptRow.objects.filter(guarded=True).values_list("pk", flat=True)) == {kept.pk, mended.pk}
    assert not KeptRow.objects.get(pk=ordinary.pk).guarded
    assert Event.objects.filter(name="feed_row.guarded").count() == 2
