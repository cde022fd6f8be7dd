"""A number that stands on a restricted record too: a message to somebody else stops, and only the named learn why."""

import re
from uuid import UUID

import pytest
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.models import Event
from alongside.core.rows import records
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages import queries as ways
from alongside.foundation.office.messages.gateway import GatewayFailed
from alongside.foundation.office.messages.models import Notice, Outgoing
from alongside.foundation.office.messages.tests.test_actions import Door
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.keeping.restricted import jobs
from alongside.support.keeping.restricted.models import Crossing
from alongside.support.keeping.restricted.tests.sealed import acting, restricted, run, working
from alongside.support.people.matching import actions as matching
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims import queries
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db
NUMBER, OTHERS = "07700 900777", "07700 900555"
UUIDS = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
OUTSIDE, INSIDE = "other_triage_officer", "triage_officer"


def reachable(world: World, number: str = NUMBER) -> Case:
    """A case whose person said that this number is safe."""
    case = accepted(world)
    Victim.objects.filter(pk=case.victim_id).update(given_name="Testina", family_name="Canaryford")
    messages.add(
        case.victim_id, by=SYSTEM_ACTOR, at=world.now, organisation_id=world.hub.pk, kind="phone", value=number,
        safe="yes", verified_how="by_voice",
    )  # fmt: skip
    return case


@pytest.fixture
def sealed(world: World) -> Case:
    return restricted(world, case=reachable(world))


def asked(world: World, case: Case, person: str = OUTSIDE) -> Outgoing:
    """A message that somebody asks for, and what the worker makes of it."""
    with acting(world, person) as by:
        item = victims.send(Victim.objects.get(pk=case.victim_id), by=by, at=world.now, template="call_us")
    return item


def sent(world: World, item: Outgoing, door: Door | None = None) -> Outgoing:
    with working():
        return messages.send(
            item, by=SYSTEM_ACTOR, at=world.now, through=door or Door(), same=queries.same_people(item.person_id)
        )


def told(world: World, case: Case, person: str) -> tuple[str, str]:
    with acting(world, person) as by:
        found = queries.sent_to(Victim.objects.get(pk=case.victim_id), by)[0].item
    return found.state, found.why


def test_it_stops_and_reads_as_any_message_that_the_gateway_did_not_take(world: World, sealed: Case) -> None:
    alike, fails = reachable(world), reachable(world, OTHERS)
    door = Door()
    hidden = sent(world, asked(world, alike), door)
    failed = sent(world, asked(world, fails), Door(GatewayFailed("notify_400", again=False)))
    assert not door.sent
    columns = ("state", "refused_why", "sent_at", "gateway_id", "not_before")
    assert [getattr(hidden, name) for name in columns] == [getattr(failed, name) for name in columns]
    for person in (OUTSIDE, "hub_manager", INSIDE):
        assert told(world, alike, person) == told(world, fails, person) == ("FAILED", "undelivered")
    pages = [world.client(OUTSIDE).get(f"/victims/{case.victim_id}/").text for case in (alike, fails)]
    for page in pages:
        assert "It could not be delivered" in page and "another record" not in page
    said = [
        (event.name, event.details)
        for event in Event.objects.filter(subject__in=[hidden.pk, failed.pk], name__startswith="message.failed")
    ]
    assert len(said) == 2 and said[0] == said[1]


def test_when_it_is_asked_for_nothing_tells_either_whoever_asks(world: World, sealed: Case) -> None:
    """What is kept is read by others: not even somebody named leaves a word of the other record behind."""
    alike = reachable(world)
    for person in (OUTSIDE, INSIDE):
        item = asked(world, alike, person)
        assert (item.state, item.refused_why) == ("WAITING", "")


def test_a_number_on_a_record_that_is_open_to_the_hub_is_said_to_the_hub_as_ever(world: World, sealed: Case) -> None:
    first, second = reachable(world), reachable(world)
    assert second.pk != first.pk
    assert asked(world, first).refused_why == "shared"


def test_the_named_at_the_hub_are_told_and_nobody_else(world: World, sealed: Case) -> None:
    alike = reachable(world)
    item = sent(world, asked(world, alike))
    run(jobs.tell_crossing, "message.failed")
    run(jobs.tell_crossing, "message.failed")
    crossing = Crossing.objects.get()
    assert (crossing.victim_id, crossing.person_id, crossing.message_id) == (
        sealed.victim_id, alike.victim_id, item.pk
    )  # fmt: skip
    told_to = {notice.user_id for notice in Notice.objects.filter(about=crossing.pk)}
    assert told_to == {world.people[one].pk for one in (INSIDE, "hub_manager", "privacy_officer")}
    for person, count in ((OUTSIDE, 0), (INSIDE, 1)):
        with acting(world, person) as by:
            assert Crossing.objects.count() == Crossing.objects.visible_to(by).count() == count
    where = f"/restricted/{sealed.victim_id}/"
    shown = world.client("privacy_officer").get(where).text
    assert "Messages that were stopped" in shown and "Canaryford" in shown
    assert world.client(OUTSIDE).get(where).status_code == 404


def test_of_a_message_to_a_record_that_they_may_not_open_the_named_read_no_name(world: World, sealed: Case) -> None:
    alike = restricted(world, "hub_manager", case=reachable(world), by="hub_manager")
    item = Outgoing.objects.create(
        person_id=alike.victim_id, recorded_by=world.hub.pk, purpose="support", template="call_us", asked_at=world.now,
        contact_point=ways.points_of(alike.victim_id)[0],
    )  # fmt: skip
    sent(world, item)
    run(jobs.tell_crossing, "message.failed")
    shown = world.client(INSIDE).get(f"/restricted/{sealed.victim_id}/").text
    assert "Somebody whose record you may not open" in shown


def test_a_message_that_failed_for_another_reason_crosses_nothing(world: World, sealed: Case) -> None:
    fails = reachable(world, OTHERS)
    sent(world, asked(world, fails), Door(GatewayFailed("notify_400", again=False)))
    run(jobs.tell_crossing, "message.failed")
    assert not Crossing.objects.exists()
    with working():
        jobs.tell_crossing.func.__wrapped__(event="", subject=str(UUID(int=1)))
    item = Outgoing(person_id=fails.victim_id)
    assert ways.sealed_sharers(item) == set()


def test_once_the_seal_is_lifted_it_is_said_to_the_hub_again(world: World, sealed: Case) -> None:
    alike = reachable(world)
    item = asked(world, alike)
    with acting(world, INSIDE):
        records.unseal(sealed.victim_id)
    assert sent(world, item).refused_why == "shared_elsewhere"


def test_one_person_on_two_records_blocks_nothing(world: World, sealed: Case) -> None:
    again = reachable(world)
    with acting(world, INSIDE) as by:
        left, right = (Victim.objects.get(pk=case.victim_id) for case in (sealed, again))
        matching.judge(left, right, by=by, at=world.now, judgement="same")
    assert sent(world, asked(world, again, INSIDE)).state == "SENT"


# The same inference elsewhere: what somebody outside reads is what they would read if there were no such record.


def pages(case: Case) -> list[str]:
    return [
        f"/victims/{case.victim_id}/", f"/referrals/{case.referral_id}/", f"/referrals/{case.referral_id}/reveal/",
        "/referrals/", "/referrals/counts/", "/referrals/wallboard/", "/matching/",
        "/victims/messages/", f"/matching/{case.victim_id}/", "/fairness/",
    ]  # fmt: skip


def plain(text: str, case: Case) -> list[str]:
    """A page without what differs between any two records, or any two looks."""
    bare = UUIDS.sub("", text).replace(Referral.objects.get(pk=case.referral_id).reference, "")
    return [line for line in bare.splitlines() if not any(word in line for word in ("csrf", "nonce", "data-at"))]


def test_no_page_tells_whether_a_restricted_record_has_the_same_number(world: World, sealed: Case) -> None:
    alike, lone = reachable(world), reachable(world, OTHERS)
    with working():
        for case in (sealed, alike, lone):
            matching.describe([case.victim_id], by=SYSTEM_ACTOR, at=timezone.now())
    client = world.client(OUTSIDE)
    for with_it, without in zip(pages(alike), pages(lone), strict=True):
        shown, other = client.get(with_it), client.get(without)
        assert shown.status_code == other.status_code, with_it
        assert plain(shown.text.replace("777", "555"), alike) == plain(other.text.replace("777", "555"), lone), with_it
    with acting(world, OUTSIDE) as by:
        person = Victim.objects.get(pk=alike.victim_id)
        assert sealed.victim_id not in ways.shared_with(alike.victim_id, most=9)
        assert queries.may_send(person, by=by, at=world.now)
        ours = [point for point in ways.points_of(alike.victim_id) if point.verified_at]
        assert ways.shared_lookups(ours) == set()
