"""Rows of a feed that are kept about somebody whose record is restricted: for the named alone, and counted for all."""

from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.db import Error, connection
from django.test import Client
from django.utils import timezone

from alongside.core import clocks
from alongside.core.models import Event
from alongside.core.rows import records
from alongside.foundation.office.messages.models import Notice
from alongside.support.arrivals.feeds import actions as feeds
from alongside.support.arrivals.feeds.models import Delivery, KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, load
from alongside.support.arrivals.mending import actions as mending
from alongside.support.arrivals.mending import queries
from alongside.support.arrivals.mending.models import Mend
from alongside.support.arrivals.reconciliation import queries as reconciliation
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.replies.models import Answer, Reply
from alongside.support.keeping.restricted import actions
from alongside.support.keeping.restricted.jobs import tell_of_twin
from alongside.support.keeping.restricted.tests.sealed import acting, working
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
REF, CANARY = "WM/26/0000001", "Canaryford"
OUTSIDE, INSIDE = "other_triage_officer", "triage_officer"
AGAIN = {"family_name": CANARY}


def arrives(world: World, folder: Path, name: str = "first.csv", **cells: str) -> Delivery:
    return load(feed(folder, sample(**cells), name=name), world.force, timezone.now())


def seal(world: World, *people: str) -> Victim:
    """Puts the one record that there is behind an officer, the manager and the privacy officer."""
    victim: Victim = Referral.objects.get(source_ref=REF).victim
    names = [world.people[person].pk for person in people or ("hub_manager", "privacy_officer")]
    with acting(world, INSIDE) as by:
        actions.restrict(victim, by=by, at=timezone.now(), reason="staff", words="Works next door", people=names)
    return victim


@pytest.fixture
def kept(world: World, tmp_path: Path) -> KeptRow:
    """A row that came again with another name, of somebody whose record is restricted by now."""
    arrives(world, tmp_path)
    arrives(world, tmp_path, "again.csv", **AGAIN)
    seal(world)
    return KeptRow.objects.get()


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


def test_a_row_that_came_before_the_seal_is_for_the_named_alone(world: World, kept: KeptRow) -> None:
    assert kept.reason == "changed"
    assert kept.victim_id == Referral.objects.get().victim_id
    assert seen(world, OUTSIDE) == 0
    assert [seen(world, person) for person in (INSIDE, "hub_manager", "privacy_officer")] == [1, 1, 1]


def test_a_row_that_comes_after_the_seal_is_too(world: World, tmp_path: Path) -> None:
    arrives(world, tmp_path)
    seal(world)
    arrives(world, tmp_path, "again.csv", **AGAIN)
    arrives(world, tmp_path, "poison.csv", phone="x")
    assert KeptRow.objects.count() == 2
    assert seen(world, OUTSIDE) == 0
    assert seen(world, INSIDE) == 2


def test_a_row_of_nobody_on_record_is_for_the_hub_until_its_person_is_there_and_restricted(
    world: World, tmp_path: Path
) -> None:
    arrives(world, tmp_path, consent="no")
    arrives(world, tmp_path, "again.csv", **AGAIN)
    assert seen(world, OUTSIDE) == 2
    with acting(world, INSIDE) as by:
        first = KeptRow.objects.get(delivery__file="first.csv")
        feeds.release(first, by=by, at=timezone.now(), words="Asked her", consent="yes", phone_safe="yes")
    seal(world)
    assert seen(world, OUTSIDE) == 0
    assert seen(world, INSIDE) == 2


def test_a_row_taken_in_by_another_reference_than_it_came_with_is_of_that_person(world: World, tmp_path: Path) -> None:
    arrives(world, tmp_path, source_ref="WM/26/WRONG", consent="no")
    row = KeptRow.objects.get()
    with acting(world, INSIDE) as by:
        mending.mend(row, by=by, at=timezone.now(), cells={"source_ref": REF, "consent": "yes"})
        mending.release(row, by=by, at=timezone.now(), words="Put right")
    seal(world)
    assert seen(world, OUTSIDE) == 0
    with acting(world, OUTSIDE) as by:
        assert not Mend.objects.exists()
        assert not Mend.objects.visible_to(by).exists()
    with acting(world, INSIDE) as by:
        assert Mend.objects.visible_to(by).count() == Mend.objects.count() == 1


def test_lifting_the_restriction_brings_its_rows_back(world: World, kept: KeptRow) -> None:
    with acting(world, INSIDE):
        records.unseal(Referral.objects.get().victim_id)
    assert seen(world, OUTSIDE) == 1


def test_a_row_is_closed_to_whoever_knows_the_person(world: World, tmp_path: Path) -> None:
    arrives(world, tmp_path)
    arrives(world, tmp_path, "again.csv", **AGAIN)
    with acting(world, OUTSIDE):
        records.close_to(Referral.objects.get().victim_id, world.people[OUTSIDE].pk)
    assert seen(world, OUTSIDE) == 0
    assert seen(world, INSIDE) == 1
    assert tally(world, OUTSIDE).named == 1


def test_the_other_force_and_the_other_hub_see_nothing_of_it(world: World, kept: KeptRow) -> None:
    assert seen(world, "far_triage_officer") == 0
    today = clocks.london_date(timezone.now())
    with acting(world, "far_triage_officer"):
        assert reconciliation.behind_names(today, today) == []


def test_the_figures_add_up_for_everybody_and_say_that_a_row_is_behind_named_people(
    world: World, kept: KeptRow
) -> None:
    outside, inside_ = tally(world, OUTSIDE), tally(world, INSIDE)
    assert (outside.held, outside.waiting, outside.named, outside.unexplained) == (1, 0, 1, 0)
    assert (inside_.held, inside_.waiting, inside_.named, inside_.unexplained) == (1, 1, 0, 0)
    with acting(world, INSIDE) as by:
        mending.set_aside(kept, by=by, at=timezone.now(), reason="ours_is_right")
    assert (tally(world, OUTSIDE).closed, tally(world, OUTSIDE).named) == (0, 1)
    assert (tally(world, INSIDE).closed, tally(world, INSIDE).named) == (1, 0)
    today = clocks.london_date(timezone.now()).isoformat()
    page = world.client(OUTSIDE).get(f"/feeds/reconciliation/{world.force.pk}/{today}/").text
    assert "Kept behind named people" in page and "Adds up" in page
    assert (
        "Kept behind named people"
        not in world.client(INSIDE).get(f"/feeds/reconciliation/{world.force.pk}/{today}/").text.split("<table")[3]
    )


def pages(world: World, kept: KeptRow) -> list[str]:
    """Every page of the hub on which a kept row, or a count of them, may stand."""
    today = clocks.london_date(timezone.now()).isoformat()
    day = f"/feeds/reconciliation/{world.force.pk}/{today}/"
    files = [f"/feeds/{key}/" for key in Delivery.objects.values_list("pk", flat=True)]
    return [
        "/feeds/held/", f"/feeds/held/?q={REF}", "/feeds/held/?state=held", "/feeds/held/?flag=near", "/feeds/",
        "/feeds/?held=1", *files, *(f"{one}?state=open" for one in files), *(f"{one}?q={REF}" for one in files),
        *(f"{one}rejected.csv" for one in files), "/feeds/reconciliation/", day,
        *(f"{day}{what}/" for what in ("accepted", "held", "rejected", "released", "returned", "closed", "waiting")),
        "/", "/referrals/", "/referrals/wallboard/", f"/feeds/rows/{kept.pk}/",
    ]  # fmt: skip


ACTS = ("mend", "release", "send-back", "set-aside", "reopen", "take-new-details")


def test_no_page_count_or_download_shows_it_to_the_rest_of_the_hub(world: World, kept: KeptRow) -> None:
    outside, inside_ = world.client(OUTSIDE), world.client(INSIDE)
    told = {}
    for address in pages(world, kept):
        shown = outside.get(address, follow=True)
        assert shown.status_code in (200, 404, 405), (address, shown.status_code)
        assert CANARY not in shown.text and REF not in shown.text, address
        assert str(kept.pk) not in shown.text, address
        told[address] = inside_.get(address, follow=True).text
    assert REF in told["/feeds/held/"] and CANARY in told[f"/feeds/rows/{kept.pk}/"]
    for verb in ACTS:
        where = f"/feeds/rows/{kept.pk}/{verb}/"
        assert [outside.get(where).status_code, outside.post(where).status_code] == [404, 404], verb
    outside.post("/feeds/held/settle/", {"rows": [str(kept.pk)], "how": "closed", "reason": "ours_is_right"})
    kept.refresh_from_db()
    assert kept.settled_at is None
    download = outside.post("/feeds/reconciliation/reconciliation.csv")
    assert REF not in download.text and CANARY not in download.text


def told(client: Client, address: str) -> list[str]:
    """What a page says of held rows."""
    lines = client.get(address).text.splitlines()
    return [line for line in lines if "held" in line.lower() and "csrf" not in line]


def test_counts_are_those_of_a_hub_that_has_no_such_row(world: World, kept: KeptRow) -> None:
    outside = world.client(OUTSIDE)
    with_it = {address: told(outside, address) for address in ("/feeds/held/", "/referrals/", "/referrals/wallboard/")}
    kept.delete()
    assert {address: told(outside, address) for address in with_it} == with_it


def test_what_an_officer_is_told_and_answers_about_it_is_for_the_named_alone(world: World, kept: KeptRow) -> None:
    now = timezone.now()
    with acting(world, INSIDE) as by:
        mending.send_back(kept, by=by, at=now, reason="other", words="Ask her officer")
    reply = Reply.objects.get()
    Answer.objects.create(reply=reply, hub_id=world.hub.pk, said=b"", answered_at=now)
    assert world.client(OUTSIDE).get(f"/replies/{reply.pk}/").status_code == 404
    for person, count in ((OUTSIDE, 0), (INSIDE, 1)):
        with acting(world, person) as by:
            assert Reply.objects.count() == Reply.objects.visible_to(by).count() == count
            assert Answer.objects.count() == Answer.objects.visible_to(by).count() == count


def test_a_reply_about_a_restricted_referral_is_too(world: World, kept: KeptRow) -> None:
    referral = Referral.objects.get()
    Reply.objects.create(
        hub_id=world.hub.pk, source=world.force, referral_id=referral.pk, word="accepted", lookup=b"1" * 16,
        told="asked", made_at=timezone.now(), opens_until=timezone.now(),
    )  # fmt: skip
    for person, count in ((OUTSIDE, 0), (INSIDE, 1)):
        with acting(world, person) as by:
            assert Reply.objects.count() == Reply.objects.visible_to(by).count() == count


def test_nobody_says_whose_a_row_is_but_the_database(world: World, kept: KeptRow) -> None:
    with pytest.raises(Error, match="permission denied"), acting(world, INSIDE):
        KeptRow.objects.filter(pk=kept.pk).update(victim=None)
    for realm in ("provider", "public", "referrer", "commissioning"):
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_function_privilege(%s, 'feeds_behind_names(timestamptz, timestamptz)', 'execute')",
                [f"{connection.settings_dict['NAME']}_{realm}"],
            )
            assert cursor.fetchone() == (False,), realm


def test_the_log_names_no_row_to_those_outside(world: World, kept: KeptRow) -> None:
    """The row's own id is all that an event of it holds."""
    with acting(world, INSIDE) as by:
        mending.set_aside(kept, by=by, at=timezone.now(), reason="ours_is_right")
    told = Event.objects.get(name="feed_row.closed")
    assert REF not in str(told.details) and str(kept.victim_id) not in str(told.details)


def told_of_release(world: World, folder: Path, name: str, ref: str) -> tuple[Any, ...]:
    """What somebody hears, page by page, who mends a held row to a reference and takes it in."""
    arrives(world, folder, f"{name}.csv", source_ref=f"WM/26/{name}", consent="no", family_name="Thirdford")
    row, client = KeptRow.objects.get(source_ref=f"WM/26/{name}"), world.client(OUTSIDE)
    where = f"/feeds/rows/{row.pk}/"
    client.post(f"{where}mend/", {**queries.cells(row), "source_ref": ref, "consent": "yes"})
    stands = "the rules would accept it" in client.get(where).text
    said = {"consent": "yes", "phone": "07700 900123", "phone_safe": "yes", "email_safe": "unknown", "words": "x"}
    released = client.post(f"{where}release/", said)
    made = KeptRow.objects.get(pk=row.pk).referral_id
    page = client.get(f"/referrals/{made}/")
    with acting(world, OUTSIDE):
        shown = Referral.objects.filter(source_ref=ref).count()
    return stands, released.status_code, made is not None, page.status_code, CANARY in page.text, shown


def test_a_row_mended_to_a_reference_behind_named_people_is_taken_in_as_one_that_nobody_holds(
    world: World, tmp_path: Path
) -> None:
    """Whoever types the exact reference of the police learns nothing of the record that bears it."""
    arrives(world, tmp_path, family_name=CANARY)
    victim = seal(world)
    behind = told_of_release(world, tmp_path, "HELD", REF)
    assert behind == told_of_release(world, tmp_path, "OTHER", "WM/26/NOBODYS") == (True, 302, True, 200, False, 1)
    first, twin = Referral.objects.filter(source_ref=REF).order_by("twin")
    assert (first.victim_id, first.twin, twin.twin) == (victim.pk, 0, 1)
    assert tally(world, OUTSIDE).unexplained == 0


def test_the_named_are_told_of_it_and_find_both(world: World, tmp_path: Path) -> None:
    arrives(world, tmp_path)
    victim = seal(world)
    told_of_release(world, tmp_path, "HELD", REF)
    told_of_release(world, tmp_path, "OTHER", "WM/26/NOBODYS")
    for released in Event.objects.filter(name="feed_row.released"):
        with working():
            tell_of_twin.func.__wrapped__(event=str(released.pk), subject=str(released.subject))
    twin = Referral.objects.get(twin=1)
    told = Notice.objects.values_list("user_id", "about")
    assert set(told) == {(world.people[one].pk, twin.pk) for one in (INSIDE, "hub_manager", "privacy_officer")}
    with acting(world, INSIDE):
        assert victim.pk in referrals.same_reference(twin)
    with acting(world, OUTSIDE):
        assert set(referrals.same_reference(twin)) == {twin.victim_id}


def test_once_taken_in_beside_it_the_reference_is_with_us_and_what_comes_is_for_the_named(
    world: World, tmp_path: Path
) -> None:
    arrives(world, tmp_path)
    seal(world)
    told_of_release(world, tmp_path, "HELD", REF)
    arrives(world, tmp_path, "again.csv", **AGAIN)
    again = KeptRow.objects.get(delivery__file="again.csv")
    assert again.victim_id == Referral.objects.get(source_ref=REF, twin=0).victim_id
    with acting(world, OUTSIDE):
        assert not KeptRow.objects.filter(pk=again.pk).exists()
    said = told_of_release(world, tmp_path, "THIRD", REF)
    assert said[:3] == (False, 200, False)


def test_whoever_broke_the_seal_reads_the_row_and_does_nothing_with_it(world: World, kept: KeptRow) -> None:
    cache.clear()
    client = world.client(OUTSIDE)
    said = {"reference": Referral.objects.get().reference, "reason": "life_in_danger", "words": "She rang"}
    client.post("/restricted/open/", said)
    where = f"/feeds/rows/{kept.pk}/"
    assert CANARY in client.get(where).text
    assert [client.post(f"{where}{verb}/").status_code for verb in ACTS] == [403] * len(ACTS)
    with pytest.raises(Error, match="row-level security"), acting(world, OUTSIDE) as by:
        mending.set_aside(kept, by=by, at=timezone.now(), reason="ours_is_right")
    assert KeptRow.objects.get(pk=kept.pk).settled_at is None


def test_several_rows_are_settled_all_or_none_under_a_broken_seal(world: World, kept: KeptRow, tmp_path: Path) -> None:
    cache.clear()
    arrives(world, tmp_path, "open.csv", source_ref="WM/26/OPEN", consent="no")
    ordinary = KeptRow.objects.get(source_ref="WM/26/OPEN")
    client = world.client(OUTSIDE)
    said = {"reference": Referral.objects.get().reference, "reason": "life_in_danger", "words": "She rang"}
    client.post("/restricted/open/", said)
    for do in ("closed:mistake", "returned:other"):
        answer = client.post("/feeds/held/settle/", {"rows": [str(ordinary.pk), str(kept.pk)], "do": do})
        assert answer.status_code == 403
        assert "nothing was changed" in answer.text
    assert not KeptRow.objects.exclude(settled_at=None).exists() and not Reply.objects.exists()
    assert client.post("/feeds/held/settle/", {"rows": [str(ordinary.pk)], "do": "closed:mistake"}).status_code == 302
    assert list(KeptRow.objects.exclude(settled_at=None)) == [ordinary]


def test_several_referrals_are_given_to_nobody_under_a_broken_seal(world: World, kept: KeptRow) -> None:
    cache.clear()
    referral = Referral.objects.get()
    client = world.client(OUTSIDE)
    said = {"reference": referral.reference, "reason": "life_in_danger", "words": "She rang"}
    client.post("/restricted/open/", said)
    answer = client.post("/referrals/take/", {"row": f"{referral.pk}:"})
    assert answer.status_code == 302
    assert Referral.objects.get().worker is None
