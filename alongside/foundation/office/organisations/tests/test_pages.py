"""The pages of people and organisations, walked as their users do."""

import re
from datetime import date, timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from alongside.foundation.office.accounts.models import Invitation, User
from alongside.foundation.office.organisations.models import Membership, Organisation
from tests.world import World

pytestmark = pytest.mark.django_db
PASSWORD = "three plain sample words"
NEW = {"name": "New Sample", "email": "new@alongside.example", "role": "caseworker"}


@pytest.fixture(autouse=True)
def _no_limits_left_over() -> None:
    cache.clear()


def link_on(page: str) -> str:
    found = re.search(r"http://testserver(/invitation/[^<\"]+)", page)
    assert found
    return found.group(1)


def code_for(page: str) -> str:
    found = re.search(r"Secret: <code>(\w+)</code>", page)
    assert found
    return str(format_hotp_value(hotp_value(found.group(1), next(iter(yield_hotp_counters_from_time())))))


def test_an_invited_person_chooses_a_password_and_a_factor_and_is_at_work(world: World) -> None:
    link = link_on(world.client("service_manager").post("/people/invite/", NEW).text)
    client = Client()
    page = client.get(link, follow=True)
    assert page.redirect_chain == [("/invitation/", 302)]
    assert "new@alongside.example" in page.text
    assert "too short" in client.post("/invitation/", {"name": "New Sample", "password": "short"}).text
    page = client.post("/invitation/", {"name": "New Sample", "password": PASSWORD}, follow=True)
    assert "You need a second factor" in page.text
    assert client.get("/people/")["Location"] == "/sign-in/factor/"
    page = client.get("/sign-in/factor/app/")
    client.post("/sign-in/factor/app/", {"code": code_for(page.text)})
    assert "Lantern Sample Charity" in client.get("/home/").text
    assert "no longer works" in Client().get(link, follow=True).text
    assert "New Sample" in world.client("service_manager").get("/people/").text


def test_an_unknown_link_says_no_more_than_an_old_one() -> None:
    assert "no longer works" in Client().get("/invitation/guess/", follow=True).text
    assert "no longer works" in Client().get("/invitation/").text


def test_a_person_with_an_account_must_sign_in_to_join_another_organisation(world: World) -> None:
    user = world.people["neighbour_caseworker"]
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    words = {**NEW, "email": user.email}
    link = link_on(world.client("service_manager").post("/people/invite/", words).text)
    assert "Sign in first" in Client().get(link, follow=True).text
    assert "Sign in first" in world.client("referrer").get(link, follow=True).text
    client = world.client("neighbour_caseworker")
    assert "another organisation too" in client.get(link, follow=True).text
    assert "Lantern Sample Charity" in client.post("/invitation/", follow=True).text


def test_a_person_of_two_organisations_acts_for_one_at_a_time(world: World) -> None:
    user = world.people["caseworker"]
    Membership.objects.create(user=user, organisation=world.neighbour, role="caseworker", since=world.now)
    client = world.client("caseworker")
    assert "Lantern Sample Charity" in client.get("/home/").text
    assert "Harbour Sample Charity" in client.get("/act/").text
    client.post("/act/", {"organisation": world.neighbour.pk})
    assert "Acting for <strong>Harbour Sample Charity" in client.get("/home/").text
    answer = client.post("/act/", {"organisation": world.hub.pk})
    assert answer.status_code == 200
    assert "Choose one of the answers that are offered" in answer.text


def test_a_person_of_one_organisation_has_nothing_to_choose(world: World) -> None:
    assert "You work for one organisation" in world.client("caseworker").get("/act/").text


def test_a_manager_withdraws_an_invitation(world: World) -> None:
    client = world.client("service_manager")
    client.post("/people/invite/", NEW)
    invitation = Invitation.objects.get()
    assert "New Sample" in client.get("/people/").text
    address = f"/people/invitations/{invitation.pk}/withdraw/"
    assert "is withdrawn" in client.post(address, follow=True).text
    assert "not open any more" in client.post(address, follow=True).text


def test_a_removed_person_is_signed_out_in_the_same_minute(world: World) -> None:
    leaver = world.client("caseworker")
    assert leaver.get("/home/").status_code == 200
    mine = Membership.objects.get(user=world.people["caseworker"])
    manager = world.client("service_manager")
    assert "Remove Testa Caseworker?" in manager.get(f"/people/{mine.pk}/remove/").text
    assert "can no longer sign in" in manager.post(f"/people/{mine.pk}/remove/", follow=True).text
    assert leaver.get("/home/")["Location"].startswith("/sign-in/")


def test_a_changed_role_shows_on_the_list(world: World) -> None:
    mine = Membership.objects.get(user=world.people["caseworker"])
    manager = world.client("service_manager")
    assert "Change a role" in manager.get(f"/people/{mine.pk}/role/").text
    page = manager.post(f"/people/{mine.pk}/role/", {"role": "service_manager"}, follow=True).text
    assert "has the new role" in page
    assert "There is a problem" in manager.post(f"/people/{mine.pk}/role/", {"role": "caseworker"}).text


def test_a_manager_is_told_why_they_cannot_remove_themselves(world: World) -> None:
    mine = Membership.objects.get(user=world.people["service_manager"])
    assert "Ask a colleague" in world.client("service_manager").post(f"/people/{mine.pk}/remove/", follow=True).text


def test_a_link_that_opens_somebodys_old_account_is_shown_to_nobody_else(world: World) -> None:
    mine = Membership.objects.get(user=world.people["caseworker"])
    manager = world.client("service_manager")
    manager.post(f"/people/{mine.pk}/remove/")
    page = manager.post("/people/invite/", {**NEW, "email": "caseworker@alongside.example"}).text
    assert "shown to nobody else" in page
    assert "/invitation/" not in page


def test_a_wrong_invitation_keeps_what_was_typed(world: World) -> None:
    words = {**NEW, "email": "caseworker@alongside.example", "role": "caseworker"}
    page = world.client("service_manager").post("/people/invite/", words)
    assert "Testa Caseworker has that role here already" in page.text
    assert "New Sample" in page.text


def test_organisations_are_listed_by_area_or_all(world: World) -> None:
    client = world.client("office_administrator")
    here = client.get("/organisations/").text
    assert "Lantern Sample Charity" in here
    assert "Fell Sample Charity" not in here
    assert "Fell Sample Charity" in client.get("/organisations/?area=all").text
    assert client.get("/organisations/nowhere/").status_code == 404


def test_organisations_are_found_by_name_and_kind(world: World) -> None:
    client = world.client("analyst")
    found = client.get("/organisations/?q=sample+lantern&kind=provider").text
    assert "Lantern Sample Charity" in found
    assert "Harbour Sample Charity" not in found
    assert "No organisation is like that" in client.get("/organisations/?q=lantern&kind=hub").text
    page = client.get("/organisations/?kind=nonsense").text
    assert "No organisation is like that" in page


def test_an_invitation_past_its_week_no_longer_works_and_says_whom_to_ask(world: World) -> None:
    link = link_on(world.client("service_manager").post("/people/invite/", NEW).text)
    client = Client()
    assert "Your invitation" in client.get(link, follow=True).text
    Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    page = client.post("/invitation/", {"name": "New Sample", "password": PASSWORD}).text
    assert "Ask the person who invited you for another" in page
    assert not User.objects.filter(email=NEW["email"]).exists()


def test_a_second_invitation_takes_the_firsts_place_and_a_used_one_opens_nothing(world: World) -> None:
    manager = world.client("service_manager")
    pages = [manager.post("/people/invite/", NEW).text for _ in range(2)]
    assert ["They were invited before" in page for page in pages] == [False, True]
    first, second = map(link_on, pages)
    assert "no longer works" in Client().get(first, follow=True).text
    assert manager.get("/people/").text.count("new@alongside.example") == 1
    client, thief = Client(), Client()
    thief.get(second)
    client.get(second)
    client.post("/invitation/", {"name": "New Sample", "password": PASSWORD})
    page = thief.post("/invitation/", {"name": "Thief", "password": "three other sample words"})
    assert "no longer works" in page.text
    assert User.objects.get(email=NEW["email"]).check_password(PASSWORD)


def test_a_role_changed_while_somebody_works_takes_effect_on_the_next_page(world: World) -> None:
    worker, manager = world.client("caseworker"), world.client("service_manager")
    assert (worker.get("/home/").status_code, worker.get("/people/").status_code) == (200, 403)
    mine = Membership.objects.get(user=world.people["caseworker"])
    manager.post(f"/people/{mine.pk}/role/", {"role": "service_manager"})
    assert worker.get("/people/")["Location"].startswith("/sign-in/")
    assert worker.post("/people/invite/", NEW)["Location"].startswith("/sign-in/")
    assert not Invitation.objects.exists()


def test_a_leaver_in_the_middle_of_a_form_leaves_nothing_behind(world: World) -> None:
    Membership.objects.create(user=world.people["caseworker"], organisation=world.provider, role="service_manager",
                              since=world.now)  # fmt: skip
    leaver, manager = world.client("caseworker"), world.client("service_manager")
    assert leaver.get("/people/invite/").status_code == 200
    mine = Membership.objects.filter(user=world.people["caseworker"]).first()
    assert mine is not None
    manager.post(f"/people/{mine.pk}/remove/")
    assert leaver.post("/people/invite/", NEW)["Location"].startswith("/sign-in/")
    assert not Invitation.objects.exists()


def test_the_office_adds_renames_and_succeeds(world: World) -> None:
    client = world.client("office_administrator")
    words = {"name": "Beacon Sample Charity", "kind": "provider", "phone": "", **day("since", date(2026, 1, 5))}
    assert "Beacon Sample Charity" in client.post("/organisations/add/", words, follow=True).text
    assert "of this name already" in client.post("/organisations/add/", words).text
    address = "/organisations/beacon-sample-charity/"
    client.post(f"{address}rename/", {"name": "Beacon Sample Trust", "phone": "0121 496 0199"})
    assert "Beacon Sample Trust" in client.get(address).text
    refused = client.post(f"{address}rename/", {"name": "Beacon Sample Trust", "phone": "javascript:alert(1)"})
    assert "Enter one telephone number in digits" in refused.text
    assert "0121 496 0199" in client.get(address).text
    body = f"/organisations/{world.body.code}/succeed/"
    assert "There is a problem" in client.post(body, {"name": "Too Early", **day("since", date(2019, 1, 1))}).text
    page = client.post(body, {"name": "Mayoral Sample Authority", **day("since", date(2026, 5, 7))}, follow=True)
    assert "takes the place of" in page.text
    assert "Testshire Policing Body" in page.text
    assert Organisation.objects.get(code=world.body.code).until == date(2026, 5, 7)
    assert "Acting for <strong>Mayoral Sample Authority" in client.get("/home/").text


def day(name: str, when: date) -> dict[str, int]:
    return {f"{name}_day": when.day, f"{name}_month": when.month, f"{name}_year": when.year}
