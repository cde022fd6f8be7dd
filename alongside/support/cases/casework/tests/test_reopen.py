"""A case that was closed by mistake is taken up again as it was; why a case was closed is put right."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.foundation.office.organisations.models import Membership
from alongside.support.arrivals.referrals.models import Referral, Standing, Ticket
from alongside.support.cases.casework import actions
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted, inside
from alongside.support.cases.casework.tests.test_actions import reach
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def case(world: World) -> Case:
    """A case with a worker, a contact and a ticket of its victim."""
    made, by = accepted(world), world.actor("caseworker")
    actions.assign(made, by=by, at=world.now, worker=by.user_id)
    given = {"hub_id": made.hub_id, "victim_id": made.victim_id, "lookup": made.pk.bytes}
    Ticket.objects.create(id=uuid7(), referral_id=made.referral_id, word="accepted", since=world.now, **given)
    return Case.objects.get(pk=made.pk)


def closed(world: World, case: Case, reason: str = "moved_away", at: datetime | None = None) -> Case:
    by, moment = world.actor("caseworker"), at or world.now + DAY
    actions.close(case, by=by, at=moment, reason=reason, unmeasured_why="lost_contact")
    return Case.objects.get(pk=case.pk)


def reopen(world: World, case: Case, days: int = 2, reason: str = "closed_by_mistake") -> Case:
    by = world.actor("service_manager")
    with transaction.atomic(), inside(world, "service_manager"):
        return actions.reopen(case, by=by, at=world.now + days * DAY, reason=reason)


@pytest.mark.parametrize(("reached", "state"), [(True, "OPEN"), (False, "WAITING")])
def test_a_reopened_case_and_its_referral_stand_as_before(world: World, case: Case, reached: bool, state: str) -> None:
    if reached:
        reach(world, case)
    before = Case.objects.filter(pk=case.pk).values().get()
    closed(world, case)
    assert set(Ticket.objects.values_list("word")) | set(Standing.objects.values_list("word")) == {("closed",)}
    reopen(world, case)
    assert Case.objects.filter(pk=case.pk).values().get() == before
    assert before["state"] == state
    referral = Referral.objects.get(pk=case.referral_id)
    assert (referral.state, referral.closed_at, referral.closed_why) == ("ACCEPTED", None, "")
    assert set(Ticket.objects.values_list("word")) | set(Standing.objects.values_list("word")) == {("accepted",)}
    made = Event.objects.get(name="case.reopened")
    assert (made.subject, made.details) == (case.pk, {"reason": "closed_by_mistake", "was": "moved_away"})
    assert Event.objects.filter(name="referral.reopened", subject=case.referral_id).count() == 1


def test_a_reopened_case_is_worked_on_and_closed_again(world: World, case: Case) -> None:
    closed(world, case)
    reopen(world, case)
    actions.find_need(case, by=world.actor("caseworker"), at=world.now + 3 * DAY, code="money")
    again = closed(world, case, "lost_contact", at=world.now + 4 * DAY)
    assert (again.state, again.closed_why, again.closed_at) == ("CLOSED", "lost_contact", world.now + 4 * DAY)
    reopen(world, case, 5)
    assert Event.objects.filter(name="case.reopened").count() == 2


def test_a_case_is_reopened_once_and_only_while_it_is_closed(world: World, case: Case) -> None:
    with pytest.raises(RuleBroken, match="This case is open"):
        reopen(world, case)
    closed(world, case)
    reopen(world, case)
    with pytest.raises(RuleBroken, match="This case is open"):
        reopen(world, case)


def test_a_case_stays_closed_once_its_days_are_over(world: World, case: Case) -> None:
    closed(world, case)
    with pytest.raises(RuleBroken, match="more than 28 days ago"):
        reopen(world, case, 30)
    reopen(world, case, 29)
    assert Case.objects.get(pk=case.pk).state == "WAITING"


def test_reopening_needs_a_reason_of_the_book(world: World, case: Case) -> None:
    closed(world, case)
    with pytest.raises(RuleBroken) as refused:
        reopen(world, case, reason="made_up")
    assert refused.value.field == "reason"


def test_a_worker_who_left_meanwhile_does_not_get_the_case_back(world: World, case: Case) -> None:
    by, other = world.actor("caseworker"), world.actor("other_caseworker")
    assert other.user_id
    actions.cover(case, by=by, at=world.now, worker=other.user_id, until=(world.now + 9 * DAY).date())
    closed(world, case)
    kept = reopen(world, case)
    assert (kept.worker, kept.cover) == (by.user_id, other.user_id)
    closed(world, case)
    Membership.objects.filter(user=by.user_id).update(until=world.now)
    left = reopen(world, case)
    assert (left.worker, left.cover, left.cover_until) == (None, None, None)


def test_why_a_case_was_closed_is_put_right(world: World, case: Case) -> None:
    closed(world, case)
    with transaction.atomic(), inside(world, "service_manager"):
        actions.correct_closing(
            case, by=world.actor("service_manager"), at=world.now + 300 * DAY, reason="unsafe_to_contact"
        )
    mended, referral = Case.objects.get(pk=case.pk), Referral.objects.get(pk=case.referral_id)
    assert (mended.state, mended.closed_why, mended.closed_at) == ("CLOSED", "unsafe_to_contact", world.now + DAY)
    assert (referral.state, referral.closed_why) == ("CLOSED", "unsafe_to_contact")
    assert set(Ticket.objects.values_list("word")) == {("unsafe_to_contact",)}
    made = Event.objects.get(name="case.closing_corrected")
    assert made.details == {"reason": "unsafe_to_contact", "was": "moved_away"}


@pytest.mark.parametrize(
    ("reason", "words"),
    [("moved_away", "the reason that it has now"), ("not_reached", "They were reached"),
     ("support_completed", "1 need of the plan was not settled"), ("sent_in_error", "Choose why support ends")],
)  # fmt: skip
def test_a_reason_that_the_record_contradicts_is_refused(world: World, case: Case, reason: str, words: str) -> None:
    reach(world, case)
    actions.find_need(case, by=world.actor("caseworker"), at=world.now, code="money")
    closed(world, case)
    with pytest.raises(RuleBroken, match=words):
        actions.correct_closing(case, by=world.actor("service_manager"), at=world.now + DAY, reason=reason)
    assert Case.objects.get(pk=case.pk).closed_why == "moved_away"


def text(world: World, case: Case, person: str = "service_manager", view: str = "show", **given: Any) -> str:
    client, address = world.client(person), reverse(f"casework:{view}", args=[case.pk])
    answer = client.post(address, given, follow=True) if given else client.get(address)
    return f"{answer.status_code} {answer.content.decode()}"


def test_a_manager_reopens_and_corrects_on_the_page_and_the_timeline_tells_both(world: World, case: Case) -> None:
    closed(world, case, at=timezone.now())
    page = text(world, case)
    assert "Reopen the case" in page and "You can reopen this case until" in page
    assert "Error:" in text(world, case, view="reopen", reason="")
    assert 'value="moved_away" checked' in text(world, case, view="correct_closing")
    page = text(world, case, view="correct_closing", reason="lost_contact")
    assert "Reason for closing corrected: Lost contact. It was: Moved out of the area." in page
    page = text(world, case, view="reopen", reason="closed_by_mistake")
    assert "is open again" in page
    assert "Reopened: It was closed by mistake. It had been closed as: Lost contact." in page
    assert "Close the case" in page and "Reopen the case" not in page


def test_a_caseworker_is_told_until_when_a_manager_can_reopen_and_may_not(world: World, case: Case) -> None:
    closed(world, case, at=timezone.now())
    page = text(world, case, "caseworker")
    assert "A manager can reopen this case until" in page
    assert "casework/cases/" in page and "Reopen the case</a>" not in page
    for person, status in (("caseworker", "403"), ("triage_officer", "403"), ("neighbour_manager", "404")):
        for view in ("reopen", "correct_closing"):
            assert text(world, case, person, view).startswith(status)
            assert text(world, case, person, view, reason="died").startswith(status)
    assert Case.objects.get(pk=case.pk).closed_why == "moved_away"


def test_no_button_reopens_a_case_whose_days_are_over(world: World, case: Case) -> None:
    closed(world, case, at=timezone.now() - 30 * DAY)
    page = text(world, case)
    assert "Reopen the case" not in page and "can reopen this case" not in page
    assert "Correct the reason" in page
    assert "so it stays closed" in text(world, case, view="reopen", reason="came_back")
