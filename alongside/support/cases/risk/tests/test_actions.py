"""A sitting from its beginning to its end, what follows from a rise, and what an office writes."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, transaction

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.messages.models import Notice
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.support.cases.agenda.models import Item as Due
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.risk import actions, jobs, presenters, queries, rules, wording
from alongside.support.cases.risk.models import Alert, Draft, Sitting
from alongside.support.cases.risk.rules import Item
from alongside.support.cases.risk.tests.sittings import DA, OLDER, YOUNG, begun, case_of, finished, revise, said
from tests.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def case(world: World) -> Case:
    return case_of(world)


@pytest.fixture
def at(world: World) -> datetime:
    return world.now + 2 * HOUR


def events(name: str) -> list[Event]:
    return list(Event.objects.filter(name=name).order_by("at", "id"))


def fresh(case: Case) -> Case:
    found: Case = Case.objects.get(pk=case.pk)
    return found


def test_begin_twice_goes_on_with_the_same_sitting(world: World, case: Case, at: datetime) -> None:
    first = begun(world, case, at)
    again = begun(world, case, at + HOUR, "other_caseworker")
    assert (first.pk, first.set_code, first.set_version, first.state) == (again.pk, DA, 1, "DRAFT")
    assert [event.subject for event in events("risk.begun")] == [case.pk]


def test_begin_refuses_a_set_of_another_age(world: World, case: Case, at: datetime) -> None:
    for code in (YOUNG, OLDER, "no_such_set"):
        with pytest.raises(RuleBroken, match="Choose what to ask"):
            begun(world, case, at, code=code)


def test_save_keeps_answers_and_seals_comments(world: World, case: Case, at: datetime) -> None:
    sitting = begun(world, case, at)
    saved = actions.keep(
        sitting, by=world.actor("caseworker"), at=at, seen=1,
        said=said(sitting, 2, comments={"hurt": "A made-up bruise", "frightened": ""}, incidents=1),
    )  # fmt: skip
    found = queries.said(Sitting.objects.get(pk=sitting.pk))
    assert found.comments == {"hurt": "A made-up bruise"}
    assert (found.answers["hurt"], found.answers["alone"], found.incidents) == ("yes", "no", 1)
    assert saved.stamp == 2
    assert "bruise" not in str(Sitting.objects.filter(pk=sitting.pk).values())


def test_two_windows_write_over_nothing(world: World, case: Case, at: datetime) -> None:
    sitting, by = begun(world, case, at), world.actor("caseworker")
    actions.keep(sitting, by=by, at=at, said=said(sitting, 3), seen=1)
    with pytest.raises(RuleBroken, match="another window"):
        actions.keep(sitting, by=world.actor("other_caseworker"), at=at, said=said(sitting, 0), seen=1)
    assert Sitting.objects.get(pk=sitting.pk).answers["hurt"] == "yes"


@pytest.mark.parametrize(
    ("changes", "words"),
    [({"answers": {"no_such": "yes"}}, "does not belong"), ({"comments": {"no_such": "x"}}, "does not belong"),
     ({"comments": {"hurt": "x" * 1001}}, "each comment"), ({"incidents": 1000}, "how many incidents"),
     ({"asked_how": "by_pigeon"}, "how it was asked")],
)  # fmt: skip
def test_save_refuses_what_cannot_be_kept(
    world: World, case: Case, at: datetime, changes: dict[str, Any], words: str
) -> None:
    sitting = begun(world, case, at)
    with pytest.raises(RuleBroken, match=words):
        actions.keep(sitting, by=world.actor("caseworker"), at=at, said=said(sitting, **changes), seen=1)


def test_finish_keeps_what_it_came_to_and_when_to_ask_again(world: World, case: Case, at: datetime) -> None:
    done = finished(world, case, 11, at)
    assert (done.score, done.reckoned, done.level, done.why, done.before) == (11, "medium", "medium", ["score"], "")
    due = Due.objects.get(case=case, kind="risk.review")
    assert (due.about, clocks.london_date(due.due_at)) == (case.pk, at.date() + 42 * DAY)
    assert not fresh(case).high_risk and not Alert.objects.exists()
    assert events("risk.assessed")[0].details == {
        "kind": DA, "set": f"{DA}@1", "level": "medium", "before": "", "why": ["score"]
    }  # fmt: skip


def test_finish_pressed_twice_is_finished_once(world: World, case: Case, at: datetime) -> None:
    done = finished(world, case, 15, at)
    again = actions.finish(done, by=world.actor("caseworker"), at=at + timedelta(seconds=9), level="high", seen=2)
    assert again.pk == done.pk and len(events("risk.assessed")) == 1 and Alert.objects.count() == 1
    with pytest.raises(RuleBroken, match="finished these questions meanwhile"):
        actions.finish(done, by=world.actor("other_caseworker"), at=at, level="high", seen=2)


def test_finish_needs_answers_and_how_they_were_asked(world: World, case: Case, at: datetime) -> None:
    sitting, by = begun(world, case, at), world.actor("caseworker")
    with pytest.raises(RuleBroken, match="Nothing was answered"):
        actions.finish(sitting, by=by, at=at, level="standard", seen=1)
    actions.keep(sitting, by=by, at=at, said=said(sitting, 1, asked_how=""), seen=1)
    with pytest.raises(RuleBroken, match="how it was asked"):
        actions.finish(sitting, by=by, at=at, level="standard", seen=2)


def test_judgement_raises_with_a_reason_and_never_lowers(world: World, case: Case, at: datetime) -> None:
    by, sitting = world.actor("caseworker"), begun(world, case, at)
    sitting = actions.keep(sitting, by=by, at=at, said=said(sitting, 3), seen=1)
    with pytest.raises(RuleBroken, match="Say why"):
        actions.finish(sitting, by=by, at=at, level="high", judgement="  ", seen=2)
    done = actions.finish(sitting, by=by, at=at, level="high", judgement="A made-up reason", seen=2)
    assert (done.reckoned, done.level, done.why) == ("standard", "high", ["score", "judgement"])
    assert queries.judgement(done) == "A made-up reason"
    with pytest.raises(RuleBroken, match="never lowers"):
        finished(world, case, 14, at + DAY, level="medium")


def test_a_rise_is_raised_with_the_manager_and_put_on_the_agenda(world: World, case: Case, at: datetime) -> None:
    finished(world, case, 2, at)
    assert not Alert.objects.exists()
    finished(world, case, 14, at + 3 * DAY)
    alert = Alert.objects.get()
    assert (alert.state, alert.case_id, alert.sitting.before) == ("NEW", case.pk, "standard")
    assert fresh(case).high_risk
    due = Due.objects.get(kind="risk.rose")
    assert due.about == alert.pk and alert.due_at == clocks.due(at + 3 * DAY, 1)
    assert clocks.london_date(due.due_at) == clocks.london_date(alert.due_at)
    assert [event.subject for event in events("risk.rose")] == [alert.pk]


def test_a_rise_of_the_whole_case_through_another_kind_is_raised_too(world: World, case: Case, at: datetime) -> None:
    finished(world, case, 2, at)
    done = finished(world, case, 4, at + DAY, code="stalking")
    assert (done.before, done.level) == ("", "medium")
    assert Alert.objects.get().sitting_id == done.pk


def test_what_falls_is_no_rise_and_the_case_follows(world: World, case: Case, at: datetime) -> None:
    finished(world, case, 15, at)
    finished(world, case, 1, at + DAY)
    assert Alert.objects.count() == 1 and not fresh(case).high_risk
    assert queries.level(queries.sittings(case)) == "standard"


def test_what_the_hub_called_high_stays_so_until_a_sitting_was_high(world: World, case: Case, at: datetime) -> None:
    Case.objects.filter(pk=case.pk).update(high_risk=True)
    finished(world, case, 1, at)
    assert fresh(case).high_risk


def test_many_incidents_in_the_window_are_high_and_say_why(world: World, case: Case, at: datetime) -> None:
    done = finished(world, case, 1, at, incidents=3)
    assert (done.score, done.level, done.why) == (1, "high", ["incidents"])
    whole = queries.as_asked(done)
    found = rules.reckon(whole, done.answers, incidents=3)
    why = presenters.why(done.why, found, whole, incidents=3, sittings=1)
    assert why == ["It may be escalating: 3 incidents within 12 months, and here 3 or more count as high."]


def test_sittings_in_the_window_are_counted_and_older_ones_are_not(world: World, case: Case, at: datetime) -> None:
    revise(world, at, sittings_from=3)
    levels = [finished(world, case, 1, at + days * DAY).level for days in (0, 1, 2, 400)]
    assert levels == ["standard", "standard", "high", "standard"]


def test_the_thresholds_of_their_council_count(world: World, at: datetime) -> None:
    revise(world, at, areas="E08000025 | 17 | 0 | 6")
    case = case_of(world)
    done = finished(world, fresh(case), 16, at)
    assert (done.council, done.level) == ("E08000025", "medium")


def test_a_set_changed_between_two_sittings_leaves_the_first_as_it_was(world: World, case: Case, at: datetime) -> None:
    first = finished(world, case, 14, at)
    drafted = begun(world, case, at + DAY)
    revise(world, at + DAY, high_from=20, items=queries.open_version(DA).text("items") + "\nq1 | New? | 1")
    assert len(queries.as_asked(first).items) == len(queries.as_asked(drafted).items) == 24
    assert "were changed on" in presenters.notices(drafted, queries.as_asked(drafted), case, (at + DAY).date())[0]
    by = world.actor("caseworker")
    saved = actions.keep(drafted, by=by, at=at + DAY, said=said(drafted, 14), seen=1)
    assert actions.finish(saved, by=by, at=at + DAY, level="high", seen=2).set_version == 1
    later = finished(world, case, 14, at + 2 * DAY)
    assert (later.set_version, later.level) == (2, "medium")


def test_a_child_who_turns_18_is_asked_the_adults_questions_next(world: World, at: datetime) -> None:
    born = at.date().replace(year=at.year - 18) + timedelta(days=10)
    case = case_of(world, born)
    finished(world, case, 2, at, code=YOUNG)
    drafted = begun(world, case, at + DAY, code=YOUNG)
    then = at + 20 * DAY
    with pytest.raises(RuleBroken):
        actions.begin(case, by=world.actor("caseworker"), at=then, set_code=YOUNG)
    offered = queries.offered(case, then.date())
    assert offered[0].set.code == DA and offered[0].suggested
    assert "another age now" in presenters.grown(case, queries.sittings(case), offered, then.date())[0]
    assert "They are 18 now" in presenters.notices(drafted, queries.as_asked(drafted), case, then.date())[0]
    actions.throw_away(drafted, by=world.actor("caseworker"), at=then, seen=1)
    assert finished(world, case, 2, then).set_code == DA


def test_of_unknown_age_every_set_is_offered_and_said_to_be_a_child_only_a_childs(world: World, at: datetime) -> None:
    case = case_of(world, None)
    assert {DA, YOUNG, OLDER} <= {one.set.code for one in queries.offered(case, at.date())}
    case.victim.said_under = 18
    assert {one.set.code for one in queries.offered(case, at.date())} & {DA, YOUNG, OLDER} == {YOUNG}


def test_thrown_away_nothing_of_it_is_kept(world: World, case: Case, at: datetime) -> None:
    sitting, by = begun(world, case, at), world.actor("caseworker")
    actions.keep(sitting, by=by, at=at, said=said(sitting, 3, comments={"hurt": "words"}), seen=1)
    actions.throw_away(sitting, by=by, at=at, seen=2)
    kept = Sitting.objects.get(pk=sitting.pk)
    assert (kept.state, kept.answers, fields.read(kept, "comments")) == ("DROPPED", {}, "")
    with pytest.raises(RuleBroken, match="thrown them away"):
        actions.keep(sitting, by=by, at=at, said=said(sitting), seen=2)
    assert begun(world, case, at).pk != sitting.pk


def test_a_closed_case_is_only_read(world: World, case: Case, at: datetime) -> None:
    sitting, by = begun(world, case, at), world.actor("caseworker")
    casework.close(case, by=by, at=at, reason="not_reached", unmeasured_why="lost_contact")
    for act in (
        lambda: begun(world, case, at),
        lambda: actions.keep(sitting, by=by, at=at, said=said(sitting), seen=1),
        lambda: actions.finish(sitting, by=by, at=at, level="standard", seen=1),
        lambda: actions.throw_away(sitting, by=by, at=at, seen=1),
    ):
        with pytest.raises(RuleBroken, match="This case is closed"):
            act()


@pytest.fixture
def alert(world: World, case: Case, at: datetime) -> Alert:
    finished(world, case, 15, at)
    found: Alert = Alert.objects.get()
    return found


def test_see_is_noted_once(world: World, alert: Alert, at: datetime) -> None:
    by = world.actor("service_manager")
    for minutes in (1, 2):
        actions.see(alert, by=by, at=at + timedelta(minutes=minutes))
    held = Alert.objects.get()
    assert (held.state, held.seen_by, held.seen_at) == ("SEEN", by.user_id, at + timedelta(minutes=1))
    assert len(events("risk.rise_seen")) == 1


def test_answer_says_what_was_done_and_takes_it_off_the_agenda(world: World, alert: Alert, at: datetime) -> None:
    by = world.actor("caseworker")
    for did in ([], ["dance"]):
        with pytest.raises(RuleBroken, match="Choose what was done"):
            actions.answer(alert, by=by, at=at, did=did)
    for _ in range(2):
        actions.answer(alert, by=by, at=at, did=["police", "safety_plan"], words="Made-up words")
    held = Alert.objects.get()
    assert (held.state, held.did, fields.read(held, "words")) == (
        "ANSWERED",
        ["police", "safety_plan"],
        "Made-up words",
    )
    assert not Due.objects.filter(kind="risk.rose").exists() and len(events("risk.rise_answered")) == 1
    with pytest.raises(RuleBroken, match="meanwhile"):
        actions.answer(alert, by=world.actor("service_manager"), at=at, did=["police"])
    actions.see(alert, by=world.actor("service_manager"), at=at)
    assert Alert.objects.get().state == "ANSWERED"


def test_what_a_worker_did_stays_with_the_manager_until_they_have_seen_it(
    world: World, alert: Alert, at: datetime
) -> None:  # fmt: skip
    worker, manager, rows = world.actor("caseworker"), world.actor("service_manager"), Alert.objects.all()
    with pytest.raises(RuleBroken, match="Nobody has said yet"):
        actions.see_answer(alert, by=manager, at=at)
    actions.see(alert, by=manager, at=at)
    assert not Due.objects.filter(kind="risk.to_see").exists()
    actions.answer(alert, by=worker, at=at + DAY, did=["police"])
    due = Due.objects.get(kind="risk.to_see")
    assert due.details == {"acted": clocks.london_date(at + DAY).isoformat()} and due.about == alert.pk
    assert queries.alerts(rows, manager) == (alert,)
    for minutes in (1, 2):
        actions.see_answer(alert, by=manager, at=at + DAY + timedelta(minutes=minutes))
    held = Alert.objects.get()
    assert (held.answer_seen_by, held.answer_seen_at) == (manager.user_id, at + DAY + timedelta(minutes=1))
    assert not Due.objects.filter(kind="risk.to_see").exists() and queries.alerts(rows, manager) == ()
    assert [event.subject for event in events("risk.answer_seen")] == [alert.case_id]
    assert queries.alerts(rows, manager, state="ANSWERED") == (alert,)


def test_a_manager_who_says_what_was_done_has_seen_it(world: World, alert: Alert, at: datetime) -> None:
    manager = world.actor("service_manager")
    actions.answer(alert, by=manager, at=at, did=["police"])
    assert Alert.objects.get().answer_seen_by == manager.user_id and not Due.objects.filter(about=alert.pk).exists()
    assert len(events("risk.answer_seen")) == 1


def test_managers_and_the_worker_are_told_and_not_what(world: World, case: Case, at: datetime) -> None:
    casework.assign(case, by=world.actor("service_manager"), at=at, worker=world.people["other_caseworker"].pk)
    finished(world, fresh(case), 15, at)
    alert = Alert.objects.get()
    told = {world.people[person].pk for person in ("service_manager", "other_caseworker")}
    assert set(queries.to_tell(alert)) == told
    for _ in range(2):
        jobs.tell.func(event="", subject=str(alert.pk))
    assert set(Notice.objects.values_list("user_id", flat=True)) == told and Notice.objects.count() == 2


def test_who_raised_it_is_not_told(world: World, case: Case, at: datetime) -> None:
    finished(world, case, 15, at, person="service_manager")
    assert queries.to_tell(Alert.objects.get()) == ()


# What an office writes.

OFFICE = "hub_manager"


def drafted(world: World, at: datetime, person: str = OFFICE) -> Draft:
    return wording.begin(DA, by=world.actor(person), at=at)


def test_a_draft_is_begun_once_for_each_office(world: World, at: datetime) -> None:
    first = drafted(world, at)
    assert drafted(world, at).pk == first.pk != drafted(world, at, "office_administrator").pk
    assert queries.drafts(world.actor(OFFICE)) == (first,)


def test_questions_are_put_in_reworded_moved_and_taken_out(world: World, at: datetime) -> None:
    by, held = world.actor(OFFICE), drafted(world, at)
    held = wording.put_in(held, by=by, at=at, item=Item("", "A new one?", 2), stamp=1)
    held = wording.put_in(held, by=by, at=at, item=Item("", "Another?"), stamp=2)
    held = wording.reword(held, by=by, at=at, item=Item("hurt", "Hurt now?", 1, True), stamp=3)
    held = wording.move(held, by=by, at=at, code="q1", up=True, stamp=4)
    held = wording.take_out(held, by=by, at=at, code="record", stamp=5)
    whole = queries.drafted(held)
    assert [one.code for one in whole.items][-2:] == ["q1", "q2"] and whole.item("record") is None
    assert whole.items[0] == Item("hurt", "Hurt now?", 1, True)
    assert queries.as_set(queries.open_version(DA)).items[0].critical is False
    with pytest.raises(RuleBroken, match="changed this draft meanwhile"):
        wording.move(held, by=by, at=at, code="q1", up=True, stamp=5)


def test_a_set_has_no_more_questions_than_somebody_answers(world: World, at: datetime) -> None:
    by, held = world.actor(OFFICE), drafted(world, at)
    for stamp in range(1, 37):
        held = wording.put_in(held, by=by, at=at, item=Item("", f"Number {stamp}?"), stamp=stamp)
    with pytest.raises(RuleBroken, match="at most 60"):
        wording.put_in(held, by=by, at=at, item=Item("", "One more?"), stamp=held.stamp)


def test_settle_refuses_what_would_misjudge(world: World, at: datetime) -> None:
    by, held = world.actor(OFFICE), drafted(world, at)
    with pytest.raises(RuleBroken, match="never be reached"):
        wording.settle(held, by=by, at=at, settings=lambda one: replace(one, high_from=99), stamp=1)
    held = wording.settle(held, by=by, at=at, settings=lambda one: replace(one, high_from=12), stamp=1)
    assert queries.drafted(held).high_from == 12


def test_publish_makes_a_version_from_its_day_and_never_changes_what_was_asked(
    world: World, case: Case, at: datetime
) -> None:
    before = finished(world, case, 13, at)
    by, held = world.actor(OFFICE), drafted(world, at)
    with pytest.raises(RuleBroken, match="Nothing was changed"):
        wording.publish(held, by=by, at=at, since=at.date(), source="Office decision", stamp=1)
    held = wording.settle(held, by=by, at=at, settings=lambda one: replace(one, high_from=12), stamp=1)
    rule = wording.publish(held, by=by, at=at, since=at.date() + 2 * DAY, source="Office decision", stamp=2)
    assert (rule.version, Draft.objects.count()) == (2, 0)
    assert queries.as_asked(before).high_from == 14 and Sitting.objects.get(pk=before.pk).level == "medium"
    assert begun(world, case, at + DAY).set_version == 1
    with pytest.raises(RuleBroken, match="gone"):
        wording.publish(held, by=by, at=at, since=at.date(), source="Office decision", stamp=2)


def test_two_offices_do_not_publish_over_each_other(world: World, at: datetime) -> None:
    ours, theirs = drafted(world, at), drafted(world, at, "office_administrator")
    for person, held in (("office_administrator", theirs), (OFFICE, ours)):
        wording.settle(held, by=world.actor(person), at=at, settings=lambda one: replace(one, high_from=12), stamp=1)
    publish = {"at": at, "since": at.date(), "source": "Office decision", "stamp": 2}
    wording.publish(theirs, by=world.actor("office_administrator"), **publish)  # type: ignore[arg-type]
    with pytest.raises(RuleBroken):
        wording.publish(ours, by=world.actor(OFFICE), **publish)  # type: ignore[arg-type]


def test_a_draft_may_begin_from_an_earlier_version_and_be_dropped(world: World, at: datetime) -> None:
    revise(world, at, high_from=20)
    by = world.actor(OFFICE)
    held = wording.begin(DA, by=by, at=at, like=1)
    assert (queries.drafted(held).high_from, held.seen) == (14, 2)
    for _ in range(2):
        wording.drop(held, by=by, at=at)
    assert not Draft.objects.exists() and len(events("risk_set.dropped")) == 1


def test_a_withdrawn_set_cannot_be_written_and_what_was_begun_goes_on(world: World, case: Case, at: datetime) -> None:
    sitting = begun(world, case, at)
    rulebook.withdraw("risk_sets", DA, by=world.actor(OFFICE), at=at, until=at.date())
    with pytest.raises(RuleBroken, match="withdrawn"):
        drafted(world, at)
    assert "not asked any more" in presenters.notices(sitting, queries.as_asked(sitting), case, at.date())[0]


def test_who_may_not_revise_the_rulebook_writes_no_set(world: World, at: datetime) -> None:
    for person in ("caseworker", "service_manager", "triage_officer"):
        with pytest.raises(RuleBroken, match="The office or the hub"):
            drafted(world, at, person)


def test_the_provider_may_not_change_what_a_sitting_was_begun_under(world: World, case: Case, at: datetime) -> None:
    sitting = begun(world, case, at)
    with (
        pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(world, "caseworker")
    ):  # fmt: skip
        Sitting.objects.filter(pk=sitting.pk).update(set_version=9)


def test_a_set_of_an_offices_own_is_about_something_known(world: World, at: datetime) -> None:
    by = world.actor(OFFICE)
    with pytest.raises(RuleBroken, match="what it is about"):
        wording.start(by=by, at=at, kind="no_such_kind", title="Made up")
    held = wording.start(by=by, at=at, kind="stalking", title="Made up")
    with pytest.raises(RuleBroken, match="at least one question"):
        wording.publish(held, by=by, at=at, since=at.date(), source="Office decision", stamp=1)
    held = wording.put_in(held, by=by, at=at, item=Item("", "A made-up question?"), stamp=1)
    rule = wording.publish(held, by=by, at=at, since=at.date(), source="Office decision", stamp=2)
    assert (rule.code, rule.version) == ("stalking_own1", 1)
