"""Two providers support one person: neither learns of the other from any page, whatever the hub knows and links."""

import re

import pytest
from django.test import Client

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.support.casework.models import Case
from alongside.support.casework.tests.cases import accepted
from alongside.support.matching import actions as matching
from alongside.support.victims.models import SamePerson
from tests.world import World

pytestmark = pytest.mark.django_db
# What differs from one answer to the next by itself: the form's token, and the nonce of the page's policy.
_OF_THE_MOMENT = re.compile(r'(name="csrfmiddlewaretoken" value="|nonce="|content=")[^"]+"')


def pages(client: Client, case: Case) -> dict[str, str]:
    """Every page on which a provider reads of its case, as its people see it."""
    here = f"/casework/cases/{case.pk}/"
    addresses = [
        "/home/", "/casework/offers/", "/casework/cases/?whose=", here, f"{here}contacts/", f"{here}plan/",
        f"{here}notes/", f"{here}outcomes/", f"{here}looks/", f"/victims/{case.victim_id}/",
        "/victims/messages/", "/own-figures/", f"/matching/{case.victim_id}/", "/matching/",
    ]  # fmt: skip
    answers = {address: client.get(address) for address in addresses}
    return {
        address: f"{answer.status_code} {_OF_THE_MOMENT.sub('', answer.content.decode())}"
        for address, answer in answers.items()
    }


def test_a_link_between_two_records_changes_no_page_of_either_provider(world: World) -> None:
    ours, theirs = accepted(world), accepted(world, "neighbour_caseworker")
    clients = [(world.client("service_manager"), ours), (world.client("neighbour_manager"), theirs)]
    for client, case in clients:
        pages(client, case)  # the first look at a page is on the list of looks from then on
    before = [pages(client, case) for client, case in clients]
    assert all(any("Sampleford" in page for page in shown.values()) for shown in before)
    matching.describe_new(by=SYSTEM_ACTOR, at=world.now, whole=True)
    officer = world.actor("triage_officer")
    matching.judge(ours.victim, theirs.victim, by=officer, at=world.now, judgement="same")
    assert SamePerson.objects.filter(ended_at=None).count() == 1
    after = [pages(client, case) for client, case in clients]
    for one, other in zip(before, after, strict=True):
        assert {address for address in one if one[address] != other[address]} <= {f"/casework/cases/{ours.pk}/looks/"}


@pytest.mark.parametrize("person", ["caseworker", "service_manager"])
def test_a_provider_finds_the_others_record_by_no_search(world: World, person: str) -> None:
    ours, theirs = accepted(world), accepted(world, "neighbour_caseworker")
    client = world.client(person)
    for typed in ("Sampleford", theirs.reference, str(theirs.pk)):
        shown = client.post("/casework/cases/search/", {"q": typed, "whose": ""}, follow=True).content.decode()
        said = shown.replace(f'value="{typed}"', "")
        assert str(theirs.pk) not in said
        assert theirs.reference not in said
    asked = {"q": ours.reference, "whose": ""}
    assert str(ours.pk) in client.post("/casework/cases/search/", asked, follow=True).content.decode()
