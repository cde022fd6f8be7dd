"""A partner agency's page: what it sends, what it is told, and what it may keep."""

import re

import pytest
from django.utils import timezone

from alongside.core.models import Draft
from alongside.core.privacy import fields
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.intake.tests.test_actions import FORM
from alongside.support.arrivals.intake.tests.visitors import Typed, known_postcode, page
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_partner_sends_and_follows_a_referral(world: World) -> None:
    known_postcode()
    client = world.client("referrer")
    found = re.search(r'name="token" value="([^"]+)"', page(client, "/refer/"))
    assert found
    for _ in range(2):
        response = client.post("/refer/", {**FORM, "token": found.group(1)}, follow=True)
    words = response.content.decode()
    reference = Referral.objects.get().reference
    assert f'The reference is <strong class="app-ref">{reference}' in words
    assert "not known to be safe" in words
    assert reference in page(client, f"/refer/yours/?q={reference.lower()}&word=received")
    assert reference not in page(client, "/refer/yours/?word=closed")
    assert "No referrals to show" in page(client, "/refer/yours/?q=AL-3333-3333")


def test_a_partner_finds_a_referral_by_its_own_reference_and_no_word_of_it_is_in_the_address(world: World) -> None:
    known_postcode()
    client = world.client("referrer")
    for number in (17, 18):
        client.post("/refer/", {**FORM, "source_ref": f"HOU/2026-{number}"})
    assert "HOU/2026-17" in page(client, "/refer/yours/")
    for typed, found in (("hou/2026-17 ", True), ("Sampleford", False)):
        response = client.post("/refer/yours/search/", {"q": typed, "word": "received"}, follow=True)
        words, address = response.content.decode(), response.redirect_chain[-1][0].lower()
        assert ("HOU/2026-17" in words.replace(f'value="{typed.strip()}"', "")) is found
        assert "HOU/2026-18" not in words
        assert "word=received" in address
        assert not any(said in re.sub(r"found=[^&]+", "", address) for said in ("sampleford", "hou", "2026-17"))
    assert "HOU/2026-17" not in page(world.client("officer"), "/refer/yours/")


def test_a_partner_without_agreement_is_told_what_can_be_done_and_nothing_is_kept(world: World) -> None:
    client = world.client("referrer")
    client.post("/drafts/keep/", {"draft": draft_of(world), "given_name": "Testina"})
    assert Draft.objects.count() == 1
    response = client.post("/refer/", {**FORM, "consent": "no"}, follow=True)
    assert response.redirect_chain == [("/refer/not-agreed/", 302)], "Back finds a page, not a form to send again"
    assert "What you can do" in response.content.decode()
    assert not Referral.objects.exists()
    assert not Draft.objects.exists()


def test_a_child_is_referred_with_the_adult_through_whom_they_are_contacted(world: World) -> None:
    known_postcode()
    client = world.client("referrer")
    born = {"birth_date_day": "1", "birth_date_month": "2", "birth_date_year": str(timezone.now().year - 9)}
    for said in (born, {"age": "9"}):
        refused = client.post("/refer/", {**FORM, **said}).content.decode()
        assert "A child of this age is contacted through an adult" in refused and not Referral.objects.exists()
    client.post("/refer/", {**FORM, **born, "adult_name": "Nan Sample", "adult_relation": "parent"})
    assert told(Referral.objects.get()).startswith("Speak to Nan Sample (Parent or guardian), who is responsible")


def test_an_age_is_kept_where_nobody_knows_the_date_of_birth(world: World) -> None:
    known_postcode()
    client = world.client("referrer")
    client.post("/refer/", {**FORM, "age": "34"})
    client.post("/refer/", {**FORM, "age": "34", "source_ref": "2", "birth_date_day": "1", "birth_date_month": "2",
                            "birth_date_year": "1990"})  # fmt: skip
    kept = Referral.objects.order_by("received_at").values_list("victim__age_said", "victim__birth_date__year")
    assert list(kept) == [(34, None), (None, 1990)]


def test_an_organisation_is_referred_with_whom_to_ask_for(world: World) -> None:
    known_postcode()
    firm = {"kind": "business", "business_name": "Sample Stores", "contact_person": "Testina at the desk"}
    world.client("referrer").post("/refer/", {**FORM, **firm})
    assert told(Referral.objects.get()).startswith("Ask for Testina at the desk.")


def told(referral: Referral) -> str:
    """What whoever calls reads first."""
    return fields.read(ContactPoint.objects.filter(person_id=referral.victim_id).latest("recorded_at"), "instructions")


def draft_of(world: World) -> str:
    return f"intake.refer:{world.people['referrer'].pk}"


def test_a_partners_draft_is_kept_for_them_alone_and_dropped_when_sent(world: World) -> None:
    known_postcode()
    client = world.client("referrer")
    client.post("/drafts/keep/", {"draft": draft_of(world), "given_name": "Testina"})
    assert 'value="Testina"' in page(client, "/refer/")
    assert 'value="Testina"' not in page(world.client("officer"), "/refer/")
    client.post("/refer/", {**FORM, "token": "no token"})
    assert 'value="Testina"' not in page(client, "/refer/")
    assert Referral.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [({"postcode": "75001"}, "whole UK postcode"), ({"birth_date_day": "1", "birth_date_month": "1",
      "birth_date_year": "2199"}, "must be on or before"), ({"phone": "12"}, "Enter a phone number, like"),
     ({"notes": "x" * 2001}, "Use 2,000 characters or fewer"), ({"phone_safe": ""}, "Say whether it is safe to call"),
     ({"consent": "not_asked"}, "Say why they could not be asked"), ({"email": "nobody"}, "Enter an e-mail address")],
)  # fmt: skip
def test_a_partner_is_told_what_is_wrong_and_loses_nothing(world: World, changes: Typed, told: str) -> None:
    known_postcode()
    response = world.client("referrer").post("/refer/", {**FORM, **changes})
    words = response.content.decode()
    assert told in words
    assert 'value="Sampleford"' in words
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("said", "held"), [("yes", (True, "")), ("no", (False, "")), ("unknown", (False, "not_known"))]
)
def test_a_partner_who_does_not_know_whether_it_was_reported_says_so(
    world: World, said: str, held: tuple[bool, str]
) -> None:
    known_postcode()
    world.client("referrer").post("/refer/", {**FORM, "reported": said})
    referral = Referral.objects.get()
    assert (referral.reported, referral.why_not_reported) == held
    shown = page(world.client("triage_officer"), f"/referrals/{referral.pk}/")
    assert ("Police: not known" in shown) is (said == "unknown")
    assert ("Not reported to police" in shown) is (said == "no")
