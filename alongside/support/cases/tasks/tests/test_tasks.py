"""What was agreed stands on the worker's day until it is done."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.tasks import actions
from alongside.support.cases.tasks.models import Task
from tests.world import World

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


@pytest.fixture
def case(world: World) -> Case:
    made, by, now = accepted(world, at=timezone.now()), world.actor("caseworker"), timezone.now()
    casework.assign(made, by=by, at=now, worker=by.user_id)
    return Case.objects.get(pk=made.pk)


@pytest.fixture
def task(world: World, case: Case) -> Task:
    return asked(world, case)


def asked(world: World, case: Case, **changes: Any) -> Task:
    now = timezone.now()
    said = {"words": "Ring the school", "due_on": london_date(now), "why": "audit", "source": uuid4()}
    return actions.ask(case, by=world.actor("service_manager"), at=now, **{**said, **changes})


def test_a_task_is_on_the_workers_day_until_it_is_done(world: World, task: Task) -> None:
    client = world.client("caseworker")
    assert "Do what was agreed on this case" in body(client.get(reverse("day:mine")))
    page = client.get(reverse("tasks:show", args=[task.pk]))
    assert "Ring the school" in body(page)
    assert client.post(reverse("tasks:show", args=[task.pk]), {"said": "They rang back"}).status_code == 302
    assert "Do what was agreed on this case" not in body(client.get(reverse("day:mine")))
    assert "They rang back" in body(client.get(reverse("tasks:show", args=[task.pk])))
    assert not Item.objects.exists()
    assert Event.objects.filter(name="task.finished", subject=task.case_id).count() == 1


def test_a_task_needs_words_a_day_and_a_case_that_goes_on(world: World, case: Case) -> None:
    today = london_date(timezone.now())
    for changes in ({"words": " "}, {"due_on": today - timedelta(days=1)}, {"due_on": today + timedelta(days=400)}):
        with pytest.raises(RuleBroken):
            asked(world, case, **changes)
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=timezone.now())
    with pytest.raises(RuleBroken, match="closed"):
        asked(world, case)


def test_a_form_sent_twice_is_one_task(world: World, case: Case) -> None:
    source = uuid4()
    assert asked(world, case, source=source).pk == asked(world, case, source=source).pk
    assert Task.objects.count() == 1 == Item.objects.count()


def test_whoever_asked_takes_it_back_and_nobody_settles_it_twice(world: World, task: Task) -> None:
    assert world.client("caseworker").post(reverse("tasks:drop", args=[task.pk])).status_code == 403
    manager = world.client("service_manager")
    assert "Not wanted any more" in body(manager.post(reverse("tasks:drop", args=[task.pk]), follow=True))
    by, now = world.actor("service_manager"), timezone.now()
    assert actions.drop(task, by=by, at=now).state == Task.State.DROPPED
    with pytest.raises(RuleBroken, match="meanwhile"):
        actions.finish(task, by=by, at=now)
    assert "meanwhile" in body(manager.post(reverse("tasks:show", args=[task.pk]), {"said": "x"}))
    assert not Item.objects.exists()


def test_a_task_that_is_settled_says_when(task: Task) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(state="DONE")


def test_a_neighbour_sees_nothing(world: World, task: Task) -> None:
    for person in ("neighbour_caseworker", "neighbour_manager", "hub_manager", "board_member"):
        client = world.client(person)
        assert client.get(reverse("tasks:show", args=[task.pk])).status_code == 404, person
        assert client.post(reverse("tasks:drop", args=[task.pk])).status_code == 404, person
