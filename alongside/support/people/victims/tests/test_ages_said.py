"""An age that was only said holds for contact as a date of birth does, when a message is asked for and when it goes."""

from datetime import date, timedelta
from typing import Any

import pytest

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import Outgoing
from alongside.support.people.victims import actions, jobs, queries, rules
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
ON = date(2026, 9, 14)


@pytest.fixture(autouse=True)
def _outbox(settings: Any, tmp_path: Any, monkeypatch: Any) -> None:
    settings.OUTBOX = tmp_path
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)


def somebody(world: World, **said: Any) -> Victim:
    identity = Identity(given_name="Dottie", family_name="Sampleford", **said)
    victim = actions.record(identity, by=SYSTEM_ACTOR, at=world.now, hub_id=world.hub.pk)
    messages.add(victim.pk, by=SYSTEM_ACTOR, at=world.now, organisation_id=world.hub.pk, kind="phone",
                 value="07700 900123", safe="yes", verified_how="by voice")  # fmt: skip
    return victim


def send(world: World, victim: Victim) -> Outgoing:
    return actions.send(victim, by=world.actor("triage_officer"), at=world.now, template="call_us")


def waited(world: World, victim: Victim) -> Outgoing:
    """A message that was asked for, whose time has come by now."""
    item = send(world, victim)
    jobs.send_due.func()
    item.refresh_from_db()
    return item


@pytest.mark.parametrize("said", [{"age_said": 12}, {"age_said": 15}, {"said_under": 18}])
def test_no_message_goes_to_a_child_whose_age_was_only_said(world: World, said: dict[str, int]) -> None:
    victim = somebody(world, **said)
    with pytest.raises(RuleBroken, match="No message goes to a child"):
        send(world, victim)
    assert not queries.may_send(victim, by=world.actor("triage_officer"), at=world.now)
    assert "through an adult" in queries.note_of(victim, ON)


@pytest.mark.parametrize("said", [{"age_said": 16}, {"age_said": 40}, {"age_said": 30, "said_under": 18}, {}])
def test_who_is_said_to_be_old_enough_is_contacted_like_anybody(world: World, said: dict[str, int]) -> None:
    victim = somebody(world, **said)
    assert queries.footing(victim, ON) is None
    assert waited(world, victim).state == "SENT"


def test_a_child_grows_up_from_the_day_on_which_the_age_was_said(world: World) -> None:
    victim = somebody(world, age_said=15)
    assert (victim.age_said_on, queries.age_of(victim, ON)) == (ON, 15)
    assert queries.age_of(victim, date(2027, 9, 13)) == 15
    assert queries.age_of(victim, date(2027, 9, 14)) == 16
    assert queries.footing(victim, date(2027, 9, 14)) is None


def test_a_date_of_birth_wins_over_what_was_said(world: World) -> None:
    victim = somebody(world, age_said=12, said_under=18, birth_date=date(1990, 1, 1))
    assert queries.age_of(victim, ON) == 36
    assert queries.footing(victim, ON) is None


def test_below_the_age_nobody_judges_and_where_no_age_is_known_a_worker_may(world: World) -> None:
    officer = world.actor("triage_officer")
    words: dict[str, Any] = {"name": "Nan Sample", "relation": "parent", "judged": True, "why": "She understands"}
    with pytest.raises(RuleBroken, match="only through an adult"):
        actions.name_adult(somebody(world, age_said=12), by=officer, at=world.now, **words)
    young = somebody(world, said_under=18)
    actions.name_adult(young, by=officer, at=world.now, **words)
    found = queries.footing(young, ON)
    assert found and found.directly
    assert rules.SAID_YOUNG.format(18) not in found.note


def test_a_message_that_waited_is_looked_at_again_by_age_when_it_comes_due(world: World) -> None:
    victim = somebody(world)
    item = send(world, victim)
    Victim.objects.filter(pk=victim.pk).update(birth_date=date(2015, 1, 1))
    jobs.send.func(event="", subject=str(item.pk))
    item.refresh_from_db()
    assert (item.state, item.refused_why) == ("REFUSED", "child")


def test_one_that_waited_does_not_go_to_who_asked_us_to_stop_since(world: World) -> None:
    victim = somebody(world)
    item = send(world, victim)
    actions.stop(victim, by=world.actor("triage_officer"), at=world.now + timedelta(minutes=1))
    jobs.send_due.func()
    item.refresh_from_db()
    assert (item.state, item.refused_why) == ("REFUSED", "said_no")


def test_of_a_record_that_is_gone_nothing_is_asked(world: World) -> None:
    assert queries.against(Outgoing(person_id=world.people["caseworker"].pk), ON) == ""


def test_the_record_says_what_was_said(world: World) -> None:
    client = world.client("triage_officer")
    for said, words in (({"age_said": 12}, "Said to be 12 on 14 September 2026"), ({"said_under": 18}, "under 18")):
        assert words in client.get(f"/victims/{somebody(world, **said).pk}/").text
    assert "Said to be" not in client.get(f"/victims/{somebody(world).pk}/").text
