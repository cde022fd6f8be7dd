"""A sample is drawn by lot, answered over days, told to the worker, answered by them, and counted."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, Look
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.audits import actions, presenters, queries, rules
from alongside.support.cases.audits.actions import Said
from alongside.support.cases.audits.models import Audit, Finding, Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.cases import inside as realm_of
from alongside.support.cases.tasks.models import Task
from tests.world import World

pytestmark = pytest.mark.django_db


def body(response: Any) -> str:
    text: str = response.content.decode()
    return text


def held(world: World, person: str = "caseworker", *, high_risk: bool = False) -> Case:
    now, by = timezone.now(), world.actor(person)
    made = accepted(world, "neighbour_caseworker" if person.startswith("neighbour") else "caseworker",
                    at=now - timedelta(days=20))  # fmt: skip
    casework.assign(made, by=by, at=now, worker=by.user_id)
    Case.objects.filter(pk=made.pk).update(high_risk=high_risk)
    return Case.objects.get(pk=made.pk)


def drawn(world: World, **changes: Any) -> Audit:
    now = timezone.now()
    today = london_date(now)
    asked = {"number": 1, "of_each": True, "which": "both", "since": today - timedelta(days=90), "until": today,
             "weighted": True}  # fmt: skip
    return actions.draw(by=world.actor("service_manager"), at=now, **{**asked, **changes})


def every(judged: str = "good", comment: str = "") -> dict[str, Said]:
    return {row.code: Said(judged, comment) for row in queries.asked(london_date(timezone.now()))}


@pytest.fixture
def case(world: World) -> Case:
    return held(world, high_risk=True)


@pytest.fixture
def item(world: World, case: Case) -> Item:
    drawn(world)
    return Item.objects.get(case=case)


def told(world: World, item: Item, said: dict[str, Said] | None = None) -> Item:
    by = world.actor("service_manager")
    return actions.tell(item, by=by, at=timezone.now(), said=said or every(), seen=item.stamp)


def test_a_draw_keeps_its_seed_and_its_hat_and_can_be_made_again(world: World, case: Case) -> None:
    other = held(world, "other_caseworker")
    audit = drawn(world)
    assert {one.case_id for one in Item.objects.filter(audit=audit)} == {case.pk, other.pk}
    assert sorted(audit.pool) == sorted([[str(case.pk), str(case.worker), 2], [str(other.pk), str(other.worker), 1]])
    assert queries.same_again(audit)
    changed = Audit.objects.get(pk=audit.pk)
    changed.pool = changed.pool[:1]
    assert not queries.same_again(changed)
    assert Event.objects.get(name="audit.drawn").details["cases"] == 2


def test_managers_do_not_draw_their_own_cases_and_are_told_who_may(world: World, case: Case) -> None:
    held(world, "service_manager")
    audit = drawn(world)
    assert audit.left_out == 1 and {one[0] for one in audit.pool} == {str(case.pk)}
    page = body(world.client("service_manager").get(reverse("audits:show", args=[audit.pk])))
    assert "nobody else here may audit them" in page and "1 case of whoever drew it" in page
    assert "Your own cases" in body(world.client("service_manager").get(reverse("audits:draw")))


def test_a_case_that_became_ones_own_is_not_judged_either(world: World, item: Item) -> None:
    by, at = world.actor("service_manager"), timezone.now()
    casework.assign(item.case, by=by, at=at, worker=by.user_id)
    for act in (actions.judge, actions.tell):
        with pytest.raises(RuleBroken, match="Another manager"):
            act(item, by=by, at=at, said={}, seen=1)
    with pytest.raises(RuleBroken, match="Another manager"):
        actions.ask(Item.objects.get(pk=item.pk), by=by, at=at, words="x", due_on=london_date(at))


def test_a_draw_that_fits_nothing_or_too_much_says_so(
    world: World, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(RuleBroken, match="No case fits"):
        drawn(world, which="closed")
    with pytest.raises(RuleBroken, match="that are over"):
        drawn(world, until=london_date(timezone.now()) + timedelta(days=2))
    monkeypatch.setattr(rules, "AT_MOST", 0)
    with pytest.raises(RuleBroken, match="Draw at most"):
        drawn(world)


def test_a_restricted_case_is_in_the_hat_of_those_alone_who_are_named(world: World, case: Case) -> None:
    Case.objects.filter(pk=case.pk).update(visible_orgs=[world.numbers["caseworker"]])
    with pytest.raises(RuleBroken, match="No case fits"):
        drawn(world)


def test_answers_are_kept_as_they_come_and_two_managers_do_not_write_over_each_other(world: World, item: Item) -> None:
    by, at = world.actor("service_manager"), timezone.now()
    actions.judge(item, by=by, at=at, said={"heard": Said("good", "In their words")}, seen=1)
    again = actions.judge(item, by=by, at=at, said={"heard": Said("enough", "Mostly"), "agreed": Said("x", "")}, seen=2)
    assert again.state == Item.State.BEGUN
    answers = {one.row.code: (one.judged, one.comment) for one in queries.answers(again)}
    assert answers["heard"] == ("enough", "Mostly") and answers["agreed"] == ("", "") and answers["moving"] == ("", "")
    assert Finding.objects.count() == 2
    for act in (actions.judge, actions.tell):
        with pytest.raises(RuleBroken, match="Somebody else saved"):
            act(item, by=by, at=at, said=every(), seen=1)


def test_a_worker_is_told_when_all_is_answered_and_what_is_told_stays(world: World, item: Item) -> None:
    with pytest.raises(RuleBroken, match="Answer every question"):
        told(world, item, {"heard": Said("good", "")})
    with pytest.raises(RuleBroken, match="what needs work"):
        told(world, item, every("needs_work"))
    made = told(world, item, every("needs_work", "No second score"))
    assert made.state == Item.State.TOLD and Event.objects.filter(name="audit.told").count() == 1
    with pytest.raises(RuleBroken, match="stays as it was told"):
        actions.judge(made, by=world.actor("service_manager"), at=timezone.now(), said=every(), seen=made.stamp)


def test_a_worker_sees_nothing_until_they_are_told_then_answers_once(world: World, item: Item) -> None:
    client, where = world.client("caseworker"), reverse("audits:item", args=[item.pk])
    assert client.get(where).status_code == 404
    told(world, item)
    assert "1 case of yours was read in an audit" in body(client.get(reverse("day:mine")))
    assert item.case.reference in body(client.get(reverse("audits:mine")))
    assert "I have read it" in body(client.get(where))
    assert client.post(where, {"words": "I was away that week"}).status_code == 302
    assert "I was away that week" in body(client.get(where))
    assert "was read in an audit" not in body(client.get(reverse("day:mine")))
    by, at = world.actor("caseworker"), timezone.now()
    actions.reply(item, by=by, at=at, words="I was away that week")
    with pytest.raises(RuleBroken, match="answered already"):
        actions.reply(item, by=by, at=at, words="Something else")
    with pytest.raises(RuleBroken, match="Only whoever had the case"):
        actions.reply(item, by=world.actor("service_manager"), at=at, words="x")


def test_what_is_asked_for_comes_into_the_workers_day(world: World, item: Item) -> None:
    manager, today = world.client("service_manager"), london_date(timezone.now())
    due = {"due_on_day": today.day, "due_on_month": today.month, "due_on_year": today.year}
    where = reverse("audits:ask", args=[item.pk])
    assert "Put it on their day" in body(manager.get(where))
    sent = manager.post(where, {"words": "Score the needs again", **due})
    assert sent.status_code == 302 and Task.objects.get().source == item.pk
    assert "Do what was agreed on this case" in body(world.client("caseworker").get(reverse("day:mine")))
    assert "Score the needs again" in body(manager.get(reverse("audits:item", args=[item.pk])))


def test_a_manager_goes_through_it_on_pages(world: World, case: Case) -> None:
    manager, today = world.client("service_manager"), london_date(timezone.now())
    first = today - timedelta(days=30)
    days = {"since_day": first.day, "since_month": first.month, "since_year": first.year, "until_day": today.day,
            "until_month": today.month, "until_year": today.year}  # fmt: skip
    assert "No sample was ever drawn" in body(manager.get(reverse("audits:audits")))
    asked = {"of_each": "no", "number": "5", "which": "both", "weighted": "on"}
    page = body(manager.post(reverse("audits:draw"), {**asked, **days}, follow=True))
    assert "Nobody chose" in page and "it gives these cases" in page
    item = Item.objects.get(case=case)
    where = reverse("audits:judge", args=[item.pk])
    assert "Is the person heard" in body(manager.get(where))
    assert "Saved." in body(manager.post(where, {"seen": "1", "heard": "good", "heard_comment": "Yes"}, follow=True))
    answers = {row.code: "enough" for row in queries.asked(today)}
    stale = body(manager.post(where, {"seen": "1", "tell": "yes", **answers}))
    assert "Somebody else saved" in stale and "Saved until now: Good. Yes" in stale
    assert 'name="seen" value="2"' in stale
    assert "Told to the worker" in body(manager.post(where, {"seen": "2", "tell": "yes", **answers}, follow=True))
    audit = Audit.objects.get()
    assert "What was found, over 1 case" in body(manager.get(reverse("audits:show", args=[audit.pk])))
    done = body(manager.post(reverse("audits:finish", args=[audit.pk]), follow=True))
    assert "Its figures stay" in done
    file = body(manager.post(reverse("audits:download", args=[audit.pk])))
    assert "Is the person heard" in file and case.reference not in file
    assert manager.get(reverse("audits:download", args=[audit.pk])).status_code == 302
    assert "100% (3 of 3)" in body(manager.get(reverse("audits:audits")))
    assert "1 of 1" in body(manager.get(reverse("audits:audits")))


def test_a_draw_with_nothing_chosen_is_asked_again(world: World) -> None:
    page = body(world.client("service_manager").post(reverse("audits:draw"), {"number": "0"}))
    assert "There is a problem" in page


def test_an_audit_is_finished_once_and_its_figures_outlive_the_cases(world: World, item: Item) -> None:
    by, at, audit = world.actor("service_manager"), timezone.now(), item.audit
    with pytest.raises(RuleBroken, match="Nothing has been told"):
        actions.finish(audit, by=by, at=at)
    told(world, item)
    done = actions.finish(audit, by=by, at=at)
    assert actions.finish(audit, by=by, at=at).finished_at == done.finished_at
    Finding.objects.all().delete()
    Item.objects.all().delete()
    assert queries.counts(done)["heard"] == {"good": 1}
    made = presenters.trend([(done, queries.themes(done)), (done, ())])
    assert made.lines[0][1] == ("100% (3 of 3)", "–")
    with pytest.raises(IntegrityError), transaction.atomic():
        Audit.objects.update(finished_at=None)


def test_every_opening_is_logged_as_an_audit(world: World, item: Item) -> None:
    manager = world.client("service_manager")
    manager.get(reverse("audits:judge", args=[item.pk]))
    assert manager.get(reverse("audits:open_case", args=[item.pk])).status_code == 302
    looks = Look.objects.filter(subjects__contains=[item.case_id], reason=presenters.REASON)
    assert looks.count() == 2


def test_an_audit_keeps_the_words_under_which_it_was_drawn(world: World, item: Item) -> None:
    row = rulebook.rule(queries.BOOK, "heard", london_date(timezone.now()))
    assert queries.questions(item.audit)[0].title == row.title and item.audit.questions[0] == row.ref


def test_nobody_else_sees_any_of_it(world: World, item: Item) -> None:
    told(world, item)
    ways = [reverse(f"audits:{name}", args=[item.pk]) for name in ("item", "judge", "ask", "open_case")]
    ways += [reverse(f"audits:{name}", args=[item.audit_id]) for name in ("show", "finish", "download")]
    for person in (
        "neighbour_manager",
        "neighbour_caseworker",
        "far_caseworker",
        "hub_manager",
        "commissioning_officer",
    ):
        client = world.client(person)
        for where in ways:
            assert client.get(where).status_code in (404, 405) and client.post(where).status_code == 404, (
                person,
                where,
            )
        assert item.case.reference not in body(client.get(reverse("audits:mine")))
    for where in ways:
        assert world.client("other_caseworker").get(where).status_code in (404, 405), where
    assert world.client("caseworker").get(ways[1]).status_code == 403
    assert world.client("caseworker").get(reverse("audits:audits")).status_code == 403


def test_row_security_shows_a_neighbour_no_audit(world: World, item: Item) -> None:
    for person, seen in (("service_manager", 1), ("neighbour_manager", 0)):
        with transaction.atomic(), realm_of(world, person):
            assert (Audit.objects.count(), Item.objects.count()) == (seen, seen), person


def test_row_security_shows_a_worker_what_they_were_told_and_a_colleague_nothing(world: World, item: Item) -> None:
    for person, before, after in (("service_manager", 1, 1), ("caseworker", 0, 1), ("other_caseworker", 0, 0)):
        Item.objects.update(state="BEGUN")
        for seen in (before, after):
            with transaction.atomic(), realm_of(world, person):
                assert (Audit.objects.count(), Item.objects.count()) == (seen, seen), person
            Item.objects.update(state="TOLD")
    Item.objects.update(state="BEGUN")
    told(world, item)
    for person, seen in (("service_manager", True), ("caseworker", True), ("other_caseworker", False)):
        with transaction.atomic(), realm_of(world, person):
            assert Finding.objects.exists() == seen, person


def test_what_was_drawn_long_ago_is_forgotten(world: World, item: Item) -> None:
    told(world, item)
    assert actions.forget(before=item.audit.drawn_at) == 0
    assert actions.forget(before=item.audit.drawn_at + timedelta(days=1)) == 1
    assert not Finding.objects.exists() and not Item.objects.exists() and not Audit.objects.exists()
