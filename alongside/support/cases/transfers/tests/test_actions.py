"""A case handed on: with agreement and not without, accepted once, declined, taken back, and seen as it was after."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import ProgrammingError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.core.rows import records
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint, Notice
from alongside.support.arrivals.referrals.models import (
    Addition,
    Attempt,
    NeedsAssessment,
    Referral,
    Standing,
    Ticket,
)
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case, Need, Step
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.justice.tests.ways import begun, turned
from alongside.support.cases.plans.tests.planning import scored
from alongside.support.cases.risk.tests.sittings import finished
from alongside.support.cases.transfers import actions, jobs, queries
from alongside.support.cases.transfers.actions import Along
from alongside.support.cases.transfers.models import Pack, Transfer
from alongside.support.cases.transfers.tests.handing import (
    GOAL,
    HOUR,
    SECRET,
    SUMMARY,
    agreed,
    offered,
    taken_up,
    there,
    worked_on,
)  # fmt: skip
from alongside.support.cases.waiting.tests.lists import a_list, joined
from alongside.support.desk.assessment.models import Detail
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import Agreement, Basis, Correction, Responsible, Victim
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def case(world: World) -> Case:
    return worked_on(world)


def test_offer_needs_their_agreement_to_share_with_that_body(world: World, case: Case) -> None:
    there(world)
    with pytest.raises(RuleBroken, match="have not agreed that you share"):
        offered(world, case)
    said = agreed(world, case)
    with transaction.atomic(), inside(world, "caseworker"):
        victims.withdraw(said, by=world.actor("caseworker"), at=world.now + 3 * HOUR)
    with pytest.raises(RuleBroken, match="or took it back"):
        offered(world, case)
    agreed(world, case, world.now + 4 * HOUR)
    made = offered(world, case)
    assert (made.state, made.pieces, made.needs) == ("OFFERED", ["plan", "notes"], ["money"])
    assert Item.objects.get(kind="transfer.waits").due_at.date() == (world.now + 3 * DAY).date()


def test_offer_refuses_ones_own_service_an_unknown_reason_and_a_second_offer(world: World, case: Case) -> None:
    agreed(world, case)
    by, at, along = world.actor("caseworker"), world.now + 4 * HOUR, Along("Words")
    own = Service.objects.get(provider=world.provider)
    with transaction.atomic(), inside(world, "caseworker"):
        with pytest.raises(RuleBroken, match="another organisation"):
            actions.offer(case, by=by, at=at, service=own, why="moved", along=along)
        with pytest.raises(RuleBroken, match="Choose why"):
            actions.offer(case, by=by, at=at, service=there(world), why="nothing", along=along)
    offered(world, case)
    with pytest.raises(RuleBroken, match="offered to another service already"):
        offered(world, case)


def test_two_windows_offer_it_once(world: World, case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(world, case)
    offered(world, case)
    monkeypatch.setattr(queries, "waiting_for", lambda key: False)
    with pytest.raises(RuleBroken, match="offered to another service already"):
        offered(world, case)
    assert Transfer.objects.count() == 1


def test_accept_opens_a_case_with_what_was_chosen_and_ends_the_senders(world: World, case: Case) -> None:
    agreed(world, case)
    new = taken_up(world, offered(world, case))
    case.refresh_from_db()
    assert (case.state, case.closed_why, case.unmeasured_why) == ("CLOSED", "transferred", "transferred")
    assert (new.state, new.provider_id, new.reference) == ("WAITING", there(world).provider_id, case.reference)
    assert Referral.objects.get(pk=case.referral_id).state == "ACCEPTED"
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        came = queries.came(new)
        assert came is not None and came.content.summary == SUMMARY
        assert came.content.lines["notes"] == ("14 September 2026: They like to walk",)
        assert SECRET not in str(came.content)
    assert Event.objects.filter(name="case.closed", subject=case.pk).count() == 1


def test_settling_twice_changes_nothing_and_the_worker_is_told(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    taken_up(world, transfer)
    jobs.settle(event="", subject=str(transfer.pk))
    assert Event.objects.filter(name="case.closed").count() == 1
    assert Notice.objects.filter(about=transfer.pk).count() == 1
    assert not Item.objects.filter(kind="transfer.waits").exists()


def test_the_plan_starts_from_what_came_by_one_press_and_once(world: World, case: Case) -> None:
    agreed(world, case)
    new, by = taken_up(world, offered(world, case)), world.actor("neighbour_caseworker")
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert actions.start_from(new, by=by, at=world.now + 6 * HOUR) == 1
        assert (Need.objects.count(), Step.objects.count()) == (1, 1)
        with pytest.raises(RuleBroken, match="in the plan already"):
            actions.start_from(new, by=by, at=world.now + 6 * HOUR)
        came = queries.came(new)
        assert came is not None and came.missing == ()


def test_a_case_that_came_from_nobody_starts_from_nothing(world: World, case: Case) -> None:
    with pytest.raises(RuleBroken, match="in the plan already"):
        actions.start_from(case, by=world.actor("caseworker"), at=world.now + 6 * HOUR)


def test_decline_leaves_it_where_it_is_and_tells_the_worker(world: World, case: Case) -> None:
    agreed(world, case)
    transfer, by = offered(world, case), world.actor("neighbour_caseworker")
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        with pytest.raises(RuleBroken, match="Choose why you decline"):
            actions.decline(transfer, by=by, at=world.now + 5 * HOUR, reason="nothing")
        actions.decline(transfer, by=by, at=world.now + 5 * HOUR, reason="no_capacity")
    jobs.settle(event="", subject=str(transfer.pk))
    case.refresh_from_db()
    transfer.refresh_from_db()
    assert (case.state, transfer.state, transfer.declined_why) == ("OPEN", "DECLINED", "no_capacity")
    assert Notice.objects.filter(about=transfer.pk).count() == 1
    again = offered(world, case, at=world.now + DAY)
    assert taken_up(world, again, at=world.now + DAY).pk != case.pk


def test_take_back_ends_it_and_nobody_can_accept_any_more(world: World, case: Case) -> None:
    agreed(world, case)
    transfer, by = offered(world, case), world.actor("caseworker")
    with transaction.atomic(), inside(world, "caseworker"):
        actions.take_back(transfer, by=by, at=world.now + 5 * HOUR)
    with pytest.raises(RuleBroken, match="answered or taken back"):
        taken_up(world, transfer)
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert (Transfer.objects.count(), Pack.objects.count(), Victim.objects.count()) == (0, 0, 0)
        with pytest.raises(Exception, match="no such record"), transaction.atomic():
            records.take_up("victim", case.victim_id)
    offered(world, case, at=world.now + DAY)


def test_neither_side_answers_for_the_other(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    for person, act in (("caseworker", actions.accept), ("neighbour_caseworker", actions.take_back)):
        with transaction.atomic(), inside(world, person), pytest.raises(RuleBroken, match="answered or taken back"):
            act(transfer, by=world.actor(person), at=world.now + 5 * HOUR)


def test_accept_is_refused_when_they_took_their_agreement_back_meanwhile(world: World, case: Case) -> None:
    said = agreed(world, case)
    transfer = offered(world, case)
    with transaction.atomic(), inside(world, "caseworker"):
        victims.withdraw(said, by=world.actor("caseworker"), at=world.now + 5 * HOUR)
    with pytest.raises(RuleBroken, match="no longer agree"):
        taken_up(world, transfer)
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert (Pack.objects.count(), Victim.objects.count(), Case.objects.count()) == (0, 0, 0)


def test_accept_is_refused_when_support_ended_meanwhile(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    casework.close(case, by=world.actor("caseworker"), at=world.now + 5 * HOUR, reason="victim_stopped",
                   unmeasured_why="not_wanted")  # fmt: skip
    with pytest.raises(RuleBroken, match="Support ended meanwhile"):
        taken_up(world, transfer)


def test_accept_is_refused_when_they_asked_to_stop(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    victims.stop(case.victim, by=world.actor("caseworker"), at=world.now + 5 * HOUR)
    with pytest.raises(RuleBroken, match="asked us to stop"):
        taken_up(world, transfer)


def test_a_restricted_record_is_handed_on_only_where_somebody_there_is_named(world: World, case: Case) -> None:
    agreed(world, case)
    me, them = world.actor("caseworker"), world.actor("neighbour_caseworker")
    assert me.user_id and them.user_id and me.organisation_id and them.organisation_id
    with transaction.atomic(), inside(world, "caseworker"):
        records.name(case.victim_id, me.user_id, me.organisation_id, why="test")
        records.seal(case.victim_id)
    with pytest.raises(RuleBroken, match="record is restricted"):
        offered(world, Case.objects.get(pk=case.pk))
    with transaction.atomic(), inside(world, "caseworker"):
        records.name(case.victim_id, them.user_id, them.organisation_id, why="test")
    taken_up(world, offered(world, Case.objects.get(pk=case.pk)))
    with transaction.atomic(), inside(world, "neighbour_manager"):
        assert (Transfer.objects.count(), Case.objects.count(), Victim.objects.count()) == (0, 0, 0)


def test_the_sender_reads_it_as_it_was_and_nothing_new(world: World, case: Case) -> None:
    agreed(world, case)
    new, them = taken_up(world, offered(world, case)), world.actor("neighbour_caseworker")
    with transaction.atomic(), inside(world, "caseworker"):
        before = ContactPoint.objects.count()
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert ContactPoint.objects.count() == before
        messages.add(case.victim_id, by=them, at=world.now + 6 * HOUR, organisation_id=them.organisation_id or 0,
                     kind="phone", value="07700 900761", safe="yes")  # fmt: skip
        assert ContactPoint.objects.count() == before + 1
    with transaction.atomic(), inside(world, "triage_officer"):
        assert ContactPoint.objects.count() == before + 1
        records.share("victim", case.victim_id, world.organisations["far_hub"].pk, why="test")
    with transaction.atomic(), inside(world, "caseworker"):
        assert ContactPoint.objects.count() == before
        assert list(Case.objects.values_list("pk", flat=True)) == [case.pk]
        assert {GOAL} == {one.goal for one in queries.packed(Transfer.objects.get().pk).plan}  # type: ignore[union-attr]
        assert queries.seen_until(Transfer.objects.get(), world.actor("caseworker")) == "14 September 2027"
    assert new.pk != case.pk


def test_the_sender_reads_alone_from_then_on_whatever_the_code_asks(world: World, case: Case) -> None:
    agreed(world, case)
    with transaction.atomic(), inside(world, "caseworker"):
        point = messages.add(case.victim_id, by=world.actor("caseworker"), at=world.now, kind="phone",
                             organisation_id=world.provider.pk, value="07700 900763", safe="no")  # fmt: skip
    taken_up(world, offered(world, case))
    by, at, victim = world.actor("service_manager"), world.now + 6 * HOUR, case.victim
    assert by.user_id
    user = by.user_id
    named = replace(victims.identity_of(victim), given_name="Otherwise")
    tries: tuple[Any, ...] = (
        lambda: messages.add(victim.pk, by=by, at=at, organisation_id=world.provider.pk, kind="phone",
                             value="07700 900762", safe="yes"),
        lambda: messages.retire(point, by=by, at=at, why="wrong"),
        lambda: victims.correct(victim, by=by, at=at, identity=named, reason="told_us", seen=victim.version),
        lambda: victims.agree(victim, by=by, at=at, about="contact", channel="text", given=True),
        lambda: victims.send(victim, by=by, at=at, template="call_us"),
        lambda: records.share("victim", victim.pk, world.organisations["far_hub"].pk, why="test"),
        lambda: records.name(victim.pk, user, world.provider.pk, why="test"),
    )  # fmt: skip
    for attempt in tries:
        with pytest.raises(ProgrammingError, match="former"), transaction.atomic(), inside(world, "service_manager"):
            attempt()
    client = world.client("caseworker")
    for view, key, typed in (("retire", point.pk, {"why": "wrong"}), ("send", victim.pk, {"template": "call_us"})):
        answer = client.post(reverse(f"victims:{view}", args=[key]), typed)
        assert answer.status_code == 403 and "Another service has taken this over" in answer.content.decode(), view
    assert Event.objects.filter(name__in=("contact_point.retired", "message.asked")).count() == 0


def test_the_sender_does_not_read_with_whom_a_child_lives_now(world: World, case: Case) -> None:
    agreed(world, case)
    taken_up(world, offered(world, case))
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        victims.name_adult(case.victim, by=world.actor("neighbour_caseworker"), at=world.now + 6 * HOUR,
                           name="Aunt Placeholder", relation="other", judged=False, why="")  # fmt: skip
        assert Responsible.objects.count() == 1
    with transaction.atomic(), inside(world, "caseworker"):
        assert (Responsible.objects.count(), Victim.objects.count()) == (0, 0)


def test_the_sender_does_not_read_what_becomes_of_a_number_or_a_name(world: World, case: Case) -> None:
    agreed(world, case)
    with transaction.atomic(), inside(world, "caseworker"):
        point = messages.add(case.victim_id, by=world.actor("caseworker"), at=world.now, kind="phone",
                             organisation_id=world.provider.pk, value="07700 900763", safe="no")  # fmt: skip
    taken_up(world, offered(world, case))
    them, at = world.actor("neighbour_caseworker"), world.now + 6 * HOUR
    with transaction.atomic(), inside(world, "caseworker"):
        assert ContactPoint.objects.filter(pk=point.pk).exists()
        seen = {row[1] for row in records_looks("victim", case.victim_id)}
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        messages.retire(point, by=them, at=at, why="wrong")
        assert ContactPoint.objects.filter(pk=point.pk).exists()
    with transaction.atomic(), inside(world, "caseworker"):
        assert not ContactPoint.objects.filter(pk=point.pk).exists(), "what changed is new"
        assert {row[1] for row in records_looks("victim", case.victim_id)} == seen
        assert Victim.objects.count() == 1
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        named = replace(victims.identity_of(case.victim), family_name="Elsewhere")
        victims.correct(case.victim, by=them, at=at, identity=named, reason="told_us", seen=case.victim.version)
        assert (Case.objects.count(), Victim.objects.count()) == (1, 1)
    with transaction.atomic(), inside(world, "caseworker"):
        for model in (Case, Transfer, Pack, Victim, Referral):
            assert not model._default_manager.exists(), f"{model}: they have another name now"


def hung_on(world: World, person: str) -> dict[str, int]:
    """How much of what hangs on the one record somebody reads."""
    models = (Agreement, Basis, Correction, Responsible, Attempt, NeedsAssessment, Detail, Standing, Ticket, Addition)
    with transaction.atomic(), inside(world, person):
        return {model.__name__: model._default_manager.count() for model in models}


def hang(case: Case, at: datetime) -> None:
    """One more of everything that may hang on a record, and what changes in place."""
    victim, referral, who = case.victim, case.referral, case.victim_id
    Agreement.objects.create(victim=victim, about="support", given=True, recorded_at=at)
    Basis.objects.create(victim=victim, purpose="support", basis="vital", recorded_at=at)
    Correction.objects.create(victim=victim, changed=["sex"], reason="told_us", corrected_at=at)
    Responsible.objects.create(victim=victim, relation="aunt", recorded_at=at)
    Attempt.objects.create(referral=referral, victim_id=who, channel="phone", result="x", reached=True, attempted_at=at)
    NeedsAssessment.objects.create(referral=referral, victim_id=who, assessed_at=at)
    Detail.objects.create(referral=referral, victim_id=who, assessed_at=at)
    ticket = Ticket.objects.filter(referral=referral).first() or Ticket.objects.create(
        id=uuid7(), referral=referral, hub_id=case.hub_id, victim_id=who, lookup=b"1" * 16, word="w", since=at
    )
    Addition.objects.create(id=uuid7(), ticket=ticket, victim_id=who, kind="words", added_at=at)
    if not Standing.objects.filter(referral=referral).exists():
        Standing.objects.create(id=uuid7(), referral=referral, hub_id=case.hub_id, organisation_id=case.hub_id,
                                reference="AL-0000-0000", word="w", since=at, received_at=at)  # fmt: skip


def test_the_sender_reads_of_what_hangs_on_the_records_only_what_stood(world: World, case: Case) -> None:
    agreed(world, case)
    now = timezone.now() - DAY
    hang(case, now)
    before = hung_on(world, "caseworker")
    assert all(before.values()), before
    transfer = offered(world, case)
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        actions.accept(transfer, by=world.actor("neighbour_caseworker"), at=world.now + 5 * HOUR)
    hang(case, now)  # between the acceptance and the job: it was theirs no more
    jobs.settle(event="", subject=str(transfer.pk))
    hang(case, now)
    assert hung_on(world, "caseworker") == before, "what was there, and nothing new"
    new = hung_on(world, "neighbour_caseworker")
    assert all(new[name] > before[name] for name in before if name not in ("Standing", "Ticket")), new
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        victims.withdraw(Agreement.objects.earliest("id"), by=world.actor("neighbour_caseworker"), at=timezone.now())
    Ticket.objects.update(since=timezone.now())
    after = hung_on(world, "caseworker")
    assert after["Agreement"] == before["Agreement"] - 1, "what changed is new"
    assert (after["Ticket"], after["Addition"]) == (0, 0)


def test_who_supports_them_in_another_case_reads_what_is_new(world: World, case: Case) -> None:
    agreed(world, case)
    taken_up(world, offered(world, case))
    hang(case, timezone.now())
    before = hung_on(world, "caseworker")
    records.share("victim", case.victim_id, world.provider.pk, why="accepted")
    assert hung_on(world, "caseworker")["Agreement"] > before["Agreement"]


def test_what_was_handed_on_costs_the_others_one_question_a_statement(world: World, case: Case) -> None:
    """Not one for each row: the list of what was handed on is read once, and rows are asked about of those alone."""
    with transaction.atomic(), inside(world, "caseworker"), connection.cursor() as cursor:
        cursor.execute("EXPLAIN (ANALYZE, COSTS OFF) SELECT * FROM victims_agreement")
        plan = "\n".join(row for (row,) in cursor.fetchall())
    assert "InitPlan" in plan and "rows_stood" in plan
    with transaction.atomic(), inside(world, "caseworker"), connection.cursor() as cursor:
        cursor.execute("SELECT rows_handed_on('victim')")
        assert cursor.fetchone() == ([],)


def records_looks(kind: str, subject: UUID) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM rows_looks(%s, %s)", [kind, subject])
        return cursor.fetchall()


def test_a_sender_who_supports_them_in_another_case_goes_on_with_that(world: World, case: Case) -> None:
    agreed(world, case)
    Case.objects.create(**{
        **{name: getattr(case, name) for name in ("provider_id", "hub_id", "service_id", "referral_id", "victim_id",
                                                  "crime_type", "accepted_at")},
        "reference": "AL-0000-0001", "offer_id": uuid4(), "state": "OPEN",
    })  # fmt: skip
    taken_up(world, offered(world, case))
    with transaction.atomic(), inside(world, "caseworker"):
        victims.agree(case.victim, by=world.actor("caseworker"), at=world.now, about="support", given=True)
        assert Victim.objects.count() == 1 and Case.objects.count() == 2


def test_after_its_day_the_sender_sees_none_of_it(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    taken_up(world, transfer)
    for kind, subject in (*transfer.reaches, ("case", case.pk), ("transfer", transfer.pk)):
        records.step_back(kind, subject, transfer.sender_id, until=timezone.now() - timedelta(minutes=1))
    records.expire()
    with transaction.atomic(), inside(world, "caseworker"):
        for model in (Case, Transfer, Pack, Victim, Referral):
            assert not model._default_manager.exists(), model


def test_a_case_that_was_handed_over_is_neither_reopened_nor_corrected(world: World, case: Case) -> None:
    agreed(world, case)
    taken_up(world, offered(world, case))
    by, at = world.actor("service_manager"), world.now + 6 * HOUR
    with pytest.raises(RuleBroken, match="Another service has taken this over"):
        casework.reopen(case, by=by, at=at, reason="came_back")
    with pytest.raises(RuleBroken, match="Another service has taken this over"):
        casework.correct_closing(case, by=by, at=at, reason="moved_away")


def test_what_they_have_waited_goes_along_and_is_never_lost(world: World, case: Case) -> None:
    held, first = a_list(world), (world.now + DAY).date()
    joined(world, held, case=case)
    agreed(world, case)
    transfer = offered(world, case, at=world.now + 9 * DAY)
    assert transfer.waits == {"counselling": first.isoformat()}
    new = taken_up(world, transfer, at=world.now + 10 * DAY)
    theirs = a_list(world, "neighbour_manager")
    made = joined(world, theirs, "neighbour_caseworker", case=new, at=world.now + 11 * DAY)
    assert made.joined_on == first
    with transaction.atomic(), inside(world, "neighbour_caseworker"):
        assert queries.waited(new, "counselling") == first
        assert queries.waited(new, "another") is None
        assert queries.waits(new) == {"counselling": first.isoformat()}
    assert queries.waited(case, "counselling") is None


def test_the_managers_there_are_told_that_something_waits(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    for _ in range(2):
        jobs.tell(event="", subject=str(transfer.pk))
    assert {one.user_id for one in Notice.objects.all()} == {world.people["neighbour_manager"].pk}
    taken_up(world, transfer)
    before = Notice.objects.count()
    transfer.refresh_from_db()
    actions.tell(transfer, by=world.actor("caseworker"), at=world.now)
    assert Notice.objects.count() == before


def test_a_case_without_a_worker_is_handed_over_too(world: World, case: Case) -> None:
    agreed(world, case)
    transfer = offered(world, case)
    casework.assign(case, by=world.actor("service_manager"), at=world.now + 5 * HOUR, worker=None)
    taken_up(world, transfer)
    assert Case.objects.get(pk=case.pk).state == "CLOSED"
    assert not Notice.objects.exists()


def test_what_goes_along_is_scores_levels_and_turns_and_never_an_answer_about_risk(world: World, case: Case) -> None:
    at = world.now + 3 * HOUR
    scored(world, case, at)
    finished(world, case, 20, at)
    one = begun(world, case)
    turned(world, one, "arrested")
    with transaction.atomic(), inside(world, "caseworker"):
        lines = queries.content(case, at=at).lines
    assert len(lines["needs"]) == 1 and "14 September 2026" in lines["needs"][0]
    assert "High on 14 September 2026" in lines["risk"][0] and len(lines["risk"]) == 1
    assert any("1" in line for line in lines["justice"])
    agreed(world, case)
    made = offered(world, case, pieces=("plan", "needs", "risk", "justice"), notes=())
    assert made.pieces == ["plan", "needs", "risk", "justice"]
