"""A pause for which the police asked holds contact: attempts, calls, messages and what the pages say."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.foundation.messages import actions as messages
from alongside.foundation.messages.models import ContactHold, Outgoing
from alongside.support.clocks import actions
from alongside.support.clocks.models import Pause
from alongside.support.referrals import attempts
from alongside.support.referrals.models import Referral
from alongside.support.referrals.tests.arrivals import at_work, received, taken
from alongside.support.victims import actions as victims
from alongside.support.victims import jobs
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _outbox(settings: Any, tmp_path: Any, monkeypatch: Any) -> None:
    settings.OUTBOX = tmp_path
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)


def paused(world: World, referral: Referral, reason: str = "police_hold") -> Pause:
    now = timezone.now()
    with at_work(world, "triage_officer") as by:
        return actions.pause(referral, by=by, at=now, reason=reason, until=london_date(now) + 3 * DAY)


def attempted(world: World, referral: Referral, person: str = "triage_officer", **words: Any) -> None:
    with at_work(world, person) as by:
        attempts.record_attempt(
            referral, by=by, at=timezone.now(), channel="phone", result="no_answer", **words
        )  # fmt: skip


def test_while_it_lasts_no_attempt_is_made_and_no_call_is_set(world: World) -> None:
    referral = taken(world)
    paused(world, referral)
    with pytest.raises(RuleBroken, match="The police asked us"):
        attempted(world, referral)
    moment = timezone.now() + DAY
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="no contact before"):
        attempts.plan_attempt(
            referral, by=by, at=timezone.now(), day=moment.date(), from_time=moment.time(), until_time=moment.time(),
            sure=True,
        )  # fmt: skip
    attempted(world, referral, "hub_manager", despite="danger_now")
    assert referral.attempts.count() == 1


def test_letting_the_clocks_run_again_lets_contact_go_on(world: World) -> None:
    referral = taken(world)
    one = paused(world, referral)
    with at_work(world, "triage_officer") as by:
        actions.resume(one, by=by, at=timezone.now())
    attempted(world, referral)
    assert ContactHold.objects.get().ended_at


def test_a_pause_for_another_reason_holds_nothing(world: World) -> None:
    referral = taken(world)
    paused(world, referral, "victim_away")
    attempted(world, referral)
    assert not ContactHold.objects.exists()


def test_a_message_waits_for_its_end_and_the_page_says_so(world: World) -> None:
    referral = received(world)
    person = referral.victim
    now = timezone.now()
    messages.add(person.pk, by=world.actor("triage_officer"), at=now, organisation_id=world.hub.pk, kind="email",
                 value="testina@mail.example", safe="yes", verified_how="by_voice")  # fmt: skip
    one = paused(world, referral)
    with at_work(world, "triage_officer") as by:
        item = victims.send(person, by=by, at=now, template="received")
    jobs.send.func(event="", subject=str(item.pk))
    jobs.send_due.func()
    item.refresh_from_db()
    assert (item.state, item.refused_why) == ("WAITING", "on_hold")
    shown = world.client("triage_officer").get(f"/victims/{person.pk}/").text
    assert "The message waits" in shown and "Make no contact before" in shown
    with at_work(world, "triage_officer") as by:
        actions.resume(one, by=by, at=timezone.now())
    jobs.send_due.func()
    assert Outgoing.objects.get(pk=item.pk).state == "SENT"


def test_the_form_warns_first_and_offers_a_manager_alone_to_go_against_it(world: World) -> None:
    referral = taken(world)
    where = f"/referrals/{referral.pk}/record-attempt/"
    assert "Make no contact" not in world.client("triage_officer").get(where).text
    paused(world, referral)
    officer, manager = (world.client(one).get(where).text for one in ("triage_officer", "hub_manager"))
    assert "Make no contact before" in officer and "Make no contact before" in manager
    assert "Why could this not wait?" in manager and "Why could this not wait?" not in officer
    now = timezone.localtime()
    said = {
        "channel": "phone", "result": "no_answer", "tried_on_day": now.day, "tried_on_month": now.month,
        "tried_on_year": now.year, "tried_at": f"{now:%H:%M}", "despite": "danger_now",
    }  # fmt: skip
    assert "The police asked us to hold" in world.client("triage_officer").post(where, said).text
    assert not referral.attempts.exists()
    assert world.client("hub_manager").post(where, said).status_code == 302
    assert referral.attempts.count() == 1


def test_the_hold_is_sealed_with_the_record_and_another_area_sees_none_of_it(world: World) -> None:
    paused(world, taken(world))
    for person, count in (("triage_officer", 1), ("far_triage_officer", 0), ("neighbour_caseworker", 0)):
        with at_work(world, person) as by:
            assert ContactHold.objects.count() == ContactHold.objects.visible_to(by).count() == count
