"""What they named in a call waits for whoever assesses: put in or left out by a person, and never lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.pages import drafts
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, taken
from alongside.support.desk.assessment import actions, queries
from alongside.support.desk.assessment.models import Heard
from alongside.support.desk.assessment.rules import Named
from alongside.support.desk.assessment.tests.found import CHECKED, assessed
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
MONEY, POLISH = ("need", "money"), ("language", "pl")


def hear(world: World, referral: Referral, *named: Named, person: str = "other_triage_officer") -> tuple[Heard, ...]:
    with at_work(world, person) as by:
        return actions.hear(referral, by=by, at=world.now, named=named)


def waiting(referral: Referral) -> set[Named]:
    return {(one.what, one.code) for one in queries.to_settle(referral)}


def page(client: Client, referral: Referral) -> str:
    return str(client.get(f"/referrals/{referral.pk}/assess/").content.decode())


def test_what_they_named_waits_once_with_who_heard_it(world: World) -> None:
    referral = taken(world)
    assert len(hear(world, referral, MONEY, MONEY, POLISH)) == 2
    assert len(hear(world, referral, MONEY)) == 2 and Heard.objects.count() == 2
    assert {one.heard_by for one in Heard.objects.all()} == {world.people["other_triage_officer"].pk}
    assert Event.objects.get(name="assessment.heard").details == {"count": 2}


def test_what_an_assessment_or_the_record_says_already_does_not_wait(world: World) -> None:
    referral = assessed(world).referral
    assert hear(world, referral, MONEY, ("need", "health"), ("language", "en"), ("access", "step_free")) == ()
    assert waiting(referral) == set()
    hear(world, referral, ("need", "social"), POLISH, ("interpreter", "yes"))
    assert waiting(referral) == {("need", "social"), POLISH, ("interpreter", "yes")}


def test_an_assessment_takes_what_it_says_and_the_rest_waits_on(world: World) -> None:
    referral = taken(world)
    hear(world, referral, MONEY, ("need", "social"), ("need", "outlook"), POLISH, ("access", "step_free"))
    assessed(world, referral, at=world.now + HOUR)
    assert waiting(referral) == {("need", "social"), ("need", "outlook"), POLISH}
    taken_in = Heard.objects.filter(ended="taken")
    assert {one.code for one in taken_in} == {"money", "step_free"}
    assert {one.ended_by for one in taken_in} == {world.people["triage_officer"].pk}


def test_what_is_left_out_stays_with_who_left_it(world: World) -> None:
    referral = taken(world)
    (one,) = hear(world, referral, MONEY)
    with at_work(world, "triage_officer") as by:
        actions.leave_heard(one, by=by, at=world.now + HOUR)
        with pytest.raises(RuleBroken, match="meanwhile"):
            actions.leave_heard(one, by=by, at=world.now + HOUR)
    kept = Heard.objects.get()
    assert (kept.ended, kept.ended_by) == ("left", world.people["triage_officer"].pk) and waiting(referral) == set()
    shown = world.client("triage_officer").get(f"/referrals/{referral.pk}/assessments/").content.decode()
    assert "Named in calls" in shown and "Left out, Testa Triage Officer" in shown


def test_whoever_holds_an_open_draft_puts_it_in_beside_what_they_typed(world: World) -> None:
    referral, client = taken(world), world.client("triage_officer")
    name = drafts.form_name("assessment.assess", referral.pk)
    with at_work(world, "triage_officer") as by:
        drafts.keep(name, {"danger": "no", "level_health": "lot", "level_money": "none"}, by=by, at=timezone.now())
    one = hear(world, referral, MONEY, ("need", "health"))[0]
    shown = page(client, referral)
    assert "Named in the call on" in shown and "to Testa Other Triage Officer" in shown
    assert "Below it says “None”" in shown and shown.count("Put it in") == 1  # health is in the draft already
    typed: dict[str, Any] = {"danger": "no", "level_health": "urgent", "level_money": "none", "summary": "Just typed"}
    answer = client.post(f"/referrals/heard/{one.pk}/take/", typed)
    assert answer["Location"] == f"/referrals/{referral.pk}/assess/#needs"
    shown = page(client, referral)
    assert "Just typed" in shown and "Put it in" not in shown
    assert Heard.objects.filter(ended="").count() == 2  # it is taken once the assessment is saved, and not before
    client.post(f"/referrals/{referral.pk}/assess/", CHECKED)
    assert not Heard.objects.filter(ended="").exists()


def test_leaving_one_out_keeps_what_was_typed(world: World) -> None:
    referral, client = taken(world), world.client("triage_officer")
    one = hear(world, referral, POLISH)[0]
    assert "Language: Polish" in page(client, referral)
    client.post(f"/referrals/heard/{one.pk}/leave/", {"summary": "Just typed"})
    shown = page(client, referral)
    assert "Just typed" in shown and "Put it in" not in shown and "Left out" in shown
    again = client.post(f"/referrals/heard/{one.pk}/leave/", follow=True).content.decode()
    assert "meanwhile" in again and "Just typed" in again


def test_put_in_from_nowhere_starts_from_what_was_found_before(world: World) -> None:
    referral, client = assessed(world).referral, world.client("triage_officer")
    one = hear(world, referral, ("interpreter", "yes"))[0]
    assert "An interpreter" in page(client, referral) and "Below it says “No interpreter”" in page(client, referral)
    client.post(f"/referrals/heard/{one.pk}/take/")
    shown = page(client, referral)
    assert "Needs somebody soon" in shown and "Put it in" not in shown


def test_an_assessment_saved_without_it_says_that_something_waits(world: World) -> None:
    referral, client = taken(world), world.client("triage_officer")
    hear(world, referral, ("need", "social"), ("access", "bsl"))
    saved = client.post(f"/referrals/{referral.pk}/assess/", CHECKED, follow=True).content.decode()
    assert "named something in a call that this assessment does not hold" in saved
    shown = client.get(f"/referrals/{referral.pk}/").content.decode()
    assert "Named in a call, and in no assessment yet" in shown and "take them or leave them" in shown
    Referral.objects.filter(pk=referral.pk).update(state="CLOSED", closed_at=world.now)
    assert "in no assessment yet" not in client.get(f"/referrals/{referral.pk}/").content.decode()


def test_only_the_hub_sees_what_they_named(world: World) -> None:
    one = hear(world, taken(world), MONEY)[0]
    for person in ("far_triage_officer", "caseworker", "referrer"):
        assert world.client(person).post(f"/referrals/heard/{one.pk}/take/").status_code in (403, 404), person
        assert world.client(person).post(f"/referrals/heard/{one.pk}/leave/").status_code in (403, 404), person
    with at_work(world, "far_triage_officer") as by:
        assert not Heard.objects.exists() and not Heard.objects.visible_to(by).exists()
    with at_work(world, "triage_officer") as by:
        assert Heard.objects.visible_to(by).count() == 1
