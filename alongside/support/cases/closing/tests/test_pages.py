"""The page that closes a case: what is open with where it is seen to, and how it ended afterwards."""

from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from alongside.core.pages import drafts
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.test_actions import reach, sit
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World) -> Case:
    case = accepted(world)
    reach(world, case)
    sit(world, case, "first")
    return Case.objects.get(pk=case.pk)


def address(case: Case) -> str:
    return reverse("closing:close", args=[case.pk])


def post(world: World, case: Case, person: str = "caseworker", **said: Any) -> str:
    return str(world.client(person).post(address(case), said, follow=True).content.decode())


def test_closing_asks_for_the_last_assessment_or_why_not(world: World, case: Case) -> None:
    given = {"reason": "needs_met", "knows_how": "yes"}
    assert "say why it was not made" in post(world, case, **given)
    text = post(world, case, **given, unmeasured_why="not_wanted", signposts=["doctor"], own_words="I sleep again")
    assert "has been closed" in text and "How it ended" in text
    assert "I sleep again" in text and "Their doctor" in text and "Record a contact" not in text


def test_the_page_lists_what_is_open_with_where_it_is_seen_to(world: World, case: Case) -> None:
    assert "In order" in str(world.client("caseworker").get(address(case)).content.decode())
    need = casework.find_need(case, by=world.actor("caseworker"), at=world.now, code="money", goal="Pay the rent")
    casework.add_step(need, by=world.actor("caseworker"), at=world.now, what="Ring the bank", who="worker")
    text = str(world.client("caseworker").get(address(case)).content.decode())
    assert "1 need still being worked on" in text and "1 step of the plan not done" in text
    assert reverse("casework:plan", args=[case.pk]) in text and "Before a planned end" in text
    assert "So far: nobody has tried" in text and "Every message and call to them stops at once" in text


def test_a_reason_is_asked_for_and_nothing_typed_is_lost(world: World, case: Case) -> None:
    text = post(world, case, own_words="I sleep again")
    assert "Choose why support ends" in text and "I sleep again" in text
    name = drafts.form_name("closing.close", case.pk)
    drafts.keep(name, {"own_words": "Kept words"}, by=world.actor("caseworker"), at=timezone.now())
    text = str(world.client("caseworker").get(address(case)).content.decode())
    assert "Kept words" in text


def test_only_a_manager_is_asked_why_it_is_right_all_the_same(world: World, case: Case) -> None:
    given = {"reason": "lost_contact", "knows_how": "not_known", "unmeasured_why": "lost_contact"}
    assert "Ask your manager" in post(world, case, **given)
    text = post(world, case, "service_manager", **given)
    assert "Why is it right to close all the same?" in text and "say below why" in text
    text = post(world, case, "service_manager", **given, despite="No other way is safe")
    assert "has been closed" in text and "No other way is safe" in text and "A manager answered for closing" in text
