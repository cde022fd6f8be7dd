"""An offer that nobody answers is asked again, told to the hub, called back and sent on where that may be."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from alongside.core import clocks
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages.models import Notice
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook import queries as book
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, service, taken
from alongside.support.arrivals.routing import actions as routing
from alongside.support.arrivals.routing.tests.lists import live, rule, suggest, working
from alongside.support.arrivals.stalled import actions, jobs, queries
from alongside.support.arrivals.stalled.models import Step
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _outbox(settings: Any, tmp_path: Path) -> None:
    settings.OUTBOX = tmp_path


CHASE = datetime(2026, 9, 17, 9, 1, tzinfo=clocks.LONDON)
ESCALATE, CALL_BACK = CHASE + timedelta(hours=8), CHASE + timedelta(hours=32)
LONG_AFTER = CHASE + timedelta(days=11)  # a Monday


def offered(world: World, *, others: bool = True, **changes: Any) -> Offer:
    """An offer of Monday to the first service, with another that fits as well."""
    first = service(world, name="First", takes_high_risk=True, crime_types=["burglary"])
    service(world, "neighbour", code="second", name="Second", takes_high_risk=True)
    markers = changes.pop("markers", ())
    referral = taken(world, **changes)
    Referral.objects.filter(pk=referral.pk).update(markers=list(markers))  # found out later, so not sealed as it came
    with at_work(world, "triage_officer") as officer:
        return routing.offer(
            referral, by=officer, at=world.now, service=first, reasons=["Helps"], agreed=True, others=others
        )


def go_on(at: datetime) -> int:
    with working():
        return actions.go_on_all(by=SYSTEM_ACTOR, at=at)


def stood_still(*moments: datetime) -> None:
    for at in moments:
        go_on(at)


def test_each_step_is_taken_once_when_its_time_has_come(world: World) -> None:
    offer = offered(world)
    counts = [
        go_on(at) for at in (world.now, CHASE - timedelta(minutes=2), CHASE, CHASE, ESCALATE, CALL_BACK, LONG_AFTER)
    ]
    assert counts == [0, 0, 1, 0, 1, 1, 1]  # and the second offer is chased long after
    assert list(Step.objects.filter(offer=offer).order_by("taken_at").values_list("does", flat=True)) == [
        "chase", "escalate", "call_back"
    ]  # fmt: skip
    names = [f"offer.{verb}" for verb in ("chased", "escalated", "called_back", "given_up")]
    events = Event.objects.filter(subject=offer.pk, name__in=names).order_by("at", "id")
    assert list(events.values_list("name", flat=True)) == names
    assert set(events.values_list("organisation_id", flat=True)) == {world.hub.pk}


def test_what_was_agreed_goes_on_to_the_next_service_on_a_clock_of_its_own(world: World) -> None:
    offer = offered(world)
    stood_still(CHASE, ESCALATE, CALL_BACK)
    offer.refresh_from_db()
    assert (offer.state, offer.recalled_why) == ("WITHDRAWN", "no_answer")
    fresh = Offer.objects.get(state="OFFERED")
    assert (fresh.service.name, fresh.offered_at, fresh.offered_by) == ("Second", CALL_BACK, None)
    assert Step.objects.get(does="call_back").next_offer_id == fresh.pk
    assert Referral.objects.get().state == "OFFERED"
    with at_work(world, "caseworker"):
        assert not Offer.objects.exists()
    with at_work(world, "neighbour_caseworker"):
        assert Offer.objects.get() == fresh
    assert queries.due(fresh, CALL_BACK) == clocks.due(CALL_BACK, 2)


@pytest.mark.parametrize(
    ("changes", "others", "held"),
    [
        ({}, False, "not_asked"), ({"high_risk": True}, True, "high_risk"),
        ({"markers": ("honour_based",)}, True, "restricted"),
    ],
)  # fmt: skip
def test_what_needs_a_person_is_back_in_the_queue_and_says_why(
    world: World, changes: dict[str, Any], others: bool, held: str
) -> None:
    offered(world, others=others, **changes)
    stood_still(CHASE, ESCALATE, CALL_BACK)
    referral = Referral.objects.get()
    assert (referral.state, referral.returned) == ("IN_TRIAGE", True)
    assert Step.objects.get(does="call_back").held == held
    assert not Offer.objects.filter(state="OFFERED").exists()


def test_high_risk_goes_on_without_a_person_where_its_rule_says_so(world: World) -> None:
    with at_work(world, "hub_manager") as manager:
        day = timedelta(days=1)
        live(world.hub.pk, rule("All", alone=True), by=manager, at=world.now - day)
    offer = offered_under_a_rule(world)
    stood_still(CHASE, ESCALATE, CALL_BACK)
    assert Offer.objects.get(state="OFFERED").service.name == "Second" and offer.high_risk


def offered_under_a_rule(world: World) -> Offer:
    first = service(world, name="First", takes_high_risk=True, crime_types=["burglary"])
    service(world, "neighbour", code="second", name="Second", takes_high_risk=True)
    referral = taken(world, high_risk=True)
    with working():
        routing.decide([referral.pk], by=SYSTEM_ACTOR, at=world.now)
    against = routing.Against("more_known")
    with at_work(world, "triage_officer") as officer:
        return routing.offer(referral, by=officer, at=world.now, service=first, reasons=[], agreed=True, others=True,
                             against=against)  # fmt: skip


def test_where_nothing_else_fits_or_the_office_decides_it_waits(world: World) -> None:
    offered(world)
    Service.objects.filter(name="Second").update(state="CLOSED")
    stood_still(CHASE, ESCALATE, CALL_BACK)
    assert Step.objects.get(does="call_back").held == "no_other"


def test_the_office_may_say_that_nothing_goes_on_by_itself(world: World) -> None:
    offered(world)
    row = book.rule(queries.BOOK, "call_back", world.now.date())
    rulebook.revise(queries.BOOK, row.code, by=SYSTEM_ACTOR, at=world.now, title=row.title,
                    body={**row.body, "goes_on": False}, source="Office decision", since=world.now.date())  # fmt: skip
    stood_still(CHASE, ESCALATE, CALL_BACK)
    assert Step.objects.get(does="call_back").held == "by_book"


def test_a_service_that_closes_at_that_moment_leaves_it_to_a_person(world: World) -> None:
    offered(world)
    stood_still(CHASE, ESCALATE)
    with patch.object(referrals, "offer", side_effect=RuleBroken("It closed.")):
        go_on(CALL_BACK)
    assert Step.objects.get(does="call_back").held == "no_other"
    assert Referral.objects.get().state == "IN_TRIAGE"


def test_managers_are_told_by_an_e_mail_that_names_nothing(world: World) -> None:
    offered(world)
    stood_still(CHASE, CHASE, ESCALATE)
    told = Notice.objects.order_by("asked_at").values_list("user_id", "template")
    assert list(told) == [
        (world.people["service_manager"].pk, "come_and_see"), (world.people["hub_manager"].pk, "come_and_see")
    ]  # fmt: skip


def test_an_offer_that_was_answered_meanwhile_is_left_alone(world: World) -> None:
    offer = offered(world)
    with at_work(world, "caseworker") as caseworker:
        referrals.decline(offer, by=caseworker, at=world.now, reason="no_capacity")
    with working():
        assert actions.go_on(offer, by=SYSTEM_ACTOR, at=LONG_AFTER) == ""
    assert go_on(LONG_AFTER) == 0 and not Step.objects.exists()


def test_after_a_standstill_the_provider_still_has_its_time(world: World) -> None:
    offered(world)
    assert [go_on(LONG_AFTER + timedelta(minutes=minutes)) for minutes in (0, 10, 20)] == [1, 0, 0]
    jobs.go_on.func(timestamp=1)
    assert Step.objects.count() <= 2


def test_no_step_is_taken_at_a_weekend_and_the_distance_is_kept_in_hours_of_the_office(world: World) -> None:
    offered(world)
    saturday, monday = CHASE + timedelta(days=2), CHASE + timedelta(days=4)
    assert [go_on(saturday), go_on(saturday + timedelta(days=1)), go_on(monday)] == [0, 0, 1]
    assert [go_on(monday + timedelta(hours=hours)) for hours in (8, 24)] == [0, 1]


def test_the_hours_of_the_office_are_the_rulebooks_and_where_they_make_no_sense_the_whole_day(world: World) -> None:
    assert queries.office(world.now) == clocks.OfficeHours(9, 17)
    row = book.rule("limits", "office_closes", world.now.date())
    rulebook.revise("limits", row.code, by=SYSTEM_ACTOR, at=world.now, title=row.title,
                    body={**row.body, "number": 8}, source="Office decision", since=world.now.date())  # fmt: skip
    assert queries.office(world.now) == clocks.OfficeHours(0, 23)


def test_a_victim_who_agreed_to_others_has_that_on_record(world: World) -> None:
    offer = offered(world)
    with at_work(world, "hub_manager") as manager:
        assert queries.escalated(manager, ESCALATE) == 0
        assert not queries.stalled(manager, world.now).exists()
    stood_still(CHASE, ESCALATE)
    with at_work(world, "hub_manager") as manager:
        assert queries.escalated(manager, ESCALATE) == 1
    with at_work(world, "caseworker"):
        assert len(queries.chases(offer)) == 1
    assert suggest(offer.service).then.service == str(offer.service_id)
