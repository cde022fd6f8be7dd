"""What is missing is found for all cases at once, and mended where it belongs."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.support.cases.blanks import actions, queries, views
from alongside.support.cases.blanks.models import Asked
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.people.victims.models import Agreement, Correction, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
ALL = {"agreement", "sex", "ethnicity", "language", "interpreter", "access_needs", "scores", "outcome", "review"}


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


@pytest.fixture
def client(world: World) -> Client:
    return world.client("caseworker")


def empty(world: World, *, days: int = 200) -> Case:
    """A case of the caseworker's which says nothing that it should."""
    now, by = timezone.now(), world.actor("caseworker")
    made = accepted(world, at=now - timedelta(days=days))
    casework.assign(made, by=by, at=now, worker=by.user_id)
    Victim.objects.filter(pk=made.victim_id).update(sex="", ethnicity="not_asked", language="", interpreter="unknown",
                                                    access_needs=b"")  # fmt: skip
    Agreement.objects.filter(victim_id=made.victim_id).delete()
    return Case.objects.get(pk=made.pk)


@pytest.fixture
def case(world: World) -> Case:
    return empty(world)


def blank(case: Case) -> set[str]:
    (found,) = queries.standings(Case.objects.filter(pk=case.pk), london_date(timezone.now()))
    return set(found.blank)


def test_every_gap_of_a_case_is_found(case: Case) -> None:
    assert blank(case) - {"birth_date"} == ALL


def test_a_case_of_today_is_asked_only_what_helps_at_the_first_meeting(world: World) -> None:
    assert blank(empty(world, days=0)) == {"interpreter", "access_needs"}


def test_what_the_book_asks_for_and_nobody_knows_of_is_no_gap(world: World, case: Case) -> None:
    (found,) = queries.standings(Case.objects.filter(pk=case.pk), london_date(timezone.now()))
    assert queries._said(found.case, "something_else", queries._known(Case.objects.all()))


def test_a_gap_is_mended_where_it_belongs_and_leaves_its_own_event(world: World, case: Case) -> None:
    by, at = world.actor("caseworker"), timezone.now()
    actions.fill(case, by=by, at=at, code="sex", given={"sex": "female"})
    actions.fill(case, by=by, at=at, code="agreement", given={"given": True})
    assert Victim.objects.get(pk=case.victim_id).sex == "female"
    assert Correction.objects.get(victim_id=case.victim_id).changed == ["sex"]
    assert Agreement.objects.get(victim_id=case.victim_id).given
    assert Event.objects.filter(name="victim.corrected", subject=case.victim_id).count() == 1
    assert not blank(case) & {"sex", "agreement"}


def test_what_was_answered_meanwhile_is_not_written_over(world: World, case: Case) -> None:
    by, at = world.actor("caseworker"), timezone.now()
    Victim.objects.filter(pk=case.victim_id).update(sex="male")
    with pytest.raises(RuleBroken, match="meanwhile"):
        actions.fill(case, by=by, at=at, code="sex", given={"sex": "female"})
    with pytest.raises(RuleBroken, match="meanwhile"):
        actions.set_aside(case, by=by, at=at, code="sex", came="later")
    with pytest.raises(RuleBroken, match="meanwhile"):
        actions.set_aside(case, by=by, at=at, code="nothing", came="later")


def test_what_has_a_page_of_its_own_is_not_filled_here(world: World, case: Case) -> None:
    with pytest.raises(RuleBroken, match="own page"):
        actions.fill(case, by=world.actor("caseworker"), at=timezone.now(), code="scores", given={})


def test_who_does_not_want_to_say_is_counted_so_and_not_asked_again(world: World, case: Case) -> None:
    by, at = world.actor("caseworker"), timezone.now()
    actions.set_aside(case, by=by, at=at, code="ethnicity", came="not_said")
    actions.set_aside(case, by=by, at=at, code="language", came="not_said")
    assert Victim.objects.get(pk=case.victim_id).ethnicity == "not_said"
    assert Asked.objects.get(code="language").again_on is None
    assert not blank(case) & {"ethnicity", "language"}
    assert Event.objects.filter(name="case.blank_set_aside", details__code="language").count() == 1


def test_skipped_comes_back_on_its_day_and_can_be_filled_before(world: World, case: Case) -> None:
    by, at = world.actor("caseworker"), timezone.now()
    actions.set_aside(case, by=by, at=at, code="sex", came="later")
    assert "sex" not in blank(case)
    (later,) = queries.standings(Case.objects.filter(pk=case.pk), london_date(at) + timedelta(days=7))
    assert "sex" in later.blank
    actions.fill(case, by=by, at=at, code="sex", given={"sex": "female"})
    assert not Asked.objects.exists()


def test_our_own_work_cannot_be_refused_for_them(world: World, case: Case) -> None:
    with pytest.raises(RuleBroken, match="Choose what came"):
        actions.set_aside(case, by=world.actor("caseworker"), at=timezone.now(), code="scores", came="not_said")


def test_a_page_shows_some_cases_and_says_how_many_there_are(
    world: World, case: Case, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty(world)
    assert "These are the first" not in body(client.get(reverse("blanks:mine")))
    monkeypatch.setattr(views, "AT_ONCE", 1)
    assert "These are the first 1 of 2 cases" in body(client.get(reverse("blanks:mine")))


def test_statements_are_as_many_for_one_case_as_for_twenty(world: World, case: Case) -> None:
    on = london_date(timezone.now())
    queries.standings(Case.objects.all(), on)
    with CaptureQueriesContext(connection) as one:
        queries.standings(Case.objects.filter(pk=case.pk), on)
    for _ in range(4):
        empty(world)
    queries.standings(Case.objects.all(), on)
    with CaptureQueriesContext(connection) as many:
        assert len(queries.standings(Case.objects.all(), on)) == 5
    assert len(one) == len(many) == 5 + sum("rulebook" in found["sql"] for found in many.captured_queries)


def test_a_worker_is_led_from_one_gap_to_the_next(world: World, case: Case, client: Client) -> None:
    page = body(client.get(reverse("blanks:mine")))
    assert case.victim.full_name in page and "Ethnic group" in page
    first = client.get(f"{reverse('blanks:go_on')}?of=10", follow=True)
    assert "of 10 done" in body(first) or "of 9 done" in body(first)
    where = reverse("blanks:fill", args=[case.pk, "sex"])
    assert "Choose an answer" in body(client.post(f"{where}?of=10", {"sex": ""}))
    assert client.post(f"{where}?of=10", {"sex": "female"})["Location"] == f"{reverse('blanks:go_on')}?of=10"
    assert client.get(where).status_code == 302
    aside = reverse("blanks:set_aside", args=[case.pk, "language"])
    assert client.post(aside, {"came": "not_known"}).status_code == 302
    assert client.post(aside, {}).status_code == 404
    assert Asked.objects.get().code == "language"


def test_every_kind_of_gap_has_a_page(world: World, case: Case, client: Client) -> None:
    Victim.objects.filter(pk=case.victim_id).update(birth_date=None, age_said=None, said_under=None)
    for code in (*ALL, "birth_date"):
        page = client.get(reverse("blanks:fill", args=[case.pk, code]))
        assert page.status_code == 200 and "Why it is asked" in body(page), code
    assert client.get(reverse("blanks:fill", args=[case.pk, "nothing"])).status_code == 404
    where = reverse("blanks:fill", args=[case.pk, "birth_date"])
    assert "or an age" in body(client.post(where, {"age_said": ""}))
    client.post(where, {"age_said": "34"})
    assert Victim.objects.get(pk=case.victim_id).age_said == 34
    client.post(reverse("blanks:fill", args=[case.pk, "agreement"]), {"answer": "no"})
    assert not Agreement.objects.get(victim_id=case.victim_id).given
    client.post(reverse("blanks:fill", args=[case.pk, "access_needs"]), {"access_needs": "A signer"})
    assert blank(case) == {"ethnicity", "sex", "language", "interpreter", "scores", "outcome", "review"}


def test_when_nothing_is_missing_the_page_says_so(world: World, client: Client) -> None:
    page = body(client.get(reverse("blanks:go_on"), follow=True))
    assert "Nothing more is missing" in page and "Nothing is missing today" in page


def test_a_manager_sees_how_complete_each_worker_is_with_n(world: World, case: Case) -> None:
    manager = world.client("service_manager")
    page = body(manager.get(reverse("blanks:team")))
    assert "Testa Caseworker" in page and "of 10" in page and "As at" in page and "0%" in page
    assert case.victim.full_name not in page
    file = body(manager.post(reverse("blanks:download")))
    assert "Testa Caseworker" in file and case.reference not in file
    assert manager.get(reverse("blanks:download")).status_code == 302


def test_the_day_and_the_team_say_how_much_is_missing(world: World, case: Case, client: Client) -> None:
    assert "on 1 case: what returns ask for" in body(client.get(reverse("day:mine")))
    manager = world.client("service_manager")
    assert "Complete records" in body(manager.get(reverse("day:team")))
    other = body(manager.get(reverse("day:mine"), {"whose": str(case.worker)}))
    assert "on 1 case: what returns ask for" in other and reverse("blanks:go_on") not in other


def test_nobody_else_sees_any_of_it(world: World, case: Case) -> None:
    for person in ("neighbour_caseworker", "far_caseworker"):
        client = world.client(person)
        assert client.get(reverse("blanks:fill", args=[case.pk, "sex"])).status_code == 404
        assert client.post(reverse("blanks:set_aside", args=[case.pk, "sex"]), {"came": "later"}).status_code == 404
        assert case.reference not in body(client.get(reverse("blanks:mine")))
    assert case.reference not in body(world.client("other_caseworker").get(reverse("blanks:mine")))
    assert "Testa Caseworker" not in body(world.client("neighbour_manager").get(reverse("blanks:team")))
    assert world.client("caseworker").get(reverse("blanks:team")).status_code == 403
    for person in ("triage_officer", "board_member"):
        assert world.client(person).get(reverse("blanks:mine")).status_code in (403, 404)


def test_what_somebody_covers_is_theirs_too(world: World, case: Case) -> None:
    other, now = world.actor("other_caseworker").user_id, timezone.now()
    assert isinstance(other, UUID)
    casework.cover(case, by=world.actor("service_manager"), at=now, worker=other, until=london_date(now))
    assert case.reference in body(world.client("other_caseworker").get(reverse("blanks:mine")))
