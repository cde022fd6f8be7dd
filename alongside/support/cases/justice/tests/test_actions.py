"""Every verb of the journey through justice: what it keeps, what it makes due, and what it refuses."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.justice import actions, due, queries
from alongside.support.cases.justice.actions import Named, News
from alongside.support.cases.justice.models import Chase, Proceeding, Turn
from alongside.support.cases.justice.tests.ways import DAY, NAMED, at, begun, charged, trial_set, turned, worker
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def act(world: World, verb: Callable[..., Any], record: Any, *, days: int = 0, **words: Any) -> Any:
    with transaction.atomic(), inside(world, "caseworker"):
        return verb(record, by=worker(world), at=at(world, days), **words)


def fresh(record: Any) -> Any:
    return type(record).objects.get(pk=record.pk)


def due_on(kind: str) -> list[date]:
    return [one.due_at.date() for one in Item.objects.filter(kind=kind).order_by("due_at")]


def test_a_report_begins_the_way_with_what_the_police_know_it_by(world: World) -> None:
    one = begun(world, force="west-midlands", crime_ref="20/123456/26", officer="PC Test")
    assert one.state == "NOT_REPORTED" and fresh(one).state == "GOING_ON"
    assert fields.read(fresh(one), "crime_ref") == "20/123456/26"
    turn = Turn.objects.get()
    assert (turn.kind, turn.on, turn.owes, turn.due_at) == ("reported", DAY, "police", None)
    event = Event.objects.filter(name="justice.turned").get()
    assert event.subject == one.case_id and event.details["kind"] == "reported"


def test_what_was_not_reported_is_an_answer_and_may_be_reported_later(world: World) -> None:
    case = accepted(world)
    one = act(world, actions.start, case, reported="not_yet", named=NAMED)
    assert (one.state, Turn.objects.count()) == ("NOT_REPORTED", 0)
    turned(world, one, "reported", days=3)
    assert (fresh(one).state, fresh(one).reported) == ("GOING_ON", "yes")


def test_a_report_needs_its_day_and_an_answer_that_is_there(world: World) -> None:
    case = accepted(world)
    with pytest.raises(RuleBroken, match="the day on which it was reported"):
        act(world, actions.start, case, reported="yes", named=NAMED)
    with pytest.raises(RuleBroken, match="Choose whether it was reported"):
        act(world, actions.start, case, reported="perhaps", named=NAMED)


def test_a_form_that_is_sent_twice_makes_one_row(world: World) -> None:
    case = accepted(world)
    first, second = (act(world, actions.start, case, reported="no", named=NAMED) for _ in range(2))
    assert first.pk == second.pk
    one = begun(world, case, crime_ref="1")
    assert turned(world, one, "arrested").pk == turned(world, one, "arrested").pk
    turn = Turn.objects.get(kind="arrested")
    asked: dict[str, Any] = {"body": "police", "how": "phone", "on": DAY}
    assert act(world, actions.chase, turn, **asked).pk == act(world, actions.chase, turn, **asked).pk
    assert Chase.objects.count() == 1 and Proceeding.objects.count() == 2


def test_several_proceedings_stand_beside_each_other(world: World) -> None:
    one = begun(world)
    other = act(world, actions.start, one.case, days=1, reported="yes", named=NAMED, on=DAY)
    turned(world, one, "no_action_police", days=1)
    assert (fresh(one).state, fresh(other).state) == ("ENDED", "GOING_ON")


def test_news_of_an_arrest_is_due_in_five_working_days_and_with_enhanced_rights_in_one(world: World) -> None:
    turned(world, begun(world), "arrested")
    plain = Turn.objects.get(kind="arrested")
    turned(world, begun(world, accepted(world), enhanced=True), "arrested")
    soon = Turn.objects.exclude(pk=plain.pk).get(kind="arrested")
    assert plain.due_at and plain.due_at.date() == date(2026, 9, 21) and not plain.enhanced
    assert soon.due_at and soon.due_at.date() == date(2026, 9, 15) and soon.enhanced
    assert due_on("justice.tell") == [date(2026, 9, 15), date(2026, 9, 21)]


def test_whoever_is_under_18_has_enhanced_rights_by_that_alone(world: World) -> None:
    case = accepted(world)
    Victim.objects.filter(pk=case.victim_id).update(birth_date=date(2010, 5, 5))
    one = begun(world, case)
    assert one.entitlements == ["vulnerable_intimidated"]


def test_the_most_serious_crimes_bring_enhanced_rights_whether_or_not_anybody_decided_on_them(world: World) -> None:
    case = accepted(world)
    asked: dict[str, Any] = {"reported": "yes", "on": DAY}
    one = act(world, actions.start, case, named=Named(crime_type="sexual_violence"), **asked)
    assert one.entitlements == ["most_serious_crime"] and turned(world, one, "arrested").enhanced
    other = act(world, actions.start, case, named=Named(crime_type="theft"), **asked)
    assert other.entitlements == []


def test_enhanced_rights_found_later_shorten_clocks_that_still_run_and_no_other(world: World) -> None:
    one = begun(world)
    told = turned(world, one, "arrested", news=News(DAY, "police", "phone"))
    runs = turned(world, one, "interviewed")
    version = fresh(one).version
    act(world, actions.revise, one, named=NAMED, entitlements=["most_serious_crime"], seen=version)
    assert fresh(runs).due_at.date() == date(2026, 9, 15) and fresh(runs).enhanced
    assert fresh(told).due_at.date() == date(2026, 9, 21)
    assert due_on("justice.tell") == [date(2026, 9, 15)]
    act(world, actions.revise, one, named=NAMED, entitlements=["discretion"], seen=version + 1)
    assert fresh(runs).version == 2, "it was entitled before: nothing is reckoned again"
    with pytest.raises(RuleBroken, match="Somebody else changed this"):
        act(world, actions.revise, one, named=NAMED, entitlements=[], seen=version)


def test_a_turn_remembers_the_version_of_its_rule(world: World) -> None:
    one = begun(world)
    first = turned(world, one, "arrested")
    old = queries.rulebook.rule("justice_turns", "arrested", DAY)
    rulebook.revise(
        "justice_turns", "arrested", by=world.actor("hub_manager"), at=world.now, title="Arrest",
        body={**old.body, "standard": 2}, source="New Code", since=date(2026, 9, 16),
    )  # fmt: skip
    second = turned(world, one, "arrested", days=3)
    assert (fresh(first).rule, second.rule) == (1, 2)
    assert second.due_at and second.due_at.date() == date(2026, 9, 21)
    act(world, actions.revise, one, named=NAMED, entitlements=["discretion"], seen=fresh(one).version)
    act(world, actions.revise, one, named=NAMED, entitlements=[], seen=fresh(one).version)
    assert fresh(first).due_at.date() == date(2026, 9, 21), "by its own version: five days"


@pytest.mark.parametrize(("kind", "words", "message"), [
    ("nothing_such", {}, "Choose what happened"),
    ("trial", {}, "cannot follow what is recorded"),
    ("arrested", {"on": date(2027, 1, 1)}, "has not happened yet"),
    ("arrested", {"answers": ["guilty"]}, "Choose from what is there"),
    ("no_action_police", {"answers": ["no_reason", "time_limit"]}, "Choose from what is there"),
    ("arrested", {"also": ["nothing"]}, "Choose from what is there"),
    ("vps_offered", {}, "Choose who did it"),
    ("arrested", {"news": News(DAY, "nobody", "phone")}, "Choose who told them"),
    ("arrested", {"news": News(DAY, "police", "pigeon")}, "Choose how they were told"),
    ("arrested", {"news": News(DAY - timedelta(days=1), "police", "phone")}, "Nobody could tell them before"),
])  # fmt: skip
def test_what_makes_no_sense_is_refused(world: World, kind: str, words: dict[str, Any], message: str) -> None:
    one = begun(world)
    with pytest.raises(RuleBroken, match=message):
        turned(world, one, kind, **words)


def test_the_same_turn_again_is_refused_as_such_and_not_as_out_of_order(world: World) -> None:
    one = begun(world)
    with pytest.raises(RuleBroken, match="recorded already"):
        turned(world, one, "reported", days=3)
    trial_set(world, one)
    with pytest.raises(RuleBroken, match="set for this already"):
        turned(world, one, "trial", days=4, on=date(2027, 1, 5))


def test_a_trial_is_on_the_agenda_and_its_date_is_news_from_when_it_was_set(world: World) -> None:
    one = begun(world)
    turn = trial_set(world, one, at_time=time(10, 0), from_on=date(2026, 9, 15))
    assert turn.state == "LISTED" and turn.due_at and turn.due_at.date() == date(2026, 9, 16)
    hearing = Item.objects.get(kind="justice.hearing")
    assert (hearing.about, hearing.due_at.hour, hearing.details["kind"]) == (turn.pk, 10, "trial")
    assert not Item.objects.filter(kind="justice.reassess", about=turn.pk).exists(), "it has not taken place"


def test_a_day_at_court_in_the_past_took_place_and_cannot_have_been_set_after_it(world: World) -> None:
    one = begun(world)
    charged(world, one)
    with pytest.raises(RuleBroken, match="not after the day itself"):
        turned(world, one, "trial", days=2, on=DAY + timedelta(days=1), from_on=DAY + timedelta(days=2))
    held = turned(world, one, "trial", days=2, on=DAY + timedelta(days=1))
    assert held.state == "DONE" and held.from_on == DAY + timedelta(days=1)


def test_a_trial_that_is_postponed_twice_keeps_every_day_and_reason(world: World) -> None:
    first = trial_set(world, begun(world))
    second = act(world, actions.postpone, first, days=20, went="moved", why="court_not_ready", seen=1,
                 new_on=date(2027, 3, 1), new_time=time(10, 30))  # fmt: skip
    third = act(world, actions.postpone, second, days=40, went="moved", why="witness_absent", seen=1,
                new_on=date(2027, 6, 7), known_on=DAY + timedelta(days=38))  # fmt: skip
    kept = Turn.objects.filter(kind="trial").order_by("on")
    assert [one.state for one in kept] == ["POSTPONED", "POSTPONED", "LISTED"]
    assert [one.ended_why for one in kept] == ["court_not_ready", "witness_absent", ""]
    assert fresh(third).after_id == second.pk and fresh(second).after_id == first.pk
    assert third.from_on == DAY + timedelta(days=38)
    assert due_on("justice.hearing") == [date(2027, 6, 7)]
    assert Item.objects.filter(kind="justice.tell", about=third.pk).exists()
    again = act(world, actions.postpone, second, days=40, went="moved", why="witness_absent", seen=1,
                new_on=date(2027, 6, 7))  # fmt: skip
    assert again.pk == third.pk, "its form was sent twice"


def test_a_day_that_is_put_off_or_taken_off_is_not_on_the_agenda(world: World) -> None:
    one = begun(world)
    turn = trial_set(world, one)
    assert act(world, actions.postpone, turn, days=3, went="open", why="not_told", seen=1) is None
    assert due_on("justice.hearing") == [] and fresh(turn).state == "POSTPONED"
    new = turned(world, one, "trial", days=5, on=date(2027, 2, 1))
    act(world, actions.postpone, new, days=6, went="off", why="plea", seen=1)
    assert fresh(new).state == "TAKEN_OFF"


@pytest.mark.parametrize(("words", "message"), [
    ({"went": "moved", "why": "other"}, "Enter the new day"),
    ({"went": "moved", "why": "other", "new_on": date(2026, 12, 1)}, "the day that it had"),
    ({"went": "open", "why": "rain"}, "Choose the reason"),
])  # fmt: skip
def test_a_day_is_moved_with_a_reason_to_another_day(world: World, words: dict[str, Any], message: str) -> None:
    turn = trial_set(world, begun(world))
    with pytest.raises(RuleBroken, match=message):
        act(world, actions.postpone, turn, days=3, seen=1, **words)


def test_a_day_at_court_took_place_when_it_came(world: World) -> None:
    one = begun(world)
    turn = trial_set(world, one, on=DAY + timedelta(days=7))
    with pytest.raises(RuleBroken, match="has not come yet"):
        act(world, actions.hold, turn, days=3, seen=1)
    act(world, actions.hold, turn, days=8, seen=1)
    act(world, actions.hold, turn, days=8, seen=1)
    assert fresh(turn).state == "DONE" and fresh(turn).reassess
    assert Item.objects.filter(kind="justice.reassess", about=turn.pk).exists()
    with pytest.raises(RuleBroken, match="cannot postpone"):
        act(world, actions.postpone, turn, days=8, went="open", why="other", seen=2)


def test_telling_takes_it_off_the_agenda_in_time_or_late(world: World) -> None:
    one = begun(world)
    turn = turned(world, one, "arrested")
    with pytest.raises(RuleBroken, match="Enter the day"):
        act(world, actions.tell, turn, days=1, news=News(), seen=1)
    news = News(DAY + timedelta(days=1), "police", "letter")
    act(world, actions.tell, turn, days=2, news=news, seen=1)
    act(world, actions.tell, turn, days=2, news=news, seen=1)
    assert (fresh(turn).told_on, fresh(turn).told_by, fresh(turn).version) == (news.on, "police", 2)
    assert due_on("justice.tell") == []
    late = turned(world, one, "interviewed", days=1)
    act(world, actions.tell, late, days=30, news=News(DAY + timedelta(days=30), "us", "phone"), seen=1)
    counts = queries.counts(Turn.objects.all(), at(world, 31))
    assert (counts.in_time, counts.late, counts.overdue, counts.due) == (1, 1, 0, 0)


def test_whoever_told_them_of_a_day_at_court_knew_of_it_by_then(world: World) -> None:
    turn = trial_set(world, begun(world))
    assert turn.from_on == DAY + timedelta(days=2)
    act(world, actions.tell, turn, days=3, news=News(DAY + timedelta(days=1), "witness_care", "letter"), seen=1)
    assert fresh(turn).from_on == DAY + timedelta(days=1) and fresh(turn).due_at.date() == DAY + timedelta(days=2)
    assert queries.counts(Turn.objects.filter(pk=turn.pk), at(world, 9)).in_time == 1


def test_a_chase_is_recorded_and_their_clock_runs_on(world: World) -> None:
    turn = turned(world, begun(world), "arrested")
    act(world, actions.chase, turn, days=9, body="police", how="phone", on=DAY + timedelta(days=9), note="They ring")
    assert fields.read(Chase.objects.get(), "note") == "They ring" and due_on("justice.tell") == [date(2026, 9, 21)]
    for words, message in (
        ({"body": "nobody", "how": "phone", "on": DAY}, "Choose who was asked"),
        ({"body": "police", "how": "pigeon", "on": DAY}, "Choose how they were asked"),
        ({"body": "police", "how": "phone", "on": DAY + timedelta(days=10)}, "today or earlier"),
    ):
        with pytest.raises(RuleBroken, match=message):
            act(world, actions.chase, turn, days=9, **words)


def test_needs_are_looked_at_again_after_a_turn(world: World) -> None:
    turn = turned(world, begun(world), "arrested")
    assert due_on("justice.reassess") == [date(2026, 9, 21)]
    with pytest.raises(RuleBroken, match="Choose what came of it"):
        act(world, actions.reassess, turn, days=1, answer="perhaps", seen=1)
    for _ in range(2):
        act(world, actions.reassess, turn, days=1, answer="nothing_new", seen=1)
    assert due_on("justice.reassess") == [] and fresh(turn).reassessed_on == DAY + timedelta(days=1)


def test_a_mistake_is_struck_out_with_its_reason_and_what_it_did_is_undone(world: World) -> None:
    one = begun(world)
    turn = turned(world, one, "no_action_cps", answers=["no_reason"])
    assert fresh(one).state == "ENDED"
    with pytest.raises(RuleBroken, match="Say why"):
        act(world, actions.strike_out, turn, why=" ", seen=1)
    for _ in range(2):
        act(world, actions.strike_out, turn, why="Wrong case", seen=1)
    assert fresh(one).state == "GOING_ON" and fields.read(fresh(turn), "struck_why") == "Wrong case"
    assert not Item.objects.filter(about=turn.pk).exists()
    with pytest.raises(RuleBroken, match="struck out"):
        act(world, actions.tell, turn, news=News(DAY, "cps", "letter"), seen=2)
    act(world, actions.strike_out, Turn.objects.get(kind="reported"), why="It was not", seen=1)
    assert fresh(one).state == "NOT_REPORTED"


def test_a_verdict_of_not_guilty_ends_it_and_a_review_that_changes_a_decision_takes_it_up(world: World) -> None:
    one = begun(world)
    charged(world, one)
    turned(world, one, "verdict", days=3, answers=["not_guilty"])
    assert fresh(one).state == "ENDED"
    other = begun(world, accepted(world))
    turned(world, other, "no_action_cps", days=1)
    offered = turned(world, other, "review_offered", days=2, body="cps")
    assert (offered.answer_by, offered.answer_last) == (date(2026, 9, 30), date(2026, 12, 16))
    assert due_on("justice.answer") == [date(2026, 9, 30)]
    asked = turned(world, other, "review_asked", days=3, body="us")
    assert due_on("justice.answer") == []
    act(world, actions.strike_out, asked, days=3, why="Not yet", seen=1)
    assert due_on("justice.answer") == [date(2026, 9, 30)]
    turned(world, other, "review_asked", days=5, body="us")
    turned(world, other, "review_changed", days=6)
    assert fresh(other).state == "GOING_ON"


def test_stepping_back_is_recorded_with_why_and_support_goes_on(world: World) -> None:
    one = begun(world)
    turned(world, one, "withdrew", days=1, answers=["afraid", "takes_too_long"], also=["news_in_time"])
    assert not fresh(one).takes_part and fresh(one).state == "GOING_ON"
    assert Case.objects.get(pk=one.case_id).state != "CLOSED"
    turned(world, one, "takes_part", days=2)
    assert fresh(one).takes_part


def test_a_closed_case_is_read_only_and_what_was_due_is_due_again_when_it_is_reopened(world: World) -> None:
    one = begun(world)
    turn = trial_set(world, one)
    with transaction.atomic(), inside(world, "service_manager"):
        casework.close(one.case, by=world.actor("service_manager"), at=at(world, 3), reason=ends(),
                       unmeasured_why=unmeasured())  # fmt: skip
    Item.objects.all().delete()
    for verb, words in (
        (actions.tell, {"news": News(DAY, "police", "phone"), "seen": 1}),
        (actions.postpone, {"went": "open", "why": "other", "seen": 1}),
        (actions.hold, {"seen": 1}),
        (actions.chase, {"body": "police", "how": "phone", "on": DAY}),
    ):
        with pytest.raises(RuleBroken, match="closed"):
            act(world, verb, turn, days=3, **words)
    due.plan_again(one.case_id, by=SYSTEM_ACTOR, at=at(world, 3))
    assert not Item.objects.exists(), "it is closed"
    with transaction.atomic(), inside(world, "service_manager"):
        casework.reopen(one.case, by=world.actor("service_manager"), at=at(world, 4), reason=reopens())
    due.plan_again(one.case_id, by=SYSTEM_ACTOR, at=at(world, 4))
    assert Item.objects.filter(kind="justice.hearing", about=turn.pk).exists()


def ends() -> str:
    """A reason for closing that was not planned."""
    rows = queries.rulebook.current("closure_reasons", DAY)
    return next(row.code for row in rows if not row.flag("planned") and row.text("closed_by") != "hub")


def unmeasured() -> str:
    return queries.rulebook.current("unmeasured_reasons", DAY)[0].code


def reopens() -> str:
    return queries.rulebook.current("reopen_reasons", DAY)[0].code


def test_the_victims_own_journey_says_where_it_stands_and_nothing_else(world: World) -> None:
    one = begun(world, crime_ref="20/1/26", court="Sample Crown Court")
    turned(world, one, "arrested", days=1, note="He was at 1 Sample Street")
    first = trial_set(world, one)
    act(world, actions.postpone, first, days=20, went="moved", why="court_not_ready", seen=1, new_on=date(2027, 3, 1))
    (way,) = queries.journey(one.case)
    assert [stage.state for stage in way.stages] == ["done", "done", "done", "moved", "next"]
    assert (way.state, way.part) == ("GOING_ON", "court") and "often moved" in way.part_words
    said = repr(way)
    for hidden in ("Sample", "20/1/26", "arrest ", "suspect"):
        assert hidden not in said
    assert queries.journey(accepted(world)) == ()


def test_a_way_that_was_not_reported_has_no_part_for_the_victim_either(world: World) -> None:
    act(world, actions.start, (case := accepted(world)), reported="no", named=NAMED)
    (way,) = queries.journey(case)
    assert (way.state, way.part, way.part_words, way.stages) == ("NOT_REPORTED", "", "", ())
