"""What is due is said once, and goes with what made it due or with its case."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.utils.module_loading import import_string

from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.core.clocks import london_date
from alongside.core.rows.realms import inside
from alongside.support.cases.agenda import actions, jobs, queries
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.agenda.rules import Kind, Lane, Pressing, end_of
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from tests.world import World

pytestmark = pytest.mark.django_db
KINDS = {
    "sample.review": Kind(lambda details, titles: f"Review {titles('needs')[details['need']]}", "casework:plan",
                          "reviews"),
    "sample.receipt": Kind(lambda details, titles: "Receipt", "casework:revise_need", "money", of="about",
                           lane=Lane.MANAGER, lasts=True),
}  # fmt: skip
TABLE = {"agenda": (f"{__name__}.KINDS",)}


@pytest.fixture(autouse=True)
def declared(settings: Any) -> None:
    shipped = import_string(settings.BESIDE)
    TABLE.update({kind: paths for kind, paths in shipped.items() if kind != "agenda"})
    settings.BESIDE = f"{__name__}.TABLE"


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


@pytest.fixture
def worker(world: World) -> Iterator[Actor]:
    by = world.actor("caseworker")
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id, closed=by.closed, own=by.own):
        yield by


def test_a_second_word_about_the_same_takes_the_place_of_the_first(world: World, case: Case, worker: Actor) -> None:
    about, day = uuid4(), london_date(world.now)
    for days in (9, 2):
        actions.put(case, by=worker, at=world.now, kind="sample.review", about=about,
                    due_at=day + timedelta(days=days), details={"need": "accommodation"})  # fmt: skip
    (line,) = queries.of_case(case.pk, now=world.now)
    assert line.due_at.date() == day + timedelta(days=2) and line.all_day and line.pressing == Pressing.WEEK
    assert line.words.startswith("Review ") and line.href.endswith("/plan/")


def test_what_is_done_is_taken_off_alone_or_with_its_kind(world: World, case: Case, worker: Actor) -> None:
    first, second = uuid4(), uuid4()
    for about in (first, second):
        actions.put(case, by=worker, at=world.now, kind="sample.receipt", about=about, due_at=world.now)
    actions.drop(case, by=worker, at=world.now, kind="sample.receipt", about=first)
    assert [line.item.about for line in queries.of_case(case.pk, now=world.now)] == [second]
    actions.drop(case, by=worker, at=world.now, kind="sample.receipt")
    assert queries.of_case(case.pk, now=world.now) == ()


def test_a_worker_has_what_is_due_on_their_cases_and_a_manager_what_is_theirs(world: World, case: Case) -> None:
    manager, day = world.actor("service_manager"), london_date(world.now)
    for kind in KINDS:
        actions.put(case, by=SYSTEM_ACTOR, at=world.now, kind=kind, about=uuid4(), due_at=world.now,
                    details={"need": "accommodation"})  # fmt: skip
    found = queries.of_cases([case.pk], now=world.now, until=end_of(day), lane=Lane.WORKER)
    assert [line.group for line in found] == ["reviews"]
    assert queries.of_cases([uuid4()], now=world.now, until=end_of(day), lane=Lane.WORKER) == ()
    assert [line.group for line in queries.of_team(manager, now=world.now, until=day, lane=Lane.MANAGER)] == ["money"]
    stranger = world.actor("neighbour_manager")
    assert queries.of_team(stranger, now=world.now, until=day, lane=Lane.MANAGER) == ()


def test_a_neighbour_reads_nothing_of_it(world: World, case: Case) -> None:
    actions.put(case, by=SYSTEM_ACTOR, at=world.now, kind="sample.receipt", about=uuid4(), due_at=world.now)
    by = world.actor("neighbour_caseworker")
    assert not Item.objects.visible_to(by).exists()
    with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id, closed=by.closed, own=by.own):
        assert not Item.objects.all().exists()


def test_closing_a_case_leaves_what_outlasts_it(world: World, case: Case) -> None:
    for kind in KINDS:
        actions.put(case, by=SYSTEM_ACTOR, at=world.now, kind=kind, about=uuid4(), due_at=world.now)
    jobs.clear(event="", subject=str(case.pk))
    assert Item.objects.filter(case=case).count() == 2  # it was reopened meanwhile
    Case.objects.filter(pk=case.pk).update(state=Case.State.CLOSED, closed_at=world.now)
    jobs.clear(event="", subject=str(case.pk))
    assert [item.kind for item in Item.objects.filter(case=case)] == ["sample.receipt"]


def test_the_page_of_a_case_shows_what_comes_next(world: World, case: Case) -> None:
    for days in range(8):
        actions.put(case, by=SYSTEM_ACTOR, at=world.now, kind="sample.review", about=uuid4(),
                    due_at=world.now + timedelta(days=days), details={"need": "accommodation"})  # fmt: skip
    page = world.client("caseworker").get(f"/casework/cases/{case.pk}/").content.decode()
    assert page.count("Review ") == 6 and "And 2 later." in page
