"""Notes stay as they were written; counselling notes are for those who are named, in the database too."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import Error, transaction

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.core.rows import records
from alongside.core.rows.realms import Realm, inside
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.notes import actions, jobs, queries, rules
from alongside.support.cases.notes.models import Cabinet, Counsel, Note, Presence
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def within(world: World, person: str) -> Any:
    by = world.actor(person)
    return inside(by.realm, orgs=by.orgs, user=by.user_id, closed=by.closed, own=by.own)


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


@pytest.fixture
def worker(world: World) -> Iterator[Actor]:
    with transaction.atomic(), within(world, "caseworker"):
        yield world.actor("caseworker")


def test_an_amendment_names_the_first_note(world: World, case: Case, worker: Actor) -> None:
    note = actions.add_note(case, by=worker, at=world.now, words="She has moved.")
    again = actions.amend_note(note, by=worker, at=world.now + HOUR, words="He has moved.")
    further = actions.amend_note(again, by=worker, at=world.now + 2 * HOUR, words="They have moved.")
    assert (again.amends_id, further.amends_id) == (note.pk, note.pk)
    (written,) = queries.written(Note, case)
    assert (written.words, [added.words for added in written.amendments]) == (
        "She has moved.", ["He has moved.", "They have moved."],
    )  # fmt: skip
    with pytest.raises(RuleBroken):
        actions.add_note(case, by=worker, at=world.now, words="  ")


def test_a_changed_note_reads_as_changed_and_keeps_what_was_added(world: World, case: Case, worker: Actor) -> None:
    note = actions.add_note(case, by=worker, at=world.now, words="Monday")
    actions.amend_note(note, by=worker, at=world.now + HOUR, words="At ten")
    changed = actions.change_note(note, by=worker, at=world.now + HOUR, words="Tuesday")
    once_more = actions.change_note(changed, by=worker, at=world.now + 2 * HOUR, words="Wednesday")
    assert once_more.first == note.pk and once_more.changed_at == world.now + 2 * HOUR
    (written,) = queries.written(Note, case)
    assert (written.words, [one.words for one in written.amendments]) == ("Wednesday", ["At ten"])
    assert actions.amend_note(once_more, by=worker, at=world.now + 3 * HOUR, words="At nine").amends_id == note.pk
    assert Note.objects.count() == 5


def test_two_windows_on_one_note_lose_nothing(world: World, case: Case, worker: Actor) -> None:
    note = actions.add_note(case, by=worker, at=world.now, words="Monday")
    changed = actions.change_note(note, by=worker, at=world.now + HOUR, words="Tuesday")
    assert actions.change_note(note, by=worker, at=world.now + HOUR, words="Tuesday") == changed  # sent twice
    with pytest.raises(RuleBroken, match="another window"):
        actions.change_note(note, by=worker, at=world.now + HOUR, words="Friday")
    with pytest.raises(RuleBroken, match="time in which"):
        actions.change_note(changed, by=worker, at=world.now + 25 * HOUR, words="Friday")
    assert Event.objects.filter(name="case.note_changed").count() == 1


def test_the_database_refuses_to_change_a_note(world: World, case: Case) -> None:
    note = actions.add_note(case, by=world.actor("caseworker"), at=world.now, words="As it was.")
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), within(world, "caseworker"):
        note.save(update_fields=["words"])


def test_a_closed_case_takes_notes(world: World, case: Case) -> None:
    by = world.actor("caseworker")
    casework.close(case, by=by, at=world.now, reason="moved_away", unmeasured_why="lost_contact")
    actions.add_note(case, by=by, at=world.now, words="A letter came back.")
    assert Note.objects.count() == 1


def test_a_form_that_is_sent_twice_is_kept_once(world: World, case: Case) -> None:
    by = world.actor("caseworker")
    for seconds in (0, 5, 300):
        at = world.now + timedelta(seconds=seconds)
        note = actions.add_note(case, by=by, at=at, words="Locks are booked.")
        actions.amend_note(note, by=by, at=at, words="Locks are changed.")
        kept = actions.counsel(case, by=by, at=at, words="Sample words")
        actions.amend_counsel(kept, by=by, at=at, words="Further words")
    for kind in (Note, Counsel):
        assert kind.objects.filter(amends=None).count() == 2
        assert kind.objects.exclude(amends=None).count() == 2
    assert Event.objects.filter(name="case.noted").count() == 2
    actions.add_note(case, by=world.actor("other_caseworker"), at=world.now, words="Locks are booked.")
    assert Note.objects.filter(amends=None).count() == 3


def test_a_note_on_a_neighbours_case_is_refused(world: World, case: Case) -> None:
    by = world.actor("neighbour_caseworker")
    with pytest.raises(Case.DoesNotExist), transaction.atomic(), within(world, "neighbour_caseworker"):
        actions.add_note(case, by=by, at=world.now, words="Not ours")


def counselled(world: World, case: Case) -> Counsel:
    with transaction.atomic(), within(world, "caseworker"):
        return actions.counsel(case, by=world.actor("caseworker"), at=world.now, words="Sample counselling words")


@pytest.mark.parametrize("person", ["other_caseworker", "service_manager", "neighbour_caseworker"])
def test_nobody_reads_counselling_notes_who_is_not_named(world: World, case: Case, person: str) -> None:
    counselled(world, case)
    assert not Counsel.objects.visible_to(world.actor(person)).exists()
    with transaction.atomic(), within(world, person):
        assert not Counsel.objects.exists()


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.REFERRER, Realm.COMMISSIONING, Realm.PUBLIC, Realm.AUTH])
def test_no_other_realm_holds_a_grant_on_them(world: World, case: Case, realm: Realm) -> None:
    counselled(world, case)
    everybody = [*world.actor("triage_officer").orgs, world.provider.pk]
    with pytest.raises(Error, match="permission denied"), transaction.atomic(), inside(realm, orgs=everybody):
        Counsel.objects.exists()


def test_a_reader_is_named_once_and_by_those_who_may(world: World, case: Case) -> None:
    note, at = counselled(world, case), world.now
    other, manager = world.actor("other_caseworker"), world.actor("service_manager")
    assert other.user_id and manager.user_id
    with transaction.atomic(), within(world, "other_caseworker"):
        with pytest.raises(RuleBroken, match="kept by somebody else"):
            actions.counsel(case, by=other, at=at, words="Mine")
        with pytest.raises(RuleBroken, match="kept by somebody else"):
            actions.name_reader(note.cabinet, by=other, at=at, reader=other.user_id)
    with transaction.atomic(), within(world, "service_manager"):
        for _ in range(2):
            actions.name_reader(note.cabinet, by=manager, at=at, reader=other.user_id)
        assert not Counsel.objects.exists()
        with pytest.raises(RuleBroken, match="works for this organisation"):
            actions.name_reader(note.cabinet, by=manager, at=at, reader=uuid4())
    assert Event.objects.filter(name="case.reader_named").count() == 1
    with transaction.atomic(), within(world, "other_caseworker"):
        assert Counsel.objects.visible_to(other).count() == Counsel.objects.count() == 1
        actions.amend_counsel(note, by=other, at=at + HOUR, words="Seen")
        with pytest.raises(RuleBroken, match="Only whoever wrote"):
            actions.change_counsel(note, by=other, at=at, words="Otherwise")


def test_a_counselling_note_that_is_changed_twice_at_once_is_changed_once(world: World, case: Case) -> None:
    note, by = counselled(world, case), world.actor("caseworker")
    for _ in range(2):
        changed = actions.change_counsel(note, by=by, at=world.now + HOUR, words="Said otherwise")
    assert Counsel.objects.count() == 2 and changed.cabinet_id == note.cabinet_id
    assert Event.objects.filter(name="case.counsel_changed").count() == 1


def test_a_reader_to_whom_the_record_is_closed_is_not_named(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    note, other = counselled(world, case), world.actor("other_caseworker")
    assert other.user_id
    monkeypatch.setattr(records, "open_to", lambda *_: False)
    with transaction.atomic(), within(world, "caseworker"), pytest.raises(RuleBroken, match="not open to them"):
        actions.name_reader(note.cabinet, by=world.actor("caseworker"), at=world.now, reader=other.user_id)


def test_the_last_reader_stays_until_another_is_named(world: World, case: Case) -> None:
    note, by, other = counselled(world, case), world.actor("caseworker"), world.actor("other_caseworker")
    assert by.user_id and other.user_id
    with transaction.atomic(), within(world, "caseworker"):
        with pytest.raises(RuleBroken, match="Name another person first"):
            actions.take_off_reader(note.cabinet, by=by, at=world.now, reader=by.user_id)
        actions.take_off_reader(note.cabinet, by=by, at=world.now, reader=other.user_id)  # never was one
        actions.name_reader(note.cabinet, by=by, at=world.now, reader=other.user_id)
        actions.take_off_reader(note.cabinet, by=by, at=world.now, reader=by.user_id)
        assert not Counsel.objects.exists()
    assert Cabinet.objects.get().readers == [other.user_id]


def test_who_leaves_reads_nothing_more_and_a_manager_names_somebody(world: World, case: Case) -> None:
    counselled(world, case)
    by = world.actor("caseworker")
    ended = Event.objects.create(
        at=world.now, name="membership.ended", subject=uuid7(), realm="auth",
        details={"user": str(by.user_id), "organisation": world.provider.pk},
    )  # fmt: skip
    for _ in range(2):
        jobs.leave(event=str(ended.pk), subject=str(by.user_id))
    assert Cabinet.objects.get().readers == []
    assert Event.objects.filter(name="case.reader_taken_off", subject=case.pk).count() == 1


def test_whose_page_has_not_been_heard_of_is_gone(world: World, case: Case) -> None:
    by, other = world.actor("caseworker"), world.actor("other_caseworker")
    names: dict[UUID, str] = {}
    for writing in (False, True):
        actions.here(case, by=other, at=world.now, writing=writing)
    (seen,) = queries.others(case, by=by, at=world.now, names=names)
    assert seen.writing and seen.name == "A colleague"
    assert queries.others(case, by=by, at=world.now + 2 * rules.HERE, names=names) == ()
    actions.forget_presence(by=SYSTEM_ACTOR, at=world.now)
    assert Presence.objects.count() == 1
    jobs.forget_presence()
    assert not Presence.objects.exists()
