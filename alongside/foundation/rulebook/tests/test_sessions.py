"""In how many places one person is signed in: the rulebook's number, the oldest ended, and told why."""

from collections.abc import Iterator

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alongside.core.models import Event
from alongside.foundation.accounts import queries
from alongside.foundation.accounts.models import User
from alongside.foundation.organisations.models import Membership
from alongside.foundation.rulebook import actions as rulebook
from alongside.foundation.rulebook.forms import today
from alongside.foundation.rulebook.queries import rule, sessions_at_once
from tests.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "three plain sample words"
WHY = "You signed in somewhere else"


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def with_password(user: User) -> User:
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def signed_in(user: User) -> Client:
    client = Client()
    answer = client.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/home/"
    return client


def still_in(client: Client) -> bool:
    """Whether the session is known: it is sent on to set up a second factor, not to sign in again."""
    return client.get("/home/").headers["Location"] == "/sign-in/factor/"


def test_one_place_too_many_ends_the_oldest_and_says_why_there(world: World) -> None:
    user = with_password(world.people["caseworker"])
    oldest, middle = signed_in(user), signed_in(user)
    assert still_in(oldest)
    newest = signed_in(user)
    assert (still_in(middle), still_in(newest)) == (True, True)
    page = oldest.get("/home/", follow=True)
    assert page.redirect_chain == [("/sign-in/?next=/home/", 302)]
    assert WHY in page.text
    assert UserSession.objects.filter(user=user).count() == 2
    assert Event.objects.get(name="session.ended", subject=user.pk).details == {"ended": 1, "why": "too_many"}


def test_who_was_told_why_is_told_no_more_after_signing_in_again(world: World) -> None:
    user = with_password(world.people["officer"])
    first, second = signed_in(user), signed_in(user)
    assert WHY in first.get("/home/", follow=True).text
    first.post("/sign-in/", {"login": user.email, "password": PASSWORD})
    assert still_in(first)
    assert WHY in second.get("/home/", follow=True).text
    first.post("/sign-in/out/")
    assert WHY not in first.get("/home/", follow=True).text


def test_a_session_that_ended_otherwise_is_told_nothing_of_other_places(world: World) -> None:
    client = signed_in(with_password(world.people["caseworker"]))
    UserSession.objects.get(user=world.people["caseworker"]).end()
    page = client.get("/home/", follow=True)
    assert page.redirect_chain and WHY not in page.text
    assert WHY not in Client().get("/home/", follow=True).text
    assert not queries.ended_elsewhere("")


def test_somebody_elses_sessions_are_left_alone(world: World) -> None:
    theirs = signed_in(with_password(world.people["other_caseworker"]))
    for _ in range(3):
        signed_in(with_password(world.people["caseworker"]))
    assert still_in(theirs)


def test_the_office_sets_the_number(world: World) -> None:
    row = rule("sessions", "provider", today())
    rulebook.revise(
        "sessions", "provider", by=world.actor("office_administrator"), at=timezone.now(), title=row.title,
        body={"at_once": 3}, source="Office decision", since=today(),
    )  # fmt: skip
    user = with_password(world.people["caseworker"])
    clients = [signed_in(user) for _ in range(3)]
    assert all(still_in(client) for client in clients)


def test_who_works_for_several_has_the_smallest_number_and_nobody_has_none(world: World) -> None:
    user = world.people["caseworker"]
    assert sessions_at_once(user.pk, today()) == 2
    Membership.objects.create(user=user, organisation=world.force, role="referrer", since=world.now)
    assert sessions_at_once(user.pk, today()) == 1
    Membership.objects.filter(user=user).update(until=world.now)
    assert sessions_at_once(user.pk, today()) == 1


def test_the_page_of_sessions_says_how_many_there_may_be(world: World) -> None:
    assert "at up to 2 places at the same time" in world.client("caseworker").get("/sign-in/sessions/").text
    assert "at one place at the same time" in world.client("officer").get("/sign-in/sessions/").text
