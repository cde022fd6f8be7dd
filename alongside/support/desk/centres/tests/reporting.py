"""A reporting centre for tests, its worker, and a visitor of its poster. Everybody is made up."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.support.desk.centres import actions, forms
from alongside.support.desk.centres.models import Centre
from tests.world import World

COUNCIL = "E08000025"
ANSWERS: dict[str, dict[str, Any]] = {
    "now": {"danger": "no"},
    "what": {"whose": "me", "kind": "crime", "strands": ["race", "religion"]},
    "words": {"telling": "Somebody shouted at me.", "perception": "They named my faith."},
    "where": {"council": COUNCIL, "place": "transport", "near": "The number 9 bus", "happened": "week"},
    "name": {"named": "no"},
    "police": {"police": "without_name"},
}
NAMED: dict[str, dict[str, Any]] = {
    "name": {"named": "yes"},
    "support": {"support": "yes"},
    "who": {"given_name": "Testina", "family_name": "Sampleford", "age": "adult", "phone": "07700 900123",
            "phone_safe": "yes", "times": ["morning"], "message": "no", "email": "", "email_safe": "", "others": ""},
    "police": {"police": "with_name"},
}  # fmt: skip
STEPS = tuple(step for step in forms.STEPS if step != "stop")


def centre(world: World, organisation: Organisation | None = None, **said: Any) -> Centre:
    """The partner agency of the world, as a centre of its hub."""
    details = {"kind": "library", "address": "1 Sample Street, Birmingham", "council": COUNCIL,
               "hours": "Monday to Friday", "contact_name": "Testo Librarian", "contact_phone": "01632 960001",
               "contact_email": "desk@library.example", "since": date(2025, 1, 1), "until": None}  # fmt: skip
    by = world.actor("hub_manager")
    with transaction.atomic(), inside(Realm.HUB, orgs=by.orgs, user=by.user_id):
        return actions.set_up(organisation or world.partner, by=by, at=world.now, **{**details, **said})


def worker(world: World) -> tuple[Actor, Client]:
    """Somebody who works for the centre, and their browser."""
    user = User.objects.create(
        email="centre_worker@alongside.example", name="Testa Centre Worker", created_at=world.now,
        visible_orgs=[world.partner.pk],
    )  # fmt: skip
    Membership.objects.create(user=user, organisation=world.partner, role="centre_worker", since=world.now)
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = client.session
    session["second_factor"] = True
    session.save()
    by = Actor(
        realm=Realm.REFERRER, user_id=user.pk, organisation_id=world.partner.pk, name=user.name,
        permissions=permissions_of(["centre_worker"]), second_factor=True,
    )  # fmt: skip
    return by, client


def answers(**changed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {**ANSWERS, **{step: {**ANSWERS.get(step, {}), **said} for step, said in changed.items()}}


def named(**changed: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Somebody who gives a name and wants support."""
    return {**ANSWERS, **{step: {**said, **changed.get(step, {})} for step, said in NAMED.items()}}


@contextmanager
def as_public() -> Iterator[None]:
    with transaction.atomic(), inside(Realm.PUBLIC):
        yield


@contextmanager
def as_hub(world: World, person: str = "triage_officer") -> Iterator[Actor]:
    by = world.actor(person)
    with transaction.atomic(), inside(Realm.HUB, orgs=by.orgs, user=by.user_id):
        yield by


def sent(said: Mapping[str, Any], found: Centre, caller: bytes = b"x") -> dict[str, str]:
    """Sent from a poster, in the public's realm."""
    with as_public():
        return actions.send(said, found, caller=caller, at=timezone.now())


def scanned(found: Centre) -> Client:
    """A phone that scanned the poster and pressed Start."""
    client = Client()
    assert client.post(f"/r/{found.poster}/").status_code == 302
    return client


def answered(client: Client, said: Mapping[str, Any]) -> Any:
    """Answers each step in order, as a browser posts them. Returns the page to check."""
    for step in STEPS:
        if step in said:
            answer = client.post(f"/r/step/{step}/", said[step])
            assert answer.status_code == 302, (step, answer.content.decode())
    return client.get("/r/send/check/")
