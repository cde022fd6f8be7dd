"""The page of a plan with its scores, what the hub found and what was given; its forms; the paper."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alongside.core.models import Look
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook import queries as rulebook_queries
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Need
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.plans.models import Given, Review, Sitting
from alongside.support.cases.plans.presenters import DUE, TOLD
from alongside.support.cases.plans.tests.planning import GOAL, WHAT, given, planned, scored
from tests.world import World

pytestmark = pytest.mark.django_db
SCORE = {"stage": "first", "said_by": "victim", "step-health": "2", "step-money": "not_applicable",
         "add-social": "on", "step-social": "1", "words": "It is hard"}  # fmt: skip


def page(world: World, case: Case, person: str = "caseworker") -> str:
    return str(world.client(person).get(f"/casework/cases/{case.pk}/plan/").content.decode())


def test_the_page_says_what_the_hub_found_and_takes_it_over(world: World) -> None:
    case, client = accepted(world), world.client("caseworker")
    shown = page(world, case)
    assert "Found by the hub, and not in the plan" in shown and "Finance and benefits" in shown
    assert "Looked at, nothing changed" not in shown
    answer = client.post(f"/casework/cases/{case.pk}/plan/take-over/", {"need": ["money", "health"]}, follow=True)
    shown = answer.content.decode()
    assert "It is in the plan now" in shown and "Found by the hub" not in shown and Need.objects.count() == 2


def test_needs_are_scored_reviewed_and_the_change_stands_beside_each(world: World) -> None:
    case, _, _ = planned(world)
    client, form = world.client("caseworker"), f"/casework/cases/{case.pk}/plan/score/"
    assert "Very bad: something must happen now" in client.get(form).content.decode()
    nothing = client.post(form, {"words": ""}).content.decode()
    assert "Choose which score this is" in nothing and "Choose who chose the steps" in nothing
    assert "No need was scored" in client.post(form, SCORE | {"step-health": "", "step-social": ""}).content.decode()
    shown = client.post(form, SCORE, follow=True).content.decode()
    assert "The scores have been kept" in shown and "Scored once" in shown and "“It is hard”" in shown
    assert Need.objects.filter(code="social").exists()
    need = Need.objects.get(code="health")
    Sitting.objects.update(sat_at=timezone.now() - timedelta(days=9))
    review = {"stage": "review", "said_by": "worker", "step-health": "4", "step-family": "3",
              "settle-health": "MET", "seen-health": "1"}  # fmt: skip
    shown = client.post(form, review, follow=True).content.decode()
    assert "Better by 2 steps" in shown and "<polyline" in shown and "Scored, and not in the plan" in shown
    assert "First “2. Bad most of the time: help is needed soon”, latest “4. Mostly all right" in shown
    need.refresh_from_db()
    assert need.state == "MET" and "changed the words of the steps" not in shown


def test_a_scale_that_was_reworded_in_between_is_said_beside_the_change(world: World) -> None:
    case, _, _ = planned(world)
    scored(world, case, at=timezone.now() - timedelta(days=9))
    was = rulebook_queries.rule("need_scales", "adult", timezone.localdate())
    body = {**was.body, "four": "Nearly all right"}
    rulebook.revise("need_scales", "adult", by=world.actor("hub_manager"), at=timezone.now(), title=was.title,
                    body=body, source="Test", since=timezone.localdate())  # fmt: skip
    scored(world, case, at=timezone.now(), stage="review", answers={"health": 4})
    shown = page(world, case)
    assert "changed the words of the steps" in shown and "Nearly all right" in shown and "Bad most of the time" in shown


def test_a_review_of_what_somebody_else_changed_shows_what_it_says_now_and_can_be_sent_again(world: World) -> None:
    case, need, _ = planned(world)
    scored(world, case, at=timezone.now() - timedelta(days=9))
    client, form = world.client("caseworker"), f"/casework/cases/{case.pk}/plan/score/"
    casework.revise_need(need, by=world.actor("other_caseworker"), at=world.now, goal="Rest at last", seen=1)
    review: dict[str, Any] = {"stage": "review", "said_by": "worker", "step-health": "4", "settle-health": "MET",
                              "seen-health": "1"}  # fmt: skip
    shown = client.post(form, review).content.decode()
    assert "Somebody else changed this" in shown and "Rest at last" in shown
    assert 'name="seen-health" value="2"' in shown
    assert client.post(form, review | {"seen-health": "2"}).status_code == 302


def test_look_over_is_a_press_and_a_late_review_is_seen(world: World) -> None:
    case, _, _ = planned(world)
    client = world.client("caseworker")
    assert "Look at it again by" not in page(world, case)
    done = client.post(f"/casework/cases/{case.pk}/plan/look-over/", follow=True).content.decode()
    assert "you looked at the plan" in done and "Look at it again by" in done
    Review.objects.update(due_on=world.now.date(), reviewed_by=None)
    assert "Review late" in page(world, case)
    scored(world, case, at=timezone.now() - timedelta(hours=1))
    scored(world, case, at=timezone.now(), stage="end", answers={"health": 3})
    assert "no review is due" in page(world, case)


def give(world: World, case: Case, **changes: Any) -> dict[str, Any]:
    need, step = Need.objects.get(case=case), Need.objects.get(case=case).steps.get()
    return {f"on-{need.pk}": "on", f"goal-{need.pk}": GOAL, f"on-{step.pk}": "on", f"what-{step.pk}": WHAT,
            "way": "paper", "safe": "lives_apart", "shares_home": "no", "checked": "on", **changes}  # fmt: skip


def test_a_plan_is_given_printed_and_withdrawn(world: World) -> None:
    case, _, step = planned(world)
    client, form = world.client("caseworker"), f"/casework/cases/{case.pk}/plan/give/"
    asked = client.get(form).content.decode()
    assert GOAL in asked and WHAT in asked and "seems to be an address" not in asked
    wrong = client.post(form, {"way": "paper"}).content.decode()
    assert "Choose why it is safe" in wrong
    need = Need.objects.get(case=case)
    wrong = client.post(form, give(world, case, **{f"goal-{need.pk}": ""})).content.decode()
    assert "Write what it should say" in wrong
    wrong = client.post(form, give(world, case, **{f"what-{step.pk}": "Ring Sampleford"})).content.decode()
    assert "This holds a name" in wrong and not Given.objects.exists()
    shown = client.post(form, give(world, case), follow=True).content.decode()
    assert "Version 1 of the plan" in shown and "What they have" in shown and WHAT in shown
    one = Given.objects.get()
    paper = client.post(f"/casework/plans/{one.pk}/print/").content.decode()
    assert "<title>My list</title>" in paper and GOAL in paper and "My worker" in paper
    for telling in ("Sampleford", "Testina", "Lantern", "Testa", case.reference, "Sample Support"):
        assert telling not in paper, telling
    assert Look.objects.filter(fields__contains="plan", subjects__contains=[case.victim_id]).exists()
    assert "Choose why it is withdrawn" in client.post(f"/casework/plans/{one.pk}/withdraw/").content.decode()
    done = client.post(f"/casework/plans/{one.pk}/withdraw/", {"why": "out_of_date"}, follow=True).content.decode()
    assert "The plan is withdrawn" in done and "It is out of date" in done
    refused = client.post(f"/casework/plans/{one.pk}/print/", follow=True).content.decode()
    assert "not printed again" in refused


def test_what_was_given_is_out_of_date_once_the_plan_changes_and_followed_by_a_later_one(world: World) -> None:
    case, need, _ = planned(world)
    one = given(world, case, need)
    assert "What they have" in page(world, case)
    casework.revise_need(need, by=world.actor("caseworker"), at=world.now, goal="Rest", seen=1)
    assert "Out of date" in page(world, case)
    given(world, case, need, at=world.now + timedelta(hours=1))
    assert "Followed by a later one" in page(world, case)
    Given.objects.filter(pk=one.pk).update(given_by=None, way="gone")
    shown = world.client("caseworker").get(f"/casework/plans/{one.pk}/").content.decode()
    assert "a former colleague" in shown and "Show it for printing" not in shown


def test_an_address_in_the_plan_warns_and_stands_on_the_form_without_it(world: World) -> None:
    case, need, _ = planned(world)
    casework.revise_need(need, by=world.actor("caseworker"), at=world.now, goal="Move to 12 Sample Road", seen=1)
    assert "seems to hold an address or a number" in page(world, case)
    asked = world.client("caseworker").get(f"/casework/cases/{case.pk}/plan/give/").content.decode()
    assert "seems to be an address" in asked and ">Move to [left out]</textarea>" in asked.replace("\n", "")


def test_a_case_without_a_plan_has_nothing_to_give_and_a_closed_one_no_buttons(world: World) -> None:
    case = accepted(world)
    asked = world.client("caseworker").get(f"/casework/cases/{case.pk}/plan/give/").content.decode()
    assert "There is nothing to give yet" in asked
    Case.objects.update(state="CLOSED", closed_at=timezone.now())
    assert "Score the needs" not in page(world, case)


def test_the_words_of_the_timeline_are_there_for_each_event(world: World) -> None:
    case, need, _ = planned(world)
    scored(world, case)
    given(world, case, need)
    from_codes = {"stage": "end", "number": 2, "way": "paper", "why": "asked"}
    words = {name: said.words(from_codes, lambda book: {"paper": "On paper"}) for name, said in TOLD.items()}
    assert words["plan.given"] == "Plan given, version 2: on paper" and words["plan.scored"] == (
        "Needs scored: at the end"
    )  # fmt: skip
    assert all(words.values()) and DUE["plan.review"].words({}, lambda book: {}) == "Look at the plan again"
