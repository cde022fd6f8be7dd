"""The hub's queue: its order, searches, views and pages, as an officer's browser gets them."""

import re
from datetime import timedelta
from html import unescape
from urllib.parse import unquote, unquote_plus

import pytest
from django.test import Client
from django.urls import reverse

from alongside.core.models import Look
from alongside.core.pages import searches
from alongside.support.arrivals.referrals import actions, attempts
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import added, at_work, offered, received
from alongside.support.people.victims.actions import Identity
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def listed(client: Client, address: str = "/referrals/", **asked: str) -> list[str]:
    """The references on a page of the queue, in order."""
    return re.findall(r"AL-[0-9A-Z]{4}-[0-9A-Z]{4}", client.get(address, asked).content.decode())


def sought(client: Client, words: str, **asked: str) -> tuple[str, str]:
    """Where the search box leads, and the page there."""
    response = client.post("/referrals/search/", {"q": words, **asked}, follow=True)
    return response.redirect_chain[-1][0], response.content.decode()


def references(page: str) -> list[str]:
    return re.findall(r"AL-[0-9A-Z]{4}-[0-9A-Z]{4}", page)


def turn(client: Client, address: str, rel: str) -> str:
    """The address of the page before or after."""
    link = re.search(f'href="([^"]+)" rel="{rel}"', client.get(address).content.decode())
    assert link
    return "/referrals/" + unescape(link[1])


def test_the_queue_shows_what_an_officer_needs_at_a_glance(world: World, officer: Client) -> None:
    referral = received(world, high_risk=True, repeat="yes")
    page = text(officer, "/referrals/")
    for words in ("Ms Testina Sampleford", referral.reference, "Burglary", "Birmingham", "Partner agency", "High risk",
                  "Repeat victim", "On duty, not taken", "To do (1)", "Late"):  # fmt: skip
        assert words in page


def test_what_was_returned_is_at_the_top_of_the_queue(world: World, officer: Client) -> None:
    offer = offered(world)
    received(world, source_ref="TEST-2", at=world.now + timedelta(hours=3))
    with at_work(world, "caseworker") as caseworker:
        actions.decline(offer, by=caseworker, at=world.now, reason="no_capacity")
    assert listed(officer)[0] == Referral.objects.get(pk=offer.referral_id).reference
    assert len(listed(officer)) == 2
    assert len(listed(officer, view="returned")) == 1


@pytest.mark.parametrize("words", ["sample", "SAMPLEFORD", "  Sampleford Test", "sampléford"])
def test_a_family_name_is_found_by_its_beginning(world: World, officer: Client, words: str) -> None:
    received(world)
    received(world, source_ref="TEST-2", identity=Identity(given_name="Testo", family_name="Other"))
    address, page = sought(officer, words)
    assert len(references(page)) == 1
    assert words.strip().split()[0] not in unquote(address), "no name in an address"
    assert re.search(f'value="{re.escape(words.strip())}"', page), "the box still says what was sought"


def test_a_search_by_name_goes_on_while_the_list_is_turned_and_ends_with_the_session(
    world: World, officer: Client
) -> None:
    for number in range(51):
        received(world, source_ref=f"TEST-{number}")
    address, page = sought(officer, "sample", source="partner")
    later = turn(officer, address, "next")
    assert len(listed(officer, later)) == 1
    assert len(listed(officer, turn(officer, later, "prev"))) == 50
    for link in re.findall(r'href="([^"]*)"', page):
        assert "sample" not in link.lower()
    elsewhere = world.client("hub_manager")
    assert searches.AGAIN in text(elsewhere, address)
    officer.post(reverse("account_logout"))
    assert officer.get(address)["Location"].startswith("/sign-in/?next=")
    assert "sample" not in officer.get(f"{address}&q=sample")["Location"]


def test_a_search_that_is_opened_by_its_address_leads_to_the_queue(officer: Client) -> None:
    assert officer.get("/referrals/search/")["Location"] == "/referrals/"


def test_nobody_but_the_hub_searches_its_queue(world: World) -> None:
    assert world.client("caseworker").post("/referrals/search/", {"q": "sample"}).status_code == 403


@pytest.mark.parametrize("words", ["ampleford", "testina", "%", "_ampleford", "AL-7777-7777"])
def test_what_no_name_begins_with_finds_nobody(world: World, officer: Client, words: str) -> None:
    received(world)
    _, page = sought(officer, words)
    assert references(page) == [words] * words.startswith("AL-")
    assert "Nobody found" in page


def test_a_reference_is_found_whatever_became_of_it(world: World, officer: Client) -> None:
    offer = offered(world)
    reference = Referral.objects.get(pk=offer.referral_id).reference
    assert listed(officer) == listed(officer, view="late") == []
    written = reference.lower().replace("-", " ")
    assert listed(officer, view="late", q=written) == [reference]
    address, page = sought(officer, written, view="late")
    assert references(page) == [reference]
    assert written in unquote_plus(address)


@pytest.mark.parametrize(
    ("asked", "found"),
    [({"crime": "burglary"}, 1), ({"crime": "fraud_cyber"}, 0), ({"council": "E08000025"}, 1),
     ({"council": "E08000031"}, 0), ({"source": "partner"}, 1), ({"source": "self"}, 0), ({"flag": "high_risk"}, 0),
     ({"flag": "online"}, 1), ({"view": "late"}, 1), ({"view": "mine"}, 0), ({"view": "not_taken"}, 1),
     ({"view": "closed"}, 0), ({"view": "all"}, 1), ({"crime": "nonsense"}, 1), ({"view": "nonsense"}, 1)],
)  # fmt: skip
def test_the_queue_is_narrowed_by_view_and_filter(
    world: World, officer: Client, asked: dict[str, str], found: int
) -> None:
    received(world, markers=("online",))
    assert len(listed(officer, **asked)) == found


def test_a_long_queue_is_paged_without_losing_or_repeating_anyone(world: World, officer: Client) -> None:
    for number in range(53):
        received(world, source_ref=f"TEST-{number}", points=(), at=world.now + timedelta(minutes=number // 3))
    first = listed(officer)
    second = turn(officer, "/referrals/", "next")
    assert (len(first), len(listed(officer, second))) == (50, 3)
    assert len({*first, *listed(officer, second)}) == 53
    assert listed(officer, turn(officer, second, "prev")) == first
    assert listed(officer, sort="received")[0] == listed(officer, second)[-1]


def test_every_name_on_the_queue_is_a_look_on_record(world: World, officer: Client) -> None:
    referral = received(world)
    officer.get("/referrals/")
    look = Look.objects.get(route="triage:queue")
    assert {referral.pk, referral.victim_id} <= set(look.subjects)


def test_what_a_victim_added_comes_after_high_risk_and_before_the_rest_until_it_is_read(
    world: World, officer: Client
) -> None:
    made = [received(world, source_ref=f"TEST-{number}", high_risk=number == 0) for number in range(3)]
    news = [added(made[1], at=world.now)]
    news.append(added(made[1], at=world.now, ticket=news[0].ticket))
    order = [referral.reference for referral in made]
    assert listed(officer) == [order[0], order[1], order[2]]
    for one in news:
        assert listed(officer, view="added") == [order[1]]
        with at_work(world, "triage_officer") as by:
            attempts.deal_with(one, by=by, at=world.now)
    assert listed(officer) == [order[0], order[2], order[1]]
    assert listed(officer, view="added") == []


def test_what_a_victim_added_is_unread_whoever_wrote_it_and_gone_when_it_is_erased(world: World) -> None:
    referral = received(world)
    news = added(referral, at=world.now)
    assert Referral.objects.get().unread
    news.delete()
    assert not Referral.objects.get().unread


def test_what_a_provider_has_is_to_do_again_while_its_victims_words_are_unread(world: World, officer: Client) -> None:
    offer = offered(world)
    with at_work(world, "caseworker") as caseworker:
        actions.accept(offer, by=caseworker, at=world.now)
    assert listed(officer) == []
    added(Referral.objects.get(), at=world.now)
    assert len(listed(officer)) == 1


@pytest.mark.parametrize("typed", ["HOU/2026-17", " hou/2026-17 "])
def test_a_referral_is_found_by_its_sources_own_reference_which_stays_out_of_the_address(
    world: World, officer: Client, typed: str
) -> None:
    referral = received(world, source_ref="HOU/2026-17")
    received(world, source_ref="HOU/2026-18")
    address, page = sought(officer, typed)
    assert references(page) == [referral.reference]
    assert "HOU" not in unquote(address).upper()
