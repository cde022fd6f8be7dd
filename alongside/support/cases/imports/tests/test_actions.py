"""Bringing a caseload along: what was sent becomes cases, nobody is doubled, and all of it can be taken back."""

from datetime import date, timedelta

import pytest

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import fields
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports import actions, jobs, making, queries
from alongside.support.cases.imports.models import Batch, Origin, Row
from alongside.support.cases.imports.rules import Plan
from alongside.support.cases.imports.tests.sheets import (
    ROWS,
    brought,
    case_of,
    fresh,
    mapped,
    row,
    sent,
    states,
    user,
    waiting_list,
    workbook,
)
from alongside.support.cases.notes.models import Note
from alongside.support.cases.waiting.models import Entry
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_messy_sheet_is_understood_and_says_row_by_row_what_is_wrong(world: World) -> None:
    batch = mapped(world)
    assert (batch.heading_row, batch.rows) == (3, 3)
    assert states(batch) == {4: "READY", 5: "READY", 6: "MEND"}
    assert row(batch, 6).faults == {"birth_date": "no_date", "phone": "no_phone"}
    assert "shoe" not in queries.content_of(row(batch, 4)).cells


def test_rows_become_cases_as_they_stood(world: World) -> None:
    held = waiting_list(world)
    batch = brought(world)
    assert (batch.state, batch.done, batch.asked) == ("BROUGHT", 2, 2)
    first, second = (case_of(batch, number) for number in (4, 5))
    assert first.state == "OPEN" and first.worker == user(world, "caseworker") and first.contact_due_at is None
    assert clocks.london_date(first.accepted_at) == date(2026, 3, 2)
    assert clocks.london_date(first.started_at or first.accepted_at) == date(2026, 3, 9)
    assert clocks.london_date(first.last_contact_at or first.accepted_at) == date(2026, 8, 20)
    assert first.visible_orgs == [world.provider.pk] == first.victim.visible_orgs == first.referral.visible_orgs
    assert set(first.needs.values_list("code", flat=True)) == {"health", "money"}
    assert first.referral.source == Referral.Source.BROUGHT and first.referral.state == "ACCEPTED"
    note = fields.read(Note.objects.get(case=first), "words")
    assert "Amber" in note and "she prefers mornings" in note and "LS-1" in note
    assert second.state == "WAITING"
    entry = Entry.objects.get(case=second)
    assert (entry.list_id, entry.joined_on) == (held.pk, date(2026, 5, 12))


def test_bringing_in_again_doubles_nobody(world: World) -> None:
    batch = brought(world)
    making.bring_in(batch.pk, now=lambda: world.now)
    again = mapped(world)
    assert Case.objects.count() == 2 == Origin.objects.count()
    assert states(again) == {4: "HERE", 5: "HERE", 6: "MEND"}
    assert Row.objects.get(batch=again, number=4).case_id == row(batch, 4).case_id


def test_what_is_sent_stays_sealed(world: World) -> None:
    batch = sent(world)
    assert b"PK" not in bytes(batch.file)[:40] and b"live" not in bytes(batch.name)
    assert queries.name_of(batch) == "live.xlsx"


def test_mending_makes_a_row_ready(world: World) -> None:
    batch = mapped(world)
    bad = row(batch, 6)
    mended = actions.mend(
        bad, by=world.actor("service_manager"), at=world.now + timedelta(minutes=1), seen=bad.version, codes={},
        cells={"birth_date": "1/2/1980", "phone": "07700 900103"},
    )  # fmt: skip
    assert (mended.state, mended.faults) == ("READY", {})
    assert queries.content_of(mended).cells["birth_date"] == "1980-02-01"


def test_what_the_neighbour_holds_is_nobody_they_look_like(world: World) -> None:
    """A person whom another organisation supports: the preview does not so much as hint at it."""
    brought(world)
    theirs = mapped(world, person="neighbour_manager", words={"crime_type": {"da": "domestic_abuse"}})
    assert {one.twin for one in Row.objects.filter(batch=theirs)} == {None}
    assert {one.case_id for one in Row.objects.filter(batch=theirs)} == {None}


def test_somebody_who_is_here_already_is_asked_about_and_can_be_somebody_else(world: World) -> None:
    first = brought(world)
    rows = [("LS-9", *ROWS[0][1:]), *ROWS[1:]]
    again = mapped(world, workbook(rows))
    alike = row(again, 4)
    assert alike.state == "TWIN" and alike.twin == case_of(first, 4).victim_id
    by, at = world.actor("service_manager"), world.now + timedelta(minutes=9)
    actions.say_apart(alike, by=by, at=at, seen=alike.version)
    assert row(again, 4).state == "READY"
    other = row(again, 4)
    actions.leave_out(other, by=by, at=at, seen=other.version)
    assert row(again, 4).state == "LEFT_OUT"
    with pytest.raises(RuleBroken, match="changed this meanwhile"):
        actions.take_in_again(other, by=by, at=at, seen=other.version)


def test_a_row_that_says_something_else_now_is_shown_as_a_difference(world: World) -> None:
    brought(world)
    changed = (*ROWS[0][:4], "07700 900199", *ROWS[0][5:])
    again = mapped(world, workbook([changed, *ROWS[1:]]))
    found = row(again, 4)
    shown = queries.row_shown(found, world.actor("service_manager"), world.now.date())
    assert (found.state, shown.changed) == ("CHANGED", ("phone",))


def test_a_file_past_its_days_is_erased_and_its_people_stay(world: World) -> None:
    batch = brought(world)
    assert actions.forget(before=world.now + timedelta(days=1)) == 1
    assert not Row.objects.exists() and Case.objects.count() == 2
    assert not PersonKey.objects.filter(person_id=batch.pk).exists()


def test_undo_is_refused_when_its_days_are_over(world: World) -> None:
    batch = brought(world)
    with pytest.raises(RuleBroken, match="too late"):
        actions.undo(batch, by=world.actor("service_manager"), at=world.now + timedelta(days=15))


def test_a_file_that_cannot_be_read_is_refused_in_words(world: World) -> None:
    with pytest.raises(RuleBroken, match="locked with a password"):
        sent(world, b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"))
    with pytest.raises(RuleBroken, match="larger than 10 MB"):
        sent(world, b"x" * 10_000_001)


def test_a_sheet_and_its_headings_are_chosen(world: World) -> None:
    batch, by = sent(world), world.actor("service_manager")
    actions.choose_sheet(batch, by=by, at=world.now, sheet=0, heading_row=1)
    assert fresh(batch).heading_row == 1
    with pytest.raises(RuleBroken, match="nothing in this row"):
        actions.choose_sheet(batch, by=by, at=world.now, sheet=0, heading_row=2)
    with pytest.raises(RuleBroken, match="Choose a sheet"):
        actions.choose_sheet(batch, by=by, at=world.now, sheet=4, heading_row=1)


@pytest.mark.parametrize(
    ("columns", "fixed", "said"),
    [
        (("note", "note"), {}, "Two columns"),
        (("note", "accepted_on"), {}, "No column holds a name"),
        (("given_name",), {}, "the day on which you accepted"),
        (("given_name", "accepted_on"), {}, "“Service”"),
        (("given_name", "accepted_on"), {"service": "1"}, "“What happened”"),
    ],
)
def test_a_plan_that_lacks_what_is_needed_is_refused(
    world: World, columns: tuple[str, ...], fixed: dict[str, str], said: str
) -> None:
    with pytest.raises(RuleBroken, match=said):
        mapped(world, columns=columns, fixed=fixed)


def test_two_who_map_at_once_do_not_write_over_each_other(world: World) -> None:
    batch = mapped(world)
    with pytest.raises(RuleBroken, match="changed this meanwhile"):
        actions.map_columns(batch, Plan(), by=world.actor("service_manager"), at=world.now, seen=batch.version - 1)


def test_too_many_rows_and_none_are_refused(world: World) -> None:
    batch, by = mapped(world), world.actor("service_manager")
    plan = queries.plan_of(batch)
    actions.choose_sheet(batch, by=by, at=world.now, sheet=0, heading_row=6)
    with pytest.raises(RuleBroken, match="no row below"):
        actions.map_columns(fresh(batch), plan, by=by, at=world.now, seen=batch.version)
    rows = [(f"L-{number}", "Testina", "", *[""] * 16) for number in range(5_001)]
    with pytest.raises(RuleBroken, match="5,001 rows"):
        mapped(world, workbook(rows))


def test_what_was_said_is_remembered_for_the_next_file(world: World) -> None:
    mapped(world)
    asked = queries.columns_asked(sent(world), world.now.date())
    plan = queries.plan_from(asked, tuple(str(asked.first[f"column-{at}"]) for at in range(19)), {})
    assert plan.words["crime_type"]["da"] == "domestic_abuse"


def test_the_same_reference_twice_in_a_file_is_a_fault_of_the_second(world: World) -> None:
    batch = mapped(world, workbook([ROWS[0], (ROWS[0][0], *ROWS[1][1:])]))
    assert row(batch, 5).faults == {"own_reference": "again"}
    first = row(batch, 4)
    actions.leave_out(first, by=world.actor("service_manager"), at=world.now, seen=first.version)
    assert states(batch) == {4: "LEFT_OUT", 5: "READY"}
    out = row(batch, 4)
    actions.take_in_again(out, by=world.actor("service_manager"), at=world.now, seen=out.version)
    assert states(batch) == {4: "READY", 5: "MEND"}


def test_two_rows_of_one_person_without_a_reference_are_asked_about(world: World) -> None:
    alike = ("", *ROWS[0][1:])
    batch = mapped(world, workbook([alike, alike]))
    assert (row(batch, 5).state, row(batch, 5).twin_row) == ("TWIN", 4)


def test_nothing_is_asked_of_the_worker_where_no_row_is_ready(world: World) -> None:
    batch = mapped(world, workbook([ROWS[2]]))
    with pytest.raises(RuleBroken, match="No row is ready"):
        actions.bring_in(batch, by=world.actor("service_manager"), at=world.now)


def running(world: World) -> Batch:
    batch = mapped(world)
    actions.bring_in(batch, by=world.actor("service_manager"), at=world.now)
    return fresh(batch)


def test_what_runs_is_left_alone_until_it_is_stopped(world: World) -> None:
    batch, by = running(world), world.actor("service_manager")
    one = row(batch, 6)
    with pytest.raises(RuleBroken, match="being worked on"):
        actions.leave_out(one, by=by, at=world.now, seen=one.version)
    with pytest.raises(RuleBroken, match="being worked on"):
        actions.throw_away(batch, by=by, at=world.now)
    with pytest.raises(RuleBroken, match="already"):
        actions.try_again(batch, by=by, at=world.now)
    actions.stop(batch, by=by, at=world.now)
    making.bring_in(batch.pk, now=lambda: world.now)
    assert not Case.objects.exists() and fresh(batch).state == "BROUGHT"


def test_work_that_died_goes_on_where_it_stopped(world: World) -> None:
    batch, later = running(world), world.now + timedelta(hours=1)
    actions.try_again(batch, by=world.actor("service_manager"), at=later)
    making.bring_in(batch.pk, now=lambda: later)
    assert fresh(batch).done == 2
    undo = fresh(batch)
    actions.undo(undo, by=world.actor("service_manager"), at=later)
    actions.try_again(undo, by=world.actor("service_manager"), at=later + timedelta(hours=1))
    assert Event.objects.filter(name="import.undo_asked").count() == 2


def test_a_row_that_came_in_by_another_file_meanwhile_is_here_already(world: World) -> None:
    first, second = running(world), mapped(world)
    actions.bring_in(second, by=world.actor("service_manager"), at=world.now)
    for batch in (first, second):
        making.bring_in(batch.pk, now=lambda: world.now)
    assert Case.objects.count() == 2 and states(second)[4] == "HERE"


def test_a_row_that_is_refused_waits_and_stops_no_other(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    held = waiting_list(world)
    batch = running(world)
    held.__class__.objects.update(state="CLOSED", closed_on=world.now.date())
    monkeypatch.setattr(making.checking, "list_for", lambda said, known: str(held.pk))
    making.bring_in(batch.pk, now=lambda: world.now)
    assert row(batch, 5).faults == {"row": "refused"} and fresh(batch).state == "BROUGHT"


def test_a_row_in_a_case_is_changed_there(world: World) -> None:
    batch = brought(world)
    done = row(batch, 4)
    with pytest.raises(RuleBroken, match="Change it in its case"):
        actions.leave_out(done, by=world.actor("service_manager"), at=world.now, seen=done.version)


def test_a_file_that_is_thrown_away_is_gone(world: World) -> None:
    batch = brought(world)
    actions.throw_away(batch, by=world.actor("service_manager"), at=world.now)
    assert not Batch.objects.exists() and not Row.objects.exists()
    with pytest.raises(RuleBroken, match="has been erased"):
        actions.stop(batch, by=world.actor("service_manager"), at=world.now)
    jobs.shred.func(event="", subject=str(batch.pk))
    assert not PersonKey.objects.filter(person_id=batch.pk).exists()


def test_what_was_planned_before_is_on_the_day_until_it_is_settled(world: World) -> None:
    case = case_of(brought(world), 4)
    assert Item.objects.get(case=case, kind=actions.NEXT).due_at.date() == date(2026, 10, 1)
    actions.settle_next(case, by=world.actor("caseworker"), at=world.now + timedelta(days=1))
    assert not Item.objects.filter(case=case, kind=actions.NEXT).exists()


def test_what_is_not_said_to_be_safe_is_not_used_by_itself(world: World) -> None:
    case = case_of(brought(world), 5)
    (point,) = ContactPoint.objects.filter(person_id=case.victim_id)
    assert (point.safe, point.verified_at, point.leave_message) == ("no", None, False)
