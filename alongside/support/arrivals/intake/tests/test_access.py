"""What each realm may do with what intake writes, tried on real PostgreSQL, and who may open which page."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import ProgrammingError, transaction

from alongside.core.rows import realms
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.intake import actions
from alongside.support.arrivals.intake.models import Sent, Visit
from alongside.support.arrivals.intake.tests.test_actions import referred, sent
from alongside.support.arrivals.intake.tests.visitors import as_public
from alongside.support.arrivals.referrals.models import Addition, Referral, Standing, Ticket
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Referral, Victim, ContactPoint, Addition])
def test_the_public_leaves_a_referral_and_reads_nothing_of_it(world: World, model: Any) -> None:
    sent(world)
    assert Referral.objects.count() == 1
    with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic(), inside(Realm.PUBLIC):
        model._default_manager.count()


def test_a_visitor_sees_no_visit_and_no_ticket_but_their_own(world: World) -> None:
    opened = sent(world)
    with transaction.atomic(), inside(Realm.PUBLIC):
        other = actions.begin(at=world.now)
    with transaction.atomic(), inside(Realm.PUBLIC):
        assert (Visit.objects.count(), Ticket.objects.count()) == (0, 0)
        assert actions.resume(other.secret, at=world.now) is not None
        assert Visit.objects.get().pk == other.visit.pk
        assert Visit.objects.exclude(pk=other.visit.pk).delete()[0] == 0
    assert Visit.objects.filter(pk=opened.visit.pk).exists()


@pytest.mark.parametrize("realm", [Realm.HUB, Realm.PROVIDER, Realm.REFERRER, Realm.COMMISSIONING])
def test_nobody_at_work_reads_what_a_visitor_types(world: World, realm: Realm) -> None:
    with transaction.atomic(), inside(Realm.PUBLIC):
        actions.begin(at=world.now)
    with (
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        inside(realm, orgs=[world.hub.pk]),
    ):
        Visit.objects.count()


def test_the_public_changes_nothing_of_a_ticket_but_that_it_was_withdrawn(world: World) -> None:
    opened = sent(world)
    with as_public():
        actions.return_(opened.sent["reference"], opened.sent["phrase"], caller=b"x", at=world.now)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            Ticket.objects.update(word="closed")


def test_nobody_adds_to_a_ticket_that_they_do_not_present(world: World) -> None:
    sent(world)
    ticket = Ticket.objects.get()
    with as_public():
        realms.present_ticket(b"another-lookup-x")
        with pytest.raises(ProgrammingError, match="row-level security"), transaction.atomic():
            actions.add(ticket, at=world.now, words="Not mine")


def test_the_hub_reads_what_was_added_and_its_neighbour_does_not(world: World) -> None:
    opened = sent(world)
    with transaction.atomic(), inside(Realm.PUBLIC):
        found = actions.return_(opened.sent["reference"], opened.sent["phrase"], caller=b"x", at=world.now)
        assert found is not None
        ticket = actions.ticket_of(found)
        assert ticket is not None
        actions.add(ticket, at=world.now, words="More")
    for hub, seen in ((world.hub, 1), (world.far_hub, 0)):
        with transaction.atomic(), inside(Realm.HUB, orgs=[hub.pk]):
            assert Addition.objects.count() == seen


def test_an_agency_follows_its_own_referrals_and_no_neighbours(world: World) -> None:
    actions.refer(referred(), by=world.actor("referrer"), at=world.now, token=uuid4())
    for who, seen in ((world.partner, 1), (world.force, 0)):
        with transaction.atomic(), inside(Realm.REFERRER, orgs=[who.pk]):
            assert (Standing.objects.count(), Sent.objects.count()) == (seen, seen)


@pytest.mark.parametrize("address", ["/refer/", "/refer/yours/"])
@pytest.mark.parametrize(
    ("person", "status"),
    [("referrer", 200), ("officer", 200), ("triage_officer", 403), ("caseworker", 403), ("analyst", 403)],
)
def test_only_referrers_open_the_partners_pages(world: World, address: str, person: str, status: int) -> None:
    assert world.client(person).get(address).status_code == status


def test_a_neighbouring_agency_sees_an_empty_list(world: World) -> None:
    reference = actions.refer(referred(), by=world.actor("referrer"), at=world.now, token=uuid4())
    assert reference in world.client("referrer").get("/refer/yours/").content.decode()
    assert reference not in world.client("officer").get("/refer/yours/").content.decode()
    found = world.client("officer").get(f"/refer/yours/?reference={reference}").content.decode()
    assert "No referrals to show" in found
