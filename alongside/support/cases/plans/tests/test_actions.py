"""Needs are scored, looked at again and taken over; a plan is given in words that are safe to have."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from alongside.core import events
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook import queries as rulebook_queries
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Need
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.others.tests.kept import kept as other_kept
from alongside.support.cases.papers.tests.passing import run
from alongside.support.cases.plans import actions, jobs, queries
from alongside.support.cases.plans.actions import Line, Settled
from alongside.support.cases.plans.models import Given, Review, Sitting
from alongside.support.cases.plans.tests.planning import GOAL, WHAT, given, planned, scored
from tests.world import World

pytestmark = pytest.mark.django_db
DAY, LATER = timedelta(days=1), timedelta(days=30)


def test_score_keeps_the_steps_the_words_and_the_version_of_the_scale(world: World) -> None:
    case, _, _ = planned(world)
    sitting = scored(world, case)
    assert sitting.answers == {"health": 2, "money": "not_applicable"}
    assert b"hard" not in bytes(sitting.words) and fields.read(sitting, "words") == "It is hard"
    assert (sitting.scale, sitting.scale_version) == ("adult", 1)
    told = Event.objects.get(name="plan.scored")
    assert told.subject == case.pk and told.details == {"stage": "first", "scored": 1}


def test_score_is_read_in_the_words_of_the_version_under_which_it_was_made(world: World) -> None:
    case, _, _ = planned(world)
    sitting = scored(world, case)
    was, day = rulebook_queries.rule("need_scales", "adult", world.now.date()), world.now.date()
    rulebook.revise("need_scales", "adult", by=world.actor("hub_manager"), at=world.now, title=was.title,
                    body={**was.body, "one": "Dreadful"}, source="Test", since=day)  # fmt: skip
    assert queries.scale(case, day).steps[0] == (1, "Dreadful") and queries.scale(case, day).version == 2
    assert queries.scale_of(sitting).steps[0] == (1, "Very bad: something must happen now")
    with pytest.raises(LookupError):
        queries.scale_of(Sitting(scale="adult", scale_version=9))


def test_a_child_is_asked_in_words_of_their_own_and_so_for_good(world: World) -> None:
    case, _, _ = planned(world)
    case.victim.birth_date = date(2012, 1, 1)
    case.victim.save()
    assert scored(world, Case.objects.get(pk=case.pk)).scale == "young_person"
    case.victim.birth_date = date(1990, 1, 1)
    case.victim.save()
    assert queries.scale(Case.objects.get(pk=case.pk), world.now.date()).code == "young_person"


def test_score_sent_twice_is_kept_once_and_a_first_score_is_made_once(world: World) -> None:
    case, _, _ = planned(world)
    first = scored(world, case)
    assert scored(world, case, at=world.now + timedelta(seconds=5)) == first
    with pytest.raises(RuleBroken, match="scored already") as refused:
        scored(world, case, at=world.now + timedelta(seconds=6), words="Other")
    assert refused.value.field == "stage" and Sitting.objects.count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        Sitting.objects.create(case=case, victim_id=case.victim_id, stage="first", scale="adult", scale_version=1,
                               said_by="victim", sat_at=world.now)  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "words"), [({"health": 9}, "does not belong"), ({"health": "not_applicable"}, "No need was scored")]
)
def test_score_refuses_what_is_no_score(world: World, answers: dict[str, Any], words: str) -> None:
    case, _, _ = planned(world)
    with pytest.raises(RuleBroken, match=words):
        scored(world, case, answers=answers)


def test_a_review_settles_and_adds_needs_and_sets_the_next(world: World) -> None:
    case, need, _ = planned(world)
    scored(world, case)
    assert Item.objects.get().kind == "plan.review"
    scored(world, case, at=world.now + LATER, stage="review", answers={"health": 4}, add=["money"],
           settle=[Settled(need, "MET", need.version)])  # fmt: skip
    need.refresh_from_db()
    assert need.state == "MET" and Need.objects.get(code="money").state == "OPEN"
    review = Review.objects.latest("reviewed_at")
    assert review.due_on == (world.now + LATER + timedelta(days=84)).date() and review.rule == "standard@1"
    assert Item.objects.get().due_at.date() == review.due_on
    assert queries.stages(case) == ("review", "end")


def test_a_review_over_what_somebody_else_changed_keeps_nothing(world: World) -> None:
    case, need, _ = planned(world)
    scored(world, case)
    casework.revise_need(need, by=world.actor("other_caseworker"), at=world.now, goal="Rest", seen=need.version)
    with pytest.raises(RuleBroken, match="Somebody else changed this"):
        scored(world, case, at=world.now + LATER, stage="review", settle=[Settled(need, "MET", need.version)])
    assert Sitting.objects.count() == 1


def test_after_the_last_score_no_review_is_due(world: World) -> None:
    case, _, _ = planned(world)
    scored(world, case)
    scored(world, case, at=world.now + LATER, stage="end")
    last = queries.last_review(case)
    assert last and last.due_on is None and not Item.objects.exists()


def test_a_high_risk_is_looked_at_sooner(world: World) -> None:
    case, _, _ = planned(world)
    Case.objects.update(high_risk=True)
    scored(world, case)
    assert Review.objects.get().rule == "high_risk@1"


def test_look_over_sets_the_next_review_and_a_second_press_makes_no_second(world: World) -> None:
    case, _, _ = planned(world)
    by = world.actor("caseworker")
    first = actions.look_over(case, by=by, at=world.now)
    assert actions.look_over(case, by=by, at=world.now + timedelta(seconds=9)) == first
    other = actions.look_over(case, by=world.actor("other_caseworker"), at=world.now + timedelta(seconds=9))
    assert other != first and Event.objects.filter(name="plan.reviewed").count() == 2
    assert actions.look_over(case, by=by, at=world.now + LATER).due_on == (world.now + LATER).date() + timedelta(84)
    with pytest.raises(RuleBroken, match="no plan yet"):
        actions.look_over(accepted(world, source_ref="TEST-2"), by=by, at=world.now)


def test_the_first_need_starts_the_clock_once_and_a_closed_case_starts_none(world: World) -> None:
    case, _, _ = planned(world)
    run(jobs.begin, "case.need_found")
    run(jobs.begin, "case.need_found")
    assert Review.objects.get().result == "begun" and Item.objects.count() == 1
    told = Event.objects.get(name="plan.begun")
    assert told.organisation_id == case.provider_id
    Review.objects.all().delete()
    Case.objects.update(state="CLOSED", closed_at=world.now)
    run(jobs.begin, "case.need_found")
    assert not Review.objects.exists()
    Event.objects.filter(name="case.need_found").update(subject=world.people["caseworker"].pk)
    run(jobs.begin, "case.need_found")
    assert not Review.objects.exists()


def test_a_risk_that_rises_brings_the_review_forward_and_never_puts_it_off(world: World) -> None:
    case, _, _ = planned(world)
    system = world.actor("caseworker")
    actions.look_sooner(case, by=system, at=world.now)
    assert not Review.objects.exists()
    scored(world, case)
    actions.look_sooner(case, by=system, at=world.now + DAY)
    assert Review.objects.count() == 1
    Case.objects.update(high_risk=True)
    for _ in range(2):
        actions.look_sooner(case, by=system, at=world.now + DAY)
    assert Review.objects.count() == 2 and Item.objects.get().due_at.date() == world.now.date() + 28 * DAY
    Case.objects.update(high_risk=False)
    actions.look_sooner(case, by=system, at=world.now + 2 * DAY)
    assert Review.objects.count() == 2
    Review.objects.all().delete()
    Case.objects.update(high_risk=False)
    actions.look_over(case, by=system, at=world.now)
    Case.objects.update(high_risk=True)
    actions.look_sooner(case, by=system, at=world.now + 40 * DAY)
    assert Item.objects.get().due_at.date() == (world.now + 40 * DAY).date()
    assert Event.objects.filter(name="plan.brought_forward").count() == 2


def test_the_risk_of_a_closed_case_brings_nothing_forward(world: World) -> None:
    case, _, _ = planned(world)
    scored(world, case)
    Case.objects.update(high_risk=True, state="CLOSED", closed_at=world.now)
    events.record("risk.assessed", case.pk, by=world.actor("caseworker"), at=world.now)
    run(jobs.look_sooner, "risk.assessed")
    assert Review.objects.count() == 1


def test_take_over_brings_what_the_hub_found_into_the_plan_once(world: World) -> None:
    case = accepted(world)
    with at_work(world, "caseworker") as by:
        assert {one.code for one in queries.found_by_hub(case, by)} == {"health", "money"}
        taken = actions.take_over(case, by=by, at=world.now, codes=["money", "drugs_alcohol"])
        assert [need.code for need in taken] == ["money"]
        assert {one.code for one in queries.found_by_hub(case, by)} == {"health"}
        assert actions.take_over(case, by=by, at=world.now, codes=["money"]) == ()


def test_give_keeps_what_was_chosen_sealed_and_for_the_victim(world: World) -> None:
    case, need, step = planned(world)
    assert queries.for_victim(case) is None
    one = given(world, case, need, lines=[Line(need.pk, GOAL, {step.pk: WHAT})])
    assert GOAL.encode() not in bytes(one.content) and one.made_from == {str(need.pk): 1, str(step.pk): 1}
    plan = queries.for_victim(case)
    assert plan and plan.number == 1 and plan.lines[0].goal == GOAL
    assert [(kept.what, kept.who, kept.by) for kept in plan.lines[0].steps] == [(WHAT, "worker", None)]
    told = Event.objects.get(name="plan.given")
    assert told.details == {"number": 1, "way": "paper", "safe": "lives_apart"}
    assert not queries.held(one)[1]
    casework.revise_step(step, by=world.actor("caseworker"), at=world.now, what=WHAT, who="worker",
                         due_on=date(2026, 10, 1), seen=1)  # fmt: skip
    assert queries.held(one)[1]
    two = given(world, case, need, at=world.now + LATER, lines=[Line(need.pk, GOAL, {step.pk: WHAT})])
    again = queries.for_victim(case)
    assert two.number == 2 and again and again.lines[0].steps[0].by == date(2026, 10, 1)
    assert queries.is_latest(two) and not queries.is_latest(one)


def test_give_sent_twice_is_kept_once(world: World) -> None:
    case, need, _ = planned(world)
    assert given(world, case, need) == given(world, case, need, at=world.now + timedelta(seconds=9))
    assert given(world, case, need, at=world.now + timedelta(seconds=10), lines=[Line(need.pk, "Rest")]).number == 2
    assert Event.objects.filter(name="plan.given").count() == 2


@pytest.mark.parametrize(
    ("changes", "words", "field"),
    [({"way": "post"}, "Choose how it is given", None), ({"safe": "luck"}, "Choose how it is given", None),
     ({"shares_home": "yes", "safe": "nothing_left"}, "Paper is left", "safe"), ({"lines": []}, "at least one", None)],
)  # fmt: skip
def test_give_is_refused_where_the_way_would_tell(
    world: World, changes: dict[str, Any], words: str, field: str | None
) -> None:
    case, need, _ = planned(world)
    with pytest.raises(RuleBroken, match=words) as refused:
        given(world, case, need, **changes)
    assert refused.value.field == field and not Given.objects.exists()


def test_paper_after_a_hidden_crime_needs_a_safe_place_and_plain_words(world: World) -> None:
    case, need, _ = planned(world, crime_type="domestic_abuse")
    hidden: dict[str, Any] = {"shares_home": "not_known", "lines": [Line(need.pk, "Rest")]}
    with pytest.raises(RuleBroken, match="so this cannot be why"):
        given(world, case, need, **hidden)
    with pytest.raises(RuleBroken, match="gives away") as refused:
        given(world, case, need, **{**hidden, "safe": "kept_here", "lines": [Line(need.pk, "Go to the police")]})
    assert refused.value.field == f"goal-{need.pk}"
    assert given(world, case, need, **hidden | {"safe": "kept_here"}).number == 1


def test_an_address_or_a_name_never_leaves(world: World) -> None:
    case, need, step = planned(world)
    for text, words in (("12 Sample Road, B1 1AA", "address"), ("Ask Sampleford", "holds a name")):
        with pytest.raises(RuleBroken, match=words) as refused:
            given(world, case, need, lines=[Line(need.pk, GOAL, {step.pk: text})], checked=True)
        assert refused.value.field == f"what-{step.pk}"
    with pytest.raises(RuleBroken, match="a name or a place\\? Acme") as refused:
        given(world, case, need, lines=[Line(need.pk, "Ring Acme")])
    assert refused.value.field == "checked"
    assert given(world, case, need, lines=[Line(need.pk, "Ring Acme")], checked=True).number == 1


def test_the_other_partys_name_never_leaves(world: World) -> None:
    case, need, step = planned(world)
    Case.objects.filter(pk=case.pk).update(worker=world.people["caseworker"].pk)
    case.refresh_from_db()
    other_kept(world, case, world.now + LATER)
    with pytest.raises(RuleBroken, match="names the other party: RAZOR"):
        given(world, case, need, lines=[Line(need.pk, GOAL, {step.pk: "Go when RAZOR is out"})], checked=True)


def test_give_takes_nothing_of_another_case(world: World) -> None:
    case, need, _ = planned(world)
    _, foreign, other = planned(world, source_ref="TEST-2")
    with pytest.raises(RuleBroken, match="changed meanwhile"):
        given(world, case, foreign)
    given(world, case, need, lines=[Line(need.pk, GOAL, {other.pk: WHAT}), Line(foreign.pk, GOAL)])
    plan = queries.for_victim(case)
    assert plan and len(plan.lines) == 1 and plan.lines[0].steps == ()


def test_withdraw_takes_it_from_the_victims_page_and_keeps_it_on_record(world: World) -> None:
    case, need, _ = planned(world)
    one, by = given(world, case, need), world.actor("other_caseworker")
    with pytest.raises(RuleBroken, match="Choose why"):
        actions.withdraw(one, by=by, at=world.now, why="whim")
    actions.withdraw(one, by=by, at=world.now, why="not_safe")
    with pytest.raises(RuleBroken, match="withdrawn already"):
        actions.withdraw(one, by=by, at=world.now, why="not_safe")
    one.refresh_from_db()
    assert queries.for_victim(case) is None and queries.opened(one).lines[0].goal == GOAL
    assert Event.objects.get(name="plan.withdrawn").details == {"number": 1, "why": "not_safe"}
    with pytest.raises(RuleBroken, match="was withdrawn"):
        actions.print_out(one, by=by, at=world.now)


def test_print_out_is_on_record_and_for_paper_alone(world: World) -> None:
    case, need, _ = planned(world)
    one, by = given(world, case, need), world.actor("caseworker")
    actions.print_out(one, by=by, at=world.now)
    assert Event.objects.get(name="print.made").details == {"what": "plan"}
    shown = given(world, case, need, at=world.now + LATER, way="shown", safe="nothing_left")
    with pytest.raises(RuleBroken, match="not given on paper"):
        actions.print_out(shown, by=by, at=world.now)
