"""Writes of registrations: sent once, taken up, merged, declined, told, erased."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event, PersonKey
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.community import actions as community
from alongside.foundation.local.community import queries as groups
from alongside.foundation.local.community.models import ContactPerson, Group, Need
from alongside.foundation.local.community.rules import About, Asked
from alongside.foundation.local.community.tests.test_actions import (
    BIRMINGHAM,
    CUMBERLAND,
    OFFICER,
    WOLVERHAMPTON,
    mapped,
)
from alongside.foundation.local.registrations import actions, queries, rules
from alongside.foundation.local.registrations.jobs import settle
from alongside.foundation.local.registrations.models import Registration
from alongside.foundation.local.registrations.rules import Sent
from alongside.foundation.office.messages.models import Pointer
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook.models import Rule
from tests.world import World

pytestmark = pytest.mark.django_db
CALLER = b"0" * 16
ASKED = Asked("Parveen", "Cooks", "07700 900 452", "parveen@post.example", how="After six")


@pytest.fixture(autouse=True)
def _nothing_counted_yet() -> None:
    cache.clear()


def soup(name: str = "Sample Soup", *, a_home: str = rules.YES, needs: tuple[str, ...] = (), **words: Any) -> Sent:
    said = About(name, **{"what": "We cook", "councils": (BIRMINGHAM,), **words})
    return Sent(said, ASKED, needs, "14 Placeholder Street", "B1 1BB", a_home)


def sent(world: World, what: Sent | None = None, *, once: UUID | None = None, hears: bool = False) -> Registration:
    """A registration, as it was left."""
    mine = once or uuid4()
    actions.register(what or soup(), at=world.now, once=mine, hears=hears, caller=CALLER)
    return Registration.objects.get(once=mine)


def settled(world: World, registration: Registration) -> bool:
    with transaction.atomic(), inside(Realm.WORKER):
        return actions.settle(registration, by=SYSTEM_ACTOR, at=world.now)


def test_what_was_sent_is_sealed_whole_and_waits_for_the_hub_of_its_area(world: World) -> None:
    with transaction.atomic(), inside(Realm.PUBLIC):
        actions.register(soup("Tŷ Sŵp <b>"), at=world.now, once=uuid4(), hears=True, caller=CALLER)
    held = Registration.objects.get()
    assert (held.force_id, held.state, held.hears) == ("west-midlands", "WAITING", True)
    assert all(word not in bytes(held.content) for word in (b"Parveen", b"Placeholder", b"07700", "Tŷ".encode()))
    assert queries.sent(held) == soup("Tŷ Sŵp <b>")
    assert not Group.objects.exists() and queries.waiting(world.actor(OFFICER)) == 1
    assert not queries.waiting(world.actor("far_triage_officer")) and not queries.waiting(world.actor("analyst"))
    assert Event.objects.get(name="registration.sent").details == {}


def test_what_is_sent_twice_comes_once(world: World) -> None:
    once = uuid4()
    with transaction.atomic(), inside(Realm.PUBLIC):
        for _ in range(2):
            actions.register(soup(), at=world.now, once=once, hears=False, caller=CALLER)
    assert Registration.objects.count() == Event.objects.filter(name="registration.sent").count() == 1
    assert PersonKey.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (soup("x" * 10_000), "name"), (soup(what="x" * 2001), "what"), (soup(councils=()), "councils"),
        (replace(soup(), asked=Asked(" ", phone="1")), "person_name"),
        (replace(soup(), asked=Asked("Testina")), "person_phone"), (soup(a_home="perhaps"), "a_home"),
        (replace(soup(), asked=replace(ASKED, how="x" * 301)), None), (soup(councils=(CUMBERLAND,)), "council"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(world: World, wrong: Sent, field: str | None) -> None:
    Organisation.objects.filter(pk=world.far_hub.pk).update(until=world.now.date())
    with pytest.raises(RuleBroken) as broken:
        sent(world, wrong)
    assert broken.value.field == field and not Registration.objects.exists()


def test_a_place_that_nobody_knows_is_refused(world: World) -> None:
    with pytest.raises(RuleBroken, match="Nobody looks"):
        sent(world, soup(councils=("X",)))


def test_one_connection_sends_so_many_in_an_hour(world: World) -> None:
    for _ in range(6):
        sent(world)
    with pytest.raises(RuleBroken, match="connection"):
        sent(world)
    actions.register(soup(), at=world.now, once=uuid4(), hears=False, caller=b"1" * 16)
    Rule.objects.filter(book="limits", code="registrations_sent").delete()
    assert Registration.objects.count() == 7


def test_where_the_office_withdrew_the_limit_there_is_none(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "allowed", lambda on: None)
    for _ in range(8):
        sent(world)
    assert Registration.objects.count() == 8


def test_an_accepted_group_is_mapped_and_a_home_stays_with_the_person(world: World) -> None:
    held, by = sent(world, soup(needs=("insurance", "gone")), hears=True), world.actor(OFFICER)
    with transaction.atomic(), inside(Realm.HUB, orgs=[world.hub.pk], user=by.user_id):
        group = actions.accept(held, by=by, at=world.now)
    group.refresh_from_db()
    assert (group.name, group.registered_itself, group.stage, group.meets_at, group.postcode) == (
        "Sample Soup", True, "MAPPED", "", "",
    )  # fmt: skip
    asked = groups.asked(ContactPerson.objects.get())
    assert (asked.name, asked.address) == ("Parveen", "14 Placeholder Street, B1 1BB")
    assert [need.code for need in Need.objects.all()] == ["insurance"]
    held.refresh_from_db()
    assert (held.state, held.group, held.decided_for) == ("ACCEPTED", group, world.hub)
    with pytest.raises(RuleBroken, match="Somebody else has decided"):
        actions.decline(held, by=by, at=world.now, reason="twice")


def test_a_public_place_is_the_groups(world: World) -> None:
    group = actions.accept(sent(world, soup(a_home=rules.NO)), by=world.actor(OFFICER), at=world.now)
    assert (group.meets_at, group.postcode) == ("14 Placeholder Street", "B11BB")
    assert groups.asked(ContactPerson.objects.get()).address == ""


def test_the_same_name_is_another_group_only_where_somebody_says_so(world: World) -> None:
    mapped(world, "Sample Soup")
    held, by = sent(world), world.actor(OFFICER)
    with pytest.raises(RuleBroken, match="mapped already"):
        actions.accept(held, by=by, at=world.now)
    assert Group.objects.count() == 1
    actions.accept(held, by=by, at=world.now, although=True)
    assert Group.objects.count() == 2


def test_what_may_be_the_same_is_found_by_name_number_place_and_person(world: World) -> None:
    by = world.actor(OFFICER)
    named = mapped(world, "The Sample Soup Club", councils=(WOLVERHAMPTON,))
    known = mapped(world, "Other name")
    community.add_person(known, Asked("P", phone="+44 7700 900452"), by=by, at=world.now)
    mapped(world, "Nothing alike")
    held, twice = sent(world), sent(world, soup("Soup on Sunday"))
    found = queries.like(held, by)
    assert {twin.group.name: twin.why for twin in found.twins} == {
        named.name: ("the same name",), known.name: ("the same person to ask for",),
    }  # fmt: skip
    assert [(one.registration, one.name) for one in found.others] == [(twice, "Soup on Sunday")]
    sent(world, replace(soup("Unlike", a_home=rules.NO), asked=Asked("Q", phone="07700 900 999")))
    assert len(queries.like(held, by).others) == 1


def test_a_merge_takes_what_is_right_and_keeps_the_rest(world: World) -> None:
    by = world.actor(OFFICER)
    group = mapped(world, "Sample Soup", what="Ours", reaches=("older",))
    community.note_need(group, by=by, at=world.now, code="insurance")
    theirs = soup(reaches=("migrants",), web="https://soup.example", needs=("insurance", "premises"))
    held = sent(world, theirs)
    actions.merge(held, group, by=by, at=world.now, take=["reaches"], seen=community.stamp(group))
    group.refresh_from_db()
    assert (group.what, group.reaches, group.web) == ("Ours", ["older", "migrants"], "")
    assert ContactPerson.objects.count() == 1 and Need.objects.count() == 2
    held.refresh_from_db()
    assert (held.state, held.group) == ("MERGED", group)
    again = sent(world, theirs)
    with pytest.raises(RuleBroken, match="Somebody else changed"):
        actions.merge(again, group, by=by, at=world.now, take=["web"], seen="before")
    actions.merge(again, group, by=by, at=world.now, take=["web"], seen=community.stamp(group))
    assert ContactPerson.objects.count() == 1 and Group.objects.get().web == "https://soup.example"


def test_a_hub_of_another_area_decides_nothing(world: World) -> None:
    held, by = sent(world), world.actor("far_triage_officer")
    for act in (
        lambda: actions.accept(held, by=by, at=world.now),
        lambda: actions.decline(held, by=by, at=world.now, reason="twice"),
    ):
        with pytest.raises(RuleBroken):
            act()
    assert Registration.objects.get().state == "WAITING"


def test_it_is_declined_for_a_reason_of_the_rulebook(world: World) -> None:
    held, by = sent(world), world.actor(OFFICER)
    with pytest.raises(RuleBroken, match="Choose why"):
        actions.decline(held, by=by, at=world.now, reason="nonsense")
    assert actions.decline(held, by=by, at=world.now, reason="elsewhere").state == "DECLINED"
    assert not Group.objects.exists()


@pytest.mark.parametrize(
    ("decision", "template"),
    [("accept", "group_mapped"), ("elsewhere", "group_not_mapped"), ("help", ""), ("not_genuine", "")],
)
def test_whoever_asked_hears_once_and_what_was_sent_is_erased(world: World, decision: str, template: str) -> None:
    held, by = sent(world, hears=True), world.actor(OFFICER)
    if decision == "accept":
        actions.accept(held, by=by, at=world.now)
    else:
        actions.decline(held, by=by, at=world.now, reason=decision)
    assert settled(world, held) and not settled(world, held)
    held.refresh_from_db()
    assert bytes(held.content) == b"" and not PersonKey.objects.filter(person_id=held.pk).exists()
    assert list(Pointer.objects.values_list("template", flat=True)) == ([template] if template else [])


def test_whoever_did_not_ask_hears_nothing(world: World) -> None:
    no_mailbox = replace(soup(), asked=replace(ASKED, email=""))
    for held in (sent(world), sent(world, no_mailbox, hears=True)):
        actions.decline(held, by=world.actor(OFFICER), at=world.now, reason="elsewhere")
        assert settled(world, held)
    assert not Pointer.objects.exists()


def test_the_job_settles_what_was_decided_and_nothing_else(world: World) -> None:
    held = sent(world)
    actions.decline(held, by=world.actor(OFFICER), at=world.now, reason="twice")
    for _ in range(2):
        settle(event=str(uuid4()), subject=str(held.pk))
    settle(event=str(uuid4()), subject=str(uuid4()))
    held.refresh_from_db()
    assert bytes(held.content) == b"" and str(held.pk) in str(Registration.objects.visible_to(SYSTEM_ACTOR).get().pk)


def test_what_nobody_decided_is_forgotten_in_time(world: World) -> None:
    held = sent(world)
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.forget(before=world.now) == 0
        assert actions.forget(before=world.now + timedelta(days=1)) == 1
    assert not Registration.objects.exists() and not PersonKey.objects.filter(person_id=held.pk).exists()


def test_the_public_reads_nothing_of_it(world: World) -> None:
    sent(world)
    for realm in (Realm.PUBLIC, Realm.COMMISSIONING, Realm.PROVIDER, Realm.REFERRER):
        with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside(realm):
            Registration.objects.count()
