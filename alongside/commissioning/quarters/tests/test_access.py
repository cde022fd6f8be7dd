"""Who may open which figures; and the office's database role never reaches a victim."""

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.urls import reverse

from alongside.core.rows import realms
from alongside.core.rows.realms import Realm
from tests.story import LAST, Story
from tests.world import World

OFFICE = ("commissioning_officer", "analyst", "board_member", "office_administrator")
OTHERS = ("triage_officer", "hub_manager", "caseworker", "service_manager", "referrer", "officer")
PERSONAL = (
    "victims_victim", "victims_sameperson", "referrals_referral", "referrals_offer", "casework_case",
    "casework_contact", "outcomes_assessment", "messages_contactpoint", "core_personkey", "collect_snapshot",
)  # fmt: skip


@pytest.mark.parametrize("person", OTHERS)
def test_nobody_else_opens_the_offices_page(world: World, person: str) -> None:
    client = world.client(person)
    for address in (
        reverse("quarters:quarter"), reverse("quarters:quarter", args=["2026Q2"]), reverse("catalogue:measures"),
        reverse("catalogue:measure", args=["waiting_now"]), reverse("quarters:chart", args=["2026Q2", "quarters"]),
    ):  # fmt: skip
        assert client.get(address).status_code == 403
    assert client.post(reverse("quarters:export", args=["2026Q2"]), {"fmt": "csv"}).status_code == 403


@pytest.mark.parametrize("person", [*OFFICE, "caseworker", "triage_officer"])
def test_nobody_else_opens_a_providers_own_page(world: World, person: str) -> None:
    client = world.client(person)
    for address in (
        reverse("quarters:own"), reverse("catalogue:own_measure", args=["waiting_now"]),
        reverse("quarters:own_chart", args=["2026Q2", "quarters"]),
    ):  # fmt: skip
        assert client.get(address).status_code == 403


def test_the_office_opens_its_pages(story: Story) -> None:
    story.snapshot()
    for person in OFFICE:
        for name in ("quarters:quarter", "catalogue:measures"):
            assert story.world.client(person).get(reverse(name)).status_code == 200


@pytest.mark.parametrize("person", ["board_member", "office_administrator"])
def test_a_file_leaves_with_those_who_may_take_it(world: World, person: str) -> None:
    answer = world.client(person).post(reverse("quarters:export", args=["2026Q2"]), {"fmt": "csv"})
    assert answer.status_code == 403


def test_strangers_are_asked_to_sign_in(client: Client, world: World) -> None:
    assert client.get(reverse("quarters:quarter")).status_code == 302


@pytest.mark.parametrize("table", PERSONAL)
def test_the_database_refuses_the_offices_role_a_persons_row(world: World, table: str) -> None:
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        realms.inside(Realm.COMMISSIONING, orgs=[world.body.pk]),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT count(*) FROM {table}")


def test_the_neighbour_sees_none_of_a_providers_figures(story: Story) -> None:
    story.contact(story.case(story.referral()))
    story.snapshot(LAST)
    own = story.world.client("service_manager").get(reverse("quarters:own")).content.decode()
    other = story.world.client("neighbour_manager").get(reverse("quarters:own")).content.decode()
    assert "Lantern Sample Charity support" in own
    assert "Lantern" not in other.replace("Acting for", "")
