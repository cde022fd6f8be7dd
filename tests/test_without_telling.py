"""Two providers support one person, or a record is restricted: nobody learns of what is not theirs, from any page."""

import re

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import inside
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import received
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.keeping.restricted.tests.sealed import restricted
from alongside.support.people.matching import actions as matching
from alongside.support.people.matching.models import Pair, Profile
from alongside.support.people.victims.models import SamePerson
from tests.world import World

pytestmark = pytest.mark.django_db
VIEWS = ("to_do", "mine", "late", "returned", "offered", "all")
ABSENT = "AL-HG3C-7FPK"
LOOKS = "/casework/cases/{}/looks/"
# What differs from one answer to the next by itself: the form's token, the nonce of the page's policy, the time of day.
_OF_THE_MOMENT = re.compile(
    r'(?:name="csrfmiddlewaretoken" value="|nonce="|content=")[^"]+"|\b\d{1,2}:\d\d(?:am|pm)?\b'
)


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
        changed = {address for address in one if one[address] != other[address]}
        assert [address for address in changed if not address.endswith("/looks/")] == []


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


def outsiders_pages(client: Client, referral: Referral, sealed: str) -> dict[str, tuple[str, int]]:
    """Every page on which an officer of the hub could meet a record, with how many questions each asked."""
    addresses = [
        "/home/", *(f"/referrals/?view={view}" for view in VIEWS), f"/referrals/{referral.pk}/",
        f"/victims/{referral.victim_id}/", f"/matching/{referral.victim_id}/", "/matching/", "/casework/cases/?whose=",
        "/victims/messages/", f"/referrals/?q={sealed}", f"/casework/cases/?whose=&q={sealed}", "/restricted/opened/",
    ]  # fmt: skip
    found = {address.replace(sealed, "…"): asked(client, address, sealed) for address in addresses}
    for words in ("Sampleford", sealed):
        found[f"search {words == sealed}"] = searched(client, words)
    return found


def asked(client: Client, address: str, sealed: str) -> tuple[str, int]:
    with CaptureQueriesContext(connection) as questions:
        answer = client.get(address)
    page = _OF_THE_MOMENT.sub("", answer.content.decode()).replace(sealed, "…")
    return f"{answer.status_code} {page}", len(questions)


def searched(client: Client, words: str) -> tuple[str, int]:
    with CaptureQueriesContext(connection) as questions:
        answer = client.post("/referrals/search/", {"q": words, "view": "all"}, follow=True)
    rows = re.findall(r"AL-[A-Z0-9]{4}-[A-Z0-9]{4}", answer.content.decode())
    return f"{answer.status_code} {sorted(set(rows) - {words})}", len(questions)


def sealed_beside(world: World) -> Referral:
    """Another arrival of the same person, restricted by its marker: same name, birth date and telephone."""
    referral = received(world, source_ref="sealed", markers=("staff",))
    matching.describe_new(by=SYSTEM_ACTOR, at=world.now, whole=True)
    return referral


def test_a_restricted_record_changes_nothing_for_an_officer_who_is_not_named(world: World) -> None:
    """The same pages, word for word and question for question, as if there were no such record."""
    plain, client = received(world), world.client("other_triage_officer")
    matching.describe_new(by=SYSTEM_ACTOR, at=world.now, whole=True)
    outsiders_pages(client, plain, ABSENT)  # what a first look changes, it changes here
    before = outsiders_pages(client, plain, ABSENT)
    sealed = sealed_beside(world)
    after = outsiders_pages(client, plain, sealed.reference)
    assert {address for address in before if before[address] != after[address]} == set()
    with_named = world.client("hub_manager").get("/referrals/?view=all").content.decode()
    assert sealed.reference in with_named


def test_the_two_are_told_to_be_alike_to_those_who_may_open_both_alone(world: World) -> None:
    plain = received(world)
    sealed = sealed_beside(world)
    for person, told in (("hub_manager", True), ("other_triage_officer", False)):
        page = world.client(person).get(f"/matching/{plain.victim_id}/").content.decode()
        assert (str(sealed.victim_id) in page) is told, person
    officer, manager = world.client("other_triage_officer"), world.client("hub_manager")
    where = f"/matching/{plain.victim_id}/with/{sealed.victim_id}/"
    assert officer.get(where).status_code == 404
    assert manager.get(where).status_code == 200
    matching.judge(plain.victim, sealed.victim, by=world.actor("hub_manager"), at=world.now, judgement="same")
    for person, rows in (("hub_manager", 1), ("other_triage_officer", 0)):
        by = world.actor(person)
        with transaction.atomic(), inside(by.realm, orgs=by.orgs, user=by.user_id):
            assert (SamePerson.objects.count(), Pair.objects.count()) == (rows, rows), person
            assert Profile.objects.filter(pk=sealed.victim_id).count() == rows


def test_no_download_and_no_door_by_reference_tells_of_it(world: World) -> None:
    case = accepted(world)
    client = world.client("other_caseworker")
    sealed = restricted(world, case=case)
    answer = client.post("/casework/cases/download/", {"format": "csv"}, follow=True)
    assert sealed.reference.encode() not in answer.content
    door = {"reason": "life_in_danger", "words": "x"}
    manager = world.client("neighbour_manager")
    answers = [
        _OF_THE_MOMENT.sub("", manager.post("/restricted/open/", {**door, "reference": typed}).content.decode())
        .replace(typed, "…") for typed in (sealed.reference, ABSENT)
    ]  # fmt: skip
    assert answers[0] == answers[1]


def test_two_providers_of_one_person_learn_nothing_when_the_other_record_is_restricted(world: World) -> None:
    ours, theirs = accepted(world), accepted(world, "neighbour_caseworker")
    client = world.client("service_manager")
    pages(client, ours)
    before = pages(client, ours)
    restricted(world, case=theirs)
    after = pages(client, ours)
    assert [address for address in before if before[address] != after[address]] in ([], [LOOKS.format(ours.pk)])
