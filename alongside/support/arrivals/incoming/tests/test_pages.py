"""The page of a referral that is taken down, and who may open it."""

import re

import pytest
from django.test import Client

from alongside.core.models import Draft
from alongside.support.arrivals.intake.tests.visitors import page
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db
TYPED = {
    "danger": "no", "channel": "phone", "caller": "self", "consent": "yes", "kind": "person", "given_name": "Testina",
    "family_name": "Sampleford", "phone": "07700 900123", "phone_safe": "yes", "message": "no",
    "crime_type": "burglary", "reported": "yes", "high_risk": "no", "language": "en", "notes": "Prefers mornings.",
}  # fmt: skip


def token_of(client: Client) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page(client, "/referrals/new/"))
    assert found
    return found.group(1)


def test_an_officer_takes_a_call_down_and_lands_on_the_referral(world: World) -> None:
    client = world.client("triage_officer")
    assert "Take a referral" in page(client, "/referrals/")
    token = token_of(client)
    for _ in range(2):
        response = client.post("/referrals/new/", {**TYPED, "token": token}, follow=True)
    referral = Referral.objects.get()
    assert response.redirect_chain == [(f"/referrals/{referral.pk}/", 302)]
    assert "you are their point of contact" in response.content.decode()
    assert "By telephone, by the person themselves." in response.content.decode()


def test_danger_leads_to_what_to_do_about_it(world: World) -> None:
    client = world.client("triage_officer")
    assert "Call 999" in page(client, "/referrals/new/")
    response = client.post("/referrals/new/", {**TYPED, "danger": "yes", "token": "not one"})
    assert response["Location"] == f"/referrals/{Referral.objects.get().pk}/danger/"
    assert Referral.objects.get().high_risk


def test_each_thing_that_is_missing_is_said_beside_its_question(world: World) -> None:
    client = world.client("triage_officer")
    words = client.post("/referrals/new/", {"token": token_of(client), "caller": "other"}).content.decode()
    for one in ("Ask first whether anybody is in danger right now", "Say how they came to you",
                "Enter who is calling, and who they are to them", "Enter at least one name"):  # fmt: skip
        assert one in words
    words = client.post("/referrals/new/", {**TYPED, "postcode": "ZZ99 9ZZ"}).content.decode()
    assert "We do not know this postcode" in words
    assert not Referral.objects.exists()


def test_a_rule_that_forbids_it_is_said_on_the_page(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    far = world.organisations["body"]
    monkeypatch.setattr("alongside.support.arrivals.incoming.queries.other_hub", lambda council, own: far)
    words = world.client("triage_officer").post("/referrals/new/", TYPED).content.decode()
    assert "Tell them how to reach it" in words
    assert not Referral.objects.exists()


def test_without_agreement_nothing_is_kept_and_we_say_what_can_be_done(world: World) -> None:
    client = world.client("triage_officer")
    name = f"incoming.take_down:{world.people['triage_officer'].pk}"
    client.post("/drafts/keep/", {"draft": name, "given_name": "Testina"})
    assert Draft.objects.count() == 1
    assert "Testina" in page(client, "/referrals/new/")
    response = client.post("/referrals/new/", {**TYPED, "consent": "no"}, follow=True)
    assert response.redirect_chain == [("/referrals/new/not-agreed/", 302)]
    assert "What you can still do" in response.content.decode()
    assert not Referral.objects.exists()
    assert not Draft.objects.exists()


@pytest.mark.parametrize("person", ["caseworker", "referrer", "board_member", "officer"])
def test_only_the_hubs_triage_takes_referrals_down(world: World, person: str) -> None:
    assert world.client(person).get("/referrals/new/").status_code in (403, 404)
