"""Mending a kept row, taking it in, returning and closing it, and undoing that."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import Pointer
from alongside.support.arrivals.feeds import actions as feeds
from alongside.support.arrivals.feeds import queries as feeds_queries
from alongside.support.arrivals.feeds.models import KeptRow, SourceVersion
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import NOW, at_the_hub, feed, in_hub, load, receipt, working
from alongside.support.arrivals.mending import actions, jobs, queries
from alongside.support.arrivals.mending.actions import StillFaulty
from alongside.support.arrivals.mending.models import Mend
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.replies.models import Reply
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
OFFICER = {"officer_email": "pc.sample@police.example"}


def kept(world: World, folder: Path, **changes: str) -> KeptRow:
    load(feed(folder, sample(**{**OFFICER, **changes})), world.force)
    return KeptRow.objects.get()


def mend(world: World, row: KeptRow, **cells: str) -> Mend:
    with at_the_hub(world):
        return actions.mend(row, cells=cells, **in_hub(world))


def test_a_rejected_row_is_mended_beside_what_was_sent_and_taken_in(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone="ask at the desk", given_name="Testina")
    mend(world, row, phone="07700 900321")
    assert feeds_queries.cells(row)["phone"] == "ask at the desk"
    assert queries.cells(row)["phone"] == "07700 900321" and queries.is_mended(row)
    (told,) = queries.mends(row)
    assert [tuple(one) for one in told.changes] == [("phone", "ask at the desk", "07700 900321")]
    event = Event.objects.get(name="feed_row.mended")
    assert event.details == {"columns": ["phone"]}
    with at_the_hub(world):
        referral = actions.release(row, words="The desk gave the number", **in_hub(world))
    assert "Rejected when it came. The desk gave the number" in fields.read(referral, "notes")
    row.refresh_from_db()
    assert (row.settled_how, row.referral_id) == ("released", referral.pk)


def test_the_row_as_it_was_mended_is_a_duplicate_when_the_source_sends_it(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone="none")
    mend(world, row, phone="07700 900321")
    with at_the_hub(world):
        actions.release(row, words="x", **in_hub(world))
    put_right = sample(**OFFICER, phone="07700 900321")
    assert receipt(load(feed(tmp_path, put_right, name="two.csv"), world.force)) == (1, 0, 1, {}, {})


def test_what_still_breaks_a_rule_is_refused_cell_by_cell_and_nothing_is_kept(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone="none")
    with at_the_hub(world):
        with pytest.raises(StillFaulty) as still, transaction.atomic():
            actions.mend(row, cells={"email": "none", "phone": "still none"}, **in_hub(world))
        assert {one.field for one in still.value.faults} == {"phone", "email"}
        for cells in ({"phone": "", "offence_code": "999Z"}, {"phone": "", "reported_at": "2027-01-01"}):
            with pytest.raises(StillFaulty), transaction.atomic():
                actions.mend(row, cells=cells, **in_hub(world))
        with pytest.raises(RuleBroken, match="Nothing is different"), transaction.atomic():
            actions.mend(row, cells={"phone": "none"}, **in_hub(world))
    assert not Mend.objects.exists()


def test_a_line_that_was_no_row_is_typed_anew(world: World, tmp_path: Path) -> None:
    path = tmp_path / "cut.csv"
    path.write_text(feed(tmp_path, sample()).read_text().splitlines()[0] + "\nWM/1,too,few\n")
    load(path, world.force)
    row = KeptRow.objects.get()
    assert queries.verdict(row, queries.cells(row), at=NOW).outcome == "rejected"
    mend(world, row, **sample())
    assert "row" not in queries.cells(row)
    with at_the_hub(world):
        assert actions.release(row, words="Read from the line", **in_hub(world)).source_ref == "WM/26/0000001"


def test_a_mend_that_makes_a_row_one_to_hold_is_kept_and_says_so(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone="none", consent="no")
    mend(world, row, phone="07700 900321")
    verdict = queries.verdict(row, queries.cells(row), at=NOW)
    assert (verdict.outcome, verdict.reason) == ("held", "no_consent")
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="agrees"), transaction.atomic():
            actions.release(row, words="x", **in_hub(world))
        actions.release(row, words="She agrees", consent="yes", **in_hub(world))
    assert Victim.objects.count() == 1


def test_a_reference_that_is_with_us_is_not_taken_in_twice(world: World, tmp_path: Path) -> None:
    load(feed(tmp_path, sample()), world.force)
    load(feed(tmp_path, sample(source_ref="", phone="07700 900999"), name="two.csv"), world.force)
    row = KeptRow.objects.get()
    mend(world, row, source_ref="WM/26/0000001")
    assert queries.verdict(row, queries.cells(row), at=NOW).reason == "changed"
    with at_the_hub(world), pytest.raises(RuleBroken, match="with us already"), transaction.atomic():
        actions.release(row, words="x", **in_hub(world))
    assert Referral.objects.count() == 1


def test_what_the_source_leaves_out_is_held_when_it_is_mended_too(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone="none")
    version = SourceVersion.objects.create(
        hub_id=world.hub.pk, source=world.force, number=1, name="x", contact="x", columns={}, saved_at=NOW,
        excluded=["violence"],
    )  # fmt: skip
    row.delivery.version = version
    row.delivery.save(update_fields=["version"])
    found = queries.verdict(row, sample(), at=NOW)
    assert found.reason == "crime_type_outside_service"


def test_a_row_is_returned_with_a_reason_and_the_officer_told(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, consent="no")
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="reason"), transaction.atomic():
            actions.send_back(row, reason="because", **in_hub(world))
        actions.send_back(row, reason="no_consent", words="For us alone", **in_hub(world))
        with pytest.raises(RuleBroken, match="already"), transaction.atomic():
            actions.set_aside(row, reason="other", **in_hub(world))
    row.refresh_from_db()
    reply = Reply.objects.get()
    assert (row.settled_how, row.settled_why, queries.settled_words(row)) == ("returned", "no_consent", "For us alone")
    assert (reply.kept_id, reply.reason, Pointer.objects.count()) == (row.pk, "no_consent", 1)


def test_a_rejected_row_is_closed_with_a_reason_and_taken_up_again(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone="none")
    with at_the_hub(world):
        with pytest.raises(RuleBroken, match="reason"), transaction.atomic():
            actions.set_aside(row, reason="because", **in_hub(world))
        with pytest.raises(RuleBroken, match="Only a row"), transaction.atomic():
            actions.reopen(row, **in_hub(world))
        actions.set_aside(row, reason="mistake", **in_hub(world))
        again = actions.reopen(row, **in_hub(world))
    assert (again.settled_at, again.settled_how, again.settled_why, queries.settled_words(again)) == (None, "", "", "")


@pytest.mark.parametrize("answered", [True, False])
def test_taking_up_a_returned_row_shuts_the_officers_page_unless_they_answered(
    world: World, tmp_path: Path, answered: bool
) -> None:
    row = kept(world, tmp_path, consent="no")
    with at_the_hub(world):
        actions.send_back(row, reason="no_consent", **in_hub(world))
    if answered:
        Reply.objects.update(answered_at=NOW)
    with working():
        jobs.take_up_again.func(event="", subject=str(Reply.objects.get().pk))
    assert (Reply.objects.get().opens_until > NOW + timedelta(days=1)) or not answered
    row.refresh_from_db()
    assert row.settled_at is None
    with at_the_hub(world):
        actions.send_back(row, reason="other", **in_hub(world))


def test_the_job_leaves_what_was_closed_meanwhile(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, consent="no")
    with at_the_hub(world):
        actions.send_back(row, reason="no_consent", **in_hub(world))
        actions.reopen(row, **in_hub(world))
        actions.set_aside(row, reason="other", **in_hub(world))
    with working():
        jobs.take_up_again.func(event="", subject=str(Reply.objects.get().pk))
        jobs.take_up_again.func(event="", subject=str(uuid4()))
    row.refresh_from_db()
    assert row.settled_how == "closed"


def test_several_rows_are_settled_at_once_and_those_dealt_with_are_left(world: World, tmp_path: Path) -> None:
    rows = [sample(source_ref=f"WM/{number}", consent="no", **OFFICER) for number in range(4)]
    load(feed(tmp_path, *rows), world.force)
    found = queries.several(KeptRow.objects.all(), list(KeptRow.objects.values_list("pk", flat=True)))
    with at_the_hub(world):
        actions.set_aside(found[0], reason="other", **in_hub(world))
        assert actions.settle_all(found[:2], how="closed", reason="refused", **in_hub(world)) == 1
        assert actions.settle_all(found, how="returned", reason="no_consent", **in_hub(world)) == 2
    assert Pointer.objects.count() == 2


def test_rows_near_the_end_of_their_time_are_counted_until_somebody_dealt_with_them(
    world: World, tmp_path: Path
) -> None:
    row = kept(world, tmp_path, consent="no")
    actor = world.actor("triage_officer")
    assert (queries.near_of(actor, NOW), queries.near_of(actor, NOW + timedelta(days=70))) == (0, 1)
    assert queries.near_of(actor, NOW + timedelta(days=700)) == 1
    with working():
        assert feeds.forget(at=NOW + timedelta(days=700)) == 0
    assert queries.near_of(world.actor("far_triage_officer"), NOW + timedelta(days=700)) == 0
    with at_the_hub(world):
        actions.set_aside(row, reason="other", **in_hub(world))
    assert queries.near_of(actor, NOW + timedelta(days=700)) == 0
    asked = {"state": "held", "reason": "no_consent", "flag": "near"}
    assert not queries.wanted(KeptRow.objects.all(), asked, at=NOW + timedelta(days=70)).exists()


def test_mends_are_gone_with_their_row(world: World, tmp_path: Path) -> None:
    row = kept(world, tmp_path, phone="none")
    mend(world, row, phone="07700 900321")
    with at_the_hub(world):
        actions.set_aside(row, reason="other", **in_hub(world))
    with working():
        assert feeds.forget(at=NOW + timedelta(days=91)) == 1
    assert not Mend.objects.exists()


def test_a_hub_sees_its_own_mends_alone_and_changes_none(world: World, tmp_path: Path) -> None:
    mend(world, kept(world, tmp_path, phone="none"), phone="07700 900321")
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.far_hub.pk]):
        assert Mend.objects.count() == 0
    refused: Any = pytest.raises(ProgrammingError, match="permission denied")
    with at_the_hub(world), refused, transaction.atomic():
        Mend.objects.update(number=9)
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(Realm.PROVIDER):
        Mend.objects.count()
