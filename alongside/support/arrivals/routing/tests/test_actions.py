"""Lists are written, made live and withdrawn; what comes is routed by the list of its day, and sent where it may be."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook import queries as book
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import added, at_work, events_of, received, service, taken
from alongside.support.arrivals.routing import actions, jobs, previews, queries
from alongside.support.arrivals.routing.actions import Against
from alongside.support.arrivals.routing.models import Decision, Draft, Moved, Override, Preview, Version
from alongside.support.arrivals.routing.rules import Rule, rules_of
from alongside.support.arrivals.routing.tests.lists import at_once, live, rule, suggest, working
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import Agreement, Basis
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
HIGH: dict[str, Any] = {"crime_type": "domestic_abuse", "high_risk": True}


def begun(world: World) -> Draft:
    with at_work(world, "hub_manager") as manager:
        return actions.begin(world.hub.pk, by=manager, at=world.now)


def made_live(world: World, *listed: Rule, at: Any = None, since: Any = None) -> Version:
    with at_work(world, "hub_manager") as manager:
        return live(world.hub.pk, *listed, by=manager, at=at or world.now - DAY, since=since)


def decided(referral: Referral, at: Any = None) -> Decision:
    with working():
        actions.decide([referral.pk], by=SYSTEM_ACTOR, at=at or referral.received_at)
    return Decision.objects.get(referral=referral, superseded_at=None)


def agree(world: World, referral: Referral, **changes: Any) -> Agreement:
    given: dict[str, Any] = {
        "about": "share",
        "given": True,
        "with_organisation": world.provider.pk,
        "how": "voice",
    } | changes
    with at_work(world, "triage_officer") as officer:
        return victims.agree(referral.victim, by=officer, at=referral.received_at, **given)


def test_one_list_is_written_at_a_time_and_begins_as_the_last_one(world: World) -> None:
    version = made_live(world, rule("First"))
    draft = begun(world)
    assert [one.name for one in rules_of(draft.rules)] == ["First"] and rules_of(draft.rules)[0].reads == ""
    assert rules_of(version.rules)[0].reads == "Every referral is kept with the hub."
    with pytest.raises(RuleBroken, match="being written already"):
        begun(world)
    with at_work(world, "hub_manager") as manager:
        actions.throw_away(draft, by=manager, at=world.now)
    assert not Draft.objects.exists()


def test_rules_are_added_revised_moved_and_taken_out(world: World) -> None:
    draft = begun(world)
    first, second = rule("First"), rule("Second")
    with at_work(world, "hub_manager") as manager:
        said: dict[str, Any] = {"by": manager, "at": world.now}
        draft = actions.add_rule(draft, rule=first, seen=1, **said)
        draft = actions.add_rule(draft, rule=second, seen=2, **said)
        draft = actions.move_rule(draft, rule=second.id, up=True, seen=3, **said)
        assert [one.name for one in rules_of(draft.rules)] == ["Second", "First"]
        draft = actions.revise_rule(draft, rule=rule("Changed", key=first.id), seen=4, **said)
        draft = actions.remove_rule(draft, rule=second.id, seen=5, **said)
    assert [one.name for one in rules_of(draft.rules)] == ["Changed"]
    names = set(Event.objects.filter(subject=draft.pk).values_list("name", flat=True))
    assert names == {"routing.begun", *(f"routing.rule_{verb}" for verb in ("added", "moved", "revised", "removed"))}


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(world: World) -> None:
    draft = begun(world)
    with at_work(world, "hub_manager") as manager:
        said: dict[str, Any] = {"by": manager, "at": world.now}
        actions.add_rule(draft, rule=rule("First"), seen=1, **said)
        with pytest.raises(RuleBroken, match="Somebody else changed"):
            actions.add_rule(draft, rule=rule("Other"), seen=1, **said)
        with pytest.raises(RuleBroken, match="Somebody else changed"):
            actions.make_live(draft, since=world.now, reason="A test", seen=1, **said)
        with pytest.raises(RuleBroken, match="has this name"):
            actions.add_rule(draft, rule=rule("FIRST"), seen=2, **said)
        Draft.objects.update(rules=[rule(f"Rule {number}").as_json() for number in range(actions.MOST_RULES)])
        with pytest.raises(RuleBroken, match="at most"):
            actions.add_rule(draft, rule=rule("One more"), seen=2, **said)


def test_a_list_with_a_fault_does_not_go_live(world: World) -> None:
    with pytest.raises(RuleBroken, match="Something is wrong"):
        made_live(world, rule("All"), rule("Never"))
    assert not Version.objects.exists()


def test_a_list_starts_neither_in_the_past_nor_before_one_that_is_to_come(world: World) -> None:
    with pytest.raises(RuleBroken, match="in the past"):
        made_live(world, at=world.now, since=world.now - DAY)
    made_live(world, at=world.now, since=world.now + 2 * DAY)
    with pytest.raises(RuleBroken, match="List 1 starts later"):
        made_live(world, at=world.now, since=world.now + DAY)


def test_a_list_that_is_not_yet_in_force_is_withdrawn_once_and_no_other(world: World) -> None:
    now = made_live(world)
    coming = made_live(world, at=world.now, since=world.now + DAY)
    assert queries.to_come(world.hub.pk, world.now) == (coming,)
    with at_work(world, "hub_manager") as manager:
        actions.withdraw(coming, by=manager, at=world.now)
        with pytest.raises(RuleBroken, match="already"):
            actions.withdraw(coming, by=manager, at=world.now)
        with pytest.raises(RuleBroken, match="is in force"):
            actions.withdraw(now, by=manager, at=world.now)
    assert queries.in_force(world.hub.pk, world.now + 3 * DAY) == now


def test_tomorrows_referral_follows_the_new_list_and_yesterdays_keeps_its_own(world: World) -> None:
    sent_to = service(world)
    old = made_live(world, suggest(sent_to))
    yesterday = received(world)
    first = decided(yesterday)
    new = made_live(world, rule("All"), at=world.now, since=world.now + DAY)
    tomorrow = received(world, source_ref="TEST-2", at=world.now + DAY)
    assert (first.version, first.does, first.service) == (old, "suggest", sent_to)
    assert decided(yesterday, at=world.now + 2 * DAY) == first
    assert (decided(tomorrow).version, decided(tomorrow).does) == (new, "keep")


def test_before_the_first_list_nothing_is_said_and_without_a_rule_that_is_said(world: World) -> None:
    early = received(world)
    made_live(world, rule("Fraud", crime_types=("fraud_cyber",)), at=world.now + DAY)
    with working():
        assert actions.decide([early.pk], by=SYSTEM_ACTOR, at=world.now) == 0
    late = received(world, source_ref="TEST-2", at=world.now + 2 * DAY)
    assert (decided(late).does, decided(late).rule) == ("none", "")


def test_what_becomes_known_makes_a_new_decision_and_the_old_one_stands(world: World) -> None:
    made_live(world, rule("Money", needs=("money",)))
    referral = taken(world)
    assert decided(referral).does == "none"
    with at_work(world, "triage_officer") as officer:
        referrals.assess(referral, by=officer, at=world.now, needs=["money"], vulnerability=[], entitlements=[],
                         high_risk=False, reason="")  # fmt: skip
    jobs.decide.func(event="", subject=str(referral.pk))
    assert [one.does for one in Decision.objects.order_by("decided_at")] == ["none", "keep"]
    assert Decision.objects.filter(superseded_at=None).count() == 1


def test_high_risk_goes_at_once_by_the_rule_and_the_hub_is_told(world: World) -> None:
    sent_to = service(world, takes_high_risk=True)
    made_live(world, at_once(sent_to, risk=("high",), crime_types=("domestic_abuse",)))
    referral = received(world, **HIGH)
    decision = decided(referral)
    offer, fresh = Offer.objects.get(), Referral.objects.get()
    assert (offer.service, offer.offered_by, fresh.state, fresh.worker) == (sent_to, None, "OFFERED", None)
    assert (decision.held, decision.tell, decision.offered_at) == ("", True, world.now)
    assert offer.reasons == ["High-risk domestic abuse goes to Sample Support at once."]
    assert set(Basis.objects.values_list("purpose", flat=True)) == {"share_with_provider", "share_at_high_risk"}
    assert not Agreement.objects.filter(about="share").exists()
    assert events_of(referral).count("referral.offered") == 1
    assert Event.objects.get(name="referral.offered").organisation_id == world.hub.pk
    with working():
        assert actions.decide([referral.pk], by=SYSTEM_ACTOR, at=world.now) == 0
    assert Offer.objects.count() == 1
    with at_work(world, "caseworker") as caseworker:
        referrals.decline(offer, by=caseworker, at=world.now, reason="no_capacity")
    with at_work(world, "triage_officer") as officer:
        assert queries.to_note(officer).get() == decision
        for _ in range(2):
            actions.note(decision, by=officer, at=world.now)
        assert not queries.to_note(officer).exists()
    assert Event.objects.filter(name="routing.noted").count() == 1


def test_what_the_victim_agreed_to_goes_at_once_without_another_basis(world: World) -> None:
    sent_to = service(world)
    made_live(world, at_once(sent_to))
    referral = received(world)
    agree(world, referral)
    assert decided(referral).held == ""
    assert not Basis.objects.filter(purpose="share_at_high_risk").exists()


@pytest.mark.parametrize(
    ("arrives", "does", "held"),
    [
        ({}, "", "not_asked"),
        ({"consent": "no", **HIGH}, "", "said_no"),
        ({"markers": ("honour_based",), **HIGH}, "", "restricted"),
        ({**HIGH, "crime_type": "forced_marriage"}, "", "restricted"),
        (HIGH, "refused", "said_no"), (HIGH, "support_no", "stopped"), (HIGH, "stop", "stopped"),
        (HIGH, "take", "in_hand"), (HIGH, "closed", "unfit"), (HIGH, "not_by_the_book", "not_asked"),
    ],
)  # fmt: skip
def test_what_may_not_go_without_a_person_waits_and_says_why(
    world: World, arrives: dict[str, Any], does: str, held: str
) -> None:
    sent_to = service(world, takes_high_risk=True)
    made_live(world, at_once(sent_to))
    referral = received(world, **arrives)
    _happens(world, referral, does)
    decision = decided(referral)
    assert (decision.held, decision.tell, decision.offered_at) == (held, held != "in_hand", None)
    assert not Offer.objects.exists()


def _happens(world: World, referral: Referral, what: str) -> None:
    if what == "refused":
        agree(world, referral, given=False)
    elif what == "support_no":
        agree(world, referral, about="support", given=False, with_organisation=None)
    elif what == "stop":
        added(referral, at=world.now, kind="withdraw")
    elif what == "take":
        with at_work(world, "triage_officer") as officer:
            referrals.take(referral, by=officer, at=world.now)
    elif what == "closed":
        Service.objects.update(state="CLOSED")
    elif what == "not_by_the_book":
        row = book.rule("lawful_bases", queries.UNASKED, world.now.date())
        rulebook.revise(
            "lawful_bases", row.code, by=SYSTEM_ACTOR, at=world.now, title=row.title,
            body={**row.body, "unasked": False}, source="Office decision", since=world.now.date(),
        )  # fmt: skip


def test_what_a_feed_brought_is_routed_in_one_go_and_once(world: World) -> None:
    made_live(world, rule("All", tell=True))
    keys = [received(world, source_ref=f"TEST-{number}").pk for number in range(5)]
    jobs.decide_new.func(timestamp=1)
    assert set(Decision.objects.values_list("referral_id", flat=True)) == set(keys)
    with working():
        assert actions.decide_new(by=SYSTEM_ACTOR, at=world.now) == 0
    assert Event.objects.filter(name="referral.routed").count() == 5


def test_routing_many_asks_the_database_no_more_than_routing_few(world: World) -> None:
    made_live(world, rule("All"))

    def asked(first: int, many: int) -> int:
        keys = [received(world, source_ref=f"TEST-{first + number}").pk for number in range(many)]
        with CaptureQueriesContext(connection) as found, working():
            actions.decide(keys, by=SYSTEM_ACTOR, at=world.now)
        return len(found)

    asked(0, 1)
    assert asked(10, 2) == asked(20, 12)


def test_an_officer_follows_the_rule_without_a_reason(world: World) -> None:
    sent_to = service(world)
    made_live(world, suggest(sent_to))
    referral = taken(world)
    decided(referral)
    with at_work(world, "triage_officer") as officer:
        actions.offer(referral, by=officer, at=world.now, service=sent_to, reasons=[], agreed=True)
    assert not Override.objects.exists()


def test_going_against_the_rule_needs_a_reason_and_is_kept(world: World) -> None:
    named, other = service(world), service(world, "neighbour")
    made_live(world, suggest(named))
    referral = taken(world)
    decision = decided(referral)
    said: dict[str, Any] = {"at": world.now, "service": other, "reasons": [], "agreed": True}
    with pytest.raises(RuleBroken, match="The rule says otherwise"), at_work(world, "triage_officer") as officer:
        actions.offer(referral, by=officer, **said)
    assert not Offer.objects.exists()
    with at_work(world, "triage_officer") as officer:
        made = actions.offer(referral, by=officer, against=Against("full", "They told us so"), **said)
        kept = Override.objects.get()
        assert fields.read(kept, "words") == "They told us so"
    assert (kept.decision, kept.offer_id, kept.chosen, kept.why) == (decision, made.pk, other, "full")
    assert Event.objects.get(name="routing.overridden").details["why"] == "full"


@pytest.mark.parametrize("does", ["suggest", "keep"])
def test_what_the_rule_says_is_followed_once_and_after_it_the_officer_is_free(world: World, does: str) -> None:
    named, other = service(world), service(world, "neighbour")
    made_live(world, suggest(named) if does == "suggest" else rule("All"))
    referral = taken(world)
    decided(referral)
    against = Against() if does == "suggest" else Against("more_known")
    with at_work(world, "triage_officer") as officer:
        first = actions.offer(
            referral, by=officer, at=world.now, service=named, reasons=[], agreed=True, against=against
        )
        referrals.call_back(first, by=officer, at=world.now)
        actions.offer(referral, by=officer, at=world.now, service=other, reasons=[], agreed=True)
    assert Override.objects.count() == (0 if does == "suggest" else 1)


def tried(world: World, *listed: Rule, **days: Any) -> Preview:
    draft = begun(world)
    Draft.objects.update(rules=[one.as_json() for one in listed])
    draft.refresh_from_db()
    on = world.now.date()
    with at_work(world, "hub_manager") as manager:
        return previews.ask(draft, by=manager, at=world.now, **{"first_on": on, "last_on": on} | days)


def test_a_preview_says_from_where_to_where_and_changes_nothing(world: World) -> None:
    first, other = service(world), service(world, "neighbour", code="other", name="Other")
    sent, unsent = taken(world), received(world, source_ref="TEST-2")
    received(world, source_ref="TEST-5", markers=("honour_based",))  # sealed as it came: not even counted
    received(world, source_ref="TEST-4", at=world.now + DAY)
    with at_work(world, "triage_officer") as officer:
        referrals.offer(sent, by=officer, at=world.now, service=first, reasons=[], agreed=True)
    before = (Offer.objects.count(), Decision.objects.count(), Referral.objects.get(pk=sent.pk).state)
    preview = tried(world, suggest(other, crime_types=("burglary",)))
    found = preview.found
    assert (preview.state, found["all"], found["matched"], found["moved"], found["unsent"]) == ("DONE", 2, 2, 1, 1)
    assert sorted(found["pairs"]) == sorted([["hub", str(other.pk), 1], [str(first.pk), str(other.pk), 1]])
    assert found["unlike"] == 2
    assert set(Moved.objects.values_list("referral_id", flat=True)) == {sent.pk, unsent.pk}
    loads = {load.name: (load.went, load.would, load.waiting) for load in previews.loads(preview)}
    assert loads == {"Sample Support": (1, 0, 1), "Other": (0, 2, 0)}
    assert before == (Offer.objects.count(), Decision.objects.count(), Referral.objects.get(pk=sent.pk).state)


def test_a_preview_says_what_stays_with_the_hub_or_is_for_a_national_service(world: World) -> None:
    first = service(world)
    sent = taken(world, crime_type="homicide_bereaved")
    received(world, source_ref="TEST-2", crime_type="fraud_cyber")
    with at_work(world, "triage_officer") as officer:
        referrals.offer(sent, by=officer, at=world.now, service=first, reasons=[], agreed=True)
    national = rule("National", does="national", route="homicide_service", crime_types=("homicide_bereaved",))
    assert tried(world, national).found["pairs"] == [[str(first.pk), "national:homicide_service", 1]]
    Draft.objects.all().delete()
    assert tried(world, rule("All")).found["pairs"] == [[str(first.pk), "hub", 1]]
    assert Preview.objects.count() == 1


def test_a_long_preview_is_left_to_a_job_that_may_run_twice(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(previews, "QUICK", 0)
    received(world)
    preview = tried(world, rule("All"))
    assert preview.state == "WAITING"
    for _ in range(2):
        jobs.preview.func(event="", subject=str(preview.pk))
    preview.refresh_from_db()
    assert (preview.state, preview.found["all"]) == ("DONE", 1)
    assert Event.objects.filter(name="routing.previewed").count() == 1
    jobs.preview.func(event="", subject=str(world.people["officer"].pk))


def test_the_period_of_a_preview_runs_forward_and_a_year_at_most(world: World) -> None:
    for days in (-1, 400):
        with pytest.raises(RuleBroken, match="a year at most"):
            tried(world, last_on=world.now.date() + days * DAY)
        Draft.objects.all().delete()
    assert [str(day) for day in previews.last_month(world.now.date())] == ["2026-08-01", "2026-08-31"]


def test_previews_are_forgotten_after_a_week(world: World) -> None:
    tried(world)
    with working():
        assert previews.forget(by=SYSTEM_ACTOR, at=world.now + 6 * DAY) == 0
        assert previews.forget(by=SYSTEM_ACTOR, at=world.now + 8 * DAY) == 1
    jobs.forget.func(timestamp=1)
    assert not Preview.objects.exists()
