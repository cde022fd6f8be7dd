"""Bringing a caseload along: what was sent becomes cases, nobody is doubled, and all of it can be taken back."""

from datetime import date, timedelta

import pytest

from alongside.core import clocks
from alongside.core.errors import RuleBroken
from alongside.core.models import PersonKey
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case
from alongside.support.cases.imports import actions, making, queries
from alongside.support.cases.imports.models import Origin, Row
from alongside.support.cases.imports.tests.sheets import (
    ROWS,
    brought,
    case_of,
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
    brought(world)
    rows = [("LS-9", *ROWS[0][1:]), *ROWS[1:]]
    again = mapped(world, workbook(rows))
    alike = row(again, 4)
    assert alike.state == "TWIN" and alike.twin == Origin.objects.get(case_id=Row.objects.exclude(
        case_id=None).order_by("number")[0].case_id).victim_id  # fmt: skip
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
