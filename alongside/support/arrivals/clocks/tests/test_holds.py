"""A pause for which the police asked holds contact: attempts, calls, messages and what the pages say."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactHold, Outgoing
from alongside.support.arrivals.clocks import actions
from alongside.support.arrivals.clocks.models import Pause
from alongside.support.arrivals.referrals import attempts
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, received, taken
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims import jobs
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


hold_contact = import_module("alongside.support.arrivals.clocks.migrations.0002_hold_contact")


def run_again() -> None:
    """What the migration does, which may be done again."""
    with connection.cursor() as cursor:
        cursor.execute(hold_contact.HOLD)


def pause_now(world: World, *, reason: str = "police_hold", days: int = 7, before: int = 0, **more: Any) -> Pause:
    """A pause as it stood before there were holds: nothing of it holds contact."""
    at = timezone.now() - before * DAY
    referral = received(world, at=at, source_ref=more.pop("source_ref", "TEST-1"))
    with at_work(world, "triage_officer") as by:
        made = actions.pause(referral, by=by, at=at, reason=reason, until=london_date(at) + days * DAY)
        for cause in more.pop("resumed", ()):
            actions.resume(made, by=by, at=cause)
    ContactHold.objects.all().delete()
    return made


def test_a_pause_in_force_from_before_there_were_holds_holds_contact_from_now_on(world: World) -> None:
    made = pause_now(world, before=2)
    run_again()
    run_again()
    held = ContactHold.objects.get()
    assert (held.cause_id, held.person_id, held.until) == (made.pk, made.victim_id, made.until)
    assert (held.recorded_by, held.reason, held.ended_at) == (world.hub.pk, "police_hold", None)
    assert Event.objects.filter(name="contact.held", subject=held.pk).count() == 1
    with at_work(world, "triage_officer") as by, pytest.raises(RuleBroken, match="hold"):
        attempts.record_attempt(made.referral, by=by, at=timezone.now(), channel="phone", result="no_answer")
    with at_work(world, "triage_officer"):
        assert ContactHold.objects.count() == 1
    with at_work(world, "far_triage_officer"):
        assert ContactHold.objects.count() == 0
    with at_work(world, "triage_officer") as by:
        actions.resume(made, by=by, at=timezone.now())
    assert ContactHold.objects.get().ended_at is not None


def test_what_is_over_or_holds_nothing_is_left(world: World) -> None:
    pause_now(world, before=9)
    pause_now(world, reason="victim_away", source_ref="TEST-2")
    pause_now(world, source_ref="TEST-3", resumed=[timezone.now()])
    run_again()
    assert not ContactHold.objects.exists()


def test_a_rulebook_from_before_the_holds_means_the_police_alone(world: World) -> None:
    held = pause_now(world)
    pause_now(world, reason="victim_away", source_ref="TEST-2")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE rulebook_rule SET body = body - 'stops_contact' WHERE book = 'pause_reasons'")
    run_again()
    assert ContactHold.objects.get().cause_id == held.pk
