"""Ways to make contact on a case's page: safe ones first, and none to dial that must never be used."""

from dataclasses import replace

import pytest
from django.urls import reverse

from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.arrivals.referrals.tests.arrivals import PHONE
from alongside.support.cases.casework.tests.cases import accepted
from tests.world import World

pytestmark = pytest.mark.django_db


def test_a_number_never_to_be_used_comes_last_and_does_not_open(world: World) -> None:
    never, other = replace(PHONE, value="07700 900666", safe="no"), replace(PHONE, value="07700 900321", safe_times="")
    case, client = accepted(world, points=(never, PHONE, other)), world.client("caseworker")
    page = client.get(reverse("casework:contacts", args=[case.pk])).content.decode()
    ways = page.split("Ways to make contact")[1]
    assert max(ways.index("•••• 123"), ways.index("•••• 321")) < ways.index("<s>•••• 666</s> Do not use.")
    assert ways.count("Show the number") == 2
    assert 'app-safe__label">Also' in page
    found = ContactPoint.objects.get(person_id=case.victim_id, safe="no")
    answer = client.post(reverse("casework:reveal", args=[case.pk]), {"point": str(found.pk)})
    assert answer.status_code == 404
