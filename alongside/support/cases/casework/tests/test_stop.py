"""Somebody who asks us to stop is believed at once, on every page, and sent to nobody until they say otherwise."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake import jobs
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals import queries
from alongside.support.arrivals.referrals.models import Offer, Referral, Ticket
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside, offered, service_of
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims import rules
from alongside.support.people.victims.models import Agreement
from tests.world import World

HOUR = timedelta(hours=1)
STOP = "They asked us to stop on 14 September 2026. Make no contact unless they come back."


def ask_to_stop(world: World, referral: Referral, at: datetime | None = None, *, working: bool = True) -> Event:
    """The victim comes back with their four words and asks us to stop; then the worker does what follows."""
    given = {"id": uuid7(), "hub_id": referral.hub_id, "victim_id": referral.victim_id, "lookup": referral.pk.bytes}
    ticket = Ticket.objects.get_or_create(
        referral=referral, defaults={**given, "word": referral.state, "since": world.now}
    )[0]
    intake.withdraw(ticket, at=at or world.now + 2 * HOUR, words="")
    told = Event.objects.filter(name="referral.added_to").latest("at")
    for _ in range(2 if working else 0):
        jobs.stop(event=str(told.pk), subject=str(referral.pk))
    return told


@pytest.fixture(autouse=True)
def one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)


def page(world: World, person: str, name: str, key: object) -> str:
    return world.client(person).get(reverse(name, args=[key])).content.decode()


def test_a_stop_ends_the_agreement_to_be_supported_once(world: World) -> None:
    case = accepted(world)
    victims.agree(case.victim, by=world.actor("triage_officer"), at=world.now, about="support", given=True)
    told = ask_to_stop(world, case.referral)
    answers = Agreement.objects.filter(victim=case.victim, about="support").order_by("recorded_at")
    assert [(one.given, one.how) for one in answers][-1] == (False, rules.ASKED_TO_STOP)
    assert answers.filter(given=False).count() == 1
    assert answers.get(given=False).recorded_at == told.at
    text = page(world, "triage_officer", "referrals:show", case.referral_id)
    assert "To be supported: <strong>No</strong>" in text
    assert "To be supported: <strong>Yes</strong>" not in text


@pytest.mark.parametrize("working", [True, False])
def test_whoever_opens_the_record_reads_of_a_stop_first(world: World, working: bool) -> None:
    case = accepted(world)
    ask_to_stop(world, case.referral, working=working)
    own = ("casework:show", "casework:plan", "casework:contacts", "casework:record_contact")
    for person, name, key in (
        *(("caseworker", name, case.pk) for name in own),
        ("triage_officer", "casework:show", case.pk), ("triage_officer", "referrals:show", case.referral_id),
    ):  # fmt: skip
        text = page(world, person, name, key)
        assert STOP in text, (person, name)
        assert "Safe to contact" not in text, (person, name)
    text = page(world, "caseworker", "casework:show", case.pk)
    assert text.index("Asked us to stop") < text.index("Waiting to start")
    assert "They asked us to stop: close the case" in text and "Make the first contact" not in text
    if working:
        assert STOP in page(world, "caseworker", "victims:show", case.victim_id)


def test_an_offer_says_so_and_is_not_accepted(world: World) -> None:
    offer = offered(world)
    referral = Referral.objects.get(pk=offer.referral_id)
    assert "asked us to stop" not in page(world, "caseworker", "casework:offer", offer.pk).lower()
    told = ask_to_stop(world, referral)
    assert Offer.objects.get().stopped_at == told.at
    text = page(world, "caseworker", "casework:offer", offer.pk)
    assert STOP in text and "/accept/" not in text and "/decline/" in text
    assert "Asked us to stop" in world.client("caseworker").get(reverse("casework:offers")).content.decode()
    world.client("caseworker").post(reverse("casework:accept", args=[offer.pk]))
    assert (Offer.objects.get().state, Case.objects.count()) == ("OFFERED", 0)


def test_an_offer_is_not_accepted_even_before_the_worker_has_run(world: World) -> None:
    offer = offered(world)
    ask_to_stop(world, Referral.objects.get(pk=offer.referral_id), working=False)
    with pytest.raises(RuleBroken, match="asked us to stop"), inside(world, "caseworker"):
        casework.accept(offer, by=world.actor("caseworker"), at=world.now + 3 * HOUR)
    assert (Offer.objects.get().state, Case.objects.count()) == ("OFFERED", 0)


def test_whoever_asked_us_to_stop_is_sent_to_nobody_until_they_say_yes_again(world: World) -> None:
    offer = offered(world)
    referral = Referral.objects.get(pk=offer.referral_id)
    ask_to_stop(world, referral)
    with at_work(world, "triage_officer") as officer:
        referrals.call_back(offer, by=officer, at=world.now + 3 * HOUR)
        with pytest.raises(RuleBroken, match="asked us to stop on 14 September 2026"):
            referrals.offer(
                referral, by=officer, at=world.now + 4 * HOUR, service=service_of(world), reasons=[], agreed=True
            )
        victims.agree(referral.victim, by=officer, at=world.now + 5 * HOUR, about="support", given=True)
        made = referrals.offer(
            referral, by=officer, at=world.now + 6 * HOUR, service=service_of(world), reasons=[], agreed=True
        )
    assert made.stopped_at is None
    assert queries.stopped(referral) is None
    assert "asked us to stop" not in page(world, "caseworker", "casework:offer", made.pk).lower()


def test_words_and_changes_that_a_victim_adds_stop_nothing(world: World) -> None:
    case = accepted(world)
    told = ask_to_stop(world, case.referral, working=False)
    Event.objects.filter(pk=told.pk).update(details={"kind": "words"})
    jobs.stop(event=str(told.pk), subject=str(case.referral_id))
    jobs.stop(event=str(uuid7()), subject=str(case.referral_id))
    assert not Agreement.objects.filter(about="support", given=False).exists()
