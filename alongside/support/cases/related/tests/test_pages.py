"""The page of people: children, household, professionals; changed in two windows; who is told nothing."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alongside.core.models import Look
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.related.models import Professional, Relative
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db
CHILD: dict[str, Any] = {
    "relation": "child",
    "name": "Mina Sampleford",
    "lives": "with_victim",
    "school": "Sample Primary",
}
DAY: dict[str, Any] = {"told_on_day": 1, "told_on_month": 9, "told_on_year": 2026}
OFFICER: dict[str, Any] = {"role": "officer", "name": "Sgt Test", "phone": "01632 960123", "may_be_told": "no", **DAY}


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


def page(world: World, where: str, person: str = "caseworker") -> str:
    answer = world.client(person).get(where, follow=True)
    assert answer.status_code == 200, (where, answer.status_code)
    return str(answer.content.decode())


def post(world: World, where: str, person: str = "caseworker", **said: Any) -> str:
    return str(world.client(person).post(where, said, follow=True).content.decode())


def test_a_child_is_added_changed_and_taken_off(world: World, case: Case) -> None:
    people = f"/casework/cases/{case.pk}/people/"
    assert page(world, people).count("Nobody yet") >= 2
    assert "Choose who they are" in post(world, f"{people}relative/add/", name="Mina")
    shown = post(world, f"{people}relative/add/", **CHILD)
    assert "Mina Sampleford" in shown and "Sample Primary" in shown and "Age not known" in shown
    where = f"/casework/relatives/{Relative.objects.get().pk}/"
    changed = {**CHILD, "lives": "elsewhere", "why": "moved", "seen": 1}
    assert 'value="Mina Sampleford"' in page(world, f"{where}revise/")
    assert "What it said before is kept" in post(world, f"{where}revise/", **changed)
    stale = post(world, f"{where}revise/", **{**changed, "school": "Another"})
    assert "Somebody else changed this" in stale and "What it says now" in stale and 'value="Another"' in stale
    assert "Mina Sampleford" in page(world, f"{where}remove/")
    assert "Mina" not in post(world, f"{where}remove/", why="gone", seen=2).replace("Take Mina", "")
    before = page(world, f"{people}before/")
    assert "Taken off" in before and "It has changed since" in before and "Sample Primary" in before
    for gone in ("revise", "remove"):
        assert world.client("caseworker").get(f"{where}{gone}/").status_code == 404
    look = Look.objects.filter(route="related:people").latest("at")
    assert case.victim_id in look.subjects and "people" in look.fields


def test_a_child_of_18_is_asked_and_that_is_kept(world: World, case: Case) -> None:
    born = timezone.localdate() - timedelta(days=18 * 366)
    day: dict[str, Any] = {"birth_date_day": born.day, "birth_date_month": born.month, "birth_date_year": born.year}
    shown = post(world, f"/casework/cases/{case.pk}/people/relative/add/", **CHILD, **day)
    assert "They are 18" in shown
    assert "A child turns 18" in page(world, f"/casework/cases/{case.pk}/")
    shown = post(world, f"/casework/relatives/{Relative.objects.get().pk}/asked/")
    assert "They are 18" not in shown and "were asked themselves" in shown


def test_a_professional_can_be_copied_and_says_whether_they_may_be_told(world: World, case: Case) -> None:
    people = f"/casework/cases/{case.pk}/people/"
    assert "Choose whether they may be told" in post(
        world, f"{people}professional/add/", role="officer", name="A", **DAY
    )
    shown = post(world, f"{people}professional/add/", **OFFICER)
    assert "Must not learn it from us" in shown and 'data-copy="01632 960123"' in shown
    where = f"/casework/professionals/{Professional.objects.get().pk}/"
    assert 'value="Sgt Test"' in page(world, f"{where}revise/")
    shown = post(world, f"{where}revise/", **{**OFFICER, "may_be_told": "yes"}, why="told", seen=1)
    assert "May be told" in shown and "Must not learn" not in shown
    assert "Must not learn" not in page(world, f"{people}before/") and "No: they must not" in page(
        world, f"{people}before/"
    )
    assert "Nobody yet" in post(world, f"{where}remove/", why="gone", seen=2)


def test_a_closed_case_shows_people_and_changes_nobody(world: World, case: Case) -> None:
    people = f"/casework/cases/{case.pk}/people/"
    post(world, f"{people}relative/add/", **CHILD)
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=timezone.now())
    shown = page(world, people)
    assert "Mina Sampleford" in shown and "Add a child" not in shown and "/revise/" not in shown


def test_nobody_else_sees_the_people_of_a_case(world: World, case: Case) -> None:
    post(world, f"/casework/cases/{case.pk}/people/relative/add/", **CHILD)
    one = Relative.objects.get()
    keep = {"caseworker", "other_caseworker", "service_manager"}
    for where in (f"cases/{case.pk}/people/", f"cases/{case.pk}/people/before/", f"relatives/{one.pk}/revise/"):
        for person in PEOPLE:
            answer = world.client(person).get(f"/casework/{where}")
            assert (answer.status_code == 200) == (person in keep), (where, person, answer.status_code)
            assert person in keep or "Mina" not in answer.content.decode()
