"""What each verb writes, under the realm that calls it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.db import IntegrityError, ProgrammingError, transaction

from alongside.core.access.actor import PUBLIC_ACTOR, SYSTEM_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event, Look
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals import actions, attempts, jobs, queries, rules
from alongside.support.arrivals.referrals.models import Addition, NeedsAssessment, Referral, Standing, Ticket
from alongside.support.arrivals.referrals.tests.arrivals import (
    arrival,
    at_work,
    events_of,
    offered,
    received,
    service,
    taken,
)
from alongside.support.people.victims.models import Agreement, Basis, Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def receive_as(actor: Actor, world: World, **changes: object) -> Referral:
    with transaction.atomic(), inside(actor.realm, orgs=actor.orgs, user=actor.user_id):
        return actions.receive(arrival(world, **changes), by=actor, at=world.now)


def test_a_partner_leaves_a_referral_that_the_hub_sees_whole(world: World) -> None:
    left = receive_as(world.actor("referrer"), world)
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        referral = Referral.objects.get(pk=left.pk)
        victim, point = Victim.objects.get(), ContactPoint.objects.get()
        assert (referral.state, referral.age_at_receipt, victim.name_key) == (
            "RECEIVED",
            36,
            "sampleford testina",
        )
        assert fields.read(referral, "notes") == "Testina is staying with a friend."
        assert fields.read(point, "value") == "07700 900123"
        assert fields.read(victim, "access_needs") == "Large print"
        assert point.verified_at is None


def test_a_partner_follows_its_own_referral_and_reads_nothing_else(world: World) -> None:
    receive_as(world.actor("referrer"), world)
    with transaction.atomic(), inside(Realm.REFERRER, orgs=[world.partner.pk]):
        assert Standing.objects.get().word == "received"
    with transaction.atomic(), inside(Realm.REFERRER, orgs=[world.force.pk]):
        assert not Standing.objects.exists()
    for model in (Referral, Victim, ContactPoint):
        with (
            pytest.raises(ProgrammingError),
            transaction.atomic(),
            inside(Realm.REFERRER, orgs=[world.partner.pk]),
        ):
            model._default_manager.count()


def test_the_public_leaves_a_referral_and_reads_none(world: World) -> None:
    left = receive_as(PUBLIC_ACTOR, world, source="self", source_organisation=None, reported=False)
    assert Event.objects.get(name="referral.received").subject == left.pk
    assert not Standing.objects.exists()
    with pytest.raises(ProgrammingError), transaction.atomic(), inside(Realm.PUBLIC):
        Referral.objects.count()


def test_nobody_leaves_an_event_in_another_name(world: World) -> None:
    forged = replace(PUBLIC_ACTOR, organisation_id=world.hub.pk)
    with pytest.raises(ProgrammingError), transaction.atomic(), inside(Realm.PUBLIC):
        actions.receive(arrival(world, source_organisation=None), by=forged, at=world.now)


@pytest.mark.parametrize(("said", "expected"), [("yes", [True]), ("no", [False]), ("unknown", [])])
def test_what_the_source_said_of_agreement_is_recorded_where_the_realm_may(
    world: World, said: str, expected: list[bool]
) -> None:
    receive_as(world.actor("triage_officer"), world, consent=said)
    assert [agreement.given for agreement in Agreement.objects.all()] == expected


def test_agreement_that_a_partner_passed_on_is_recorded_once_afterwards(world: World) -> None:
    left = receive_as(world.actor("referrer"), world)
    assert not Agreement.objects.exists()
    for _ in range(2):
        actions.note_consent(left, by=SYSTEM_ACTOR, at=world.now)
    assert Agreement.objects.get().how == "partner"


def test_a_reference_that_is_taken_is_drawn_again(world: World) -> None:
    first = receive_as(PUBLIC_ACTOR, world, source="self", source_organisation=None)
    with patch.object(rules, "new_reference", side_effect=[first.reference, "AL-7777-7777"]):
        second = receive_as(PUBLIC_ACTOR, world, source="self", source_organisation=None)
    assert second.reference == "AL-7777-7777"
    with (
        patch.object(rules, "new_reference", return_value=first.reference),
        pytest.raises(IntegrityError),
        transaction.atomic(),
    ):
        actions.receive(arrival(world), by=SYSTEM_ACTOR, at=world.now)


def test_the_same_row_of_a_police_feed_is_not_taken_in_twice(world: World) -> None:
    receive_as(SYSTEM_ACTOR, world, source="police_feed")
    with pytest.raises(IntegrityError), transaction.atomic():
        receive_as(SYSTEM_ACTOR, world, source="police_feed")


def told(referral: Referral) -> tuple[str, str]:
    """What the referrer and the victim read."""
    return Standing.objects.get(referral=referral).word, Ticket.objects.get(referral=referral).word


def give_ticket(referral: Referral) -> Ticket:
    return Ticket.objects.create(
        id=uuid7(), referral=referral, hub_id=referral.hub_id, victim_id=referral.victim_id, lookup=b"0" * 16,
        word="received", since=referral.received_at,
    )  # fmt: skip


def test_a_referral_is_taken_by_one_officer_and_taking_it_again_changes_nothing(world: World) -> None:
    referral = taken(world)
    later = world.now + timedelta(hours=1)
    assert (referral.state, referral.worker) == ("IN_TRIAGE", world.people["triage_officer"].pk)
    with at_work(world, "triage_officer") as officer:
        again = actions.take(referral, by=officer, at=later)
    assert again.taken_at == world.now
    with pytest.raises(RuleBroken, match="Somebody else"), at_work(world, "other_triage_officer") as other:
        actions.take(referral, by=other, at=later)
    with at_work(world, "other_triage_officer") as other:
        assert actions.take_over(referral, by=other, at=later).worker == other.user_id


def test_a_leavers_referrals_are_free_to_take(world: World) -> None:
    referral = taken(world)
    with at_work(world, "hub_manager") as manager:
        freed = actions.let_go(world.people["triage_officer"].pk, by=manager, at=world.now, hub_id=world.hub.pk)
    assert freed == 1
    with at_work(world, "other_triage_officer") as other:
        assert actions.take(referral, by=other, at=world.now).worker == other.user_id
    assert "referral.let_go" in events_of(referral)


def test_the_first_attempt_and_the_first_contact_stop_their_clocks_once(world: World) -> None:
    referral = taken(world)
    give_ticket(referral)
    results = ("no_answer", "spoke", "call_back")
    with at_work(world, "triage_officer") as officer:
        for hours, result in enumerate(results):
            at = world.now + timedelta(hours=hours)
            attempts.record_attempt(referral, by=officer, at=at, channel="phone", result=result, note="Rang")
        with pytest.raises(RuleBroken, match="what came of it"):
            attempts.record_attempt(referral, by=officer, at=world.now, channel="phone", result="nonsense")
    referral.refresh_from_db()
    assert referral.first_attempt_at == world.now
    assert referral.first_contact_at == world.now + timedelta(hours=1)
    assert [attempt.reached for attempt in referral.attempts.order_by("attempted_at")] == [False, True, True]
    assert fields.read(referral.attempts.all()[0], "note") == "Rang"
    assert told(referral) == ("contacted", "contacted")


def assess(world: World, referral: Referral, **changes: Any) -> NeedsAssessment:
    given: dict[str, Any] = {"needs": ["health"], "vulnerability": ["fear"], "entitlements": []}
    given |= {"high_risk": False, "reason": ""}
    with at_work(world, "triage_officer") as officer:
        return actions.assess(referral, by=officer, at=world.now, **given | changes)


def test_each_assessment_stands_and_the_referral_shows_the_latest(world: World) -> None:
    referral = taken(world)
    assess(world, referral)
    assess(world, referral, needs=["money"], entitlements=["discretion"], high_risk=True, reason="Said so")
    referral.refresh_from_db()
    assert (referral.needs, referral.entitlements, referral.high_risk) == (["money"], ["discretion"], True)
    assert referral.assessments.count() == 2


def test_an_offer_states_its_basis_apart_from_what_was_agreed(world: World) -> None:
    offer = offered(world)
    assert Basis.objects.get().purpose == "share_with_provider"
    agreement = Agreement.objects.get(about="share")
    assert (agreement.with_organisation, agreement.given) == (world.provider.pk, True)
    referral = Referral.objects.get(pk=offer.referral_id)
    assert (referral.state, referral.first_offer_at) == ("OFFERED", world.now)
    assert Standing.objects.get().word == "offered"


def test_an_offer_without_asking_records_no_agreement(world: World) -> None:
    referral, sent_to = taken(world), service(world)
    with at_work(world, "triage_officer") as officer:
        actions.offer(referral, by=officer, at=world.now, service=sent_to, reasons=[])
    assert not Agreement.objects.filter(about="share").exists()


def test_nothing_is_sent_against_the_victims_word(world: World) -> None:
    referral, sent_to = taken(world), service(world)
    with pytest.raises(RuleBroken, match="They said no"), at_work(world, "triage_officer") as officer:
        actions.offer(referral, by=officer, at=world.now, service=sent_to, reasons=[], agreed=False)


@pytest.mark.parametrize("changes", [{"state": "CLOSED"}, {"takes_referrals": False}, {"provider": None}])
def test_nothing_is_sent_to_a_service_that_takes_no_referrals(world: World, changes: dict[str, Any]) -> None:
    referral, shut = taken(world), service(world, **changes)
    with pytest.raises(RuleBroken, match="does not take referrals"), at_work(world, "triage_officer") as officer:
        actions.offer(referral, by=officer, at=world.now, service=shut, reasons=[])


def test_accepting_moves_the_referral_and_tells_those_who_wait(world: World) -> None:
    offer = offered(world)
    give_ticket(Referral.objects.get(pk=offer.referral_id))
    with at_work(world, "caseworker") as caseworker:
        referral = actions.accept(offer, by=caseworker, at=world.now)
        assert referral.victim.full_name == "Ms Testina Sampleford"
    assert (referral.state, referral.accepted_at) == ("ACCEPTED", world.now)
    assert told(referral) == ("accepted", "accepted")


def test_an_offer_is_answered_once_and_by_its_own_provider(world: World) -> None:
    offer = offered(world)
    with pytest.raises(RuleBroken, match="no longer open"), at_work(world, "neighbour_caseworker") as neighbour:
        actions.accept(offer, by=neighbour, at=world.now)
    with at_work(world, "caseworker") as caseworker:
        actions.accept(offer, by=caseworker, at=world.now)
        with pytest.raises(RuleBroken, match="it is accepted"):
            actions.accept(offer, by=caseworker, at=world.now)
        with pytest.raises(RuleBroken, match="it is accepted"):
            actions.decline(offer, by=caseworker, at=world.now, reason="no_capacity")
    with pytest.raises(RuleBroken, match="it is accepted"), at_work(world, "triage_officer") as officer:
        actions.call_back(offer, by=officer, at=world.now)


def test_a_declined_referral_is_back_at_once_and_can_be_sent_again(world: World) -> None:
    offer = offered(world)
    with at_work(world, "caseworker") as caseworker:
        actions.decline(offer, by=caseworker, at=world.now, reason="no_capacity")
    referral = Referral.objects.get(pk=offer.referral_id)
    assert (referral.state, referral.returned, referral.worker) == (
        "IN_TRIAGE", True, world.people["triage_officer"].pk,
    )  # fmt: skip
    assert events_of(referral)[-1] == "referral.returned"
    assert Standing.objects.get().word == "received"
    later = world.now + timedelta(days=1)
    with at_work(world, "triage_officer") as officer:
        again = actions.offer(referral, by=officer, at=later, service=offer.service, reasons=[])
    referral.refresh_from_db()
    assert (referral.returned, referral.first_offer_at) == (False, world.now)
    with at_work(world, "caseworker") as caseworker:
        actions.accept(again, by=caseworker, at=later)


def test_a_call_back_keeps_what_was_seen_on_record(world: World) -> None:
    offer = offered(world)
    with at_work(world, "caseworker") as caseworker:
        Look(at=world.now + timedelta(minutes=5), user_id=caseworker.user_id, organisation_id=world.provider.pk,
             route="casework:offer", subjects=[offer.pk], reason="own caseload").save(force_insert=True)  # fmt: skip
    with at_work(world, "triage_officer") as officer:
        referral = actions.call_back(offer, by=officer, at=world.now, reason="wrong_person")
        offer.refresh_from_db()
        assert [seen.user_id for seen in queries.looks_by_provider(offer)] == [world.people["caseworker"].pk]
    assert (offer.state, offer.recalled_why, offer.seen_at) == (
        "WITHDRAWN", "wrong_person", world.now + timedelta(minutes=5),
    )  # fmt: skip
    assert Event.objects.get(name="offer.called_back").details == {"reason": "wrong_person", "looks": 1}
    assert (referral.state, referral.returned) == ("IN_TRIAGE", True)
    with pytest.raises(RuleBroken, match="called back"), at_work(world, "caseworker") as caseworker:
        actions.accept(offer, by=caseworker, at=world.now)


def test_a_call_back_of_what_nobody_opened_says_so(world: World) -> None:
    offer = offered(world)
    with at_work(world, "triage_officer") as officer:
        actions.call_back(offer, by=officer, at=world.now)
    offer.refresh_from_db()
    assert offer.seen_at is None


@pytest.mark.parametrize(("reason", "word"), [("victim_declined", "declined"), ("needs_met", "closed")])
def test_a_closed_referral_says_how_it_counts(world: World, reason: str, word: str) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as officer:
        referral = actions.close(referral, by=officer, at=world.now, reason=reason, information_left=True)
    assert (referral.state, referral.closed_why, referral.closed_at) == ("CLOSED", reason, world.now)
    assert Standing.objects.get().word == word
    with pytest.raises(RuleBroken, match="it is closed"), at_work(world, "triage_officer") as officer:
        actions.take(referral, by=officer, at=world.now)


def test_nobody_is_given_up_before_three_days_of_attempts(world: World) -> None:
    referral = taken(world)
    how: dict[str, Any] = {"reason": "not_reached", "information_left": False}
    with at_work(world, "triage_officer") as officer:
        for day in range(3):
            with pytest.raises(RuleBroken, match="different days"):
                actions.close(referral, by=officer, at=world.now, **how)
            at = world.now + timedelta(days=day)
            attempts.record_attempt(referral, by=officer, at=at, channel="phone", result="no_answer")
        assert actions.close(referral, by=officer, at=world.now, **how).state == "CLOSED"
    assert Standing.objects.get().word == "not_reached"


@pytest.mark.parametrize(("reason", "words"), [("nonsense", "Choose a reason"), ("lost_contact", "Only a provider")])
def test_the_hub_closes_with_its_own_reasons_alone(world: World, reason: str, words: str) -> None:
    referral = taken(world)
    with pytest.raises(RuleBroken, match=words), at_work(world, "triage_officer") as officer:
        actions.close(referral, by=officer, at=world.now, reason=reason, information_left=False)


def test_a_new_referral_is_taken_before_it_is_closed(world: World) -> None:
    referral = received(world)
    with pytest.raises(RuleBroken, match="it is received"), at_work(world, "triage_officer") as officer:
        actions.close(referral, by=officer, at=world.now, reason="duplicate", information_left=False)


def test_a_completed_referral_is_closed_by_the_provider_that_helped(world: World) -> None:
    offer = offered(world)
    with at_work(world, "caseworker") as caseworker:
        referral = actions.accept(offer, by=caseworker, at=world.now)
        actions.complete(referral, by=caseworker, at=world.now, reason="support_completed")
    referral = Referral.objects.get(pk=offer.referral_id)
    assert (referral.state, referral.closed_why) == ("CLOSED", "support_completed")
    assert Standing.objects.get().word == "closed"


def test_what_was_taken_away_is_answered_in_words(world: World) -> None:
    referral = taken(world)
    with pytest.raises(RuleBroken, match="no longer open"), at_work(world, "far_triage_officer") as stranger:
        actions.take_over(referral, by=stranger, at=world.now)


def test_what_a_victim_added_is_dealt_with_once(world: World) -> None:
    ticket = give_ticket(taken(world))
    added = Addition(id=uuid7(), ticket=ticket, victim_id=ticket.victim_id, kind="words", added_at=world.now)
    fields.write(added, words="Please write to me instead")
    added.save(force_insert=True)
    with at_work(world, "triage_officer") as officer:
        for hours in range(2):
            done = attempts.deal_with(added, by=officer, at=world.now + timedelta(hours=hours))
    assert done.handled_at == world.now
    assert Event.objects.filter(name="addition.dealt_with").count() == 1


def test_consent_by_another_realm_is_noted_by_a_job(world: World) -> None:
    left = receive_as(world.actor("referrer"), world)
    jobs.note_consent(event="", subject=str(left.pk))
    jobs.note_consent(event="", subject=str(left.victim_id))
    assert Agreement.objects.get().given


def test_the_victim_may_still_be_called_while_a_service_thinks(world: World) -> None:
    offer = offered(world)
    referral = Referral.objects.get(pk=offer.referral_id)
    with at_work(world, "triage_officer") as officer:
        attempts.record_attempt(referral, by=officer, at=world.now, channel="phone", result="spoke")
    referral.refresh_from_db()
    assert (referral.state, Standing.objects.get().word) == ("OFFERED", "offered")


def test_an_attempt_that_is_sent_twice_is_kept_once(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as officer:
        for seconds, note in ((0, "Rang"), (5, "Rang"), (6, "Rang again"), (300, "Rang")):
            at = world.now + timedelta(seconds=seconds)
            attempts.record_attempt(referral, by=officer, at=at, channel="phone", result="no_answer", note=note)
    assert referral.attempts.count() == 3
