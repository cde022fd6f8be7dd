"""The public's pages, step by step, in a browser without JavaScript."""

import pytest
from django.test import Client

from alongside.support.intake.tests.visitors import fill, visitor
from alongside.support.referrals.models import Referral, Ticket
from tests.world import World

pytestmark = pytest.mark.django_db


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, (address, response.status_code, response.headers.get("Location"))
    return response.content.decode()


def test_a_visitor_goes_through_every_question_and_sends_once(world: World) -> None:
    client = visitor()
    assert fill(client) == "/support/check/"
    words = page(client, "/support/check/")
    for said in ("Testina; Sampleford", "Birmingham", "07700 900123", "It is worse at weekends."):
        assert said in words
    assert "B1 1AA" not in words
    for _ in range(2):
        assert client.post("/support/check/").headers["Location"] == "/support/kept/"
    referral = Referral.objects.get()
    assert (referral.source, referral.crime_type, referral.reported) == ("self", "domestic_abuse", False)
    assert Ticket.objects.get().referral == referral
    assert referral.reference in page(client, "/support/kept/")
