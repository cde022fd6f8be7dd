"""One world for every access test: two police areas, a hub, two providers, one of each role, and neighbours."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from alongside.core.access.actor import Actor
from alongside.core.models import Seat
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import REALM_OF_KIND, permissions_of
from alongside.foundation.office.organisations.models import Council, Force, Membership, Organisation
from alongside.foundation.office.organisations.queries import posts_of

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
ORGANISATIONS = {
    "body": ("policing_body", "west-midlands", "Testshire Policing Body"),
    "hub": ("hub", "west-midlands", "Testshire Victim Hub"),
    "force": ("force", "west-midlands", "Testshire Police"),
    "partner": ("partner", "west-midlands", "Testshire Housing"),
    "provider": ("provider", "west-midlands", "Lantern Sample Charity"),
    "neighbour": ("provider", "west-midlands", "Harbour Sample Charity"),
    "far_hub": ("hub", "cumbria", "Farshire Victim Hub"),
    "far_provider": ("provider", "cumbria", "Fell Sample Charity"),
}
PEOPLE = {
    "triage_officer": ("triage_officer", "hub"),
    "other_triage_officer": ("triage_officer", "hub"),
    "hub_manager": ("hub_manager", "hub"),
    "privacy_officer": ("privacy_officer", "hub"),
    "partnership_officer": ("partnership_officer", "hub"),
    "caseworker": ("caseworker", "provider"),
    "other_caseworker": ("caseworker", "provider"),
    "service_manager": ("service_manager", "provider"),
    "neighbour_caseworker": ("caseworker", "neighbour"),
    "neighbour_manager": ("service_manager", "neighbour"),
    "referrer": ("referrer", "partner"),
    "officer": ("referrer", "force"),
    "commissioning_officer": ("commissioning_officer", "body"),
    "analyst": ("analyst", "body"),
    "board_member": ("board_member", "body"),
    "office_administrator": ("office_administrator", "body"),
    "far_triage_officer": ("triage_officer", "far_hub"),
    "far_caseworker": ("caseworker", "far_provider"),
}
COUNCILS = {"E08000025": ("Birmingham", "west-midlands"), "E08000031": ("Wolverhampton", "west-midlands"),
            "E06000063": ("Cumberland", "cumbria")}  # fmt: skip


@dataclass
class World:
    """The cast. Organisations are attributes; people are found by a word for them."""

    organisations: dict[str, Organisation]
    people: dict[str, User]
    numbers: dict[str, int]
    now: datetime = NOW
    clients: dict[str, Client] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Organisation:
        try:
            return self.__dict__["organisations"][name]
        except KeyError:
            raise AttributeError(name) from None

    def actor(self, person: str) -> Actor:
        """The person at work, as the middleware would find them."""
        role, place = PEOPLE[person]
        organisation = self.organisations[place]
        return Actor(
            realm=REALM_OF_KIND[organisation.kind], user_id=self.people[person].pk, organisation_id=organisation.pk,
            permissions=permissions_of([role]), name=self.people[person].name, organisation=organisation.name,
            second_factor=True, number=self.numbers[person],
        )  # fmt: skip

    def actor_now(self, person: str) -> Actor:
        """The same, with the seals that they have broken and the records that are closed to them at this moment."""
        actor = self.actor(person)
        post = next(post for post in posts_of(self.people[person].pk) if post.organisation_id == actor.organisation_id)
        return replace(actor, unsealed=tuple(post.unsealed), closed=tuple(post.closed))

    def client(self, person: str) -> Client:
        """A browser in which the person is signed in with a second factor."""
        if person not in self.clients:
            client = Client()
            client.force_login(self.people[person], backend="allauth.account.auth_backends.AuthenticationBackend")
            session = client.session
            session["second_factor"] = True
            session.save()
            self.clients[person] = client
        return self.clients[person]


def _organisations() -> dict[str, Organisation]:
    for slug, name in {"west-midlands": "West Midlands Police", "cumbria": "Cumbria Constabulary"}.items():
        Force.objects.get_or_create(slug=slug, defaults={"name": name})
    for code, (name, force) in COUNCILS.items():
        Council.objects.get_or_create(code=code, defaults={"name": name, "force_id": force})
    return {
        word: Organisation.objects.create(
            code=f"test-{word.replace('_', '-')}", kind=kind, force_id=force, name=name, since=date(2020, 4, 1)
        )
        for word, (kind, force, name) in ORGANISATIONS.items()
    }


def _people(organisations: dict[str, Organisation]) -> dict[str, User]:
    people = {}
    for word, (role, place) in PEOPLE.items():
        organisation = organisations[place]
        name = f"Testa {word.replace('_', ' ').title()}"
        people[word] = User.objects.create(
            email=f"{word}@alongside.example", name=name, created_at=NOW, visible_orgs=[organisation.pk]
        )
        Membership.objects.create(user=people[word], organisation=organisation, role=role, since=NOW)
    return people


@pytest.fixture
def world(db: None) -> World:
    """Two police areas with a neighbour who must see nothing."""
    organisations = _organisations()
    people = _people(organisations)
    seats = dict(Seat.objects.values_list("user_id", "number"))
    numbers = {word: -seats[user.pk] for word, user in people.items()}
    return World(organisations=organisations, people=people, numbers=numbers)
