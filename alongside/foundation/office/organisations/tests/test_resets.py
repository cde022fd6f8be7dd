"""A lost second factor: one person asks, another confirms, and only then does anything change."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.queries import must_start_again, open_invitation
from alongside.foundation.office.organisations import actions
from alongside.foundation.office.organisations.models import Membership, Reset
from tests.world import World

pytestmark = pytest.mark.django_db
AT = datetime(2026, 9, 15, 9, 0, tzinfo=UTC)
PASSWORD = "three plain sample words"


@pytest.fixture
def in_sign_ins_role() -> Iterator[None]:
    with transaction.atomic(), inside(Realm.AUTH):
        yield


@pytest.fixture(autouse=True)
def _mail_is_kept(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    cache.clear()


def membership(world: World, person: str = "caseworker") -> Membership:
    return Membership.objects.current().select_related("user", "organisation").get(user=world.people[person])


def asked(world: World, whose: str = "caseworker", by: str = "service_manager", at: datetime = AT) -> Reset:
    return actions.ask_reset(membership(world, whose), by=world.actor(by), at=at, checked="seen")


def approve(world: World, reset: Reset, by: str = "hub_manager", at: datetime = AT) -> str:
    return actions.approve_reset(reset, by=world.actor(by), at=at, checked="called")[1]


def events() -> list[str]:
    return list(Event.objects.filter(name__contains="reset").order_by("id").values_list("name", flat=True))


def test_asking_alone_changes_nothing(world: World, in_sign_ins_role: None) -> None:
    TOTP.activate(world.people["caseworker"], "JBSWY3DPEHPK3PXP")
    asked(world)
    user = User.objects.get(pk=world.people["caseworker"].pk)
    assert Authenticator.objects.filter(user=user).exists()
    assert user.sessions_end_before is None
    assert events() == ["reset.asked"]


def test_a_second_person_confirms_and_no_way_in_is_left_but_the_new_link(world: World, in_sign_ins_role: None) -> None:
    TOTP.activate(world.people["caseworker"], "JBSWY3DPEHPK3PXP")
    reset = asked(world)
    token = approve(world, reset)
    user = User.objects.get(pk=world.people["caseworker"].pk)
    assert must_start_again(user)
    assert user.sessions_end_before == AT
    found = open_invitation(token, AT)
    assert found is not None
    assert actions.accept(found, at=AT, name=user.name, password=PASSWORD).pk == user.pk
    assert Membership.objects.current().filter(user=user).count() == 1
    assert events() == ["reset.asked", "reset.approved", "account.factors_reset"]
    reset.refresh_from_db()
    assert (reset.state, reset.answered_by) == ("APPROVED", world.people["hub_manager"].pk)


def test_nobody_confirms_what_they_asked_for_themselves(world: World) -> None:
    reset = asked(world)
    with pytest.raises(RuleBroken, match="somebody else must confirm"):
        approve(world, reset, by="service_manager")
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        Reset.objects.filter(pk=reset.pk).update(state="APPROVED", answered_by=reset.asked_by, answered_at=AT)


def test_nobody_asks_for_or_confirms_a_reset_of_their_own(world: World) -> None:
    with pytest.raises(RuleBroken, match="Ask a colleague"):
        asked(world, whose="service_manager")
    Membership.objects.create(
        user=world.people["other_caseworker"], organisation=world.provider, role="service_manager", since=AT
    )
    reset = asked(world, whose="service_manager", by="other_caseworker")
    with pytest.raises(RuleBroken, match="your own"):
        approve(world, reset, by="service_manager")
    assert approve(world, reset, by="office_administrator")


def test_a_reset_is_asked_for_once_at_a_time_and_answered_once(world: World) -> None:
    reset = asked(world)
    with pytest.raises(RuleBroken, match="waits already"):
        asked(world)
    actions.refuse_reset(reset, by=world.actor("hub_manager"), at=AT)
    with pytest.raises(RuleBroken, match="refused"):
        approve(world, reset)
    assert asked(world).pk != reset.pk


def test_an_old_request_cannot_be_confirmed_and_may_be_made_again(world: World) -> None:
    reset, later = asked(world), AT + timedelta(hours=49)
    with pytest.raises(RuleBroken, match="in time"):
        approve(world, reset, at=later)
    assert asked(world, at=later).pk != reset.pk


def test_a_leaver_is_neither_asked_for_nor_reset(world: World) -> None:
    reset, mine = asked(world), membership(world)
    actions.remove(mine, by=world.actor("service_manager"), at=AT)
    with pytest.raises(RuleBroken, match="left already"):
        approve(world, reset)
    with pytest.raises(RuleBroken, match="left already"):
        actions.ask_reset(mine, by=world.actor("service_manager"), at=AT + timedelta(hours=49), checked="seen")


def test_what_a_leaver_asked_for_is_not_confirmed(world: World) -> None:
    reset = asked(world)
    Membership.objects.filter(user=world.people["service_manager"]).update(until=AT)
    with pytest.raises(RuleBroken, match="no longer manages people"):
        approve(world, reset)


def test_one_organisations_managers_cannot_enter_another_by_a_reset(world: World) -> None:
    user = world.people["caseworker"]
    Membership.objects.create(user=user, organisation=world.neighbour, role="caseworker", since=AT)
    colleague = Membership.objects.get(user=world.people["other_caseworker"])
    Membership.objects.create(user=colleague.user, organisation=world.provider, role="service_manager", since=AT)
    here = Membership.objects.get(user=user, organisation=world.provider)
    reset = actions.ask_reset(here, by=world.actor("service_manager"), at=AT, checked="seen")
    with pytest.raises(RuleBroken, match="works elsewhere"):
        approve(world, reset, by="other_caseworker")
    assert approve(world, reset, by="hub_manager")


def test_an_operators_own_reset_is_not_for_people_at_a_page(world: World) -> None:
    with pytest.raises(RuleBroken, match="two people"):
        actions.reset_factors(membership(world), by=world.actor("service_manager"), at=AT)


def reset_of(world: World) -> str:
    """A reset asked for on the page; the address at which it is confirmed."""
    manager = world.client("service_manager")
    address = f"/people/{membership(world).pk}/reset/"
    assert "takes two people" in manager.get(address).text
    assert "Say how you made sure" in manager.post(address, {"checked": ""}).text
    assert "Nothing has changed yet" in manager.post(address, {"checked": "called"}, follow=True).text
    assert "waits already" in manager.post(address, {"checked": "called"}).text
    return f"/people/resets/{Reset.objects.get().pk}/"


def test_on_the_pages_the_hub_confirms_and_the_link_goes_to_the_person_alone(world: World) -> None:
    worker = world.client("caseworker")
    assert worker.get("/home/").status_code == 200
    address, hub = reset_of(world), world.client("hub_manager")
    assert mail.outbox[0].to == ["caseworker@alongside.example"]
    assert "Testa Service Manager asked to reset" in mail.outbox[0].body
    assert worker.get("/home/").status_code == 200
    assert "Testa Caseworker" in hub.get("/people/").text
    assert "I called them on a number" in hub.get(address).text
    page = hub.post(address, {"checked": "seen"}, follow=True).text
    assert "signed out everywhere" in page
    assert "/invitation/" not in page
    assert worker.get("/home/")["Location"].startswith("/sign-in/")
    link = mail.outbox[-1].body.split("http://testserver")[1].split()[0]
    assert mail.outbox[-1].to == ["caseworker@alongside.example"]
    assert "Your invitation" in Client().get(link, follow=True).text
    assert "answered already" in hub.get(address).text
    assert "You cannot approve this reset" in hub.post(address, {"checked": "seen"}).text


def test_who_asked_sees_that_somebody_else_must_confirm_and_may_take_it_back(world: World) -> None:
    address, manager = reset_of(world), world.client("service_manager")
    page = manager.get(address).text
    assert "Somebody else must confirm" in page
    assert "Confirm the reset" not in page
    assert "somebody else must confirm it" in manager.post(address, {"checked": "seen"}).text
    assert "signs in as before" in manager.post(f"{address}refuse/", follow=True).text
    assert "cannot refuse" in manager.post(f"{address}refuse/", follow=True).text


@pytest.mark.parametrize("person", ["neighbour_manager", "far_triage_officer", "caseworker", "referrer", "analyst"])
def test_neighbours_and_those_who_manage_nobody_see_no_reset(world: World, person: str) -> None:
    address, client = reset_of(world), world.client(person)
    managers = {"neighbour_manager": 404}
    for answer in (client.get(address), client.post(address, {"checked": "seen"}), client.post(f"{address}refuse/")):
        assert answer.status_code in (managers.get(person, 403), 404)
        assert "Testa Caseworker" not in answer.text
    assert Reset.objects.get().state == "ASKED"


def test_a_neighbours_reset_looks_as_if_absent(world: World) -> None:
    address, client = reset_of(world), world.client("neighbour_manager")
    absent = client.get("/people/resets/01890000-0000-7000-8000-000000000000/")
    assert client.get(address).content == absent.content
    assert "Testa Caseworker" not in client.get("/people/").text


def test_a_reset_page_says_when_its_time_has_passed(world: World) -> None:
    address = reset_of(world)
    Reset.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert "in time" in world.client("hub_manager").post(address, {"checked": "seen"}).text


def test_whoever_may_be_the_second_person_finds_it_on_their_home_page(world: World) -> None:
    assert "sign-in to reset" not in world.client("hub_manager").get("/home/").text
    reset_of(world)
    for person, told in {"hub_manager": True, "office_administrator": True, "service_manager": False,
                         "neighbour_manager": False, "caseworker": False, "triage_officer": False}.items():  # fmt: skip
        assert ("sign-in to reset" in world.client(person).get("/home/").text) is told, person


def test_the_database_shows_a_reset_to_those_who_may_confirm_it_and_to_no_neighbour(world: World) -> None:
    asked(world)
    places = {world.provider: Realm.PROVIDER, world.hub: Realm.HUB, world.body: Realm.COMMISSIONING,
              world.neighbour: Realm.PROVIDER, world.far_hub: Realm.HUB}  # fmt: skip
    seen = {}
    for organisation, realm in places.items():
        with transaction.atomic(), inside(realm, orgs=[organisation.pk]):
            seen[organisation.code] = Reset.objects.count()
    assert seen == {"test-provider": 1, "test-hub": 1, "test-body": 1, "test-neighbour": 0, "test-far-hub": 0}


def test_those_who_may_confirm_are_told_that_it_waits_and_nobody_else(world: World) -> None:
    reset_of(world)
    told = {address for one in mail.outbox[1:] for address in one.to}
    assert told == {"hub_manager@alongside.example", "office_administrator@alongside.example"}
    body = str(mail.outbox[1].body)
    assert "Testa Service Manager at Lantern Sample Charity asked" in body
    assert "Testa Caseworker" not in body
