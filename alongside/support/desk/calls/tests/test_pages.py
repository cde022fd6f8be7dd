"""The call a step at a time, beside the facts; what came of one, and taking it back."""

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.models import Draft, Look
from alongside.core.pages import drafts
from alongside.support.arrivals.referrals.models import Attempt, Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, received, taken
from alongside.support.desk.assessment import actions as assessment
from alongside.support.desk.assessment.models import Alarm
from alongside.support.desk.assessment.rules import Found
from alongside.support.desk.calls.tests.calling import WORDS, at_step
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def test_begin_takes_the_referral_and_opens_the_first_step(world: World, officer: Client) -> None:
    referral = received(world)
    assert "Begin a call, step by step" in text(officer, f"/referrals/{referral.pk}/")
    answer = officer.post(f"/referrals/{referral.pk}/call/")
    assert answer["Location"] == f"/referrals/{referral.pk}/call/step/speaking/"
    page = text(officer, answer["Location"])
    for words in ("Step 1 of 11", "may I speak to", "Testina Sampleford", "Safe to contact", "What we were told"):
        assert words in page
    assert "07700 900123" not in page
    referral.refresh_from_db()
    assert referral.worker == world.people["triage_officer"].pk


def test_numbers_are_shown_once_for_each_press_and_the_look_says_so(world: World, officer: Client) -> None:
    referral = taken(world)
    answer = at_step(officer, referral, "speaking", go="show", speaking="them")
    assert "07700 900123" in text(officer, answer["Location"])
    assert "phone" in Look.objects.latest("at").fields
    page = text(officer, answer["Location"])
    assert "07700 900123" not in page and 'value="them" checked' in page


def test_the_first_questions_must_be_answered_before_the_next_step(world: World, officer: Client) -> None:
    referral = taken(world)
    assert "Choose an answer before you go on" in at_step(officer, referral, "speaking").content.decode()
    assert at_step(officer, referral, "speaking", speaking="them")["Location"].endswith("/safe_now/")
    assert at_step(officer, referral, "safe_now", speaking="them", go="back")["Location"].endswith("/speaking/")
    assert officer.get(f"/referrals/{referral.pk}/call/step/nowhere/").status_code == 404


def test_what_was_said_is_kept_at_every_step_and_carried_along(world: World, officer: Client) -> None:
    referral = taken(world)
    at_step(officer, referral, "what_happened", **WORDS)
    page = text(officer, f"/referrals/{referral.pk}/call/step/needs/")
    assert "The sample words that they said." in page and 'name="note_what_happened"' in page
    assert page.count("noted</span>") >= 4 and Draft.objects.get().form == f"calls.call:{referral.pk}"
    other = world.client("other_triage_officer")
    assert "sample words" not in text(other, f"/referrals/{referral.pk}/call/step/needs/")


@pytest.mark.parametrize("said", [{"speaking": "else"}, {"speaking": "none"}])
def test_who_is_not_them_leads_to_a_silent_way_out(world: World, officer: Client, said: dict[str, str]) -> None:
    referral = taken(world)
    answer = at_step(officer, referral, "speaking", **said)
    page = text(officer, answer["Location"])
    assert "I must have the wrong number" in page and "End the call now" in page
    assert "When shall we ring again?" not in page
    answer = at_step(officer, referral, "way_out", **said)
    assert answer["Location"] == f"/referrals/{referral.pk}/" and Attempt.objects.count() == 1
    assert not Draft.objects.exists()


def test_not_safe_ends_the_call_with_a_time_that_they_chose(world: World, officer: Client) -> None:
    referral, said = taken(world), {"speaking": "them", "safe": "no"}
    assert at_step(officer, referral, "safe_now", **said)["Location"].endswith("/way_out/")
    page = at_step(officer, referral, "way_out", **said, next_hours="13:00-15:00").content.decode()
    assert "Choose a day and hours, or neither" in page
    page = text(officer, f"/referrals/{referral.pk}/call/step/way_out/")
    day = page.split('<option value="2')[1].split('"')[0]
    at_step(officer, referral, "way_out", **said, next_day=f"2{day}", next_hours="11:00-13:00")
    referral.refresh_from_db()
    assert Attempt.objects.get().result == "call_back" and referral.next_attempt_at is not None


def test_danger_raises_the_alarm_and_keeps_what_was_noted(world: World, officer: Client) -> None:
    referral = taken(world)
    answer = at_step(officer, referral, "danger", **WORDS | {"danger": "yes"})
    assert answer["Location"] == f"/referrals/{referral.pk}/danger/"
    assert Alarm.objects.count() == 1 and Draft.objects.exists()


def test_the_last_step_records_the_call_and_opens_the_assessment(world: World, officer: Client) -> None:
    referral = taken(world)
    answer = at_step(officer, referral, "close", **WORDS)
    assert answer["Location"] == f"/referrals/{referral.pk}/assess/"
    page = text(officer, answer["Location"])
    assert "This is the draft that we kept" in page and "The needs that they named" in page
    assert page.count('value="some" checked') == 2 and 'value="pl" selected' in page
    assert Attempt.objects.get().reached
    answer = at_step(officer, taken(world, source_ref="TEST-2"), "close", speaking="them", safe="yes", danger="no")
    assert "/assess/" not in answer["Location"]


def test_a_call_to_a_colleagues_referral_offers_what_was_named_to_them(world: World, officer: Client) -> None:
    referral = taken(world)
    caller = world.client("other_triage_officer")
    answer = at_step(caller, referral, "close", **WORDS)
    assert answer["Location"] == f"/referrals/{referral.pk}/"
    assert "offered to whoever has this referral" in text(caller, answer["Location"])
    assert "This is the draft that we kept" not in text(caller, f"/referrals/{referral.pk}/assess/")
    page = text(officer, f"/referrals/{referral.pk}/assess/")
    assert page.count("Put it in") == 4 and "to Testa Other Triage Officer" in page


def test_a_draft_that_was_begun_before_the_call_is_not_overwritten(world: World, officer: Client) -> None:
    referral = taken(world)
    name = drafts.form_name("assessment.assess", referral.pk)
    with at_work(world, "triage_officer") as by:
        drafts.keep(name, {"level_money": "urgent", "level_health": "none"}, by=by, at=timezone.now())
    page = text(officer, at_step(officer, referral, "close", **WORDS)["Location"])
    assert 'value="urgent" checked' in page and 'value="pl" selected' in page
    assert page.count("Put it in") == 1 and "Below it says “None”" in page


def test_needs_that_the_assessment_holds_are_not_asked_about_again(world: World, officer: Client) -> None:
    referral = taken(world)
    said = {**WORDS, "language": "", "interpreter": ""}
    with at_work(world, "triage_officer") as by:
        assessment.assess(referral, by=by, at=world.now, found=Found({"money": "lot", "health": "some"}))
    assert "/assess/" not in at_step(officer, referral, "close", **said)["Location"]


def test_what_is_wrong_at_an_earlier_step_is_put_right_first(world: World, officer: Client) -> None:
    referral = taken(world)
    answer = at_step(officer, referral, "close", **WORDS | {"way_safe": "yes"})
    assert answer["Location"].endswith("/ways/")
    assert at_step(officer, referral, "close", speaking="them", safe="yes")["Location"].endswith("/danger/")
    page = at_step(officer, referral, "ways", **WORDS | {"way_safe": "yes", "way_times": "after tea"})
    assert "Enter hours like 10:00-12:00" in page.content.decode()
    page = at_step(officer, referral, "agree", **WORDS | {"share": "yes"}).content.decode()
    assert "Choose the service that they agreed to" in page
    assert not Attempt.objects.exists()


def test_a_rule_that_forbids_the_call_is_said_and_nothing_is_lost(world: World, officer: Client) -> None:
    referral = taken(world)
    Referral.objects.filter(pk=referral.pk).update(state="ACCEPTED")
    for step, said in (("close", WORDS), ("way_out", {"speaking": "else"})):
        answer = at_step(officer, referral, step, **said)
        assert answer.status_code == 200 and "govuk-error-summary" in answer.content.decode()
    assert Draft.objects.exists()
    assert officer.post(f"/referrals/{referral.pk}/call/").status_code == 302


def test_an_outcome_is_one_page_with_keys_and_can_be_taken_back_from_the_queue(world: World, officer: Client) -> None:
    referral = taken(world)
    address = f"/referrals/{referral.pk}/call/outcome/"
    assert "data-keys" in text(officer, address) and 'data-letter="c"' in text(officer, f"/referrals/{referral.pk}/")
    assert "Choose what came of it" in officer.post(address, {"then": "plan"}).content.decode()
    assert officer.post(address, {"result": "no_answer", "then": "plan"})["Location"] == "/referrals/"
    queue = text(officer, "/referrals/")
    assert "Recorded: no answer" in queue and f'href="{address}"' in queue and "Record a call: then" in queue
    undo = f"/referrals/call/attempts/{Attempt.objects.get().pk}/undo/"
    assert undo in queue and officer.post(undo)["Location"] == "/referrals/"
    assert "Recorded: no answer" not in text(officer, "/referrals/")
    assert Attempt.objects.get().struck_at is not None


@pytest.mark.parametrize("said", [{"result": "call_back", "then": "plan"}, {"result": "no_answer", "then": "set"}])
def test_another_time_is_asked_for_at_once(world: World, officer: Client, said: dict[str, str]) -> None:
    referral = taken(world)
    answer = officer.post(f"/referrals/{referral.pk}/call/outcome/", said)
    assert answer["Location"] == f"/referrals/{referral.pk}/plan-attempt/"
