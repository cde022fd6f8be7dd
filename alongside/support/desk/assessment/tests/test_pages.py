"""The pages of the first assessment, from the first question to what stands beside the referral."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from alongside.core.models import Event, Look
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import taken
from alongside.support.desk.assessment import actions
from alongside.support.desk.assessment.models import Alarm, Detail
from alongside.support.desk.assessment.tests.found import CHECKED, another, assessed
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def text(client: Client, address: str, **posted: Any) -> str:
    answer = client.post(address, posted, follow=True) if posted else client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_an_assessment_is_written_read_through_and_stands_beside_the_referral(world: World, officer: Client) -> None:
    referral = taken(world, vulnerable="yes")
    address = f"/referrals/{referral.pk}/assess/"
    assert "Suggested: The source said vulnerable" in text(officer, address)
    page = text(officer, address, **CHECKED)
    for words in ("Urgent", "I cannot pay the rent", "A lot", "2 children; aged 3 and 7", "A child who sees"):
        assert words in page
    page = text(officer, f"/referrals/{referral.pk}/")
    for words in ("Finance and benefits", "Needs somebody soon", "Interpreter", "Step-free place; A quiet room"):
        assert words in page
    for words in ("Step-free place", "Polish"):
        assert words in text(officer, address)


def test_what_is_missing_is_said_and_nothing_is_written(world: World, officer: Client) -> None:
    address = f"/referrals/{taken(world).pk}/assess/"
    assert "Say whether anybody is in danger now" in text(officer, address, level_health="some")
    assert "at least one need" in text(officer, address, danger="no")
    page = text(officer, address, **CHECKED | {"why": ""})
    assert "Say why Enhanced Rights apply" in page and "I cannot pay the rent" in page
    assert not Detail.objects.exists()


def test_a_draft_is_given_back_to_whoever_wrote_it(world: World, officer: Client) -> None:
    referral = taken(world)
    address, draft = f"/referrals/{referral.pk}/assess/", f"assessment.assess:{referral.pk}"
    kept = {"draft": draft, "level_money": "lot", "words_money": "Rent is late", "vulnerability": ["fear"]}
    officer.post("/drafts/keep/", kept)
    page = text(officer, address)
    assert "This is the draft that we kept for you" in page and "Rent is late" in page
    assert "Rent is late" not in text(world.client("other_triage_officer"), address)
    text(officer, address, **CHECKED)
    assert "the draft that we kept" not in text(officer, address)


def test_danger_stops_the_form_says_what_to_do_and_keeps_what_was_typed(world: World, officer: Client) -> None:
    referral = taken(world)
    address = f"/referrals/{referral.pk}/assess/"
    page = text(officer, address, **CHECKED | {"danger": "yes", "words_health": "He is at the door"})
    for words in ("Call 999 now", "press 55", "Who is told", "Testa Hub Manager", "Go on with the assessment"):
        assert words in page
    assert Referral.objects.get(pk=referral.pk).high_risk and not Detail.objects.exists()
    page = text(officer, address)
    assert "He is at the door" in page
    assert 'value="dealt_with" checked' in page.replace("  ", " ")
    home = text(world.client("hub_manager"), "/home/")
    assert "in danger now" in home
    assert "Testina Sampleford" in text(world.client("hub_manager"), "/referrals/danger/")
    alarm = Alarm.objects.get()
    assert "may be in danger now" in text(officer, f"/referrals/{referral.pk}/")
    assert "on record that you have it" in text(world.client("hub_manager"), f"/referrals/danger/{alarm.pk}/take/", x=1)
    assert "in danger now" not in text(world.client("hub_manager"), "/home/")
    assert "Somebody has it since" in text(officer, f"/referrals/{referral.pk}/danger/")


def test_an_alarm_on_a_closed_referral_is_refused_in_words(world: World, officer: Client) -> None:
    referral = taken(world)
    page = text(officer, f"/referrals/{referral.pk}/danger/")
    assert "Nobody yet" in page
    Referral.objects.filter(pk=referral.pk).update(state="CLOSED", closed_at=world.now)
    assert "This referral is closed" in text(officer, f"/referrals/{referral.pk}/danger/", x=1)


def test_assessing_again_starts_from_the_last_and_says_what_changed(world: World, officer: Client) -> None:
    referral = assessed(world).referral
    address = f"/referrals/{referral.pk}/assess/"
    page = text(officer, address)
    assert "I cannot pay the rent at 12 Sample Road" in page and "Their nan" in page
    page = text(officer, address, **CHECKED | {"level_money": "some", "level_health": "lot"})
    assert "What changed since the last" in page
    assert "Urgent" in page and "Some" in page
    history = text(officer, f"/referrals/{referral.pk}/assessments/")
    assert "The first." in history and "Decisions on Enhanced Rights" in history and "Shook while talking" in history


def test_paper_carries_no_address_and_printing_is_on_record(world: World, officer: Client) -> None:
    detail = assessed(world)
    assert "12 Sample Road" in text(officer, f"/referrals/assessments/{detail.pk}/")
    page = text(officer, f"/referrals/assessments/{detail.pk}/print/", x=1)
    assert "I cannot pay the rent at [left out]" in page and "12 Sample Road" not in page
    assert Event.objects.filter(name="print.made", subject=detail.referral_id).count() == 1


def test_changed_facts_are_listed_and_decided_again_with_a_reason(world: World, officer: Client) -> None:
    referral = assessed(world).referral
    assert "Nothing to look at again" in text(officer, "/referrals/rights/")
    Referral.objects.filter(pk=referral.pk).update(intimidated="yes")
    actions.look_again([referral.victim_id], by=world.actor("triage_officer"), at=world.now)
    assert "Enhanced Rights to review" in text(officer, "/home/")
    assert "Intimidated, as the source says" in text(officer, "/referrals/rights/")
    assert "Facts changed since Enhanced Rights" in text(officer, f"/referrals/{referral.pk}/")
    address = f"/referrals/{referral.pk}/rights/"
    page = text(officer, address)
    assert "Shook while talking" in page and "The source said intimidated" in page
    assert "Say why you keep or change it" in text(officer, address, entitlements=["discretion"])
    page = text(officer, address, entitlements=["discretion"], why="Fits better")
    assert "The decision is recorded" in page and "Facts changed" not in page
    assert "Looked at again, and changed" in text(officer, f"/referrals/{referral.pk}/assessments/")


def test_the_same_person_before_stands_beside_the_referral_and_the_look_is_logged(
    world: World, officer: Client
) -> None:
    referral = assessed(world).referral
    other = another(world, referral, "harassment", date(2026, 3, 1))
    page = text(officer, f"/referrals/{referral.pk}/")
    assert "The same person, also here" in page and "A victim again: 2 crimes" in page
    assert any(other.victim_id in look.subjects for look in Look.objects.filter(route="referrals:show"))


def test_an_assessment_from_before_the_detail_is_still_read(world: World, officer: Client) -> None:
    detail = assessed(world)
    Detail.objects.all().delete()
    assert "Finance and benefits" in text(officer, f"/referrals/{detail.referral_id}/")
    page = text(officer, f"/referrals/{detail.referral_id}/assess/")
    assert "Needs somebody soon" in page
    assert "The first." in text(officer, f"/referrals/{detail.referral_id}/assessments/")
