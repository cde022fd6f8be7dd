"""Every case of an organisation is held against the checks at once."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alongside.core import events
from alongside.core.clocks import london_date
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.checks import presenters, queries
from alongside.support.cases.notes import actions as notes
from alongside.support.cases.plans import actions as plans
from alongside.support.people.victims.models import Agreement
from tests.world import World

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


def old(world: World, *, person: str = "caseworker", high_risk: bool = True) -> Case:
    """A case on which nothing was done for 200 days."""
    now, by = timezone.now(), world.actor(person)
    made = accepted(world, at=now - timedelta(days=200))
    casework.assign(made, by=by, at=now, worker=by.user_id)
    Agreement.objects.filter(victim_id=made.victim_id).delete()
    Case.objects.filter(pk=made.pk).update(high_risk=high_risk)
    return Case.objects.get(pk=made.pk)


@pytest.fixture
def case(world: World) -> Case:
    return old(world)


def codes(case: Case) -> set[str]:
    found = queries.held(Case.objects.filter(pk=case.pk), london_date(timezone.now()))
    return {hit.check.code for hit in found.hits}


def test_what_was_left_undone_is_found_and_gone_when_it_is_done(world: World, case: Case) -> None:
    by, at = world.actor("caseworker"), timezone.now()
    assert codes(case) == {"risk", "safety_plan", "agreement", "contact", "needs", "notes"}
    notes.add_note(case, by=by, at=at, words="Rang, no answer.")
    plans.score(case, by=by, at=at, stage="first", answers={"health": 2}, said_by="victim", words="")
    casework.record_contact(case, by=by, at=at, channel="phone", result="spoke", minutes=5, note="", happened_at=at)
    assert codes(case) == {"risk", "safety_plan", "agreement"}


def test_a_counselling_note_counts_as_noted_though_nobody_may_read_it(world: World, case: Case) -> None:
    events.record("case.counselled", case.pk, by=world.actor("caseworker"), at=timezone.now())
    assert "notes" not in codes(case)


def test_statements_are_as_many_for_one_case_as_for_many(world: World, case: Case) -> None:
    on = london_date(timezone.now())
    rows = queries.of_organisation(Case.objects.all(), case.provider_id, on)
    queries.held(rows, on)
    with CaptureQueriesContext(connection) as one:
        assert queries.held(rows, on).cases == 1
    for _ in range(4):
        old(world)
    queries.held(rows, on)
    with CaptureQueriesContext(connection) as many:
        assert queries.held(rows, on).cases == 5
    asked_of_rules = sum("rulebook" in found["sql"] for found in many.captured_queries)
    assert len(one) == len(many) == 8 + asked_of_rules


def test_a_manager_sees_everybodys_by_check_and_by_worker(world: World, case: Case) -> None:
    other, manager = old(world, person="other_caseworker"), world.client("service_manager")
    page = body(manager.get(reverse("checks:show")))
    assert case.reference in page and other.reference in page and "Testa Other Caseworker" in page
    assert reverse("safety:plan", args=[case.pk]) in page and reverse("victims:agree", args=[case.victim_id]) in page
    only = body(manager.get(reverse("checks:show"), {"kind": "safety_plan", "whose": str(other.worker)}))
    assert other.reference in only and case.reference not in only and "Showing 1 of 1 finding" in only
    assert "Nothing falls short" in body(manager.get(reverse("checks:show"), {"whose": "nobody"}))
    file = body(manager.post(reverse("checks:download"), {"kind": "notes"}))
    assert case.reference in file and case.victim.family_name not in file and "Nothing was noted" in file
    assert manager.get(reverse("checks:download")).status_code == 302


def test_a_worker_sees_their_own_alone_and_a_neighbour_nothing(world: World, case: Case) -> None:
    assert case.reference in body(world.client("caseworker").get(reverse("checks:show")))
    for person in ("other_caseworker", "neighbour_caseworker", "neighbour_manager", "far_caseworker"):
        page = body(world.client(person).get(reverse("checks:show"), {"whose": str(case.worker)}))
        assert case.reference not in page and "Testa Caseworker" not in page, person
    assert world.client("caseworker").post(reverse("checks:download")).status_code == 403
    for person in ("hub_manager", "commissioning_officer"):
        assert world.client(person).get(reverse("checks:show")).status_code == 403, person


def test_the_day_and_the_team_say_how_many_fell_short(world: World, case: Case) -> None:
    assert "6 findings, on 1 of 1 case" in body(world.client("caseworker").get(reverse("day:mine")))
    manager = world.client("service_manager")
    assert "6 findings, on 1 of" in body(manager.get(reverse("day:team")))
    theirs = body(manager.get(reverse("day:mine"), {"whose": str(case.worker)}))
    assert "findings" not in theirs


def test_a_long_list_is_read_a_page_at_a_time(world: World, case: Case) -> None:
    hits = queries.held(Case.objects.all(), london_date(timezone.now())).hits * 20
    first, before, after = presenters.page(hits, "x")
    assert (len(first), before, after) == (50, "", "50")
    last, before, after = presenters.page(hits, "100")
    assert (len(last), before, after) == (20, "50", "")


def test_a_case_closed_without_a_last_assessment_is_asked_about(world: World, case: Case) -> None:
    now = timezone.now()
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=now, unmeasured_why="lost_contact")
    on = london_date(now)
    rows = queries.of_organisation(Case.objects.all(), case.provider_id, on)
    assert [hit.check.code for hit in queries.held(rows, on).hits] == ["closed_bare"]
    assert "Read how it ended" in body(world.client("service_manager").get(reverse("checks:show")))
