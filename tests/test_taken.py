"""What a device sends by itself is taken once, and answered in a word."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core import jobs
from alongside.core.models import Taken
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.notes.models import Note
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


@pytest.fixture
def client(world: World) -> Client:
    return world.client("caseworker")


def send(client: Client, case: Case, words: str = "Sample words", once: object = "") -> tuple[int, str]:
    headers = {"X-Alongside-Once": str(once or uuid4())}
    answer = client.post(reverse("notes:add_note", args=[case.pk]), {"words": words}, headers=headers)
    return answer.status_code, answer.json()["state"] if answer["Content-Type"] == "application/json" else ""


def test_what_is_sent_again_is_taken_once(case: Case, client: Client) -> None:
    once = uuid4()
    assert send(client, case, once=once) == (200, "taken")
    Note.objects.update(written_at=timezone.now() - timedelta(days=1))  # long after any press of the same button
    assert send(client, case, once=once) == (200, "taken")
    assert Note.objects.count() == 1
    assert send(client, case) == (200, "taken")
    assert Note.objects.count() == 2


def test_what_was_not_taken_may_come_again(case: Case, client: Client) -> None:
    once = uuid4()
    assert send(client, case, words="", once=once) == (422, "refused")
    assert not Taken.objects.exists()
    assert send(client, case, once=once) == (200, "taken")


def test_what_another_person_sent_under_the_same_name_is_their_own(world: World, case: Case, client: Client) -> None:
    once = uuid4()
    send(client, case, once=once)
    assert send(world.client("service_manager"), case, once=once) == (200, "taken")
    assert Note.objects.count() == 2


def test_whoever_was_signed_out_is_told_so(case: Case) -> None:
    assert send(Client(), case) == (401, "signed out")
    assert not Taken.objects.exists() and not Note.objects.exists()


def test_a_neighbour_is_refused_and_nothing_is_remembered(world: World, case: Case) -> None:
    assert send(world.client("neighbour_caseworker"), case)[0] == 404
    assert not Taken.objects.exists()


def test_a_name_that_is_none_is_refused(case: Case, client: Client) -> None:
    assert send(client, case, once="all of them") == (422, "refused")


def test_realms_that_keep_no_drafts_send_nothing_by_themselves(world: World, case: Case) -> None:
    answer = world.client("board_member").post(reverse("keep_draft"), headers={"X-Alongside-Once": str(uuid4())})
    assert answer.status_code == 422 and not Taken.objects.exists()


def test_what_was_taken_long_ago_is_forgotten(case: Case, client: Client) -> None:
    send(client, case)
    jobs.forget_drafts.func()
    assert Taken.objects.count() == 1
    Taken.objects.update(expires_at=timezone.now() - timedelta(days=1))
    jobs.forget_drafts.func()
    assert not Taken.objects.exists()
