"""The pages of requests for records, from taking one down to the register as a file; and who sees none of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.models import Event, Look
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.material import presenters
from alongside.support.cases.material.models import Request
from alongside.support.cases.material.tests.test_actions import SAYS, asked
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(world: World) -> Client:
    return world.client("caseworker")


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


def today() -> date:
    return london_date(timezone.now())


def boxes(name: str, day: date) -> dict[str, object]:
    return {f"{name}_day": day.day, f"{name}_month": day.month, f"{name}_year": day.year}


def take_down(client: Client, case: Case, **changes: Any) -> Request:
    data = {"body": "police", "office": "Sample Police", "their_ref": "20/1/26", "kinds": ["notes"],
            "scope": "Everything", "enquiry": "", "found": ["written"], **boxes("asked_on", today()),
            **boxes("came_on", today()), **changes}  # fmt: skip
    done = client.post(reverse("material:take_down", args=[case.pk]), data)
    assert done.status_code == 302, done.text
    return Request.objects.latest("recorded_at")


def page(client: Client, case: Case) -> str:
    text: str = client.get(reverse("material:show", args=[case.pk])).text
    return text


def test_an_empty_page_says_what_to_do(client: Client, case: Case) -> None:
    assert "Nobody has asked for records" in page(client, case)
    assert "Who asks?" in client.get(reverse("material:take_down", args=[case.pk])).text
    wrong = client.post(reverse("material:take_down", args=[case.pk]), {"office": "x"})
    assert "Choose who asks" in wrong.text


def test_a_request_shows_what_is_missing_and_drafts_the_answer(client: Client, case: Case) -> None:
    one = take_down(client, case)
    text = page(client, case)
    assert (
        "What the request does not say" in text
        and "which reasonable line of enquiry" in text
        and ">Decide<" not in text
    )
    asked = reverse("material:ask_back", args=[one.pk])
    assert "which reasonable line of enquiry" in client.get(asked).text
    assert client.post(asked, {"seen": 1}).status_code == 302
    assert "Asked for what is missing" in page(client, case)
    more = reverse("material:complete", args=[one.pk])
    assert 'value="written" checked' in client.get(more).text.replace("\n", " ") or "written" in client.get(more).text
    client.post(more, {"found": SAYS, "enquiry": "An alibi", "seen": 2, **boxes("notice_on", today())})
    text = page(client, case)
    assert "What the request does not say" not in text and "An alibi" in text and "Written, " in text


def test_the_victims_view_is_recorded_and_a_stale_form_is_told_so(client: Client, case: Case) -> None:
    one = take_down(client, case)
    address = reverse("material:hear", args=[one.pk])
    assert "our support does not depend" in client.get(address).text
    data = {"view": "objects", "seen": 1, **boxes("spoken_on", today())}
    client.post(address, data)
    assert "They do not want it" in page(client, case)
    assert "What it says now" in client.post(address, data).text


def test_a_manager_decides_and_counselling_waits_for_another(world: World, client: Client, case: Case) -> None:
    found = [*SAYS, "counselling_value", "counselling_senior"]
    one = take_down(client, case, kinds=["counselling"], found=found)
    manager = world.client("service_manager")
    assert ">Decide<" in page(manager, case).replace("\n", "") and "presumed not to be needed" in page(manager, case)
    address = reverse("material:decide", args=[one.pk])
    assert "Choose who checked it" in manager.post(
        address, {"decision": "PROVIDED", "provided": "Notes of May", "seen": 1}).text  # fmt: skip
    data = {"decision": "PROVIDED", "provided": "Notes of May", "seen": 1,
            "checked_by": str(world.people["caseworker"].pk)}  # fmt: skip
    assert manager.post(address, data).status_code == 302
    assert "Not approved" in page(manager, case) and "Approve that it leaves" not in page(manager, case)
    assert "Where you are the only one" in page(manager, case)
    for seen in ("2", "x"):
        manager.post(reverse("material:approve", args=[one.pk]), {"seen": seen})
    assert Request.objects.get(pk=one.pk).state == "TO_APPROVE"
    Request.objects.filter(pk=one.pk).update(decided_by=world.people["other_caseworker"].pk)
    assert "Approve that it leaves" in page(manager, case) and "the only one" not in page(manager, case)
    manager.post(reverse("material:approve", args=[one.pk]), {"seen": 2})
    text = page(manager, case)
    assert "Approved" in text and "Checked by" in text and "Notes of May" in text


def test_what_is_not_approved_is_decided_anew_and_what_is_taken_back_waits_no_more(
    world: World, client: Client, case: Case
) -> None:
    one = take_down(client, case)
    Request.objects.filter(pk=one.pk).update(state="TO_APPROVE")
    world.client("service_manager").post(reverse("material:send_back", args=[one.pk]), {"seen": 1})
    assert Request.objects.get(pk=one.pk).state == "OPEN"
    client.post(reverse("material:take_back", args=[one.pk]), {"seen": 2})
    assert "Taken back by them" in page(client, case)


def test_the_register_is_the_managers_and_leaves_without_names(world: World, client: Client, case: Case) -> None:
    one = take_down(client, case)
    manager, address = world.client("service_manager"), reverse("material:register")
    assert client.get(address).status_code == 403
    assert case.reference in manager.get(address).text
    for query in ("?state=late", "?state=decided", "?source=cps"):
        assert "No request here" in manager.get(address + query).text, query
    Request.objects.filter(pk=one.pk).update(due_on=today() - timedelta(days=2))
    assert (
        "Late" in manager.get(address + "?state=late").text
        and case.reference in manager.get(address + "?state=all").text
    )
    assert manager.get(reverse("material:download")).status_code == 302
    file = manager.post(reverse("material:download"), {"state": "all"}).content.decode("utf-8-sig")
    assert case.reference in file and case.victim.family_name not in file and "Everything" not in file
    assert Event.objects.filter(name="export.made", details__about="material").count() == 1


def test_the_case_says_on_its_first_page_that_somebody_asks(client: Client, case: Case) -> None:
    one = take_down(client, case)
    text = client.get(reverse("casework:show", args=[case.pk])).text
    assert "Somebody asks for records" in text and reverse("material:show", args=[case.pk]) in text
    Request.objects.filter(pk=one.pk).update(due_on=today() - timedelta(days=2))
    assert "Look at this" in client.get(reverse("casework:show", args=[case.pk])).text
    details = {"body": "police", "view": "objects", "state": "PART"}
    for table in (presenters.TOLD, presenters.DUE):
        assert all(said.words(details, lambda book: {}) for said in table.values())
    assert set(Event.objects.filter(name__startswith="material.").values_list("name", flat=True)) <= set(
        presenters.TOLD
    )


@pytest.mark.parametrize("person", ["neighbour_caseworker", "neighbour_manager", "far_caseworker", "triage_officer",
                                    "hub_manager", "commissioning_officer", "referrer"])  # fmt: skip
def test_nobody_else_sees_a_request_by_page_or_query(world: World, person: str) -> None:
    one = asked(world)
    somebody: Any = world.client(person)
    for verb in ("ask_back", "complete", "hear", "decide", "approve", "send_back", "take_back"):
        assert somebody.post(reverse(f"material:{verb}", args=[one.pk]), {}).status_code in (403, 404), verb
    assert somebody.get(reverse("material:show", args=[one.case_id])).status_code in (403, 404)
    if person.startswith(("neighbour", "far")):
        with at_work(world, person) as by:
            assert (Request.objects.count(), Request.objects.visible_to(by).count()) == (0, 0)


def test_a_caseworker_decides_nothing_and_every_look_is_logged(world: World) -> None:
    one = asked(world)
    worker = world.client("caseworker")
    for verb in ("decide", "approve", "send_back"):
        assert worker.post(reverse(f"material:{verb}", args=[one.pk]), {}).status_code == 403, verb
    worker.get(reverse("material:show", args=[one.case_id]))
    assert {one.case_id, one.victim_id} <= set(Look.objects.get(route="material:show").subjects)
