"""A referral that the hub takes down: once, of the hub's own area, and safe."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.core.rows.realms import inside
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.incoming import actions, queries
from alongside.support.arrivals.incoming.models import TakenDown
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.people.victims.models import Agreement
from tests.world import World

pytestmark = pytest.mark.django_db
SAID: dict[str, Any] = {
    "danger": "no", "channel": "phone", "caller": "self", "caller_name": "", "consent": "yes", "why_not_asked": "",
    "kind": "person", "given_name": "Testina", "family_name": "Sampleford", "business_name": "", "birth_date": None,
    "postcode": "", "phone": "07700 900123", "phone_safe": "yes", "message": "no", "email": "", "email_safe": "",
    "safe_times": "10:00-12:00", "instructions": "", "crime_type": "burglary", "reported": "unknown",
    "occurred_from": None, "high_risk": "no", "flags": ["vulnerable"], "language": "en", "interpreter": "",
    "access_needs": "", "notes": "It is worse at weekends.", "source_ref": "",
}  # fmt: skip


def taken(world: World, *, token: Any = None, **changes: Any) -> Referral:
    by = world.actor("triage_officer")
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
        return actions.take_down({**SAID, **changes}, by=by, at=world.now, token=token or uuid4())


def test_a_call_becomes_a_referral_that_whoever_answered_has_taken(world: World) -> None:
    made = taken(world)
    referral = Referral.objects.get(pk=made.pk)
    assert (referral.state, referral.worker) == ("IN_TRIAGE", world.people["triage_officer"].pk)
    assert (referral.source, referral.source_organisation, referral.vulnerable) == ("self", None, "yes")
    assert (referral.reported, referral.why_not_reported) == (False, "not_known")
    assert fields.read(referral, "notes").startswith("By telephone, by the person themselves.")
    point = ContactPoint.objects.get(person_id=referral.victim_id)
    assert (point.safe, point.verified_how, point.leave_message) == ("yes", "by_voice", False)
    agreed = Agreement.objects.filter(victim=referral.victim_id).values_list("about", "channel", "given", "how")
    assert set(agreed) == {("support", "", True, "self"), ("contact", "phone", True, "by_voice")}
    event = Event.objects.get(name="referral.taken_down")
    assert event.details == {"channel": "phone", "caller": "self", "consent": "yes"}


def test_what_a_professional_says_verifies_nothing(world: World) -> None:
    referral = taken(world, caller="professional", caller_name="Testa, Sample Housing", email="testina@mail.example",
                     email_safe="unknown", consent="not_asked", why_not_asked="Cannot be reached")  # fmt: skip
    kept = Referral.objects.get(pk=referral.pk)
    assert (kept.source, kept.high_risk, kept.consent) == ("partner", True, "unknown")
    assert set(ContactPoint.objects.values_list("verified_how", flat=True)) == {""}
    assert not Agreement.objects.exists()


def test_a_business_is_named(world: World) -> None:
    referral = taken(world, kind="business", business_name="Sample Corner Shop", contact_person="Testina")
    assert (referral.victim.kind, referral.victim.business_name) == ("business", "Sample Corner Shop")


def test_the_same_page_sent_twice_keeps_one_referral(world: World) -> None:
    token = uuid4()
    assert taken(world, token=token).pk == taken(world, token=token).pk
    assert Referral.objects.count() == TakenDown.objects.count() == 1


def test_kept_from_another_window_at_the_same_moment_it_is_one_referral(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = uuid4()
    first = taken(world, token=token)
    monkeypatch.setattr(queries, "before", lambda token: None)
    assert taken(world, token=token).pk == first.pk
    assert Referral.objects.count() == 1


@pytest.mark.parametrize("changes", [{"consent": "no"}, {"caller": "other"}, {"given_name": "", "family_name": ""}])
def test_what_is_missing_or_not_agreed_is_kept_nowhere(world: World, changes: dict[str, str]) -> None:
    with pytest.raises(RuleBroken, match="cannot be kept yet"):
        taken(world, **changes)
    assert not Referral.objects.exists()


def test_somebody_of_another_hubs_area_is_told_so_before_anything_is_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    far = Organisation.objects.filter(kind="hub").exclude(pk=world.organisations["hub"].pk)[0]
    monkeypatch.setattr("alongside.support.arrivals.intake.queries.hub_of", lambda council: far)
    with pytest.raises(RuleBroken, match=f"in the area of {far.name}") as broken:
        taken(world, postcode="E08000025")
    assert broken.value.field == "postcode"
    assert not Referral.objects.exists()


@pytest.mark.parametrize("crime", ["honour_based_abuse", "forced_marriage", "fgm"])
def test_what_is_restricted_as_it_comes_is_open_to_whoever_took_it_down(world: World, crime: str) -> None:
    referral = taken(world, crime_type=crime)
    for person, opens in (("triage_officer", True), ("other_triage_officer", False)):
        by = world.actor_now(person)
        with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
            assert Referral.objects.visible_to(by).filter(pk=referral.pk).exists() is opens, person
