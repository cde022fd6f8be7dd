"""What each verb of casework writes, and what it refuses."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.office.messages import actions as messages
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.cases.casework import actions, caseload, jobs, queries
from alongside.support.cases.casework.models import Case, Contact, Need
from alongside.support.cases.casework.tests.cases import accepted, inside, offered
from alongside.support.cases.outcomes import actions as outcomes
from alongside.support.cases.outcomes.models import Assessment
from tests.world import World

HOUR = timedelta(hours=1)
ANSWERS = {f"adult_{outcome}_{n}": 2 for outcome in ("health", "coping", "safety", "informed") for n in (1, 2)}


def reach(world: World, case: Case, result: str = "spoke", **changes: object) -> None:
    at = world.now + 3 * HOUR
    words = {"happened_at": world.now + 2 * HOUR, "channel": "phone", "result": result, **changes}
    actions.record_contact(case, by=world.actor("caseworker"), at=at, **words)  # type: ignore[arg-type]


def sit(world: World, case: Case, stage: str, score: int = 2) -> None:
    outcomes.assess(
        case.pk, by=world.actor("caseworker"), at=world.now + 4 * HOUR, provider_id=case.provider_id, stage=stage,
        question_set="adult", answers=dict.fromkeys(ANSWERS, score), victim_id=case.victim_id,
    )  # fmt: skip


def test_accepting_makes_a_case_that_waits_with_its_clock(world: World) -> None:
    case = accepted(world)
    assert (case.state, case.worker, case.provider_id) == ("WAITING", None, world.provider.pk)
    assert case.contact_due_at is not None
    assert case.contact_due_at.date() == date(2026, 9, 16)
    referral = Referral.objects.get(pk=case.referral_id)
    assert (referral.state, case.reference) == ("ACCEPTED", referral.reference)


def test_an_offer_is_accepted_once(world: World) -> None:
    case = accepted(world)
    offer = Offer.objects.get(pk=case.offer_id)
    with transaction.atomic(), inside(world, "caseworker"), pytest.raises(RuleBroken):
        actions.accept(offer, by=world.actor("other_caseworker"), at=world.now)
    assert Case.objects.count() == 1


def test_declining_returns_the_referral_at_once(world: World) -> None:
    offer = offered(world)
    with transaction.atomic(), inside(world, "caseworker"):
        actions.decline(offer, by=world.actor("caseworker"), at=world.now, reason="no_capacity")
    referral = Referral.objects.get(pk=offer.referral_id)
    assert (referral.state, referral.returned) == ("IN_TRIAGE", True)


def test_an_attempt_does_not_start_a_case_and_a_contact_does(world: World) -> None:
    case = accepted(world)
    reach(world, case, "no_answer")
    case.refresh_from_db()
    assert (case.state, case.first_contact_at) == ("WAITING", None)
    assert case.first_attempt_at == world.now + 2 * HOUR
    reach(world, case, "spoke", happened_at=world.now + 3 * HOUR)
    case.refresh_from_db()
    assert (case.state, case.first_contact_at, case.last_contact_at) == (
        "OPEN", world.now + 3 * HOUR, world.now + 3 * HOUR,
    )  # fmt: skip


def test_contacts_written_down_late_keep_the_first_and_the_latest(world: World) -> None:
    case = accepted(world)
    for hours in (2.5, 1.5, 2):
        reach(world, case, happened_at=world.now + hours * HOUR)
    case.refresh_from_db()
    assert (case.first_contact_at, case.last_contact_at) == (world.now + 1.5 * HOUR, world.now + 2.5 * HOUR)


def test_a_contact_is_neither_in_the_future_nor_before_the_case(world: World) -> None:
    case = accepted(world)
    for moment in (world.now + 9 * HOUR, world.now - HOUR):
        with pytest.raises(RuleBroken) as refused:
            reach(world, case, happened_at=moment)
        assert refused.value.field == "happened_on"
    with pytest.raises(RuleBroken):
        reach(world, case, result="made_up")


def test_a_caseworker_takes_what_nobody_has_and_only_a_manager_gives(world: World) -> None:
    case, worker, other = accepted(world), world.actor("caseworker"), world.actor("other_caseworker")
    actions.assign(case, by=worker, at=world.now, worker=worker.user_id)
    with pytest.raises(RuleBroken):
        actions.assign(case, by=other, at=world.now, worker=other.user_id)
    manager = world.actor("service_manager")
    actions.assign(case, by=manager, at=world.now, worker=other.user_id)
    with pytest.raises(RuleBroken):
        actions.assign(case, by=manager, at=world.now, worker=world.people["neighbour_caseworker"].pk)
    case.refresh_from_db()
    assert case.worker == other.user_id


def test_cover_ends_by_itself(world: World) -> None:
    case, worker, other = accepted(world), world.actor("caseworker"), world.actor("other_caseworker")
    assert other.user_id
    actions.assign(case, by=worker, at=world.now, worker=worker.user_id)
    actions.cover(case, by=worker, at=world.now, worker=other.user_id, until=date(2026, 9, 20))
    mine = {"whose": "mine"}
    rows = Case.objects.visible_to(other)
    assert caseload.wanted(rows, by=other, asked=mine, today=date(2026, 9, 20)).count() == 1
    assert caseload.wanted(rows, by=other, asked=mine, today=date(2026, 9, 21)).count() == 0
    for who in ("caseworker", "far_caseworker"):
        with pytest.raises(RuleBroken):
            actions.cover(case, by=worker, at=world.now, worker=world.people[who].pk, until=date(2026, 9, 20))


def test_nobody_makes_themselves_the_cover_of_a_colleagues_case(world: World) -> None:
    """Whoever covers may open the other party's record: no colleague lets themselves into that."""
    case, worker, other = accepted(world), world.actor("caseworker"), world.actor("other_caseworker")
    assert other.user_id
    for holder in (None, worker.user_id):
        Case.objects.update(worker=holder)
        with pytest.raises(RuleBroken, match="or a manager"):
            actions.cover(case, by=other, at=world.now, worker=other.user_id, until=date(2026, 9, 20))
    until = timezone.localdate() + timedelta(days=1)
    client, address = world.client("other_caseworker"), reverse("casework:cover", args=[case.pk])
    asked = {"worker": str(other.user_id), "until_day": until.day, "until_month": until.month, "until_year": until.year}
    assert "or a manager, can arrange cover" in client.post(address, asked).content.decode()
    assert "Arrange cover" not in client.get(reverse("casework:show", args=[case.pk])).content.decode()
    assert "Arrange cover" in world.client("caseworker").get(reverse("casework:show", args=[case.pk])).content.decode()
    case.refresh_from_db()
    assert case.cover is None


def test_a_leavers_work_is_handed_over_once_and_shows_in_the_log(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)
    case, worker = accepted(world), world.actor("caseworker")
    assert worker.user_id
    actions.assign(case, by=worker, at=world.now, worker=worker.user_id)
    ended = Event.objects.create(
        at=world.now, name="membership.ended", subject=worker.user_id, realm="auth",
        details={"user": str(worker.user_id), "organisation": world.provider.pk},
    )  # fmt: skip
    for _ in range(2):
        jobs.hand_over(event=str(ended.pk), subject=str(worker.user_id))
    case.refresh_from_db()
    assert case.worker is None
    assert Event.objects.filter(name="case.handed_over", organisation_id=world.provider.pk).count() == 1
    manager = world.actor("service_manager")
    assert caseload.to_do(manager, now=world.now, today=world.now.date()).nobodys == 1


def test_a_closed_case_takes_nothing(world: World) -> None:
    case, by = accepted(world), world.actor("caseworker")
    need = actions.find_need(case, by=by, at=world.now, code="money")
    actions.close(case, by=by, at=world.now, reason="moved_away", unmeasured_why="lost_contact")
    with pytest.raises(RuleBroken):
        reach(world, case)
    with pytest.raises(RuleBroken):
        actions.settle_need(need, by=by, at=world.now, state="MET", seen=1)
    assert Need.objects.get().state == "OPEN"


def test_printing_is_on_record(world: World) -> None:
    case = accepted(world)
    actions.print_out(case, by=world.actor("caseworker"), at=world.now)
    assert Event.objects.filter(name="print.made", subject=case.pk).count() == 1


def test_a_form_that_is_sent_twice_is_kept_once(world: World) -> None:
    case, by = accepted(world), world.actor("caseworker")
    late = world.now + timedelta(hours=2)
    for seconds in (0, 5, 300):
        at = late + timedelta(seconds=seconds)
        actions.record_contact(
            case, by=by, at=at, happened_at=late, channel="phone", result="no_answer", note="Rang twice"
        )
    assert Contact.objects.count() == 2
    actions.record_contact(case, by=by, at=late, happened_at=late, channel="phone", result="no_answer", note="Again")
    assert Contact.objects.count() == 3


def test_a_sitting_that_is_sent_twice_is_kept_once_and_none_after_the_close(world: World) -> None:
    case, by = accepted(world), world.actor("caseworker")
    asked = queries.to_ask(case, today=world.now.date())
    assert asked is not None
    given: dict[str, Any] = {"stage": "first", "answers": ANSWERS, "in_own_words": True, "words": "Better"}
    for seconds in (0, 5):
        actions.assess(case, asked, by=by, at=world.now + timedelta(seconds=seconds), **given)
    assert Assessment.objects.count() == 1
    with pytest.raises(RuleBroken, match="has been made already"):
        actions.assess(case, asked, by=by, at=world.now + timedelta(hours=1), **given)
    Case.objects.filter(pk=case.pk).update(state="CLOSED", closed_at=world.now)
    with pytest.raises(RuleBroken, match="closed"):
        actions.assess(case, asked, by=by, at=world.now, **given | {"stage": "review"})


def test_closing_as_not_reached_after_a_contact_is_refused_and_says_what_to_choose(world: World) -> None:
    case, by = accepted(world), world.actor("caseworker")
    late = world.now + 3 * HOUR
    reach(world, case, result="spoke")
    with pytest.raises(RuleBroken, match="contact that was lost"):
        actions.close(case, by=by, at=late, reason="not_reached", unmeasured_why="not_wanted")
    actions.close(case, by=by, at=late, reason="lost_contact", unmeasured_why="not_wanted")
    quiet = accepted(world)
    reach(world, quiet, result="no_answer")
    actions.close(quiet, by=by, at=late, reason="not_reached", unmeasured_why="not_wanted")


@pytest.mark.parametrize(("channel", "result"), [("letter", "spoke"), ("letter", "met"), ("email", "video")])
def test_a_result_that_cannot_come_of_the_way_is_refused(world: World, channel: str, result: str) -> None:
    case = accepted(world)
    with pytest.raises(RuleBroken, match="cannot come of the way"):
        reach(world, case, result=result, channel=channel)
    case.refresh_from_db()
    assert (case.first_contact_at, Contact.objects.count()) == (None, 0)


def test_no_contact_is_recorded_while_it_is_held_but_by_a_manager_with_a_reason(world: World) -> None:
    case, hub = accepted(world), world.actor("triage_officer")
    messages.hold(case.victim_id, by=hub, at=world.now, organisation_id=world.hub.pk, reason="police_hold",
               until=world.now.date() + timedelta(days=3), cause=case.pk)  # fmt: skip
    said: dict[str, Any] = {"happened_at": world.now + HOUR, "channel": "phone", "result": "no_answer"}
    with inside(world, "caseworker"), pytest.raises(RuleBroken, match="The police asked us to hold"):
        actions.record_contact(case, by=world.actor("caseworker"), at=world.now + HOUR, **said)
    with inside(world, "service_manager"):
        by = world.actor("service_manager")
        assert caseload.despite(case, by=by, at=world.now).reasons
        actions.record_contact(case, by=by, at=world.now + HOUR, despite="agreed", **said)
    assert Contact.objects.count() == 1


def test_the_form_of_a_contact_warns_of_a_hold_and_offers_a_manager_to_go_against_it(world: World) -> None:
    case, now = accepted(world), timezone.now()
    where = f"/casework/cases/{case.pk}/contacts/record/"
    assert "Make no contact" not in world.client("caseworker").get(where).text
    messages.hold(case.victim_id, by=world.actor("triage_officer"), at=now, organisation_id=world.hub.pk,
               reason="police_hold", until=now.date() + timedelta(days=3), cause=case.pk)  # fmt: skip
    worker, manager = (world.client(one).get(where).text for one in ("caseworker", "service_manager"))
    assert "Make no contact before" in worker and "Why could this not wait?" not in worker
    assert "Why could this not wait?" in manager


def test_a_case_that_is_closed_already_is_not_transferred_again(world: World) -> None:
    case = accepted(world)
    for _ in range(2):
        actions.transfer(case, by=SYSTEM_ACTOR, at=world.now + timedelta(hours=2))
    case.refresh_from_db()
    assert (case.state, case.closed_why) == ("CLOSED", "transferred")
    assert Event.objects.filter(name="case.closed", subject=case.pk).count() <= 1
