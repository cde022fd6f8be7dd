"""An assessment is kept with its detail, an alarm is told, and changed facts ask for a new look at a decision."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.messages.models import Notice
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, events_of, service, taken
from alongside.support.desk.assessment import actions, jobs, queries
from alongside.support.desk.assessment.models import Alarm, Decision, Detail, Review
from alongside.support.desk.assessment.tests.found import another, assessed
from alongside.support.people.matching import actions as matching
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import SamePerson
from tests.world import World

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 14)


def fresh(referral: Referral) -> Referral:
    found: Referral = Referral.objects.select_related("victim").get(pk=referral.pk)
    return found


def test_an_assessment_is_kept_whole_and_the_referral_shows_its_summary(world: World) -> None:
    detail = assessed(world)
    referral = fresh(detail.referral)
    assert (referral.needs, referral.entitlements) == (["health", "money"], ["vulnerable_intimidated"])
    assert detail.levels == {"health": "lot", "money": "urgent", "social": "none"}
    said = json.loads(fields.read(detail, "said"))
    assert said["needs"]["money"].startswith("I cannot pay") and said["carers"] == "Their nan"
    assert b"rent" not in bytes(detail.said)
    summary = referral.assessments.get()
    assert (summary.pk, summary.access_needs) == (detail.pk, ["step_free"])
    assert fields.read(summary, "reason") == "Needs somebody soon"
    assert events_of(referral)[-2:] == ["referral.assessed", "entitlement.decided"]


def test_the_record_says_what_was_found_of_language_and_access_and_keeps_what_it_said(world: World) -> None:
    detail = assessed(world, interpreter="yes", language="pl")
    victim = fresh(detail.referral).victim
    assert (victim.language, victim.interpreter) == ("pl", "yes")
    assert fields.read(victim, "access_needs") == "Step-free place; A quiet room"
    assert victim.corrections.get().reason == "told_us"
    assert victim.given_name == "Testina"


def test_an_offer_says_interpreter_and_access_needs_and_no_words_of_anybody(world: World) -> None:
    referral = assessed(world, interpreter="yes").referral
    with at_work(world, "triage_officer") as officer:
        offer = referrals.offer(fresh(referral), by=officer, at=world.now, service=service(world), reasons=[])
    assert (offer.interpreter, offer.access_needs) == ("yes", ["step_free"])


def test_an_assessment_without_a_reason_for_enhanced_rights_writes_nothing(world: World) -> None:
    with pytest.raises(RuleBroken, match="Say why"):
        assessed(world, why="")
    assert not Detail.objects.exists() and not Decision.objects.exists()


# Danger.


def alarm(world: World, referral: Referral, person: str = "triage_officer") -> Alarm:
    with at_work(world, person) as officer:
        return actions.raise_alarm(referral, by=officer, at=world.now)


def test_danger_makes_the_referral_high_risk_and_tells_those_on_duty_and_managers(world: World) -> None:
    referral = taken(world)
    raised = alarm(world, referral)
    assert fresh(referral).high_risk
    managers = world.people["hub_manager"].pk
    assert managers in raised.told and world.people["triage_officer"].pk not in raised.told
    assert Event.objects.get(name="danger.raised").details == {"told": len(raised.told)}


def test_danger_that_is_said_twice_by_one_person_is_one_alarm_until_somebody_has_it(world: World) -> None:
    referral = taken(world)
    first = alarm(world, referral)
    assert alarm(world, referral).pk == first.pk
    with at_work(world, "hub_manager") as manager:
        actions.take_alarm(first, by=manager, at=world.now)
        with pytest.raises(RuleBroken, match="has it already"):
            actions.take_alarm(first, by=manager, at=world.now)
    assert alarm(world, referral).pk != first.pk


def test_a_closed_referral_raises_no_alarm(world: World) -> None:
    referral = taken(world)
    Referral.objects.filter(pk=referral.pk).update(state="CLOSED", closed_at=world.now)
    with pytest.raises(RuleBroken, match="closed"):
        alarm(world, referral)


def test_an_urgent_e_mail_says_nothing_and_is_sent_once(world: World, settings: Any, tmp_path: Any) -> None:
    settings.OUTBOX = tmp_path
    raised = alarm(world, taken(world))
    for _ in range(2):
        jobs.tell(event="", subject=str(raised.pk))
    assert Notice.objects.count() == len(raised.told) > 0
    for file in tmp_path.iterdir():
        sent = json.loads(file.read_text())
        assert sent["to"].endswith("@alongside.example") and "urgent" in sent["words"]
        assert "Testina" not in str(sent) and "Sampleford" not in str(sent)


# Enhanced Rights.


def decide(world: World, referral: Referral, *rights: str, why: str = "Still afraid") -> Decision:
    with at_work(world, "triage_officer") as officer:
        return actions.decide(referral, by=officer, at=world.now, entitlements=rights, why=why)


def test_a_decision_needs_a_reason_and_changes_what_whoever_helps_reads(world: World) -> None:
    referral = assessed(world).referral
    with pytest.raises(RuleBroken, match="keep or change"):
        decide(world, referral, "discretion", why=" ")
    decide(world, referral, "discretion")
    assert fresh(referral).entitlements == ["discretion"]
    assert referral.decisions.count() == 2


def look_again(world: World, referral: Referral) -> Review | None:
    actions.look_again([referral.victim_id], by=SYSTEM_ACTOR, at=world.now)
    return queries.open_review(referral)


def test_facts_that_stay_ask_for_no_review(world: World) -> None:
    referral = assessed(world).referral
    assert look_again(world, referral) is None


def test_a_changed_age_opens_one_review_which_a_decision_ends(world: World) -> None:
    referral = assessed(world).referral
    said = victims.identity_of(fresh(referral).victim)
    with at_work(world, "triage_officer") as officer:
        young = type(said)(**{**vars(said), "birth_date": date(2012, 1, 1)})
        victims.correct(referral.victim, by=officer, at=world.now, identity=young, reason="mistyped",
                        seen=fresh(referral).victim.version)  # fmt: skip
    jobs.look_again(event="", subject=str(referral.victim_id))
    jobs.look_again(event="", subject=str(referral.victim_id))
    review = Review.objects.get()
    assert (review.changed, review.ended) == (["under_18"], "")
    decide(world, referral, "vulnerable_intimidated")
    review.refresh_from_db()
    assert (review.ended, review.ended_by) == ("kept", world.people["triage_officer"].pk)
    assert look_again(world, referral) is None


def test_facts_that_come_back_end_the_review_by_themselves_and_more_facts_are_added_to_it(world: World) -> None:
    referral = assessed(world).referral
    Referral.objects.filter(pk=referral.pk).update(vulnerable="yes")
    jobs.look_again_at_referral(event="", subject=str(referral.pk))
    first = queries.open_review(referral)
    assert first and first.changed == ["vulnerable"]
    Referral.objects.filter(pk=referral.pk).update(markers=["weapon"])
    again = look_again(world, referral)
    assert again and (again.pk, again.changed) == (first.pk, ["vulnerable", "markers"])
    Referral.objects.filter(pk=referral.pk).update(vulnerable="unknown", markers=[])
    assert look_again(world, referral) is None
    assert Review.objects.get().ended == "facts_back"


def test_a_closed_referral_is_not_looked_at_again(world: World) -> None:
    referral = assessed(world).referral
    Referral.objects.filter(pk=referral.pk).update(state="CLOSED", closed_at=world.now, vulnerable="yes")
    assert look_again(world, referral) is None


def test_a_changed_decision_ends_a_review_as_changed(world: World) -> None:
    referral = assessed(world).referral
    Referral.objects.filter(pk=referral.pk).update(intimidated="yes")
    look_again(world, referral)
    decide(world, referral, "vulnerable_intimidated", "persistently_targeted")
    assert Review.objects.get().ended == "changed"


# Repeat victims.


def suggested(world: World, referral: Referral, person: str = "triage_officer") -> dict[str, tuple[str, ...]]:
    with at_work(world, person) as officer:
        return {one.code: one.why for one in queries.suggested(fresh(referral), ON, by=officer)}


def test_linked_crimes_suggest_persistently_targeted_with_dates_and_kinds(world: World) -> None:
    referral = assessed(world, vulnerability=()).referral
    assert "persistently_targeted" not in suggested(world, referral)
    another(world, referral, "harassment", date(2026, 3, 1))
    assert suggested(world, referral)["persistently_targeted"][0].startswith("A victim again: 2 crimes within 12")
    another(world, referral, "criminal_damage", date(2026, 5, 1))
    why = suggested(world, referral)["persistently_targeted"][0]
    assert why.startswith("Persistently targeted: 3 crimes") and "March 2026" in why


def test_linking_a_record_asks_for_a_review_and_undoing_it_takes_the_asking_back(world: World) -> None:
    referral = assessed(world).referral
    other = another(world, referral, "harassment", date(2026, 3, 1))
    pair = SamePerson.objects.get()
    jobs.look_again_at_pair(event="", subject=str(pair.pk))
    review = queries.open_review(referral)
    assert review and review.changed == ["targeted"]
    with at_work(world, "triage_officer") as officer:
        matching.judge(referral.victim, other.victim, by=officer, at=world.now, judgement="undo")
    jobs.look_again_at_pair(event="", subject=str(pair.pk))
    assert queries.open_review(referral) is None


def test_a_judgement_that_is_no_longer_there_asks_for_nothing(world: World) -> None:
    jobs.look_again_at_pair(event="", subject=str(world.people["officer"].pk))
    assert not Review.objects.exists()


def test_the_same_person_elsewhere_is_told_to_the_hub_with_who_supports_them(world: World) -> None:
    referral = assessed(world).referral
    other = another(world, referral, "harassment", date(2026, 3, 1))
    with at_work(world, "triage_officer") as officer:
        offer = referrals.offer(other, by=officer, at=world.now, service=service(world), reasons=[])
    with at_work(world, "caseworker") as worker:
        referrals.accept(offer, by=worker, at=world.now + timedelta(hours=1))
    with at_work(world, "triage_officer") as officer:
        found = queries.earlier(fresh(referral), by=officer)
        assert [(one.referral.pk, one.offer and one.offer.provider_id) for one in found] == [
            (other.pk, world.provider.pk)
        ]
    with at_work(world, "caseworker") as worker:
        assert queries.earlier(fresh(other), by=worker) == ()


def test_another_hubs_record_and_one_judged_another_person_count_for_nothing(world: World) -> None:
    referral = assessed(world).referral
    middle = another(world, referral, "harassment", date(2026, 3, 1))
    far = another(world, middle, "burglary", date(2026, 6, 1))
    with at_work(world, "triage_officer") as officer:
        assert far.victim_id in queries.linked(referral.victim_id, by=officer)
        matching.judge(referral.victim, far.victim, by=officer, at=world.now, judgement="not_same")
        assert far.victim_id not in queries.linked(referral.victim_id, by=officer)
    with at_work(world, "far_triage_officer") as officer:
        assert queries.linked(referral.victim_id, by=officer) == {referral.victim_id}
