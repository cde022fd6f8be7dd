"""The list of cases as a file, and how many cases each worker has."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event, Look
from alongside.foundation.office.organisations import actions as organisations
from alongside.foundation.office.organisations.models import Membership
from alongside.support.cases.casework import actions, caseload
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.test_actions import reach
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(world: World) -> Client:
    return world.client("service_manager")


def assigned(world: World, worker: str, **changes: Any) -> Case:
    case = accepted(world, **changes)
    by = world.actor("service_manager")
    actions.assign(case, by=by, at=world.now + timedelta(hours=1), worker=world.people[worker].pk)
    return case


def limit(world: World, worker: str, number: int | None) -> None:
    held = Membership.objects.get(user=world.people[worker])
    organisations.set_caseload_limit(held, by=world.actor("service_manager"), at=world.now, limit=number)


def lines(client: Client, **asked: str) -> list[dict[str, str]]:
    response = client.post(reverse("casework:download"), asked)
    assert response.headers["Content-Disposition"] == 'attachment; filename="caseload.csv"'
    return list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))


def test_the_file_holds_the_cases_of_the_filters_and_nobodys_name(world: World, manager: Client) -> None:
    case = assigned(world, "caseworker")
    reach(world, case)
    other = assigned(world, "other_caseworker", source_ref="TEST-2")
    actions.cover(
        other, by=world.actor("service_manager"), at=timezone.now(), worker=world.people["caseworker"].pk,
        until=timezone.localdate() + timedelta(days=2),
    )  # fmt: skip
    *found, note = lines(manager)
    assert [line["Reference"] for line in found] == [other.reference, case.reference]
    assert note["Reference"].startswith("No names")
    assert (found[1]["Worker"], found[1]["State"], found[0]["Covered by"], found[1]["Covered by"]) == (
        "Testa Caseworker", "Being supported", "Testa Caseworker", "",
    )  # fmt: skip
    assert "Testina" not in str(found) and "Sampleford" not in str(found)
    assert len(lines(manager, whose=str(world.people["caseworker"].pk))) == 2, "one case and the note"


def test_who_took_the_file_and_how_many_cases_are_on_record(world: World, manager: Client) -> None:
    case = assigned(world, "caseworker")
    lines(manager)
    made, look = Event.objects.get(name="export.made"), Look.objects.latest("at")
    assert (made.user_id, made.details) == (
        world.people["service_manager"].pk, {"file": "caseload.csv", "rows": 1, "about": "caseload"},
    )  # fmt: skip
    assert (look.subjects, look.fields, look.route) == ([case.victim_id], "file", "casework:download")


def test_who_looked_names_who_took_the_file(world: World, manager: Client) -> None:
    case = assigned(world, "caseworker")
    lines(manager)
    page = world.client("caseworker").get(reverse("casework:looks", args=[case.pk])).content.decode()
    assert "taken as a file" in page.lower()
    assert world.people["service_manager"].name in page


def test_no_cell_of_the_file_is_a_formula(world: World, manager: Client) -> None:
    case = assigned(world, "caseworker")
    case.service.name = "=HYPERLINK(0)"
    case.service.save()
    assert lines(manager)[0]["Service"] == "'=HYPERLINK(0)"


def test_a_caseworker_the_hub_and_a_neighbour_take_nothing_away(world: World) -> None:
    assigned(world, "caseworker")
    address = reverse("casework:download")
    assert [world.client(who).post(address).status_code for who in ("caseworker", "triage_officer")] == [403, 403]
    assert len(lines(world.client("neighbour_manager"))) == 1, "the note alone"
    answer = world.client("service_manager").get(address)
    assert (answer.status_code, "Content-Disposition" in answer) == (302, False), "an address alone takes nothing away"


@pytest.mark.parametrize(
    ("number", "words", "warned"),
    [(None, "(1 case)", False), (3, "(1 case of 3)", False), (2, "(1 case of 2)", False), (1, "of 1: full", True)],
)
def test_a_limit_is_shown_where_a_case_is_assigned_and_warns_without_stopping(
    world: World, manager: Client, number: int | None, words: str, warned: bool
) -> None:
    assigned(world, "other_caseworker")
    limit(world, "other_caseworker", number)
    case = accepted(world, source_ref="TEST-2")
    address = reverse("casework:assign", args=[case.pk])
    assert words in manager.get(address).content.decode()
    answer = manager.post(address, {"worker": str(world.people["other_caseworker"].pk)}, follow=True).content.decode()
    case.refresh_from_db()
    assert case.worker == world.people["other_caseworker"].pk
    assert ("2 cases of 1: over the limit" in answer) == warned


def test_a_manager_sees_every_load_and_sets_a_limit(world: World, manager: Client) -> None:
    assigned(world, "caseworker")
    accepted(world, source_ref="TEST-2")
    held = Membership.objects.get(user=world.people["caseworker"])
    address = reverse("casework:set_limit", args=[held.pk])
    assert "At most" in manager.get(reverse("casework:workers")).content.decode()
    assert manager.get(address).status_code == 200
    assert "Error:" in manager.post(address, {"limit": "many"}).content.decode()
    assert manager.post(address, {"limit": "1"}).status_code == 302
    text = manager.get(reverse("casework:workers")).content.decode()
    assert "Full" in text and "1 case with no worker" in text
    assert Event.objects.get(name="membership.limited").details == {"limit": 1}
    manager.post(address, {"limit": ""})
    assert caseload.loads(world.provider.pk)[held.user_id].limit is None


def test_nobody_sets_a_limit_for_a_neighbour_or_for_somebody_who_left(world: World, manager: Client) -> None:
    theirs, ours = (Membership.objects.get(user=world.people[who]) for who in ("neighbour_caseworker", "caseworker"))
    foreign, absent = (
        manager.post(reverse("casework:set_limit", args=[key]), {"limit": "1"}) for key in (theirs.pk, uuid7())
    )
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert world.client("caseworker").get(reverse("casework:workers")).status_code == 403
    Membership.objects.filter(pk=ours.pk).update(until=world.now)
    with pytest.raises(RuleBroken, match="no longer works here"):
        organisations.set_caseload_limit(ours, by=world.actor("service_manager"), at=world.now, limit=1)
