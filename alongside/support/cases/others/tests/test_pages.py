"""Pages of the other party: added, opened, changed in two windows, taken off; orders; a conflict decided."""

from typing import Any

import pytest
from django.utils import timezone

from alongside.support.cases.casework.models import Case
from alongside.support.cases.others.models import Clash, Condition, Party
from alongside.support.cases.others.tests.kept import case_of, kept, looked, somebody
from tests.world import World

pytestmark = pytest.mark.django_db
FORM: dict[str, Any] = {"name": "Ramon Vale", "relation": "ex_partner", "lives": "elsewhere", "dangers": ["dog"]}


@pytest.fixture
def case(world: World) -> Case:
    return case_of(world)


def page(world: World, where: str, person: str = "caseworker") -> str:
    answer = world.client(person).get(where, follow=True)
    assert answer.status_code == 200, (where, answer.status_code)
    return str(answer.content.decode())


def post(world: World, where: str, person: str = "caseworker", **said: Any) -> str:
    return str(world.client(person).post(where, said, follow=True).content.decode())


def test_the_other_party_is_added_opened_changed_and_taken_off(world: World, case: Case) -> None:
    people = f"/casework/cases/{case.pk}/people/"
    assert "Nobody is kept" in page(world, people)
    assert "Give a name, or describe them" in post(world, f"{people}other/add/", **{**FORM, "name": ""})
    shown = post(world, f"{people}other/add/", **FORM)
    assert "Other party 1" in shown and "Hidden until you say why" in shown and "Ramon" not in shown
    assert "Two go together" in page(world, f"/casework/cases/{case.pk}/", "other_caseworker")
    party = Party.objects.get()
    where = f"/casework/others/{party.pk}/"
    assert "Ramon Vale" in post(world, f"{where}open/", reason="safety")
    assert 'value="Ramon Vale"' in page(world, f"{where}revise/")
    assert "Choose why you change it" in post(world, f"{where}revise/", **FORM, seen=1)
    changed = {**FORM, "name": "Raymond Vale", "why": "wrong", "seen": 1}
    assert "Changed." in post(world, f"{where}revise/", **changed)
    stale = post(world, f"{where}revise/", **changed)
    assert "Somebody else changed this" in stale and "What it says now" in stale
    shown = post(world, f"{where}open/", reason="safety")
    assert "Raymond Vale" in shown and "It was wrong" in shown and "Added" in shown
    assert "Taken off the case" in post(world, f"{where}remove/", why="wrong", seen=2)
    assert "Nobody is kept" in page(world, people)
    for gone in ("", "revise/", "remove/", "conditions/add/"):
        assert world.client("caseworker").get(f"{where}{gone}").status_code == 404


def test_an_order_is_added_stands_on_the_page_and_is_taken_off(world: World, case: Case) -> None:
    party = kept(world, case, timezone.now())
    add = f"/casework/others/{party.pk}/conditions/add/"
    assert "Choose what it is" in post(world, add, kind="")
    day = timezone.localdate()
    until: dict[str, Any] = {"until_day": day.day, "until_month": day.month, "until_year": day.year}
    shown = post(world, add, kind="bail", words="Not within 50 metres", **until)
    assert "Bail conditions, until" in shown and "50 metres" not in shown
    assert "An order or condition on the other party ends" in page(world, f"/casework/cases/{case.pk}/")
    assert "50 metres" in post(world, f"/casework/others/{party.pk}/open/", reason="court")
    end = f"/casework/conditions/{Condition.objects.get().pk}/end/"
    assert "Bail conditions" in page(world, end)
    assert "Bail conditions" not in post(world, end, why="lifted")


def test_a_conflict_tells_the_worker_to_ask_and_the_manager_with_whom(world: World, case: Case) -> None:
    his = case_of(world, "other_caseworker", source_ref="his", identity=somebody("Ray", "Vale"), points=())
    looked(his, timezone.now())
    kept(world, case, timezone.now())
    looked(case, timezone.now())
    where = f"/casework/cases/{case.pk}/people/conflicts/"
    assert "speak with your manager" in page(world, where) and his.reference not in page(world, where)
    shown = page(world, where, "service_manager")
    assert his.reference in shown and "may be supported here" in shown
    clash = Clash.objects.get(case=case)
    settle = f"/casework/conflicts/{clash.pk}/settle/"
    assert world.client("caseworker").get(settle).status_code == 404
    assert world.client("neighbour_manager").get(settle).status_code == 404
    assert "Choose what was decided" in post(world, settle, "service_manager", answer="", words="x")
    shown = post(world, settle, "service_manager", answer="apart", words="Another day")
    assert "Another day" in shown and "Other workers, other days" in shown
    Case.objects.filter(pk=his.pk).update(visible_orgs=[])
    assert "not open to you" in page(world, where, "service_manager")
    assert "Nothing has been found" in page(
        world,
        f"/casework/cases/{case_of(world, source_ref='third', points=()).pk}/people/conflicts/",
        "service_manager",
    )
