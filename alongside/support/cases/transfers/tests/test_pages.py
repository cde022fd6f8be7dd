"""The pages of transfers, from offering a case to what came with it."""

import html
import re
from collections.abc import Iterable
from typing import Any

import pytest
from django.urls import reverse

from alongside.core.pages import drafts
from alongside.support.cases.casework.models import Case
from alongside.support.cases.transfers import jobs
from alongside.support.cases.transfers.models import Transfer
from alongside.support.cases.transfers.tests.handing import SECRET, SUMMARY, agreed, offered, taken_up, there, worked_on
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World) -> Case:
    there(world)
    return worked_on(world)


def page(world: World, view: str, pk: Any = None, person: str = "caseworker") -> str:
    answer = world.client(person).get(reverse(f"transfers:{view}", args=[pk] if pk else []))
    assert answer.status_code == 200, view
    return str(answer.content.decode())


def post(world: World, view: str, pk: Any, person: str = "caseworker", **said: Any) -> str:
    answer = world.client(person).post(reverse(f"transfers:{view}", args=[pk]), said, follow=True)
    return str(answer.content.decode())


def given(world: World, **changes: Any) -> dict[str, Any]:
    return {"service": str(there(world).pk), "why": "moved", "summary": SUMMARY, "pieces": ["plan"], **changes}


def test_a_case_is_offered_accepted_and_goes_on_there(world: World, case: Case) -> None:
    agreed(world, case)
    text = page(world, "offer", case.pk)
    assert "Each as it would be sent" in text and SECRET in text and "Counselling notes never go" in text
    assert "They see a summary without identity" in post(world, "offer", case.pk, **given(world))
    transfer = Transfer.objects.get()
    assert "Waiting for an answer" in page(world, "sent", case.pk)
    assert "They have moved" in page(world, "show", transfer.pk, "neighbour_caseworker")
    text = post(world, "accept", transfer.pk, "neighbour_caseworker")
    assert "Now make the first contact" in text and SUMMARY in text and SECRET not in text
    jobs.settle(event="", subject=str(transfer.pk))
    new = Case.objects.exclude(pk=case.pk).get()
    text = post(world, "start_from", new.pk, "neighbour_caseworker")
    assert "they are a start" in text and "Pay the rent" in text
    text = page(world, "sent", case.pk)
    assert "You can read this case as it was until" in text
    shown = world.client("caseworker").get(reverse("casework:show", args=[case.pk])).content.decode()
    assert "Handed over to another service" in shown and "Reopen the case" not in shown


def test_offering_without_agreement_says_what_to_do_and_loses_nothing(world: World, case: Case) -> None:
    text = post(world, "offer", case.pk, **given(world))
    assert "have not agreed that you share" in text and SUMMARY in text
    assert "Choose a service" in post(world, "offer", case.pk, summary="Kept words")
    drafts.keep(drafts.form_name("transfers.offer", case.pk), {"summary": "Kept before"}, by=world.actor("caseworker"),
                at=world.now.replace(year=2099))  # fmt: skip


def test_a_waiting_transfer_is_taken_back_and_stops_closing(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    assert "offered to another service already" in page(world, "offer", case.pk)
    answer = world.client("caseworker").get(f"/casework/cases/{case.pk}/close/").content.decode()
    assert "wait for the answer, or take it back" in answer
    assert "They see none of it any more" in post(world, "take_back", transfer.pk)
    assert "it is taken back" in post(world, "take_back", transfer.pk)
    assert "What was never shown" in page(world, "sent", case.pk)


def test_declining_asks_why_and_the_sender_reads_it(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    assert "Choose why you decline" in post(world, "decline", transfer.pk, "neighbour_caseworker", reason="")
    text = post(world, "decline", transfer.pk, "neighbour_caseworker", reason="no_capacity")
    assert "you see none of it any more" in text and "No transfers are waiting" in text
    assert "No capacity now" in page(world, "sent", case.pk)


def test_what_cannot_be_accepted_is_said(world: World, case: Case) -> None:
    said = agreed(world, case)
    transfer = offered(world, case)
    world.client("caseworker").post(reverse("victims:withdraw", args=[said.pk]))
    assert "no longer agree" in post(world, "accept", transfer.pk, "neighbour_caseworker")


def test_a_case_that_was_never_offered_has_no_page_of_it(world: World, case: Case) -> None:
    assert world.client("caseworker").get(reverse("transfers:sent", args=[case.pk])).status_code == 404


def test_a_manager_finds_the_cases_of_a_service_that_closed_and_a_neighbour_none(world: World, case: Case) -> None:
    assert "No case is left" in page(world, "closed_services", person="service_manager")
    case.service.state = "CLOSED"
    case.service.save(update_fields=["state"])
    text = page(world, "closed_services", person="service_manager")
    assert case.reference in text and f"/casework/cases/{case.pk}/transfer/" in text
    assert f"/casework/cases/{case.pk}/close/" in text
    assert case.reference not in page(world, "closed_services", person="neighbour_manager")
    assert world.client("caseworker").get(reverse("transfers:closed_services")).status_code == 403


def pressed(client: Any, page: str, body: str) -> Iterable[tuple[str, int]]:
    """Every button of a page, pressed with nothing filled in: what it says, and what came of it."""
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", body, re.S):
        action = re.search(r'action="([^"]+)"', form)
        said = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
        yield form, client.post(action.group(1) if action else page, said).status_code


def test_of_a_case_handed_on_no_page_shows_what_may_not_be_done(world: World, case: Case) -> None:
    """From the page of the case through every page that it leads to, each link followed and each button pressed."""
    agreed(world, case)
    taken_up(world, offered(world, case))
    client, records = world.client("service_manager"), (case.pk, case.victim_id, case.referral_id)
    waits, seen = [reverse("casework:show", args=[case.pk])], set[str]()
    person = reverse("victims:show", args=[case.victim_id])
    while waits:
        if (url := waits.pop()) in seen:
            continue
        seen.add(url)
        answer = client.get(url, follow=True)
        assert answer.status_code == 200, url
        body = re.search(r"<main.*</main>", answer.content.decode(), re.S)
        shown = body.group(0) if body else ""
        found = {html.unescape(href) for href in re.findall(r'href="(/[^"#?]*)', shown)}
        waits += [href for href in found if any(str(key) in href for key in records)]
        refused = [form for form, status in pressed(client, url, shown) if status == 403]
        assert not refused, (url, refused)
    assert {one for one in seen if one.startswith((person, "/restricted/"))} == {
        person, *(reverse(f"restricted:{view}", args=[case.victim_id]) for view in ("who", "declare"))
    }, "nothing of the person is changed"  # fmt: skip
    assert "You handed them on to another service" in client.get(person).content.decode()
    assert "asks when it ends" in client.get(reverse("journey:page", args=[case.pk])).content.decode()
