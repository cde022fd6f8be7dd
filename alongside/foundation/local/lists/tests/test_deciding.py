"""The office's decisions: accepted, rejected, undone, one by one and many at once; entries that are held already."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows import realms
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory import queries as finds
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.tests.test_actions import made
from alongside.foundation.local.lists import deciding, jobs
from alongside.foundation.local.lists.models import Difference, List, Tie
from alongside.foundation.local.lists.tests.shelf import FIRST, SECOND, accepted, listed, taken_in, waits
from tests.world import World

pytestmark = pytest.mark.django_db
PLACE = {"service_at_locations": [{"location": {"addresses": [{"address_1": "12 Hidden Lane", "city": "Sampleton"}]}}]}


def changed(world: World, of: List, **told: Any) -> Difference:
    """The first service, held, of which the list says something new."""
    taken_in(world, of, {**FIRST, **told})
    return waits(of)["s-1"]


def accept(world: World, difference: Difference, **how: Any) -> Difference:
    return deciding.accept(difference, by=world.actor("hub_manager"), at=world.now, **how)


def reject(world: World, difference: Difference) -> Difference:
    return deciding.reject(difference, by=world.actor("hub_manager"), at=world.now)


def undo(world: World, difference: Difference) -> Difference:
    return deciding.undo(difference, by=world.actor("hub_manager"), at=world.now)


def held(service: Service | None) -> Service:
    assert service is not None
    return Service.objects.get(pk=service.pk)


def adopted(world: World, service: Service) -> Service:
    return directory.adopt(service, by=world.actor("hub_manager"), at=world.now, provider=world.provider,
                           crime_types=("stalking",), takes_referrals=True)  # fmt: skip


# New


def test_accept_makes_a_service_as_it_is_listed_and_sends_nobody_there(world: World) -> None:
    of = listed(world, councils=("E08000025",))
    taken_in(world, of, FIRST)
    done = accept(world, waits(of)["s-1"])
    service = held(done.service)
    assert (service.source, service.source_id, service.takes_referrals, service.provider, service.councils) == (
        of.code, "s-1", False, None, ["E08000025"],
    )  # fmt: skip
    assert (service.listed_by, service.signposted_at, done.state) == ("Sample Council", None, "ACCEPTED")
    assert list(finds.public_services()) == [service] and not Service.objects.routable().exists()
    assert Tie.objects.get().digest == service.source_hash


def test_accept_can_leave_it_for_signposting_in_the_same_step(world: World) -> None:
    of = listed(world)
    taken_in(world, of, FIRST)
    service = held(accept(world, waits(of)["s-1"], signposted=True).service)
    assert service.signposted_at == world.now
    names = list(Event.objects.filter(subject=service.pk).order_by("id").values_list("name", flat=True))
    assert names == ["service.added", "service.signposted"]


@pytest.mark.parametrize("signposted", [False, True])
def test_undo_shows_what_was_new_no_more_and_it_can_be_accepted_after_all(world: World, signposted: bool) -> None:
    of = listed(world)
    taken_in(world, of, FIRST)
    difference = accept(world, waits(of)["s-1"], signposted=signposted)
    key = held(difference.service).pk
    undone = undo(world, difference)
    assert (undone.state, undone.service, undone.decided_at) == ("OPEN", None, None)
    assert not finds.public_services().exists() and not Tie.objects.exists()
    reading = taken_in(world, of, {**FIRST, "description": "Newer words"})
    assert (reading.added, reading.changed, reading.gone) == (1, 0, 0)
    again = held(accept(world, waits(of)["s-1"], signposted=True).service)
    assert (again.pk, again.state, again.summary, again.closed_on) == (key, "OPEN", "Newer words", None)
    assert again.signposted_at == world.now


def test_undo_is_refused_once_something_later_rests_on_it(world: World) -> None:
    of = listed(world)
    taken_in(world, of, FIRST)
    difference = accept(world, waits(of)["s-1"])
    service = held(difference.service)
    directory.confirm(service, by=world.actor("hub_manager"), at=world.now + timedelta(minutes=1))
    with pytest.raises(RuleBroken, match="Something changed later"):
        undo(world, difference)
    other = listed(world, name="Another")
    taken_in(world, other, SECOND)
    first = accept(world, waits(other)["s-2"])
    taken_in(world, other, {**SECOND, "description": "New"})
    with pytest.raises(RuleBroken, match="Something changed later"):
        undo(world, first)
    with pytest.raises(RuleBroken):
        undo(world, waits(other)["s-2"])


# Rejected


def test_what_was_rejected_is_not_asked_again_until_it_changes_and_then_says_so(world: World) -> None:
    of = listed(world)
    taken_in(world, of, FIRST)
    reject(world, waits(of)["s-1"])
    again = taken_in(world, of, FIRST)
    assert (again.known, again.added, waits(of)) == (1, 0, {})
    other = changed(world, of, description="Other words")
    assert (other.kind, other.refused_before) == ("NEW", True)
    assert taken_in(world, of, FIRST).known == 1
    assert not Service.objects.exists()


def test_undo_of_a_rejection_asks_again(world: World) -> None:
    of = listed(world)
    taken_in(world, of, FIRST)
    undone = undo(world, reject(world, waits(of)["s-1"]))
    assert undone.state == "OPEN"
    accept(world, undone)
    with pytest.raises(RuleBroken, match="decided this already"):
        reject(world, undone)


# Changed


def test_a_change_is_shown_and_taken_field_by_field(world: World) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST)["s-1"]
    difference = changed(world, of, description="New words", email="talk@sample.example")
    assert difference.changes == {"summary": "New words", "email": "talk@sample.example"}
    done = accept(world, difference, take=["email"], seen=deciding.stamp(service))
    service = held(service)
    assert (service.email, service.summary) == ("talk@sample.example", "Help after domestic abuse.")
    assert taken_in(world, of, {**FIRST, "description": "New words", "email": "talk@sample.example"}).unchanged == 1
    undo(world, done)
    service.refresh_from_db()
    assert (service.email, waits(of)["s-1"].pk) == ("", difference.pk)
    with pytest.raises(RuleBroken, match="Choose what of it"):
        accept(world, difference, take=["name"])


def test_nobody_decides_about_a_service_that_changed_since_they_looked(world: World) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST)["s-1"]
    seen = deciding.stamp(service)
    difference = changed(world, of, description="New words")
    Service.objects.filter(pk=service.pk).update(updated_at=world.now.replace(minute=59))
    with pytest.raises(RuleBroken, match="changed here since"):
        accept(world, difference, seen=seen)


def test_a_service_that_is_run_here_takes_a_change_as_agreed_words_with_a_version(world: World) -> None:
    of = listed(world)
    service = adopted(world, accepted(world, of, FIRST)["s-1"])
    difference = changed(world, of, description="New words", assured_date="2026-03-01", status="inactive")
    assert set(difference.changes) == {"summary", "state"}
    done = accept(world, difference)
    service = held(service)
    assert (service.summary, service.state, service.provider, service.crime_types) == (
        "New words", "CLOSED", world.provider, ["stalking"],
    )  # fmt: skip
    assert [version.details["summary"] for version in service.versions.all()] == ["New words"]
    undo(world, done)
    service.refresh_from_db()
    assert (service.summary, service.state) == ("Help after domestic abuse.", "OPEN")


def test_a_phone_number_that_is_none_is_refused_where_people_are_sent_there(world: World) -> None:
    of = listed(world)
    adopted(world, accepted(world, of, FIRST)["s-1"])
    difference = changed(world, of, phones=[{"number": "ring us"}], description="New words")
    with pytest.raises(RuleBroken, match="telephone number"):
        accept(world, difference)
    assert held(accept(world, difference, take=["summary"]).service).summary == "New words"


def test_of_a_service_whose_place_is_secret_no_list_says_where_it_is(world: World) -> None:
    of = listed(world)
    entry = {**FIRST, **PLACE}
    service = adopted(world, accepted(world, of, entry)["s-1"])
    assert "Hidden" in service.location and "Hidden" in str(Tie.objects.get().told)
    waiting = changed(world, of, **PLACE, description="Newer words")
    secret = directory.details_from({**directory.worded(service), "location_protected": True})
    directory.revise(service, secret, by=world.actor("hub_manager"), at=world.now)
    jobs.forget_place.func(event="", subject=str(service.pk))
    for model in (Tie, Difference):
        assert "Hidden" not in str(list(model.objects.values()))
    difference = changed(world, of, **PLACE, description="Come to 12 Hidden Lane", name="Sample Safe Talking")
    assert (difference.changes, difference.oddities) == ({"name": "Sample Safe Talking"}, [])
    done = deciding.accept_many(of, [difference.pk], by=world.actor("hub_manager"), at=world.now)
    assert done.left == {"of a service whose place is secret": 1}
    accept(world, difference)
    service = held(service)
    assert (service.name, service.location, service.location_public) == ("Sample Safe Talking", "", False)
    assert waiting.pk != difference.pk
    jobs.forget_place.func(event="", subject=str(made(world).pk))


def test_a_new_address_comes_with_whether_it_may_be_shown(world: World) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST)["s-1"]
    accept(world, changed(world, of, **PLACE), take=["location"])
    service = held(service)
    assert (service.location, service.location_public) == ("12 Hidden Lane, Sampleton", True)


# Gone


def test_accepting_that_it_is_gone_closes_it_and_deletes_nothing(world: World) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST, SECOND)["s-1"]
    taken_in(world, of, SECOND)
    done = accept(world, waits(of)["s-1"])
    assert (held(service).state, held(service).closed_on) == ("CLOSED", world.now.date())
    assert service not in finds.public_services()
    again = taken_in(world, of, SECOND)
    assert (again.gone, again.unchanged) == (0, 1)
    undo(world, done)
    assert held(service).state == "OPEN"
    assert waits(of)["s-1"].kind == "GONE"


def test_what_comes_back_is_asked_about_and_opens_again(world: World) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST, SECOND)["s-1"]
    taken_in(world, of, SECOND)
    accept(world, waits(of)["s-1"])
    back = changed(world, of)
    assert (back.kind, back.changes) == ("CHANGED", {"state": "OPEN"})
    done = accept(world, back)
    assert held(service).state == "OPEN"
    undo(world, done)
    assert held(service).state == "CLOSED" and Tie.objects.get(service=service).gone_at is not None


def test_keeping_what_has_gone_is_not_asked_again_until_it_was_back_and_goes_once_more(world: World) -> None:
    of = listed(world)
    accepted(world, of, FIRST, SECOND)
    taken_in(world, of, SECOND)
    reject(world, waits(of)["s-1"])
    assert taken_in(world, of, SECOND).known == 1
    taken_in(world, of, FIRST, SECOND)
    assert taken_in(world, of, SECOND).gone == 1


def test_one_that_was_closed_here_already_may_be_gone_there_too(world: World) -> None:
    of = listed(world)
    service = accepted(world, of, FIRST)["s-1"]
    directory.close(service, by=world.actor("hub_manager"), at=world.now)
    taken_in(world, of)
    done = accept(world, waits(of)["s-1"])
    assert held(service).state == "CLOSED"
    undo(world, done)
    assert held(service).state == "CLOSED"


# Many at once


def test_many_are_accepted_at_once_and_what_a_person_should_look_at_is_left(world: World) -> None:
    of = listed(world)
    three, four = {**SECOND, "id": "s-3", "name": "Sample Third"}, {**SECOND, "id": "s-4", "name": "Sample Fourth"}
    services = accepted(world, of, FIRST, SECOND, three, four)
    adopted(world, services["s-4"])
    adopted(world, services["s-3"])
    made(world, name="Sample Fifth", summary="x", phone="01632 960 005")
    fifth = {**SECOND, "id": "s-5", "name": "Sample Fifth", "phones": [{"number": "01632 960005"}]}
    taken_in(
        world, of, {**FIRST, "description": "New"}, {**three, "description": "New"}, fifth, {**SECOND, "id": "s-6"}
    )
    keys = {name: one.pk for name, one in waits(of).items()}
    assert set(keys) == {"s-1", "s-2", "s-3", "s-4", "s-5", "s-6"}
    done = deciding.accept_many(of, keys.values(), by=world.actor("hub_manager"), at=world.now)
    assert sorted(done.kinds) == ["CHANGED", "GONE", "NEW"]
    assert done.left == {"may be a service that is here already": 1,
                         "of a service that an organisation here runs": 2}  # fmt: skip
    assert set(waits(of)) == {"s-3", "s-4", "s-5"}
    assert (held(services["s-1"]).summary, held(services["s-3"]).summary) == ("New", "Tea and music.")
    assert held(services["s-2"]).state == "CLOSED"


def test_many_are_rejected_at_once_and_only_those_of_the_list(world: World) -> None:
    of, other = listed(world), listed(world, name="Another")
    taken_in(world, of, FIRST, SECOND)
    taken_in(world, other, FIRST)
    keys = [one.pk for one in (*waits(of).values(), *waits(other).values())]
    assert deciding.reject_many(of, keys, by=world.actor("hub_manager"), at=world.now).count == 2
    assert not waits(of) and len(waits(other)) == 1


def test_another_hub_decides_nothing(world: World) -> None:
    of = listed(world)
    taken_in(world, of, FIRST)
    with pytest.raises(RuleBroken, match="another hub's list"):
        deciding.accept(waits(of)["s-1"], by=world.actor("far_triage_officer"), at=world.now)


# The same or another


def test_it_is_this_one_proposes_what_the_list_says_as_changes(world: World) -> None:
    own = made(world, name="Sample Safe Talks", phone="01632 960001", hours="9 to 5")
    of = listed(world)
    taken_in(world, of, FIRST)
    difference = waits(of)["s-1"]
    assert difference.likely == own
    tied = deciding.same(difference, own, by=world.actor("hub_manager"), at=world.now)
    assert (tied.kind, tied.service, tied.state) == ("CHANGED", own, "OPEN")
    assert tied.changes == {"name": "Sample Safe Talk", "summary": "Help after domestic abuse.",
                            "web": "https://talk.sample.example", "phone": "01632 960 001"}  # fmt: skip
    done = accept(world, tied, take=["web"])
    own.refresh_from_db()
    assert (own.web, own.name, own.source, own.provider) == (
        "https://talk.sample.example", "Sample Safe Talks", "", world.provider,
    )  # fmt: skip
    assert taken_in(world, of, FIRST).unchanged == 1
    assert undo(world, done).changes == tied.changes
    own.refresh_from_db()
    assert own.web == ""


def test_one_that_is_held_already_is_only_let_go_when_it_has_gone_from_the_list(world: World) -> None:
    own = made(world)
    of = listed(world)
    taken_in(world, of, FIRST)
    accept(world, deciding.same(waits(of)["s-1"], own, by=world.actor("hub_manager"), at=world.now))
    taken_in(world, of)
    done = accept(world, waits(of)["s-1"])
    assert held(own).state == "OPEN" and not Tie.objects.exists()
    undo(world, done)
    assert Tie.objects.get().service == own


def test_one_of_which_the_list_says_nothing_else_is_done_at_once_and_can_be_undone(world: World) -> None:
    of, other = listed(world), listed(world, name="Another")
    service = accepted(world, of, FIRST)["s-1"]
    taken_in(world, other, FIRST)
    assert waits(other)["s-1"].likely == service
    done = deciding.same(waits(other)["s-1"], service, by=world.actor("hub_manager"), at=world.now)
    assert (done.state, done.changes) == ("ACCEPTED", {})
    assert taken_in(world, other, FIRST).unchanged == 1
    undo(world, done)
    assert Service.objects.get().updated_at == service.updated_at


def test_a_secret_place_takes_no_address_when_it_is_said_to_be_the_same(world: World) -> None:
    own = made(world, name="Sample Safe Talk", phone="01632 960 001", location_protected=True)
    of = listed(world)
    taken_in(world, of, {**FIRST, **PLACE})
    tied = deciding.same(waits(of)["s-1"], own, by=world.actor("hub_manager"), at=world.now)
    assert "Hidden" not in str(Difference.objects.values())
    assert "location" not in tied.changes


def test_it_is_another_one_is_remembered_whatever_the_list_says_later(world: World) -> None:
    own = made(world, name="Sample Safe Talk", phone="01632 960 001")
    of, by = listed(world), world.actor("hub_manager")
    taken_in(world, of, FIRST)
    apart = deciding.another(waits(of)["s-1"], by=by, at=world.now)
    assert (apart.likely, apart.kind) == (None, "NEW")
    assert changed(world, of, description="New").likely is None
    with pytest.raises(RuleBroken, match="taken for no other"):
        deciding.another(waits(of)["s-1"], by=by, at=world.now)
    tied = deciding.same(waits(of)["s-1"], own, by=by, at=world.now)
    assert deciding.another(tied, by=by, at=world.now).service is None
    assert not Tie.objects.exists()


def test_one_service_is_one_entry_of_a_list_and_of_ones_own_area(world: World) -> None:
    of, by = listed(world), world.actor("hub_manager")
    service = accepted(world, of, FIRST)["s-1"]
    taken_in(world, of, {**FIRST, "description": "New"}, SECOND)
    with pytest.raises(RuleBroken, match="Another entry"):
        deciding.same(waits(of)["s-2"], service, by=by, at=world.now)
    with pytest.raises(RuleBroken, match="known already"):
        deciding.same(waits(of)["s-1"], service, by=by, at=world.now)
    far = made(world, name="Far")
    Service.objects.filter(pk=far.pk).update(provider=world.far_provider)
    with pytest.raises(RuleBroken, match="your hub looks after"):
        deciding.same(waits(of)["s-2"], held(far), by=by, at=world.now)


def test_the_hubs_own_role_may_do_all_of_it(world: World) -> None:
    of, by = listed(world), world.actor("hub_manager")
    taken_in(world, of, FIRST, SECOND)
    with transaction.atomic(), realms.inside(by.realm, orgs=by.orgs, user=by.user_id):
        found = waits(of)
        undo(world, accept(world, found["s-1"], signposted=True))
        done = deciding.accept_many(of, [one.pk for one in found.values()], by=by, at=world.now, signposted=True)
        assert done.count == 2
    taken_in(world, of, {**FIRST, "description": "New"})
    with transaction.atomic(), realms.inside(by.realm, orgs=by.orgs, user=by.user_id):
        for one in waits(of).values():
            undo(world, accept(world, one))
