"""A page set up, turned on, opened and ended; and those for whom there is none: the dead, a child, a closed case."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.support.arrivals.referrals.tests.arrivals import TESTINA
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework.models import Case
from alongside.support.cases.journey import actions, jobs, queries
from alongside.support.cases.journey.models import Key, Page
from alongside.support.cases.journey.tests.opened import (
    as_worker,
    case_of,
    close,
    details,
    enter,
    link_in,
    opened,
    phrase_of,
    run,
    set_up,
    turned_on,
    worked_on,
)
from tests.world import World

pytestmark = pytest.mark.django_db


def test_nothing_is_shown_until_it_is_ticked(world: World) -> None:
    case = case_of(world)
    page = set_up(world, case)
    assert page.state == "OFF" and set(queries.written(case, page)) == {"state", "words", "parts"}
    with pytest.raises(RuleBroken, match="Turn the page on first"):
        phrase_of(world, case)
    with pytest.raises(RuleBroken, match="Turn the page on first"):
        as_worker(world, actions.turn_on, case_of(world, source_ref="TEST-2"))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"called": "Sam Smith"}, "first name alone"), ({"called": "Sam"}, "Nobody works on this case"),
        ({"words": "The court rang"}, "court"), ({"words": "Testina is well"}, "name"),
        ({"decoy": "bank"}, "Choose what the other page"), ({"seen": 3}, "Somebody else changed this"),
    ],
)  # fmt: skip
def test_set_up_refuses_what_would_tell_and_what_is_stale(world: World, changes: dict[str, Any], why: str) -> None:
    with pytest.raises(RuleBroken, match=f"(?i){why}"):
        set_up(world, case_of(world), **changes)
    assert not Page.objects.exists()


def test_turning_on_twice_is_once_and_what_is_set_up_later_shows_at_once(world: World) -> None:
    case = turned_on(world)
    as_worker(world, actions.turn_on, case)
    assert len(details("journey.turned_on")) == 1
    set_up(world, case, words="See you soon", seen=1)
    assert "See you soon" in enter(case, phrase_of(world, case)).get("/page/now/").content.decode()


def test_a_decoy_needs_something_to_be_about(world: World) -> None:
    case = turned_on(world, decoy="")
    with pytest.raises(RuleBroken, match="other page is about"):
        phrase_of(world, case, decoy=True)


def test_the_words_themselves_are_kept_nowhere(world: World) -> None:
    case = turned_on(world)
    phrase = phrase_of(world, case)
    assert len(phrase.split()) == 4 and phrase.split()[0] not in str(list(Key.objects.values()))
    assert details("journey.phrase_given") == [{"kind": "phrase"}]


@pytest.mark.parametrize(
    ("born", "checked", "why"), [(date(2015, 1, 1), True, "under 13"), (date(2011, 1, 1), False, "manager")]
)
def test_a_young_child_has_no_page_and_an_older_one_once_it_was_talked_through(
    world: World, born: date, checked: bool, why: str
) -> None:
    case = case_of(world, identity=replace(TESTINA, birth_date=born))
    set_up(world, case)
    with pytest.raises(RuleBroken, match=why):
        as_worker(world, actions.turn_on, case, checked=checked)
    assert queries.is_young(case, world.now.date())


def test_an_older_child_has_one_once_it_was_talked_through(world: World) -> None:
    case = case_of(world, identity=replace(TESTINA, birth_date=date(2011, 1, 1)))
    set_up(world, case)
    assert as_worker(world, actions.turn_on, case, checked=True).state == "ON"


def test_somebody_who_died_has_no_page_and_is_never_asked(world: World) -> None:
    case, client = opened(world)
    close(world, case, reason="died")
    assert client.get("/page/now/").headers["Location"] == "/page/ended/"
    assert Page.objects.get().state == "ENDED" and not Key.objects.filter(ended_at=None).exists()
    with pytest.raises(RuleBroken, match="died"):
        as_worker(world, actions.invite, case)
    assert not Outgoing.objects.filter(template="how_was_it").exists()
    run("case.closed")
    assert len(details("journey.ended")) == 1


def test_a_case_that_was_reopened_before_the_job_ran_keeps_its_page(world: World) -> None:
    case = turned_on(world)
    actions.end(case, by=SYSTEM_ACTOR, at=world.now)
    assert Page.objects.get().state == "ON"


def test_a_page_that_ended_can_be_set_up_again_when_the_case_goes_on(world: World) -> None:
    case = turned_on(world)
    Page.objects.update(state="ENDED", ended_at=world.now)
    assert set_up(world, case, seen=1).state == "OFF" and Page.objects.get().ended_at is None


def test_no_link_goes_where_no_way_is_safe_and_no_key_is_made(world: World) -> None:
    case = turned_on(world)
    ContactPoint.objects.update(safe="no")
    item = as_worker(world, actions.send_link, case)
    assert (item.state, item.refused_why) == ("REFUSED", "not_safe")
    assert not Key.objects.exists() and bytes(item.link) == b""


def test_a_link_that_is_asked_for_twice_at_once_is_one(world: World) -> None:
    case = turned_on(world)
    first = as_worker(world, actions.send_link, case)
    again = as_worker(world, actions.send_link, case, at=world.now + timedelta(hours=2, seconds=20))
    assert first.pk == again.pk and Key.objects.count() == 1
    assert "/page/link/" in link_in(first, world)
    first.refresh_from_db()
    assert bytes(first.link) == b"" and first.state == "SENT", "the link is gone once it has left"


def test_a_link_that_waits_for_a_safe_hour_holds_from_then(world: World) -> None:
    case = turned_on(world, case_of(world))
    ContactPoint.objects.update(safe_times="20:00-21:00")
    item = as_worker(world, actions.send_link, case)
    key = Key.objects.get()
    assert item.not_before and key.expires_at == item.not_before + timedelta(hours=24)


def test_who_was_closed_as_unsafe_is_not_asked_how_it_was(world: World) -> None:
    case = case_of(world)
    with pytest.raises(RuleBroken, match="when the case is closed"):
        as_worker(world, actions.invite, case)
    close(world, case, reason="unsafe_to_contact")
    with pytest.raises(RuleBroken, match="no way to contact them is safe"):
        as_worker(world, actions.invite, case)


def test_how_it_was_is_asked_of_somebody_who_had_a_page_too(world: World) -> None:
    case = turned_on(world)
    close(world, case)
    as_worker(world, actions.invite, case)
    assert Page.objects.count() == 1 and Key.objects.filter(kind="feedback", ended_at=None).count() == 1


def test_stopping_what_does_not_stand_changes_nothing(world: World) -> None:
    case = turned_on(world)
    as_worker(world, actions.stop_ways, case, kind="link")
    assert details("journey.ways_stopped") == []


def test_a_decoy_is_told_once_for_each_opening(world: World) -> None:
    case = turned_on(world)
    enter(case, phrase_of(world, case, decoy=True))
    run("journey.opened")
    as_worker(world, actions.heed, case)
    run("journey.opened")
    assert not Item.objects.exists() and len(details("journey.warned")) == 1
    enter(case, phrase_of(world, case))
    run("journey.opened")
    assert len(details("journey.warned")) == 1


def test_jobs_about_what_is_gone_do_nothing(world: World) -> None:
    gone = {"event": str(world.people["caseworker"].pk), "subject": str(world.people["caseworker"].pk)}
    for job in (jobs.refresh, jobs.end_of_case, jobs.note_opened, jobs.tell, jobs.tell_manager):
        job.func(**gone)
    case = worked_on(world, case_of(world))
    jobs.refresh.func(event=gone["event"], subject=str(case.pk))
    assert not Item.objects.exists() and Case.objects.get(pk=case.pk).worker
