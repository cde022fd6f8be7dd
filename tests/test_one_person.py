"""People who are easily taken for one another, and links that are undone or forbidden after the case has moved on."""

from datetime import date, timedelta

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Event
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, service, taken
from alongside.support.people.matching import actions, jobs, presenters, queries
from alongside.support.people.matching.models import Pair, Profile
from alongside.support.people.matching.queries import Candidate
from alongside.support.people.matching.tests.test_actions import HOME, TESTINA, described, record
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import SamePerson, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
PHONE = "07700 900123"


def near(world: World, victim: Victim, other: Victim) -> Candidate:
    with at_work(world, "triage_officer"):
        return next(one for one in queries.likely(victim, world.now.date()) if one.victim_id == other.pk)


def judge(world: World, one: Victim, other: Victim, judgement: str) -> None:
    with at_work(world, "triage_officer") as officer:
        actions.judge(one, other, by=officer, at=world.now, judgement=judgement)


def pairs() -> set[tuple[str, str]]:
    return {(str(pair.left_id), str(pair.right_id)) for pair in Pair.objects.all()}


def test_twins_at_one_home_are_set_apart_by_their_given_names_and_never_paired(world: World) -> None:
    twin = Identity(given_name="Bernadette", family_name="Sample-Förd", birth_date=date(1990, 2, 3), sex="female")
    one, other = record(world, phone=PHONE, address=HOME), record(world, twin, phone=PHONE, address=HOME)
    described(world)
    found = near(world, one, other)
    assert found.apart
    assert pairs() == set()
    words = presenters.conflict(found.weighed.terms, apart=found.apart)
    assert "telephone number" in words


def test_two_people_of_one_name_and_birth_date_are_asked_about_and_never_linked_by_machine(world: World) -> None:
    one = record(world, phone=PHONE, address=HOME)
    other = record(world, phone="07700 900456", address="9 Example Road, Otherton ZZ9 8YX")
    described(world)
    assert near(world, one, other).weight
    assert SamePerson.objects.count() == 0
    judge(world, one, other, "not_same")
    actions.describe_new(by=SYSTEM_ACTOR, at=world.now, whole=True)
    assert not queries.open_pairs(Pair.objects.all()).exists()


@pytest.mark.parametrize(
    ("given", "family"),
    [("Testina Maria", "Sample-Förd"), ("Testina", "Sample Förd Quayside"), ("Sample-Förd", "Testina")],
)
def test_a_person_who_gives_three_names_is_recognised_whichever_they_give(
    world: World, given: str, family: str
) -> None:
    ours = record(world, phone=PHONE)
    again = record(world, Identity(given_name=given, family_name=family, birth_date=date(1990, 2, 3)), phone=PHONE)
    described(world)
    found = near(world, ours, again)
    assert not found.apart and found.weight > 7


def test_mother_and_daughter_on_one_phone_are_two_people_and_the_hub_alone_is_warned(world: World) -> None:
    girl = Identity(given_name="Dottie", family_name="Sample-Förd", birth_date=date(2013, 5, 6), sex="female")
    mother, daughter = record(world, phone=PHONE, address=HOME), record(world, girl, phone=PHONE, address=HOME)
    described(world)
    found = near(world, mother, daughter)
    assert found.apart and pairs() == set()
    assert "telephone number" in presenters.conflict(found.weighed.terms, apart=True)
    assert presenters.conflict(found.weighed.terms, apart=True, judged="same") == ""
    assert presenters.conflict(found.weighed.terms, apart=False, judged="not_same")


def test_a_referral_shows_whom_it_shares_a_number_with_to_the_hub_alone(world: World) -> None:
    referral = taken(world)
    girl = Identity(given_name="Dottie", family_name="Sampleford", birth_date=date(2013, 5, 6), sex="female")
    daughter = record(world, girl, phone=PHONE)
    described(world)
    page = world.client("triage_officer").get(f"/referrals/{referral.pk}/").content.decode()
    assert str(daughter.pk) in page
    assert page.index("Possible conflict") < page.index("Begin a call"), "who calls has read it first"
    assert list(presenters.beside(referral, by=world.actor("caseworker"), at=world.now)) == []


def test_who_shares_an_address_alone_stands_beside_the_referral_and_not_above_it(world: World) -> None:
    referral = taken(world)
    messages.add(
        referral.victim_id, by=SYSTEM_ACTOR, at=world.now, organisation_id=world.hub.pk, kind="address", value=HOME,
        safe="no",
    )  # fmt: skip
    elder = Identity(given_name="Nobodina", family_name="Otherly", birth_date=date(1950, 5, 6), sex="female")
    record(world, elder, address=HOME)
    described(world)
    with at_work(world, "triage_officer") as officer:
        (card,) = presenters.beside(referral, by=officer, at=world.now)
    assert card.place == "aside"


def test_who_was_judged_the_same_or_waits_to_be_judged_is_no_conflict(world: World) -> None:
    one, other = record(world, phone=PHONE), record(world, phone=PHONE)
    described(world)

    def sharing() -> list[tuple[str, ...]]:
        with at_work(world, "triage_officer") as officer:
            return [found.kinds for found in queries.sharing(one, world.now.date(), by=officer)]

    assert sharing() == []
    judge(world, one, other, "not_same")
    assert sharing() == [("phone",)]
    judge(world, one, other, "same")
    assert sharing() == []


def test_who_only_reads_is_shown_no_conflict(world: World) -> None:
    assert list(presenters.beside(taken(world), by=world.actor("officer"), at=world.now)) == []


def test_a_link_that_is_undone_after_the_case_moved_on_leaves_both_as_they_are(world: World) -> None:
    referral, before = taken(world), record(world, TESTINA)
    judge(world, referral.victim, before, "same")
    with at_work(world, "triage_officer") as officer:
        offer = referrals.offer(referral, by=officer, at=world.now, service=service(world), reasons=[])
    with at_work(world, "caseworker") as worker:
        referrals.accept(offer, by=worker, at=world.now + timedelta(hours=1))
    held = list(Victim.objects.order_by("pk").values()), list(Referral.objects.values())
    judge(world, referral.victim, before, "undo")
    assert (list(Victim.objects.order_by("pk").values()), list(Referral.objects.values())) == held
    assert SamePerson.objects.get().ended_at is not None
    assert Referral.objects.get().state == "ACCEPTED"
    with at_work(world, "triage_officer") as officer:
        assert queries.linked(referral.victim_id, by=officer) == {referral.victim_id}


def test_never_link_these_two_is_remembered_by_the_weekly_run(world: World) -> None:
    one, other = record(world, phone=PHONE), record(world, phone=PHONE)
    described(world)
    assert len(pairs()) == 1
    judge(world, one, other, "not_same")
    jobs.link_all()
    assert len(pairs()) == 1
    assert not queries.open_pairs(Pair.objects.all()).exists()
    assert SamePerson.objects.get(ended_at=None).judgement == "not_same"


def test_a_number_that_is_added_or_out_of_use_is_compared_at_once(world: World) -> None:
    one, other = record(world, phone=PHONE), record(world, Identity(given_name="Testina", family_name="Quayside"))
    described(world)
    assert pairs() == set()
    point = messages.add(
        other.pk, by=SYSTEM_ACTOR, at=world.now, organisation_id=world.hub.pk, kind="phone", value=PHONE, safe="no"
    )  # fmt: skip
    jobs.describe_point(event="", subject=str(point.pk))
    shared = bytes(Profile.objects.get(pk=one.pk).phone or b"")
    assert bytes(Profile.objects.get(pk=other.pk).phone or b"") == shared
    messages.correct(
        ContactPoint.objects.get(pk=point.pk), by=SYSTEM_ACTOR, at=world.now, organisation_id=world.hub.pk,
        value="07700 900456", safe="no",
    )  # fmt: skip
    jobs.describe_point(event="", subject=str(point.pk))
    assert bytes(Profile.objects.get(pk=other.pk).phone or b"") != shared
    assert Event.objects.filter(name="contact_point.retired").exists()


def test_a_point_that_is_gone_is_nobodys(world: World) -> None:
    jobs.describe_point(event="", subject=str(world.people["officer"].pk))
    assert not Profile.objects.exists()
