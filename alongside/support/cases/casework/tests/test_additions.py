"""What victims who came back added is to do until somebody has read it; high risk comes first."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import ProgrammingError
from django.test import Client
from django.urls import reverse

from alongside.core.ids import uuid7
from alongside.core.models import Look
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals import actions, attempts
from alongside.support.arrivals.referrals.models import Addition, Referral, Ticket
from alongside.support.arrivals.referrals.tests.arrivals import PHONE, arrival, at_work, offered, received
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from tests.world import World

pytestmark = pytest.mark.django_db


def add(world: World, referral: Referral, words: str = "He has found me", kind: str = "words") -> Addition:
    """The victim came back with their four words and left these."""
    given = {"id": uuid7(), "hub_id": world.hub.pk, "victim_id": referral.victim_id, "word": "accepted"}
    lookup = referral.pk.bytes
    ticket = Ticket.objects.get_or_create(referral=referral, defaults={**given, "lookup": lookup, "since": world.now})[
        0
    ]
    added = Addition(id=uuid7(), ticket=ticket, victim_id=referral.victim_id, kind=kind, added_at=world.now)
    fields.write(added, words=words)
    added.save(force_insert=True)
    return added


def accepted(world: World) -> Case:
    offer = offered(world)
    with at_work(world, "caseworker") as caseworker:
        return casework.accept(offer, by=caseworker, at=world.now)


def queue(client: Client, view: str) -> str:
    return client.get("/referrals/", {"view": view}).content.decode()


def home(client: Client) -> dict[str, int]:
    """The numbers of the home page by the view that each opens."""
    page = client.get("/home/").content.decode()
    found = re.findall(r'view=(\w+)"[^>]*>(.*?)</a>', page, re.DOTALL)
    return {view: int(re.findall(r"\d+", re.sub("<[^>]+>", " ", words))[0]) for view, words in found}


@pytest.mark.parametrize("closed", [False, True])
def test_what_a_victim_adds_is_to_do_whatever_the_state(world: World, closed: bool) -> None:
    officer, case = world.client("triage_officer"), accepted(world)
    if closed:
        Referral.objects.filter(pk=case.referral_id).update(state="CLOSED", closed_at=world.now)
    assert case.reference not in queue(officer, "to_do")
    assert home(officer)["added"] == 0
    added = add(world, case.referral)
    for view in ("to_do", "added"):
        assert case.reference in queue(officer, view)
    assert "New from victims (1)" in queue(officer, "to_do")
    assert "To do (1)" in queue(officer, "to_do")
    assert home(officer)["added"] == 1
    assert case.reference not in queue(world.client("far_triage_officer"), "added")
    with at_work(world, "triage_officer") as hub:
        attempts.deal_with(added, by=hub, at=world.now)
    assert case.reference not in queue(officer, "to_do")
    assert home(officer)["added"] == 0


def test_the_provider_that_has_the_victim_reads_it_and_changes_nothing(world: World) -> None:
    case = accepted(world)
    page = reverse("casework:show", args=[case.pk])
    add(world, case.referral)
    add(world, case.referral, "Stop ringing me", kind="withdraw")
    shown = world.client("caseworker").get(page).content.decode()
    for words in ("He has found me", "Stop ringing me", "They ask us to stop"):
        assert words in shown
    assert "additions" in Look.objects.filter(route="casework:show").latest("at").fields
    assert world.client("neighbour_caseworker").get(page).status_code == 404
    with at_work(world, "neighbour_caseworker"):
        assert not Addition.objects.exists()
    with pytest.raises(ProgrammingError), at_work(world, "caseworker"):
        Addition.objects.update(handled_at=world.now)


def test_what_a_victim_adds_after_a_service_has_closed_is_for_the_hub(world: World) -> None:
    case = accepted(world)
    add(world, case.referral, "Before you closed")
    late = add(world, case.referral, "I did not feel heard by them")
    Addition.objects.filter(pk=late.pk).update(added_at=world.now + timedelta(days=3))
    closed = {"state": "CLOSED", "closed_at": world.now + timedelta(days=2), "closed_why": "completed"}
    Case.objects.filter(pk=case.pk).update(**closed)
    shown = world.client("caseworker").get(reverse("casework:show", args=[case.pk])).content.decode()
    assert "Before you closed" in shown
    assert "I did not feel heard by them" not in shown


def test_a_provider_reads_nothing_of_what_is_only_offered(world: World) -> None:
    add(world, Referral.objects.get(pk=offered(world).referral_id))
    with at_work(world, "caseworker"):
        assert not Addition.objects.exists()


def test_high_risk_comes_first_in_the_queue_and_on_home(world: World) -> None:
    officer = world.client("triage_officer")
    danger = received(world, high_risk=True)
    newer = actions.receive(arrival(world, source_ref="TEST-2"), by=world.actor("triage_officer"), at=world.now)
    page = queue(officer, "to_do")
    assert page.index(danger.reference) < page.index(newer.reference)
    assert "High risk (1)" in page
    assert newer.reference not in queue(officer, "high_risk")
    assert danger.reference in queue(officer, "high_risk")
    assert next(iter(home(officer).items())) == ("high_risk", 1)


def test_numbers_never_to_be_used_come_last_and_cannot_be_dialled(world: World) -> None:
    never = replace(PHONE, value="07700 900666", safe="no", instructions="")
    referral = received(world, points=(never, PHONE))
    page = world.client("triage_officer").post(f"/referrals/{referral.pk}/reveal/", follow=True).content.decode()
    assert "07700 900666" not in page
    assert page.index("07700 900123") < page.index("•••• 666: do not use")
