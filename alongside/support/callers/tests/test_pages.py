"""The page of a call: what is missing is said, and a second press makes nothing anew."""

from uuid import uuid4

import pytest

from alongside.support.callers.tests.calling import TYPED
from alongside.support.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db
PAGE = "/callers/take-down/"


def test_a_call_leads_to_its_referral_once(world: World) -> None:
    officer, key = world.client("triage_officer"), str(uuid4())
    assert PAGE in officer.get("/referrals/").text and PAGE in officer.get("/home/").text
    assert "999 first" in officer.get(PAGE).text
    answers = [officer.post(PAGE, {**TYPED, "key": key})["Location"] for _ in range(2)]
    found = Referral.objects.get()
    assert answers == [f"/referrals/{found.pk}/"] * 2
    page = officer.get(answers[0]).text
    assert found.reference in page and key not in page and "the source says" not in page


def test_what_is_missing_is_said_and_what_was_typed_stays(world: World) -> None:
    answer = world.client("triage_officer").post(PAGE, {"phone": "07700 900123", "given_name": "Testina"})
    for words in ("whether it is safe to call", "Without their agreement", "Choose the nearest", "in danger right now"):
        assert words in answer.text
    assert "07700 900123" in answer.text and not Referral.objects.exists()


def test_whoever_called_with_no_safe_way_is_asked_when_they_call_again(world: World) -> None:
    officer = world.client("triage_officer")
    typed = {**TYPED, "happened": "someone_close", "phone_safe": "unknown"}
    page = officer.post(PAGE, typed, follow=True)
    assert page.status_code == 200, page
    assert "ask then how they can safely be reached" in page.text
