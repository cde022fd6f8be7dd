"""A night's detection over a real read log, and what becomes of what it finds."""

from datetime import timedelta

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import LONDON, london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Denial, Event, Look, PersonKey
from alongside.core.privacy import fields
from alongside.core.rows.realms import Realm, inside
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.keeping.looks import actions, jobs, queries
from alongside.support.keeping.looks.models import Finding
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


def look(world: World, person: str, *subjects: object, days: int = 0, hour: int = 10) -> None:
    by = world.actor(person)
    at = world.now.astimezone(LONDON).replace(hour=hour) - timedelta(days=days)
    Look.objects.create(at=at, user_id=by.user_id, organisation_id=by.organisation_id, route="victims:show",
                        subjects=list(subjects), reason="own caseload")  # fmt: skip


def detect(world: World) -> set[tuple[str, object]]:
    with transaction.atomic(), inside(Realm.WORKER):
        actions.detect(by=SYSTEM_ACTOR, at=world.now)
    return set(Finding.objects.values_list("rule", "user_id"))


def test_a_look_at_a_colleagues_record_is_found_by_whichever_page_it_was(world: World) -> None:
    case = accepted(world)
    Victim.objects.filter(pk=case.victim_id).update(
        given_name="Testa Service", family_name="Manager", name_key="manager testa service"
    )
    user = world.people["other_caseworker"].pk
    look(world, "other_caseworker", case.pk)
    assert detect(world) == {("colleague", user)}
    assert detect(world) == {("colleague", user)}
    assert Finding.objects.count() == 1
    found = Finding.objects.get()
    assert (found.people, found.last_on) == ([case.victim_id], london_date(world.now))


def test_whoever_works_on_it_is_not_found(world: World) -> None:
    case = accepted(world)
    Victim.objects.filter(pk=case.victim_id).update(family_name="Caseworker", name_key="caseworker testa")
    Case.objects.filter(pk=case.pk).update(worker=world.people["other_caseworker"].pk)
    look(world, "other_caseworker", case.referral_id)
    look(world, "caseworker", case.victim_id)  # accepted it: an event
    assert "colleague" not in {rule for rule, _ in detect(world)}


def test_looks_by_night_coming_back_and_denials_are_found(world: World) -> None:
    cases = [accepted(world, source_ref=str(number)) for number in range(3)]
    for case in cases:
        look(world, "other_caseworker", case.victim_id, hour=2)
    for days in range(5):
        look(world, "other_triage_officer", cases[0].victim_id, days=days)
    refused = world.actor("caseworker")
    Denial.objects.bulk_create(
        Denial(at=world.now - timedelta(hours=1), user_id=refused.user_id, organisation_id=refused.organisation_id,
               route="victims:show", status=404)
        for _ in range(20)
    )  # fmt: skip
    found = detect(world)
    assert ("out_of_hours", world.people["other_caseworker"].pk) in found
    assert ("comes_back", world.people["other_triage_officer"].pk) in found
    assert ("guessed", refused.user_id) in found


@pytest.mark.parametrize(("hour", "night"), [(22, True), (23, True), (5, True), (6, False), (21, False)])
def test_night_is_when_the_limits_say(world: World, hour: int, night: bool) -> None:
    for number in range(3):
        case = accepted(world, source_ref=str(number))
        look(world, "other_caseworker", case.victim_id, days=1, hour=hour)
    assert (("out_of_hours", world.people["other_caseworker"].pk) in detect(world)) is night


def test_a_list_is_no_look_at_each_who_is_on_it(world: World) -> None:
    cases = [accepted(world, source_ref=str(number)) for number in range(4)]
    look(world, "other_caseworker", *(case.victim_id for case in cases), hour=2)
    assert detect(world) == set()


def test_common_surnames_are_left_out(world: World) -> None:
    for number in range(4):
        case = accepted(world, source_ref=str(number))
        Victim.objects.filter(pk=case.victim_id).update(family_name="Caseworker", name_key=f"caseworker z{number}")
    look(world, "other_caseworker", case.victim_id)
    assert detect(world) == set()


def finding(world: World, person: str = "other_triage_officer") -> Finding:
    by, on = world.actor(person), london_date(world.now)
    assert by.organisation_id is not None and by.user_id is not None
    return Finding.objects.create(rule="comes_back", organisation_id=by.organisation_id, user_id=by.user_id, number=5,
                                  first_on=on, last_on=on, found_at=world.now)  # fmt: skip


def test_judge_puts_a_judgement_on_record_once_and_not_ones_own(world: World) -> None:
    found, privacy = finding(world), world.actor("privacy_officer")
    actions.judge(found, by=privacy, at=world.now, move="explain", words="She was covering")
    found.refresh_from_db()
    assert (found.state, fields.read(found, "outcome")) == ("EXPLAINED", "She was covering")
    with pytest.raises(RuleBroken, match="cannot"):
        actions.judge(found, by=privacy, at=world.now, move="explain", words="x")
    with pytest.raises(RuleBroken, match="themselves"):
        actions.judge(finding(world, "privacy_officer"), by=privacy, at=world.now, move="explain", words="x")
    assert queries.waiting(privacy) == 0
    assert queries.waiting(world.actor("triage_officer")) == 0


def test_findings_go_with_the_log_and_their_keys_with_them(world: World) -> None:
    found = finding(world)
    actions.judge(found, by=world.actor("privacy_officer"), at=world.now, move="take_further", words="x")
    assert actions.forget(by=SYSTEM_ACTOR, at=world.now, before=london_date(world.now)) == 0
    assert actions.forget(by=SYSTEM_ACTOR, at=world.now, before=london_date(world.now) + timedelta(days=1)) == 1
    assert not Finding.objects.exists()
    assert not PersonKey.objects.filter(person_id=found.pk).exists()


def test_the_nightly_job_runs_and_says_nothing_of_anybody(world: World) -> None:
    jobs.detect.func.__wrapped__()
    told = Event.objects.get(name="looks.detected")
    assert told.details == {"found": 0}


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.PROVIDER])
def test_no_realm_writes_what_was_found(world: World, realm: Realm) -> None:
    finding(world)
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
        Finding.objects.update(number=0)
    with transaction.atomic(), inside(realm, orgs=[world.provider.pk]):
        assert Finding.objects.count() == 0
