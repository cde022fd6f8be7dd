"""Who sees what of community groups; and that no group is ever a service."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Look
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.community import actions, queries
from alongside.foundation.local.community.models import Consortium, Contact, ContactPerson, Group, Need
from alongside.foundation.local.community.tests.test_actions import (
    ASKED,
    OFFICER,
    about,
    asked_for,
    contacted,
    formed,
    joined,
    mapped,
)
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.gaps import queries as gaps
from alongside.foundation.office.organisations.models import Membership, Organisation
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db
HUB = {"hub_manager", OFFICER}
OFFICE = {"commissioning_officer", "analyst", "office_administrator"}
READS = HUB | OFFICE | {"triage_officer", "other_triage_officer", "caseworker", "other_caseworker", "service_manager",
                        "neighbour_caseworker", "neighbour_manager", "board_member"}  # fmt: skip
NOBODY = str(UUID(int=7))


@pytest.fixture
def group(world: World) -> Group:
    made = mapped(world, "Sample Circle", hears=("domestic_abuse",), turnover="none", reaches=("women",),
                  phone="01632 960 811")  # fmt: skip
    contacted(world, made)
    return made


def addresses(world: World, group: Group) -> dict[str, set[str]]:
    """Every address that is about a record, with who may open it."""
    person, consortium = asked_for(world, group), formed(world)
    talk = Contact.objects.get()
    need = actions.note_need(group, by=world.actor(OFFICER), at=world.now, code="insurance")
    member = joined(world, consortium, group=group)
    kept = ("change", "contact", "people", "people/new", "stage", "link", "erase")
    return {
        f"/groups/{group.pk}/": READS, **{f"/groups/{group.pk}/{page}/": HUB for page in kept},
        f"/groups/people/{person.pk}/": HUB, f"/groups/consortia/{consortium.pk}/": HUB | OFFICE,
        f"/groups/consortia/{consortium.pk}/change/": HUB, f"/groups/needs/{need.pk}/": HUB,
        f"/groups/consortia/members/{member.pk}/leave/": HUB, f"/groups/people/{person.pk}/off/": HUB,
        f"/groups/contacts/{talk.pk}/off/": HUB,
    }  # fmt: skip


def test_each_role_opens_what_it_may_and_no_more(world: World, group: Group) -> None:
    pages = addresses(world, group)
    for person in sorted(PEOPLE):
        for address, who in pages.items():
            status = world.client(person).get(address).status_code
            if status == 405:  # a button: whoever may not is refused when they press it
                refused = person in who or world.client(person).post(address).status_code in (403, 404)
                assert refused, (person, address)
            else:
                assert status == 200 if person in who else status in (403, 404), (person, address, status)


@pytest.mark.parametrize("person", ["far_triage_officer", "far_caseworker", "far_manager"])
def test_a_neighbour_area_finds_nothing_and_a_guess_is_told_the_same(
    world: World, group: Group, person: str
) -> None:  # fmt: skip
    if person == "far_manager":
        Membership.objects.filter(user=world.people["far_triage_officer"]).update(role="hub_manager")
    client = world.client("far_triage_officer" if person == "far_manager" else person)
    for address in addresses(world, group):
        key = next(part for part in address.split("/") if len(part) == 36)
        real, guessed = client.get(address), client.get(address.replace(key, NOBODY))
        assert (real.status_code, guessed.status_code) == (404, 404) or real.status_code == guessed.status_code == 405
        assert client.post(address, {"move": "end"}).status_code == 404
    assert "Sample Circle" not in client.get("/groups/").content.decode()
    assert Group.objects.get().stage == "IN_TOUCH" and ContactPerson.objects.count() == 1


@pytest.mark.parametrize(("realm", "sees"), [(Realm.HUB, True), (Realm.COMMISSIONING, True), (Realm.PROVIDER, True)])
def test_row_security_shows_groups_in_their_own_area(world: World, group: Group, realm: Realm, sees: bool) -> None:
    homes = {Realm.HUB: "hub", Realm.COMMISSIONING: "body", Realm.PROVIDER: "provider"}
    with transaction.atomic(), inside(realm, orgs=[world.organisations[homes[realm]].pk]):
        assert Group.objects.exists() is sees
    with transaction.atomic(), inside(realm, orgs=[world.far_hub.pk]):
        assert not Group.objects.exists()
    with transaction.atomic(), inside(realm):
        assert not Group.objects.exists()


def test_a_provider_sees_no_group_that_has_ended(world: World, group: Group) -> None:
    actions.end(group, by=world.actor(OFFICER), at=world.now)
    with transaction.atomic(), inside(Realm.PROVIDER, orgs=[world.provider.pk]):
        assert not Group.objects.exists()
    assert world.client("caseworker").get(f"/groups/{group.pk}/").status_code == 404
    assert world.client("analyst").get(f"/groups/{group.pk}/").status_code == 200


@pytest.mark.parametrize(
    ("realm", "models"),
    [
        (Realm.COMMISSIONING, (ContactPerson, Contact)), (Realm.PROVIDER, (ContactPerson, Contact, Need, Consortium)),
        (Realm.REFERRER, (Group, Need, ContactPerson)), (Realm.PUBLIC, (Group, Need, ContactPerson, Consortium)),
    ],
)  # fmt: skip
def test_a_role_in_the_database_has_no_right_on_what_it_may_not_see(
    world: World, realm: Realm, models: tuple[Any, ...]
) -> None:  # fmt: skip
    for model in models:
        with pytest.raises(DatabaseError), transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
            model.objects.count()


@pytest.mark.parametrize("realm", [Realm.COMMISSIONING, Realm.PROVIDER])
def test_only_the_hubs_role_writes_groups(world: World, group: Group, realm: Realm) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), inside(realm, orgs=[world.body.pk]):
        Group.objects.update(name="Taken over")


def test_a_hub_does_not_put_a_group_into_another_area(world: World, group: Group) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk]):
        Group.objects.update(force_id="cumbria")


def test_the_office_reads_the_group_and_nobodys_name(world: World, group: Group) -> None:
    asked_for(world, group)
    shown = world.client("commissioning_officer").get(f"/groups/{group.pk}/").content.decode()
    assert "No money at all" in shown and "What it needs" in shown
    for word in ("Testina", "07700", "Placeholder", "Spoke of", "Whom to ask for", "Record contact"):
        assert word not in shown


def test_a_provider_reads_what_a_group_does_and_nothing_of_its_size_or_needs(world: World, group: Group) -> None:
    shown = world.client("caseworker").get(f"/groups/{group.pk}/").content.decode()
    assert "Sample Circle" in shown and "Not a service" in shown
    for word in ("No money at all", "What it needs", "Domestic abuse", "Last contact", "In touch"):
        assert word not in shown
    assert world.client("caseworker").get("/groups/groups.csv").status_code == 403
    assert "Sample Circle" in world.client("caseworker").get("/groups/?need=insurance&stage=WORKING").content.decode()


def test_every_look_at_whom_to_ask_for_is_logged(world: World, group: Group) -> None:
    person = asked_for(world, group)
    client = world.client(OFFICER)
    client.get(f"/groups/{group.pk}/")
    assert not Look.objects.exists()
    client.get(f"/groups/{group.pk}/people/")
    client.get(f"/groups/people/{person.pk}/")
    looks = Look.objects.order_by("at")
    assert [look.subjects for look in looks] == [[person.pk], [person.pk]]
    assert {look.user_id for look in looks} == {world.people[OFFICER].pk}


def test_a_partnership_officer_sees_no_victim_and_no_queue(world: World) -> None:
    client = world.client(OFFICER)
    for address in ("/referrals/", "/casework/", "/victims/outbox/", "/feeds/", "/organisations/people/"):
        assert client.get(address).status_code in (403, 404), address


# Never a service.


def test_a_group_is_in_no_public_list_search_api_route_or_count(world: World, group: Group) -> None:
    by = world.actor(OFFICER)
    link = Organisation.objects.get(pk=world.provider.pk)
    actions.link(group, by=by, at=world.now, organisation=link)
    public = [
        Client().get("/information/list/"), Client().get("/information/list/?q=Sample+Circle"),
        Client().post("/information/", {"words": "Sample Circle", "council": "E08000025"}),
        Client().get("/api/oruk/services"), Client().get(f"/api/oruk/services/{group.pk}"),
        Client().get(f"/information/list/{group.pk}/"),
    ]  # fmt: skip
    for page in public:
        said = page.content.decode()
        assert "01632 960 811" not in said and str(group.pk) not in said.replace(f"/{group.pk}", "")
    assert [page.status_code for page in public] == [200, 200, 200, 200, 404, 404]
    assert not Service.objects.exists()
    asked = gaps.Asked(gaps.group("made_for_women", timezone.localdate()))
    sheet = gaps.now(by, asked, at=timezone.now(), on=timezone.localdate())
    assert sheet.services == 0 and all(not cell.named and not cell.general for cell in sheet.cells.values())
    assert queries.reach(by, timezone.localdate()).groups == 1
    assert json.loads(public[3].content)["total_items"] == 0


def test_a_person_of_another_area_is_not_reached_by_a_made_up_form(world: World, group: Group) -> None:
    far = world.actor("far_triage_officer")
    assert queries.one(str(group.pk), far) is None and queries.one(str(uuid4()), world.actor(OFFICER)) is None
    assert queries.body(str(world.far_provider.pk), world.actor(OFFICER)) is None
    assert not queries.twins(about("Sample Circle"), [ASKED], far)


def test_the_first_lock_shows_each_realm_its_own(world: World, group: Group) -> None:
    assert (
        Group.objects.visible_to(SYSTEM_ACTOR).count() == 1
        and ContactPerson.objects.visible_to(SYSTEM_ACTOR).count() == 0
    )
    made = formed(world)
    for person, sees in (("referrer", False), ("analyst", True), ("far_triage_officer", False), (OFFICER, True)):
        assert Group.objects.visible_to(world.actor(person)).exists() is sees
        assert Consortium.objects.visible_to(world.actor(person)).exists() is sees
    assert not Contact.objects.visible_to(world.actor("analyst")).exists()
    assert (str(group), str(made)) == ("Sample Circle", "Sample Reach")
