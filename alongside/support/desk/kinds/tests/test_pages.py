"""The page on which a kind is said, the card beside the referral, and the kinds through every door."""

import pytest
from django.core.cache import cache
from django.test import Client

from alongside.support.arrivals.feeds.rows import VictimKind
from alongside.support.arrivals.intake.tests.visitors import filled
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import taken
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> Client:
    cache.clear()
    return world.client("triage_officer")


def text(client: Client, address: str, **posted: str) -> str:
    answer = client.post(address, posted, follow=True) if posted else client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_witness_who_was_harmed_is_refused_and_another_is_tagged(world: World, officer: Client) -> None:
    referral = taken(world)
    address = f"/referrals/{referral.pk}/part/"
    assert "Bereaved, or a witness?" in text(officer, f"/referrals/{referral.pk}/")
    assert "is a victim of it by law" in text(officer, address, kind="witness", harmed="yes", side="defence")
    page = text(officer, address, kind="witness", harmed="no", side="defence")
    assert (
        "Witness, not a victim" in page and "Evidence for: the defence" in page and "National witness service" in page
    )
    assert "Witness, not a victim" in text(officer, "/referrals/")


def test_relatives_of_one_death_stand_beside_each_other(world: World, officer: Client) -> None:
    referral = taken(world)
    address = f"/referrals/{referral.pk}/part/"
    page = text(officer, address, kind="bereaved", relation="other_family", died="Fictiona Sampleford")
    for words in ("Bereaved", "Knew whoever died as: Another relative", "Not close family", "Fictiona Sampleford"):
        assert words in page
    assert "Fictiona" not in text(officer, "/referrals/")
    page = text(officer, f"{address}relative/", given_name="Inventa", family_name="Sampleford", relation="child")
    assert "Also bereaved" in page and "Inventa Sampleford" in page
    other = Referral.objects.exclude(pk=referral.pk).get()
    assert "Testina Sampleford" in text(officer, f"/referrals/{other.pk}/")
    Referral.objects.filter(pk=referral.pk).update(state="CLOSED", closed_at=world.now)
    answer = officer.post(f"{address}relative/", {"given_name": "Inventa", "relation": ""})
    assert "govuk-error-summary" in answer.content.decode()


@pytest.mark.parametrize("kind", ["bereaved", "witness"])
def test_each_kind_comes_in_by_the_public_form(world: World, kind: str) -> None:
    client = filled(who={"who": kind}, what={"what": "someone_died"})
    client.post("/support/check/")
    assert Victim.objects.get().kind == kind and Referral.objects.get().consent == "yes"


@pytest.mark.parametrize("kind", ["bereaved", "witness", "person"])
def test_each_kind_comes_in_by_a_partners_form(world: World, kind: str) -> None:
    said = {"consent": "yes", "kind": "person", "part": kind, "given_name": "Testina", "crime_type": "violence",
            "reported": "yes", "high_risk": "no", "phone": "07700 900123", "phone_safe": "yes"}  # fmt: skip
    answer = world.client("referrer").post("/refer/", said)
    assert answer.status_code == 302, answer.content.decode()
    assert Victim.objects.get().kind == kind


def test_each_kind_comes_in_by_a_feed() -> None:
    assert {str(kind) for kind in VictimKind} == {str(kind) for kind in Victim.Kind}
    assert VictimKind("Bereaved") is VictimKind.BEREAVED
