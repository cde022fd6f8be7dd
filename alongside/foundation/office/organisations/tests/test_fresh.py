"""Before people are managed or figures leave, whoever signed in long ago shows again who they are."""

import time
from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from alongside.foundation.office.accounts.models import Invitation
from alongside.foundation.office.organisations.models import Membership
from tests.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "three plain sample words"
NEW = {"name": "New Sample", "email": "new@alongside.example", "role": "caseworker"}


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def at_work(world: World, person: str, *, minutes: int) -> Client:
    """Somebody with a password who signed in so long ago, and has been at work since."""
    user = world.people[person]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    client = world.client(person)
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session, then = client.session, time.time() - minutes * 60
    session.update({
        "second_factor": True, "started": then, "seen": time.time(),
        "account_authentication_methods_user": str(user.pk),
        "account_authentication_methods": [{"method": "password", "at": then}],
    })  # fmt: skip
    session.save()
    return client


def test_a_moment_after_signing_in_nobody_is_asked(world: World) -> None:
    client = at_work(world, "service_manager", minutes=9)
    assert client.get("/people/invite/").status_code == 200


def test_later_they_are_asked_and_led_back(world: World) -> None:
    client = at_work(world, "service_manager", minutes=11)
    asked = client.get("/people/invite/", follow=True)
    assert asked.redirect_chain == [("/sign-in/again/?next=/people/invite/", 302)]
    assert "Show once more that it is you" in asked.text
    assert client.post("/people/invite/", NEW).status_code == 302
    assert not Invitation.objects.exists()
    back = client.post("/sign-in/again/?next=/people/invite/", {"password": PASSWORD, "next": "/people/invite/"})
    assert back["Location"] == "/people/invite/"
    assert "The link is made" in client.post("/people/invite/", NEW).text


def test_a_wrong_password_leads_nowhere(world: World) -> None:
    client = at_work(world, "service_manager", minutes=11)
    client.post("/sign-in/again/", {"password": "wrong", "next": "/people/invite/"})
    assert client.get("/people/invite/").status_code == 302


@pytest.mark.parametrize("verb", ["role", "remove", "reset"])
def test_every_way_to_change_somebodys_account_asks(world: World, verb: str) -> None:
    mine = Membership.objects.get(user=world.people["caseworker"])
    client = at_work(world, "service_manager", minutes=11)
    answer = client.post(f"/people/{mine.pk}/{verb}/", {"role": "service_manager", "checked": "seen"})
    assert answer["Location"] == f"/sign-in/again/?next=/people/{mine.pk}/{verb}/"
    mine.refresh_from_db()
    assert mine.until is None


def test_ending_an_organisation_asks(world: World) -> None:
    address = f"/organisations/{world.provider.code}/succeed/"
    answer = at_work(world, "office_administrator", minutes=11).post(address, {"name": "Beacon Sample Charity"})
    assert answer["Location"] == f"/sign-in/again/?next={address}"


def test_reading_who_works_here_does_not_ask(world: World) -> None:
    assert at_work(world, "service_manager", minutes=11).get("/people/").status_code == 200


def test_what_somebody_may_not_do_is_refused_before_they_are_asked(world: World) -> None:
    client = at_work(world, "caseworker", minutes=11)
    assert client.get("/people/invite/").status_code == 403


def test_figures_leave_after_asking(world: World) -> None:
    address = reverse("quarters:export", args=["2026Q2"])
    answer = at_work(world, "analyst", minutes=11).post(address, {"fmt": "csv"})
    assert answer["Location"] == f"/sign-in/again/?next={address}"


def test_a_caseload_leaves_after_asking(world: World) -> None:
    address = reverse("casework:download")
    answer = at_work(world, "service_manager", minutes=11).post(address)
    assert answer["Location"] == f"/sign-in/again/?next={address}"
    back = at_work(world, "service_manager", minutes=1).get(address)
    assert back["Location"] == reverse("casework:caseload")
