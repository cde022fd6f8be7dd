"""Two people at one moment: one of them is served, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.support.arrivals.referrals import actions
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, offered, received, service, taken
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def race(world: World, *runners: tuple[str, Callable[[Actor], object]]) -> list[str]:
    """Runs each at the same moment as its person; "done" or the words of the refusal, in order of the runners."""
    start = Barrier(len(runners))

    def run(person: str, act: Callable[[Actor], object]) -> str:
        try:
            with at_work(world, person) as actor:
                start.wait(timeout=10)
                act(actor)
            return "done"
        except RuleBroken as broken:
            return broken.message
        finally:
            connection.close()

    with ThreadPoolExecutor(len(runners)) as pool:
        return [future.result(timeout=30) for future in [pool.submit(run, *runner) for runner in runners]]


def test_two_officers_take_one_referral_and_one_has_it(world: World) -> None:
    referral = received(world)

    def take(actor: Actor) -> object:
        return actions.take(referral, by=actor, at=world.now)

    ends = race(world, ("triage_officer", take), ("other_triage_officer", take))
    assert sorted(end == "done" for end in ends) == [False, True]
    referral.refresh_from_db()
    winner = ("triage_officer", "other_triage_officer")[ends.index("done")]
    assert referral.worker == world.people[winner].pk
    assert Event.objects.filter(name="referral.taken").count() == 1


def test_an_acceptance_sent_twice_is_made_once(world: World) -> None:
    offer = offered(world)

    def accept(actor: Actor) -> object:
        return actions.accept(offer, by=actor, at=world.now)

    ends = race(world, ("caseworker", accept), ("other_caseworker", accept))
    assert sorted(end == "done" for end in ends) == [False, True]
    assert Event.objects.filter(name="offer.accepted").count() == 1


def test_an_acceptance_and_a_call_back_at_once_agree_on_what_happened(world: World) -> None:
    offer = offered(world)
    ends = race(
        world,
        ("caseworker", lambda actor: actions.accept(offer, by=actor, at=world.now)),
        ("triage_officer", lambda actor: actions.call_back(offer, by=actor, at=world.now)),
    )
    assert sorted(end == "done" for end in ends) == [False, True]
    offer.refresh_from_db()
    referral = Referral.objects.get(pk=offer.referral_id)
    agreed = {("ACCEPTED", "ACCEPTED"), ("WITHDRAWN", "IN_TRIAGE")}
    assert (offer.state, referral.state) in agreed
    with at_work(world, "caseworker"):
        assert Referral.objects.count() == (referral.state == "ACCEPTED")


def test_one_referral_is_not_sent_to_two_services_at_once(world: World) -> None:
    referral, ours, theirs = taken(world), service(world), service(world, "neighbour")

    def send(to: object) -> Callable[[Actor], object]:
        return lambda actor: actions.offer(referral, by=actor, at=world.now, service=to, reasons=[])  # type: ignore[arg-type]

    ends = race(world, ("triage_officer", send(ours)), ("other_triage_officer", send(theirs)))
    assert sorted(end == "done" for end in ends) == [False, True]
    assert Offer.objects.count() == 1
