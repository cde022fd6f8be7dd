"""What the hub's forms refuse, in words that say what to do."""

from typing import Any

import pytest
from django.test import Client

from alongside.support.arrivals.referrals.models import Attempt, Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import received, service, taken, this_minute
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def test_two_services_at_once_are_refused_and_either_can_be_chosen_next(world: World, officer: Client) -> None:
    referral, fits = taken(world), service(world)
    narrow = service(world, "neighbour", name="Sample Narrow Support", crime_types=["fraud_cyber"])
    address, said = f"/referrals/{referral.pk}/offer/", {"agreed": "yes"}
    both = officer.post(address, {"service": str(fits.pk), "other": str(narrow.pk), **said}).content.decode()
    assert "You chose a service here and another one below." in both
    assert b"Choose the other service" in officer.post(address, {"service": "another", **said}).content
    assert Offer.objects.count() == 0
    officer.post(address, {"service": "another", "other": str(narrow.pk), **said})
    assert Offer.objects.get().service == narrow


def test_what_came_of_an_attempt_agrees_with_how_it_was_made(world: World, officer: Client) -> None:
    referral = taken(world)
    address = f"/referrals/{referral.pk}/record-attempt/"
    for result in ("spoke", "met", "video"):
        page = officer.post(address, {"channel": "letter", "result": result, **this_minute()}).content.decode()
        assert "cannot come of the way that you chose" in page
    assert Attempt.objects.count() == 0
    assert Referral.objects.get(pk=referral.pk).first_contact_at is None
    assert officer.post(address, {"channel": "letter", "result": "replied", **this_minute()}).status_code == 302
    assert Attempt.objects.get().reached


def test_not_knowing_whether_the_police_know_is_not_the_same_as_not_reported(world: World, officer: Client) -> None:
    referral = received(world, reported=False, why_not_reported="not_known", markers=("danger_not_known",))
    for address in (f"/referrals/{referral.pk}/", "/referrals/"):
        page = officer.get(address).content.decode()
        assert "Police: not known" in page and "Danger not known" in page
        assert "Not reported to police" not in page


def test_services_that_fit_say_their_room_and_may_be_compared_and_handed_on(world: World, officer: Client) -> None:
    said: dict[str, Any] = {"places_free": 2, "wait_days": 0, "capacity_on": world.now.date(), "phone": "01632 960005"}
    referral, first = taken(world), service(world, **said)
    service(world, "neighbour", name="Sample Other")
    page = officer.get(f"/referrals/{referral.pk}/").content.decode()
    assert "2 places free; a new person can begin at once" in page
    assert f'name="service" value="{first.pk}" form="compare"' in page and "Compare up to three" in page
    assert "Somebody to talk to, if you would like to: 01632 960005" in page
    assert "2 places free" in officer.get(f"/referrals/{referral.pk}/offer/").content.decode()


def test_words_to_hand_on_are_not_to_be_sent_where_no_way_is_safe(world: World, officer: Client) -> None:
    service(world, phone="01632 960005")
    unsafe = taken(world, points=())
    assert "Do not send this to them" in officer.get(f"/referrals/{unsafe.pk}/").content.decode()
