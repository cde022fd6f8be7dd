"""Giving out what waits: many at once, two people at once, and taking it back."""

from datetime import timedelta
from threading import Thread
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, Look
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals import attempts
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, offered, received, taken
from alongside.support.desk.triage import actions, jobs, presenters, queries
from alongside.support.desk.triage.models import Batch
from alongside.support.desk.triage.rules import MOST_ROWS
from alongside.support.people.duty import actions as duty
from tests.world import World

pytestmark = pytest.mark.django_db
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def some(world: World, number: int = 3, **changes: Any) -> list[Referral]:
    return [received(world, source_ref=f"TEST-{place}", **changes) for place in range(number)]


def seen(rows: list[Referral]) -> dict[UUID, UUID | None]:
    return {row.pk: row.worker for row in rows}


def key(world: World, person: str) -> UUID:
    return world.people[person].pk


def given(world: World, rows: list[Referral], to: str | None, *, by: str = "triage_officer", at: Any = None) -> Batch:
    worker = key(world, to) if to else None
    with at_work(world, by) as actor:
        return actions.allocate(seen(rows), by=actor, at=at or world.now, worker=worker)


def whose(rows: list[Referral]) -> list[UUID | None]:
    held = dict(Referral.objects.values_list("pk", "worker"))
    return [held[row.pk] for row in rows]


def ticked(rows: list[Referral]) -> list[str]:
    return [f"{row.pk}:{row.worker or ''}" for row in rows]


def test_several_are_allocated_at_once_each_with_one_event(world: World) -> None:
    rows = some(world)
    batch = given(world, rows, "other_triage_officer")
    assert whose(rows) == [key(world, "other_triage_officer")] * 3
    assert {row.state for row in Referral.objects.all()} == {"IN_TRIAGE"}
    events = Event.objects.filter(name="referral.allocated")
    assert {event.subject for event in events} == {row.pk for row in rows}
    assert events[0].details["to"] == str(key(world, "other_triage_officer"))
    assert presenters.batch_words(batch, "Testa") == "3 allocated to Testa"


def test_what_somebody_took_meanwhile_stays_theirs_and_is_told(world: World) -> None:
    rows = some(world)
    with at_work(world, "hub_manager") as manager:
        referrals.take(rows[0], by=manager, at=world.now)
    batch = given(world, rows, "other_triage_officer")
    assert whose(rows)[0] == key(world, "hub_manager")
    words = presenters.batch_words(batch, "Testa")
    assert words == "2 allocated to Testa, 1 had been taken by somebody else meanwhile"


def test_what_is_theirs_already_has_left_or_is_nobodys_business_is_told_row_by_row(world: World) -> None:
    mine, far = taken(world, source_ref="A"), received(world, source_ref="B", hub_id=world.far_hub.pk)
    gone = offered(world, source_ref="C")
    with at_work(world, "caseworker") as caseworker:
        referrals.accept(gone, by=caseworker, at=world.now)
    left = Referral.objects.get(pk=gone.referral_id)
    batch = given(world, [mine, far, left], "triage_officer")
    assert {row["referral"]: row["why"] for row in batch.refused} == {
        str(mine.pk): "already", str(far.pk): "gone", str(left.pk): "left",
    }  # fmt: skip
    assert far.worker is None and batch.before == []


def test_what_is_offered_changes_hands_and_stays_offered(world: World) -> None:
    offer = offered(world)
    row = Referral.objects.get(pk=offer.referral_id)
    given(world, [row], "hub_manager")
    row.refresh_from_db()
    assert (row.state, row.worker) == ("OFFERED", key(world, "hub_manager"))
    given(world, [row], None)
    row.refresh_from_db()
    assert (row.state, row.worker) == ("OFFERED", None)


def test_what_is_put_back_is_free_to_take(world: World) -> None:
    row = taken(world)
    batch = given(world, [row], None)
    row.refresh_from_db()
    assert (row.state, row.worker) == ("IN_TRIAGE", None)
    assert presenters.batch_words(batch, "") == "1 put back in the pool"
    assert Event.objects.get(name="referral.put_back").details["had"] == str(key(world, "triage_officer"))


def test_nothing_is_given_to_who_is_away_or_does_not_work_here(world: World) -> None:
    rows, day = some(world, 1), london_date(world.now)
    duty.set_absence(
        world.hub.pk, by=world.actor("hub_manager"), at=world.now, person=key(world, "other_triage_officer"),
        since=day, until=day + DAY, cover=key(world, "hub_manager"),
    )  # fmt: skip
    with pytest.raises(RuleBroken, match="is away until 15 September 2026"):
        given(world, rows, "other_triage_officer")
    with pytest.raises(RuleBroken, match="works in triage here"):
        given(world, rows, "far_triage_officer")
    given(world, rows, "other_triage_officer", at=world.now + 2 * DAY)
    load = {one.name: one for one in queries.workload(world.actor("hub_manager"), at=world.now)}
    assert presenters.load_words(load["Testa Other Triage Officer"]).startswith(
        "Away until 15 September 2026, Testa Hub Manager covers. 1 open"
    )


def test_the_work_of_who_is_away_shows_to_the_cover_and_the_manager_with_who_answers(world: World) -> None:
    row, day = taken(world), timezone.localdate()
    duty.set_absence(
        world.hub.pk, by=world.actor("hub_manager"), at=timezone.now(), person=key(world, "triage_officer"),
        since=day, until=day + DAY, cover=key(world, "other_triage_officer"),
    )  # fmt: skip
    for person, sees in (("other_triage_officer", True), ("hub_manager", True), ("triage_officer", False)):
        client = world.client(person)
        assert (row.reference in client.get("/referrals/?view=cover").content.decode()) is sees
        assert ("for you to look after" in client.get("/home/", follow=True).content.decode()) is sees
    for address in ("/referrals/?view=all", f"/referrals/{row.pk}/"):
        page = world.client("hub_manager").get(address).content.decode()
        assert "Testa Triage Officer (away until" in page and "Testa Other Triage Officer answers)" in page


def test_whoever_is_back_is_handed_back_what_others_took_on_and_they_may_keep_it(world: World) -> None:
    keep, back, mine = (taken(world, source_ref=name) for name in "ABC")
    day, now = timezone.localdate(), timezone.now()
    absence = duty.set_absence(
        world.hub.pk, by=world.actor("hub_manager"), at=now, person=key(world, "triage_officer"), since=day,
        until=day + DAY, cover=key(world, "other_triage_officer"),
    )  # fmt: skip
    with at_work(world, "other_triage_officer") as cover:
        referrals.take_over(keep, by=cover, at=now)
    given(world, [Referral.objects.get(pk=back.pk)], "other_triage_officer", by="hub_manager", at=now)
    client = world.client("triage_officer")
    page = client.post(f"/duty/absence/{absence.pk}/end/", follow=True).content.decode()
    assert keep.reference in page and back.reference in page and mine.reference not in page
    ticks = [f"{back.pk}:{key(world, 'other_triage_officer')}"]
    chosen = {"row": ticks, "give": "yes", "worker": str(key(world, "triage_officer")), "view": "mine"}
    assert "1 allocated to you" in client.post("/referrals/allocate/", chosen, follow=True).content.decode()
    people = ("other_triage_officer", "triage_officer", "triage_officer")
    assert whose([keep, back, mine]) == [key(world, person) for person in people]
    address = f"/referrals/absences/{absence.pk}/hand-back/"
    assert back.reference not in client.get(address).content.decode()
    assert {world.client(who).get(address).status_code for who in ("far_triage_officer", "caseworker")} == {404}


@pytest.mark.parametrize(("number", "words"), [(0, "at least one"), (MOST_ROWS + 1, "at most 100")])
def test_neither_nothing_nor_too_much_is_allocated(world: World, number: int, words: str) -> None:
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match=words):
        actions.allocate({uuid4(): None for _ in range(number)}, by=by, at=world.now, worker=by.user_id)


def test_taking_it_back_leaves_each_as_it_was(world: World) -> None:
    rows = [*some(world, 2), taken(world, source_ref="TAKEN")]
    before = list(Referral.objects.order_by("pk").values())
    batch = given(world, rows, "hub_manager")
    with at_work(world, "triage_officer") as by:
        assert actions.undo(batch, by=by, at=world.now + 9 * MINUTE) == (3, 0)
    assert list(Referral.objects.order_by("pk").values()) == before
    assert Event.objects.filter(name="referral.allocation_undone").count() == 3
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="already"):
        actions.undo(batch, by=by, at=world.now + 9 * MINUTE)


def test_what_somebody_has_gone_on_with_is_not_taken_back(world: World) -> None:
    rows = some(world, 4)
    batch = given(world, rows, "other_triage_officer")
    later = world.now + MINUTE
    with at_work(world, "other_triage_officer") as other:
        attempts.record_attempt(rows[0], by=other, at=later, channel="phone", result="no_answer")
    with at_work(world, "hub_manager") as manager:
        referrals.take_over(rows[1], by=manager, at=later)
        referrals.close(rows[2], by=manager, at=later, reason="duplicate", information_left=True)
    with at_work(world, "triage_officer") as by:
        assert actions.undo(batch, by=by, at=later) == (1, 3)
    assert whose(rows)[:2] == [key(world, "other_triage_officer"), key(world, "hub_manager")]
    assert presenters.undone_words(1, 3).startswith("Taken back: 1 referral as before. 3 stayed")


def test_it_is_taken_back_for_some_minutes_and_by_whoever_did_it(world: World) -> None:
    batch = given(world, some(world), "hub_manager")
    with at_work(world, "triage_officer") as by:
        assert queries.last_done(by, at=world.now + 11 * MINUTE) is None
        with pytest.raises(RuleBroken, match="for 10 minutes"):
            actions.undo(batch, by=by, at=world.now + 11 * MINUTE)
    for person, status in (("hub_manager", 404), ("far_triage_officer", 404), ("caseworker", 404)):
        answer = world.client(person).post(f"/referrals/allocations/{batch.pk}/undo/")
        assert answer.status_code == status, person


def test_how_it_was_before_is_forgotten_after_a_day(world: World) -> None:
    given(world, some(world), "hub_manager")
    assert actions.forget_batches(by=SYSTEM_ACTOR, at=world.now + DAY) == 0
    given(world, [taken(world, source_ref="LATER")], None, at=world.now + 2 * DAY)
    assert Batch.objects.count() == 1
    Batch.objects.update(done_at=timezone.now() - 2 * DAY)
    jobs.forget_batches()
    assert not Batch.objects.exists()


def test_everybody_is_shown_with_what_they_have_in_hand(world: World) -> None:
    rows = some(world, 2, high_risk=True)
    given(world, rows, "triage_officer")
    with at_work(world, "triage_officer") as by:
        attempts.record_attempt(rows[0], by=by, at=world.now, channel="phone", result="no_answer")
        loads = {one.name: one for one in queries.workload(by, at=world.now + DAY)}
    assert set(loads) == {"Testa Triage Officer", "Testa Other Triage Officer", "Testa Hub Manager"}
    assert presenters.load_words(loads["Testa Triage Officer"]) == "2 open, 2 high risk, 1 call due today"
    assert presenters.load_words(loads["Testa Hub Manager"]) == "0 open, 0 high risk, 0 calls due today"


def test_the_page_asks_who_takes_them_on_and_tells_what_became_of_each(world: World, officer: Client) -> None:
    rows = some(world)
    page = officer.get("/referrals/").content.decode()
    assert all(f'value="{one}"' in page for one in ticked(rows))
    asked = officer.post("/referrals/allocate/", {"row": ticked(rows), "view": "not_taken"})
    page = asked.content.decode()
    assert "Allocate 3 referrals" in page and "0 open, 0 high risk" in page and "There is a problem" not in page
    assert {row.pk for row in rows} <= set(Look.objects.get(route="triage:allocate").subjects)
    with at_work(world, "hub_manager") as manager:
        referrals.take(rows[2], by=manager, at=world.now)
    assert officer.get("/referrals/allocate/")["Location"] == "/referrals/"
    chosen = {"row": ticked(rows), "view": "not_taken", "give": "yes"}
    assert "There is a problem" in officer.post("/referrals/allocate/", chosen).content.decode()
    chosen["worker"] = str(key(world, "other_triage_officer"))
    done = officer.post("/referrals/allocate/", chosen, follow=True)
    assert done.redirect_chain[-1][0] == "/referrals/?view=not_taken"
    page = done.content.decode()
    assert "2 allocated to Testa Other Triage Officer, 1 had been taken by somebody else meanwhile" in page
    assert rows[2].reference in page
    undone = officer.post(f"/referrals/allocations/{Batch.objects.get().pk}/undo/", follow=True).content.decode()
    assert "Taken back: 2 referrals as before" in undone and "allocated to" not in undone
    again = officer.post(f"/referrals/allocations/{Batch.objects.get().pk}/undo/", follow=True).content.decode()
    assert "taken back already" in again


def test_rows_are_taken_and_put_back_by_a_button(world: World, officer: Client) -> None:
    rows = some(world, 2)
    page = officer.post("/referrals/take/", {"row": ticked(rows)}, follow=True).content.decode()
    assert "2 allocated to you" in page and whose(rows) == [key(world, "triage_officer")] * 2
    rows = list(Referral.objects.all())
    page = officer.post("/referrals/put-back/", {"row": ticked(rows)}, follow=True).content.decode()
    assert "2 put back in the pool" in page


@pytest.mark.parametrize("rows", [[], ["nonsense"], [f"{uuid4()}:nonsense"]])
@pytest.mark.parametrize("verb", ["take", "put-back", "allocate"])
def test_nothing_ticked_is_said(officer: Client, rows: list[str], verb: str) -> None:
    answer = officer.post(f"/referrals/{verb}/", {"row": rows, "view": "//evil.example"}, follow=True)
    assert "Choose at least one" in answer.content.decode()
    assert answer.redirect_chain[-1][0] == "/referrals/"


@pytest.mark.parametrize("verb", ["take", "put-back", "allocate"])
def test_nobody_else_gives_out_a_hubs_work(world: World, verb: str) -> None:
    rows, address = some(world, 1), f"/referrals/{verb}/"
    for person in ("caseworker", "referrer", "analyst"):
        assert world.client(person).post(address, {"row": ticked(rows)}).status_code == 403
    given_away = {"row": ticked(rows), "give": "yes", "worker": str(key(world, "far_triage_officer"))}
    page = world.client("far_triage_officer").post(address, given_away, follow=True).content.decode()
    assert "Sampleford" not in page and rows[0].reference not in page
    assert whose(rows) == [None]


@pytest.mark.django_db(transaction=True)
def test_two_people_who_allocate_the_same_rows_at_once_share_them_out_without_loss(world: World) -> None:
    rows = some(world, 8)
    done: list[Batch] = []

    def give(person: str, mine: list[Referral]) -> None:
        try:
            done.append(given(world, mine, person, by=person))
        finally:
            connection.close()

    people = ("triage_officer", "other_triage_officer")
    threads = [Thread(target=give, args=pair) for pair in zip(people, (rows, rows[::-1]), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    moved = [row["referral"] for batch in done for row in batch.before]
    assert sorted(moved) == sorted(str(row.pk) for row in rows), "each changed hands once"
    assert sum(len(batch.refused) for batch in done) == 8
