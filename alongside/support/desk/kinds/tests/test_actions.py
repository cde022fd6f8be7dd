"""What part somebody has in a crime, kept sealed; other relatives; and what follows from each kind."""

import pytest

from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, offered, taken
from alongside.support.desk.assessment import queries as assessment
from alongside.support.desk.kinds import actions, queries
from alongside.support.desk.kinds.models import Part
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def described(world: World, referral: Referral, **said: str) -> Part:
    with at_work(world, "triage_officer") as by:
        return actions.describe(referral, by=by, at=world.now, **said)


def test_a_bereaved_relative_is_recorded_and_the_name_is_sealed(world: World) -> None:
    referral = taken(world)
    part = described(world, referral, kind="bereaved", relation="sibling", died="Fictiona Sampleford", side="defence")
    assert (Victim.objects.get().kind, part.relation, part.side) == ("bereaved", "sibling", "")
    assert b"Fictiona" not in bytes(part.died) and fields.read(part, "died") == "Fictiona Sampleford"
    again = described(world, referral, kind="bereaved", relation="parent", died="Fictiona Sampleford")
    assert (again.pk, again.death) == (part.pk, part.death)


def test_a_witness_has_no_enhanced_rights_suggested_and_a_bereaved_relative_has(world: World) -> None:
    referral = taken(world, vulnerable="yes")
    described(world, referral, kind="witness", harmed="no", side="prosecution")
    with at_work(world, "triage_officer") as by:
        assert assessment.suggested(Referral.objects.get(), world.now.date(), by=by) == ()
    described(world, referral, kind="bereaved", relation="child")
    with at_work(world, "triage_officer") as by:
        found = {one.code: one.why for one in assessment.suggested(Referral.objects.get(), world.now.date(), by=by)}
    assert "Bereaved by the crime" in found["most_serious_crime"]
    part = described(world, referral, kind="person")
    assert (part.relation, part.side, part.death, fields.read(part, "died")) == ("", "", None, "")


def test_another_relative_has_a_record_of_their_own_and_no_way_of_contact(world: World) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="Say first"):
        actions.add_relative(referral, by=by, at=world.now, given_name="A", family_name="B", relation="child")
    described(world, referral, kind="bereaved", relation="parent", died="Fictiona Sampleford")
    with at_work(world, "triage_officer") as by:
        made = actions.add_relative(
            referral, by=by, at=world.now, given_name="Inventa", family_name="Sampleford", relation="sibling"
        )
        known = queries.known(referral, by=by)
        theirs = queries.known(made, by=by)
        assert referrals.ways(made) == ()
    assert (made.victim.kind, made.reported_at, made.source) == ("bereaved", None, "self")
    assert [other.pk for other in known.others] == [made.pk] and [other.pk for other in theirs.others] == [referral.pk]
    assert theirs.died == "Fictiona Sampleford"


def test_whoever_died_goes_with_nothing_that_is_sent(world: World) -> None:
    offer = offered(world)
    referral = Referral.objects.get()
    described(world, referral, kind="bereaved", relation="parent", died="Fictiona Sampleford")
    offer = Offer.objects.get(pk=offer.pk)
    assert "Fictiona" not in str({name: getattr(offer, name) for name in ("reasons", "markers", "needs")})
    page = world.client("service_manager").get("/casework/offers/").content.decode()
    assert "Fictiona" not in page


def test_close_family_and_national_routes_are_the_rulebooks_to_say(world: World) -> None:
    on = world.now.date()
    assert queries.is_close("parent", on) and not queries.is_close("other_family", on) and not queries.is_close("", on)
    assert "National homicide service" in queries.route("bereaved", on)
    assert "National witness service" in queries.route("witness", on) and queries.route("person", on) == ""
