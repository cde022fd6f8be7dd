"""Messages from a person's record: what was asked for, what went, what was refused and why, and who is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from alongside.core.ids import uuid7
from alongside.core.models import Look
from alongside.core.rows import realms, records
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint, Outgoing
from alongside.support.people.victims import actions, jobs, presenters
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
PHONE = "07700 900123"
SHARED = "stands on another record"


@pytest.fixture(autouse=True)
def _outbox(settings: Any, tmp_path: Any, monkeypatch: Any) -> None:
    settings.OUTBOX = tmp_path
    monkeypatch.setattr("alongside.core.jobs.close_old_connections", lambda: None)


def person(world: World, name: str = "Testina", provider: str = "", **safety: str) -> Victim:
    """Somebody made up with a verified number, let into a provider where one is named."""
    hub = world.hub.pk
    with transaction.atomic(), realms.inside(realms.Realm.HUB, orgs=[hub]):
        victim = actions.record(
            Identity(given_name=name, family_name="Sampleford"),
            by=world.actor("triage_officer"),
            at=world.now,
            hub_id=hub,
        )
        given: Any = {"kind": "phone", "value": PHONE, "safe": "yes", "verified_how": "by_voice", **safety}
        messages.add(victim.pk, by=world.actor("triage_officer"), at=now(), organisation_id=hub, **given)
        if provider:
            records.share("victim", victim.pk, getattr(world, provider).pk, why="accepted")
    return victim


def now() -> Any:
    return timezone.now()


def press_send(client: Client, victim: Victim, template: str = "call_us") -> str:
    answer = client.post(reverse("victims:send", args=[victim.pk]), {"template": template}, follow=True)
    return str(answer.content.decode())


def do_jobs() -> None:
    for item in Outgoing.objects.filter(state="WAITING"):
        jobs.send(event="", subject=str(item.pk))


def read(client: Client, victim: Victim | None = None) -> str:
    address = reverse("victims:show", args=[victim.pk]) if victim else reverse("victims:outbox")
    return str(client.get(address).content.decode())


def test_a_message_is_sent_and_everybody_at_the_hub_sees_that_it_went(world: World) -> None:
    client, victim = world.client("triage_officer"), person(world)
    assert "Please call us back" in client.get(reverse("victims:send", args=[victim.pk])).content.decode()
    assert "handed over" in press_send(client, victim)
    assert "Waiting" in read(client, victim)
    do_jobs()
    for page in (read(client, victim), read(world.client("hub_manager"))):
        assert "Please call when you can" in page and "Sent" in page
    assert victim.pk in Look.objects.filter(route="victims:outbox").latest("at").subjects


@pytest.mark.parametrize(
    ("safety", "words"),
    [
        ({"safe": "unknown"}, "No way of contact is said to be safe"),
        ({"verified_how": ""}, "Ask by voice"),
        ({"safe_times": "when he is at work"}, "only a person can follow it"),
    ],
)
def test_a_refused_message_stays_on_record_with_why(world: World, safety: dict[str, str], words: str) -> None:
    client, victim = world.client("triage_officer"), person(world, **safety)
    assert words in press_send(client, victim)
    for page in (read(client, victim), read(client)):
        assert "Not sent" in page and words in page


def test_whoever_said_no_to_text_messages_gets_none(world: World) -> None:
    client, victim, by = world.client("triage_officer"), person(world), world.actor("triage_officer")
    for given in (True, False):
        actions.agree(victim, by=by, at=world.now, about="contact", given=given, channel="text")
    assert "They said no" in press_send(client, victim)
    later = actions.agree(victim, by=by, at=now(), about="contact", given=True, channel="text")
    assert "handed over" in press_send(client, victim)
    actions.withdraw(later, by=by, at=now())
    assert "They said no" in press_send(client, victim)


def test_whoever_asked_us_to_stop_gets_no_message_until_they_say_yes_again(world: World) -> None:
    client, victim, by = world.client("triage_officer"), person(world), world.actor("triage_officer")
    for _ in range(2):
        asked = actions.stop(victim, by=by, at=world.now)
    assert "They said no" in press_send(client, victim)
    assert (asked.given, victim.agreements.filter(about="support").count()) == (False, 1)
    actions.agree(victim, by=by, at=now(), about="support", given=True)
    assert "handed over" in press_send(client, victim)


def test_no_answer_about_text_messages_falls_back_on_what_was_said_of_contact_at_all(world: World) -> None:
    client, victim = world.client("triage_officer"), person(world)
    actions.agree(victim, by=world.actor("triage_officer"), at=world.now, about="contact", given=False)
    assert "They said no" in press_send(client, victim)


def test_a_provider_cannot_tell_whether_its_number_stands_on_somebody_elses_record(world: World) -> None:
    """Two people, of whom the provider knows each; only the second's number is on a record that it may not see."""
    client, hub = world.client("caseworker"), world.client("triage_officer")
    alone = person(world, "Alone", "provider", value="07700 900222")
    shared = person(world, "Shared", "provider")
    person(world, "Hidden")
    answers = [press_send(client, victim) for victim in (alone, shared)]
    assert all("handed over" in answer for answer in answers)
    do_jobs()
    assert [item.state for item in Outgoing.objects.order_by("asked_at")] == ["SENT", "REFUSED"]
    pages = [read(client, victim) for victim in (alone, shared)] + [read(client)]
    assert [page.count("Handed over</strong>") for page in pages] == [1, 1, 2]
    assert not any(SHARED in page or "Not sent" in page or ">Sent<" in page for page in pages)
    assert SHARED in read(hub, shared) and SHARED in read(hub)
    assert SHARED not in read(hub, alone)


def test_a_provider_reads_nothing_that_the_hub_or_a_neighbour_sent(world: World) -> None:
    victim = person(world, provider="provider")
    press_send(world.client("triage_officer"), victim)
    assert "None was sent" in read(world.client("caseworker"), victim)
    for who in ("caseworker", "neighbour_caseworker", "far_triage_officer"):
        page = read(world.client(who))
        assert "Nothing was sent yet" in page and "Testina" not in page


def test_a_message_asked_for_twice_goes_once_and_says_the_same_of_anybodys_number(world: World) -> None:
    client = world.client("caseworker")
    alone = person(world, "Alone", "provider", value="07700 900222")
    shared = person(world, "Shared", "provider")
    person(world, "Hidden")
    for victim in (alone, shared):
        for _ in range(2):
            assert "handed over" in press_send(client, victim)
            do_jobs()
    assert [item.state for item in Outgoing.objects.order_by("asked_at")] == ["SENT", "REFUSED"]
    Outgoing.objects.update(asked_at=now() - timedelta(minutes=5))
    press_send(client, alone)
    assert Outgoing.objects.count() == 3


def test_two_records_judged_to_be_of_one_person_do_not_block_each_other(world: World) -> None:
    client, by = world.client("triage_officer"), world.actor("triage_officer")
    first, second = person(world, provider="provider"), person(world)
    assert SHARED in press_send(client, first)
    judged = actions.judge(first, second, by=by, at=now(), judgement="same")
    assert "handed over" in press_send(client, first)
    assert "handed over" in press_send(world.client("caseworker"), first)
    do_jobs()
    assert [item.state for item in Outgoing.objects.order_by("asked_at")] == ["REFUSED", "SENT", "SENT"]
    actions.undo_judgement(judged, by=by, at=now())
    assert SHARED in press_send(client, first, "received")
    actions.judge(first, second, by=by, at=now(), judgement="not_sure")
    assert SHARED in press_send(client, first, "appointment")


def test_the_jobs_send_what_is_waiting_once_and_when_it_is_time(world: World, tmp_path: Any) -> None:
    victim = person(world)
    item = actions.send(victim, by=world.actor("triage_officer"), at=now(), template="call_us")
    for key in (item.pk, item.pk, uuid7()):
        jobs.send(event="", subject=str(key))
    later = actions.send(victim, by=world.actor("triage_officer"), at=now(), template="received")
    jobs.send_due()
    assert {path.stem for path in tmp_path.iterdir()} == {str(item.pk), str(later.pk)}


def test_a_neighbour_sends_nothing_to_somebody_elses_client(world: World) -> None:
    victim = person(world, provider="provider")
    client = world.client("neighbour_caseworker")
    assert client.post(reverse("victims:send", args=[victim.pk]), {"template": "call_us"}).status_code == 404
    assert Outgoing.objects.count() == 0 and ContactPoint.objects.count() == 1


def test_every_reason_has_words() -> None:
    assert all(words.endswith(".") for words in presenters.WHY_NOT.values())
