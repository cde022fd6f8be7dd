"""A dangerous visit is said wherever it is planned, shown or printed: two go together. Nothing else of it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from alongside.core import clocks
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.others.tests.kept import SECRETS, case_of, kept
from tests.world import World

pytestmark = pytest.mark.django_db
SAID = "Two go together"


def test_a_dangerous_visit_is_said_to_everybody_who_may_go(world: World) -> None:
    case, at = case_of(world), timezone.now()
    kept(world, case, at)
    whose = {"case": case, "victim_id": case.victim_id, "provider_id": case.provider_id, "kind": "session",
             "kind_ref": "session@1", "planned_at": at, "worker": world.people["other_caseworker"].pk}  # fmt: skip
    visit, call = (
        Appointment.objects.create(place=place, starts_at=at, ends_at=at + timedelta(hours=1), **whose)
        for place in ("home", "remote")
    )
    client = world.client("other_caseworker")

    def page(where: str) -> str:
        return str(client.get(where, follow=True).content.decode())

    base = f"/casework/cases/{case.pk}/"
    shown = [page(f"/appointments/{visit.pk}/"), page("/appointments/"), page(base)]
    shown += [page(f"{base}appointments/"), page(f"{base}appointments/plan/")]
    day = clocks.london_date(at).isoformat()
    shown.append(client.post("/appointments/print/", {"day": day}).content.decode())
    for number, said in enumerate(shown):
        assert SAID in said, number
        assert not [word for word in SECRETS if word in said]
    assert SAID not in page(f"/appointments/{call.pk}/")
