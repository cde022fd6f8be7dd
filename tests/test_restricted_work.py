"""What is planned with somebody whose record is restricted: in no calendar and no group but of who is named."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.appointments.tests.planned import DAY, at_ten, planned
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.groups.models import Mark, Member
from alongside.support.cases.groups.tests.gathered import case_of, gathered, joined, met
from alongside.support.keeping.restricted.tests.sealed import restricted
from tests.world import World

pytestmark = pytest.mark.django_db


def text(client: Client, address: str, **query: str) -> str:
    answer = client.get(address, query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_restricted_case_is_in_no_calendar_of_who_is_not_named(world: World) -> None:
    one = planned(world)
    week = {"day": DAY.isoformat()}
    restricted(world, "caseworker", case=Case.objects.get(), by="service_manager")
    reference = one.case.reference
    assert reference in text(world.client("caseworker"), reverse("appointments:calendar"), **week)
    other = world.client("other_caseworker")
    assert reference not in text(other, reverse("appointments:calendar"), **week)
    assert other.get(reverse("appointments:show", args=[one.pk])).status_code == 404
    with transaction.atomic(), inside(world, "other_caseworker"):
        assert Appointment.objects.count() == 0


def test_of_a_restricted_record_others_see_that_one_place_is_taken(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    group = gathered(world)
    sealed, plain = case_of(world, 0), case_of(world, 1)
    for case in (sealed, plain):
        joined(world, group, case)
    meeting = met(world, group)
    restricted(world, "caseworker", case=sealed, by="service_manager")
    leader, other = world.client("caseworker"), world.client("other_caseworker")
    for page in (
        text(other, reverse("groups:show", args=[group.pk])),
        text(other, reverse("groups:register", args=[meeting.pk])),
    ):
        assert "One place is taken." in page and "Callista" not in page and "Ringo Testerley" in page
    assert "Callista" in text(leader, reverse("groups:show", args=[group.pk]))
    paper = other.post(reverse("groups:print_register", args=[meeting.pk])).content.decode()
    assert "C.S." not in paper and "R.T." in paper
    monkeypatch.setattr("alongside.support.cases.groups.views.timezone.now", lambda: at_ten(hour=11, minute=45))
    marks = {f"mark_{one.pk.hex}": "came" for one in Member.objects.all()}
    other.post(reverse("groups:register", args=[meeting.pk]), {"seen": "1", "minutes": "90", **marks})
    assert [mark.case_id for mark in Mark.objects.all()] == [plain.pk]
