"""How long somebody stays signed in, and in how many places: as the rulebook says, the oldest ended, and told why."""

import time
from collections.abc import Iterator

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alongside.core.models import Event
from alongside.foundation.office.accounts import queries
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.rules import HOUR, MINUTE, STRICTEST, Limits
from alongside.foundation.office.organisations import actions as organisations
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook.forms import today
from alongside.foundation.office.rulebook.queries import rule, session_limits
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
        body={**row.body, "at_once": 3}, source="Office decision", since=today(),
    )  # fmt: skip
    user = with_password(world.people["caseworker"])
    clients = [signed_in(user) for _ in range(3)]
    assert all(still_in(client) for client in clients)


def test_who_works_for_several_has_the_smallest_number_and_nobody_has_none(world: World) -> None:
    user = world.people["caseworker"]
    assert session_limits(user.pk, today()) == Limits(at_once=2, idle=20 * MINUTE, longest=12 * HOUR)
    Membership.objects.create(user=user, organisation=world.force, role="referrer", since=world.now)
    assert session_limits(user.pk, today()) == Limits(at_once=1, idle=15 * MINUTE, longest=8 * HOUR)
    Membership.objects.filter(user=user).update(until=world.now)
    assert session_limits(user.pk, today()) == STRICTEST


def test_the_page_of_sessions_says_how_many_there_may_be(world: World) -> None:
    assert "at up to 2 places at the same time" in world.client("caseworker").get("/sign-in/sessions/").text
    assert "at one place at the same time" in world.client("officer").get("/sign-in/sessions/").text


@pytest.mark.parametrize("person", ["hub_manager", "office_administrator"])
def test_an_administrator_has_the_strictest_session_of_all(world: World, person: str) -> None:
    limits = Limits(at_once=1, idle=10 * MINUTE, longest=4 * HOUR, passkey=True)
    assert session_limits(world.people[person].pk, today()) == limits
    user = with_password(world.people[person])
    first, second = signed_in(user), signed_in(user)
    assert (still_in(second), WHY in first.get("/home/", follow=True).text) == (True, True)
    assert (second.session["idle"], second.session["longest"]) == (10 * MINUTE, 4 * HOUR)


def signs_out_after(client: Client, name: str, seconds: int) -> bool:
    session = client.session
    session.update({"seen": time.time(), name: time.time() - seconds})
    session.save()
    return "/sign-in/?next" in client.get("/home/").headers["Location"]


@pytest.mark.parametrize(("name", "minutes"), [("seen", 10), ("started", 240)])
def test_an_administrators_session_ends_sooner_than_a_colleagues(world: World, name: str, minutes: int) -> None:
    manager, officer = (signed_in(with_password(world.people[one])) for one in ("hub_manager", "triage_officer"))
    assert not signs_out_after(officer, name, (minutes + 1) * 60)
    assert not signs_out_after(manager, name, (minutes - 1) * 60)
    assert signs_out_after(manager, name, (minutes + 1) * 60)


def test_who_takes_on_an_administrators_role_has_the_shorter_session_at_once(world: World) -> None:
    user, by = with_password(world.people["caseworker"]), world.actor("office_administrator")
    client = signed_in(user)
    session = client.session
    session["second_factor"] = True
    session.save()
    _, token = organisations.invite(
        world.hub, by=by, at=timezone.now(), email=user.email, name=user.name, role="hub_manager"
    )
    client.get(f"/invitation/{token}/")
    assert client.session["idle"] == 20 * MINUTE
    assert client.post("/invitation/").headers["Location"] == "/home/"
    assert client.session["idle"] == 10 * MINUTE


def test_an_office_that_asks_for_nothing_at_all_is_given_the_least_there_is(world: World) -> None:
    row = rule("sessions", "provider", today())
    rulebook.revise(
        "sessions", "provider", by=world.actor("office_administrator"), at=timezone.now(), title=row.title,
        body={"at_once": 0, "idle": 0, "longest": 0, "passkey": False}, source="Office decision", since=today(),
    )  # fmt: skip
    assert session_limits(world.people["caseworker"].pk, today()) == Limits(at_once=1, idle=MINUTE, longest=HOUR)


def test_an_administrator_is_asked_for_a_passkey_unless_the_office_says_no(world: World) -> None:
    administrator, caseworker = world.people["office_administrator"], world.people["caseworker"]
    row = rule("sessions", "administrator", today())
    assert session_limits(administrator.pk, today()).passkey is True
    assert session_limits(caseworker.pk, today()).passkey is False
    rulebook.revise(
        "sessions", "administrator", by=world.actor("office_administrator"), at=timezone.now(), title=row.title,
        body={**row.body, "passkey": False}, source="Office decision", since=today(),
    )  # fmt: skip
    assert session_limits(administrator.pk, today()).passkey is False
