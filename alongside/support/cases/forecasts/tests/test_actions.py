"""What a list did is read, played in the background, and kept with what it came from."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.forecasts import actions, jobs, queries, rules
from alongside.support.cases.forecasts.models import Forecast
from alongside.support.cases.forecasts.rules import Assumptions
from alongside.support.cases.waiting import actions as waiting
from alongside.support.cases.waiting.models import Entry, WaitingList
from alongside.support.cases.waiting.tests.lists import a_list, as_worker, day, done, joined, later
from tests.world import World

pytestmark = pytest.mark.django_db
OWN = Assumptions(joins=1.0, length=10.0, leave=0.0, workers=1, each=5)


def history(world: World, held: WaitingList, *, weeks: int = 40) -> None:
    """A list as it was kept for some weeks before the world begins: one joined each week, most started and finished."""
    case = accepted(world)
    made = []
    for week in range(weeks):
        joined_on, added = day(world, -7 * (weeks - week)), later(world, days=-7 * (weeks - week))
        start, end = added + timedelta(weeks=6), added + timedelta(weeks=6 + 8 + week % 5)
        gone = week % 8 == 7
        state = "LEFT" if gone else "DONE" if end < world.now else "STARTED" if start < world.now else "WAITING"
        begun = state in ("DONE", "STARTED")
        ended = added + timedelta(weeks=2) if gone else end if state == "DONE" else None
        made.append(Entry(
            list=held, case=_another(case, week), victim_id=case.victim_id, state=state, joined_on=joined_on,
            added_at=added, need="soon", review_due_on=day(world), contact_due_on=day(world),
            started_at=start if begun else None, ended_at=ended if ended is None or ended < world.now else world.now,
        ))  # fmt: skip
    Entry.objects.bulk_create(made)


def _another(case: Case, number: int) -> Case:
    names = ("provider_id", "hub_id", "service_id", "referral_id", "victim_id", "crime_type", "accepted_at")
    said = {name: getattr(case, name) for name in names}
    made: Case = Case.objects.create(reference=f"T{number:06d}", offer_id=UUID(int=number + 1), **said)
    return made


def asked(world: World, held: WaitingList, **said: Any) -> Forecast:
    found: Forecast = done(world, actions.ask, held, at=world.now, seed=11, **said)
    return found


def play(made: Forecast) -> Forecast:
    """What the worker does after it was asked."""
    jobs.play.func.__wrapped__(event="", subject=str(made.pk))
    return Forecast.objects.get(pk=made.pk)


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "RUNS", 120)


def test_what_a_list_did_is_read_as_counts_and_weeks(world: World) -> None:
    held = a_list(world)
    history(world, held)
    with transaction.atomic(), as_worker():
        found = queries.facts(held, world.now)
    assert (found.weeks, found.joined, found.left, found.workers, found.each) == (40.0, 40, 5, 2, 5)
    assert found.started == found.ended + len(found.helped) and len(found.waiting) == 5
    assert found.lengths[0] == 8.0 and found.typical == 8.0 and found.week == 1.0
    assert found.spent > 8 * found.ended and found.waited > 6 * found.started


def test_whoever_was_brought_in_is_no_arrival_and_whoever_moved_is(world: World) -> None:
    held, other = a_list(world), a_list(world, modality="isva")
    old = joined(world, held)
    Entry.objects.filter(pk=old.pk).update(joined_on=day(world, -200))
    done(world, waiting.move, Entry.objects.get(pk=old.pk), other, at=later(world, days=30))
    with transaction.atomic(), as_worker():
        assert queries.facts(held, later(world, days=40)).joined == 0
        assert queries.facts(other, later(world, days=40)).joined == 1


def test_a_range_is_kept_with_what_it_came_from_and_is_the_same_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch)
    held = a_list(world)
    history(world, held)
    first = play(asked(world, held))
    assert (first.state, first.played, first.why_not) == ("DONE", 240, "")
    low, high = first.outcome["wait"]["low"], first.outcome["wait"]["high"]
    assert 0 <= low <= high < 156 and first.more["wait"]["high"] <= high
    assert queries.latest(held) == first and first.assumed["length"] > 8
    facts, one = queries.facts_of(first), queries.assumed_of(first)
    again = list(rules.played(facts, one, seed=first.seed, runs=first.runs))[-1]
    assert rules.outcome(again) == first.outcome
    event = Event.objects.get(name="forecast.reckoned")
    assert (event.subject, event.organisation_id, event.details) == (first.pk, world.provider.pk, {"state": "DONE"})
    assert play(first).done_at == first.done_at, "the job ran again"


def test_too_little_to_go_on_is_said_and_nothing_is_played(world: World) -> None:
    held = a_list(world)
    found = play(asked(world, held))
    assert (found.state, found.outcome, found.played) == ("UNKNOWN", {}, 0) and "kept for 0 weeks" in found.why_not


def test_what_somebody_assumes_is_played_without_a_history_and_says_nothing_of_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    small(monkeypatch)
    held = a_list(world)
    found = play(asked(world, held, assumed=OWN))
    assert (found.state, found.own, found.outcome["wait"]["low"]) == ("DONE", True, 0)
    assert queries.latest(held) is None
    with pytest.raises(RuleBroken, match="how many weeks support takes"):
        asked(world, held, assumed=Assumptions(1, 0, 0, 1, 1))


def test_asking_twice_is_once(world: World) -> None:
    held = a_list(world)
    assert asked(world, held) == asked(world, held) and asked(world, held, assumed=OWN) == asked(
        world, held, assumed=OWN
    )
    assert Forecast.objects.count() == 2 and queries.under_way(held) is not None
    assert done(world, actions.ask, held, at=later(world, hours=1)).seed != 11


def test_one_that_was_deleted_or_is_done_meanwhile_is_not_written_again(world: World) -> None:
    held = a_list(world)
    made = asked(world, held)
    Forecast.objects.all().delete()
    assert actions.begin(made.pk, by=SYSTEM_ACTOR, at=world.now) is None
    actions.keep(made, {}, {}, by=SYSTEM_ACTOR, at=world.now)
    assert not Forecast.objects.exists()


def test_every_list_is_reckoned_anew_each_night_and_what_is_old_is_deleted(world: World) -> None:
    held = a_list(world)
    a_list(world, "neighbour_manager")
    with transaction.atomic(), as_worker():
        assert actions.renew(by=SYSTEM_ACTOR, at=world.now) == 2
        assert actions.renew(by=SYSTEM_ACTOR, at=later(world, hours=1)) == 0
        assert actions.renew(by=SYSTEM_ACTOR, at=later(world, hours=24)) == 2
    assert {one.organisation_id for one in Event.objects.filter(name="forecast.asked")} == {
        world.provider.pk, world.neighbour.pk,
    }  # fmt: skip
    with transaction.atomic(), as_worker():
        assert actions.forget(by=SYSTEM_ACTOR, at=later(world, days=365, hours=1)) == 2
    jobs.renew.func.__wrapped__()
    assert Forecast.objects.filter(list=held).count() == 2
