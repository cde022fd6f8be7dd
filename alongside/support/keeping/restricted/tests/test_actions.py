"""Restricting, naming and lifting: what each verb does, refuses and leaves behind."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from alongside.core import events
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, Grant, Named, Sealed
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import arrival, received
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, service_of
from alongside.support.keeping.restricted import actions, jobs, queries
from alongside.support.keeping.restricted.models import Restriction
from alongside.support.keeping.restricted.tests.sealed import (
    acting,
    named,
    people,
    restricted,
    run,
    sees,
    take_away,
    victim_of,
    working,
)
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("crime_type", "markers", "reason"),
    [("honour_based_abuse", (), "honour_based"), ("forced_marriage", (), "honour_based"), ("fgm", (), "honour_based"),
     ("violence", ("staff",), "staff"), ("violence", ("perpetrator_police",), "perpetrator_police")],
)  # fmt: skip
def test_a_marker_restricts_a_record_in_the_statement_that_brings_it(
    world: World, crime_type: str, markers: tuple[str, ...], reason: str
) -> None:
    referral = received(world, crime_type=crime_type, markers=markers)
    found = Restriction.objects.get(victim_id=referral.victim_id)
    assert found.reason in {reason, "fgm", "forced_marriage"}
    assert found.restricted_by is None
    assert people(world, "hub_manager", "privacy_officer") <= named(referral)
    with acting(world, "other_triage_officer"):
        assert not Referral.objects.filter(pk=referral.pk).exists()
    assert Event.objects.filter(name="record.restricted", subject=referral.victim_id).count() == 1


def test_what_no_marker_restricts_stays_as_it_was(world: World) -> None:
    referral = received(world, crime_type="violence", markers=("vulnerable",))
    assert not Sealed.objects.exists()
    assert referral.pk


def test_whoever_takes_a_restricted_referral_in_is_named(world: World) -> None:
    officer = world.actor("other_triage_officer")
    with acting(world, "other_triage_officer"):
        referral = referrals.receive(arrival(world, markers=("staff",)), by=officer, at=world.now)
        assert Referral.objects.filter(pk=referral.pk).exists()
    assert people(world, "other_triage_officer") <= named(referral)


def test_a_marker_that_comes_later_restricts_and_keeps_those_at_work_named(world: World) -> None:
    case = accepted(world)
    Case.objects.filter(pk=case.pk).update(worker=world.people["caseworker"].pk)
    Referral.objects.filter(pk=case.referral_id).update(markers=["staff"])
    assert people(world, "caseworker", "service_manager", "triage_officer", "hub_manager") <= named(case)
    assert not sees(world, "other_caseworker", case)
    assert sees(world, "caseworker", case)
    before = Restriction.objects.count()
    Referral.objects.filter(pk=case.referral_id).update(markers=["staff", "fgm"])
    assert Restriction.objects.count() == before


def test_where_the_roles_are_empty_everybody_at_the_hub_is_named(world: World) -> None:
    Membership.objects.filter(role__in=["hub_manager", "privacy_officer"]).update(until=timezone.now())
    referral = received(world, markers=("staff",))
    assert named(referral) == people(world, "triage_officer", "other_triage_officer")


def test_where_nobody_works_at_the_hub_nothing_is_lost(world: World) -> None:
    Membership.objects.filter(organisation=world.hub).update(until=timezone.now())
    referral = received(world, markers=("staff",))
    assert referral.visible_orgs in ([], [world.hub.pk])
    assert not Sealed.objects.exists()


def test_an_office_that_takes_a_marker_from_the_list_restricts_no_more_by_it(world: World) -> None:
    on = timezone.localdate()
    rulebook.revise(
        "markers", "staff", by=world.actor("hub_manager"), at=timezone.now(), since=on, title="Works here",
        source="Office", body={"restricted": False, "hidden": False, "feed": ""},
    )  # fmt: skip
    received(world, markers=("staff",))
    assert not Sealed.objects.exists()


def test_restrict_puts_the_record_behind_those_who_are_chosen(world: World) -> None:
    case = restricted(world, "hub_manager")
    assert named(case) == people(world, "triage_officer", "hub_manager")
    assert not sees(world, "other_triage_officer", case)
    assert not sees(world, "caseworker", case)
    run(jobs.name_elsewhere, "record.restricted")
    assert named(case) == people(world, "triage_officer", "hub_manager", "service_manager")
    found = Restriction.objects.get()
    assert fields.read(found, "words") == "Works in the next office"
    with acting(world, "service_manager"):
        assert Restriction.objects.count() == 1
    with acting(world, "other_triage_officer"):
        assert Restriction.objects.count() == 0


def test_a_provider_restricts_and_the_hub_is_named_by_rule(world: World) -> None:
    case = restricted(world, "caseworker", by="service_manager")
    run(jobs.name_elsewhere, "record.restricted")
    assert named(case) == people(world, "caseworker", "service_manager", "hub_manager", "privacy_officer")


@pytest.mark.parametrize(("changes", "field"), [({"reason": "vulnerable"}, "reason"), ({"people": []}, "people")])
def test_restrict_asks_for_a_reason_and_for_people(world: World, changes: dict[str, object], field: str) -> None:
    case = accepted(world)
    words = {"reason": "staff", "words": "x", "people": [world.people["hub_manager"].pk], **changes}
    with pytest.raises(RuleBroken) as broken, acting(world, "triage_officer"):
        actions.restrict(victim_of(case), by=world.actor("triage_officer"), at=world.now, **words)  # type: ignore[arg-type]
    assert broken.value.field == field


def test_nobody_restricts_twice(world: World) -> None:
    case = restricted(world)
    with pytest.raises(RuleBroken, match="meanwhile"):
        restricted(world, case=case)


def test_name_lets_a_colleague_in_and_unname_takes_them_out(world: World) -> None:
    case, manager = restricted(world), world.actor("hub_manager")
    officer = world.people["other_triage_officer"].pk
    with acting(world, "hub_manager"):
        actions.name(victim_of(case), by=manager, at=world.now, person=officer)
    assert sees(world, "other_triage_officer", case)
    with acting(world, "hub_manager"):
        actions.unname(victim_of(case), by=manager, at=world.now, person=officer)
    assert not sees(world, "other_triage_officer", case)


def test_nobody_of_another_organisation_is_named(world: World) -> None:
    case = restricted(world)
    with pytest.raises(RuleBroken, match="works here"), acting(world, "hub_manager"):
        actions.name(victim_of(case), by=world.actor("hub_manager"), at=world.now, person=world.people["caseworker"].pk)


@pytest.mark.parametrize(
    ("order", "why"),
    [(("other_triage_officer",), "not named"), (("privacy_officer",), "stays named"),
     (("triage_officer", "hub_manager"), "last who is named")],
)  # fmt: skip
def test_a_named_list_is_never_emptied(world: World, order: tuple[str, ...], why: str) -> None:
    both = ("hub_manager",) if "hub_manager" in order else ("hub_manager", "privacy_officer")
    case = restricted(world, *both)
    *first, last = order
    for person in first:
        take_away(world, case, person)
    with pytest.raises(RuleBroken, match=why):
        take_away(world, case, last)


def test_nothing_is_named_on_what_is_not_restricted(world: World) -> None:
    case = accepted(world)
    with pytest.raises(RuleBroken, match="not restricted"), acting(world, "hub_manager"):
        actions.unname(
            victim_of(case), by=world.actor("hub_manager"), at=world.now, person=world.people["hub_manager"].pk
        )


def test_lifting_takes_two_people(world: World) -> None:
    case, manager, privacy = restricted(world), world.actor("hub_manager"), world.actor("privacy_officer")
    with acting(world, "hub_manager"):
        actions.ask_to_lift(victim_of(case), by=manager, at=world.now, why="She has left that office")
    with pytest.raises(RuleBroken, match="two people"), acting(world, "hub_manager"):
        actions.lift(victim_of(case), by=manager, at=world.now)
    assert not sees(world, "other_triage_officer", case)
    with acting(world, "privacy_officer"):
        actions.lift(victim_of(case), by=privacy, at=world.now)
    assert sees(world, "other_triage_officer", case)
    assert sees(world, "other_caseworker", case)
    found = Restriction.objects.get()
    assert (found.state, found.lift_asked_by, found.lifted_by) == ("LIFTED", manager.user_id, privacy.user_id)
    with pytest.raises(RuleBroken, match="not restricted any more"), acting(world, "privacy_officer"):
        actions.lift(victim_of(case), by=privacy, at=world.now)


def test_the_database_holds_two_people_to_it_too(world: World) -> None:
    restricted(world)
    one = world.people["hub_manager"].pk
    with pytest.raises(IntegrityError, match="two_people"):
        Restriction.objects.update(state="LIFTED", lift_asked_by=one, lifted_by=one)


def test_keep_takes_the_asking_back(world: World) -> None:
    case, manager = restricted(world), world.actor("hub_manager")
    with acting(world, "hub_manager"):
        actions.ask_to_lift(victim_of(case), by=manager, at=world.now, why="A mistake")
        actions.keep(victim_of(case), by=manager, at=world.now)
        with pytest.raises(RuleBroken, match="cannot lift"):
            actions.lift(victim_of(case), by=manager, at=world.now)
    assert Restriction.objects.get().lift_asked_by is None


def test_an_offer_of_a_restricted_record_is_seen_by_the_services_managers_alone(world: World) -> None:
    referral, officer = received(world, markers=("staff",)), world.actor("hub_manager")
    with acting(world, "hub_manager"):
        referrals.take(referral, by=officer, at=world.now)
        referrals.assess(
            referral, by=officer, at=world.now, needs=["health"], vulnerability=[], entitlements=[], high_risk=False,
            reason="",
        )  # fmt: skip
        offer = referrals.offer(referral, by=officer, at=world.now, service=service_of(world), reasons=["Near"])
    run(jobs.name_provider, "referral.offered")
    for person, found in (("service_manager", 1), ("caseworker", 0), ("neighbour_manager", 0)):
        with acting(world, person):
            assert Offer.objects.filter(pk=offer.pk).count() == found, person
            assert Referral.objects.count() == 0
    with acting(world, "service_manager"):
        case = casework.accept(offer, by=world.actor("service_manager"), at=world.now)
        assert Case.objects.filter(pk=case.pk).exists()
    for person in ("hub_manager", "service_manager"):
        assert sees(world, person, case), person
    for person in ("caseworker", "other_triage_officer"):
        assert not sees(world, person, case), person
        with acting(world, person):
            assert not Case.objects.exists()


def test_whoever_is_given_a_restricted_case_is_named_on_it(world: World) -> None:
    case = restricted(world)
    run(jobs.name_elsewhere, "record.restricted")
    with working():
        actions.name_worker(
            case.victim_id, world.provider.pk, world.people["caseworker"].pk, by=SYSTEM_ACTOR, at=world.now
        )
        actions.name_worker(
            case.victim_id, world.provider.pk, world.people["caseworker"].pk, by=SYSTEM_ACTOR, at=world.now
        )
    assert sees(world, "caseworker", case)
    assert not sees(world, "other_caseworker", case)
    assert Event.objects.filter(name="record.named").count() == 1


def test_a_leaver_is_taken_from_every_list_and_the_rule_names_where_nobody_is_left(world: World) -> None:
    case = restricted(world, "triage_officer")
    officer = world.people["triage_officer"].pk
    assert named(case) == {officer}
    Membership.objects.filter(user=officer).update(until=timezone.now())
    with working():
        assert actions.leave(officer, world.hub.pk, by=SYSTEM_ACTOR, at=world.now) == 1
        assert actions.leave(officer, world.hub.pk, by=SYSTEM_ACTOR, at=world.now) == 0
    assert named(case) == people(world, "hub_manager", "privacy_officer")


def test_whoever_is_on_duty_is_named_until_somebody_chooses(world: World) -> None:
    first = received(world, markers=("staff",))
    second = received(world, markers=("staff",), source_ref="other")
    Restriction.objects.filter(victim_id=second.victim_id).update(chosen_at=world.now)
    jobs.name_duty.func.__wrapped__()
    officers = people(world, "triage_officer", "other_triage_officer")
    assert named(first) & officers
    assert not named(second) & officers
    assert queries.without_duty() == ()


def test_what_nobody_may_open_any_more_is_given_back_to_the_hub(world: World) -> None:
    case = restricted(world, "caseworker", by="service_manager")
    Grant.objects.filter(subject=case.victim_id, organisation=world.provider.pk).update(
        until=timezone.now() - timedelta(minutes=1)
    )
    with working():
        records.expire()
    assert victim_of(case).visible_orgs == []
    jobs.name_duty.func.__wrapped__()
    assert sees(world, "hub_manager", case)
    assert not sees(world, "service_manager", case)


def test_jobs_about_what_is_gone_or_not_restricted_do_nothing(world: World) -> None:
    accepted(world)
    run(jobs.name_provider, "referral.offered")
    assert not Named.objects.exists()


def test_jobs_name_whoever_is_given_a_restricted_case_or_referral(world: World) -> None:
    case = restricted(world)
    given = {"to": str(world.people["other_triage_officer"].pk)}
    events.record("referral.allocated", case.referral_id, by=SYSTEM_ACTOR, at=world.now, **given)
    run(jobs.name_officer, "referral.allocated")
    assert sees(world, "other_triage_officer", case)
    run(jobs.name_elsewhere, "record.restricted")
    worker = str(world.people["caseworker"].pk)
    events.record("case.assigned", case.pk, by=SYSTEM_ACTOR, at=world.now, worker=worker)
    run(jobs.name_worker, "case.assigned")
    assert sees(world, "caseworker", case)
    ended = {"user": str(world.people["caseworker"].pk), "organisation": world.provider.pk}
    events.record("membership.ended", case.pk, by=SYSTEM_ACTOR, at=world.now, **ended)
    run(jobs.leave, "membership.ended")
    assert not sees(world, "caseworker", case)


def test_jobs_leave_alone_what_is_not_restricted(world: World) -> None:
    case = accepted(world)
    worker = str(world.people["caseworker"].pk)
    events.record("referral.allocated", case.referral_id, by=SYSTEM_ACTOR, at=world.now, to=worker)
    events.record("case.assigned", case.pk, by=SYSTEM_ACTOR, at=world.now, worker=worker)
    events.record("record.restricted", case.victim_id, by=SYSTEM_ACTOR, at=world.now)
    for job, event in ((jobs.name_officer, "referral.allocated"), (jobs.name_worker, "case.assigned"),
                       (jobs.name_elsewhere, "record.restricted")):  # fmt: skip
        run(job, event)
    assert not Named.objects.exists()


def test_naming_by_rule_again_names_nobody_and_says_nothing(world: World) -> None:
    referral = received(world, markers=("staff",))
    with working():
        actions.name_by_rule(referral.victim_id, world.hub.pk, by=SYSTEM_ACTOR, at=world.now)
        said = Event.objects.filter(name="record.named_by_rule").count()
        assert actions.name_by_rule(referral.victim_id, world.hub.pk, by=SYSTEM_ACTOR, at=world.now) == 0
        assert Event.objects.filter(name="record.named_by_rule").count() == said
