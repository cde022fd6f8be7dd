"""The hub's pages of one referral, as an officer's browser gets them."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alongside.core.ids import uuid7
from alongside.core.models import Look
from alongside.core.privacy import fields
from alongside.support.arrivals.referrals import actions, attempts, jobs, presenters
from alongside.support.arrivals.referrals.models import Addition, Attempt, Offer, Referral, Ticket
from alongside.support.arrivals.referrals.tests.arrivals import PHONE, at_work, received, service, taken, this_minute
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


def revealed(client: Client, referral: Referral) -> str:
    """The page that a press on "Show numbers" opens."""
    response = client.post(f"/referrals/{referral.pk}/reveal/", follow=True)
    assert (response.status_code, len(response.redirect_chain)) == (200, 1)
    return response.content.decode()


def test_triage_shows_everything_known_and_what_may_be_done(world: World, officer: Client) -> None:
    other = received(world, source_ref="TEST-9")
    referral = received(world, vulnerable="yes")
    service(world)
    jobs.describe(event="", subject=str(other.pk))
    page = text(officer, f"/referrals/{referral.pk}/")
    for words in ("Ms Testina Sampleford", "1 January 1990 (36)", "Large print", "PC Sample", "Testshire Housing",
                  "Testina is staying with a friend.", "Take this referral", "On duty today", "Perhaps the same person",
                  "The same telephone number", "Nothing has been recorded yet"):  # fmt: skip
        assert words in page, words
    assert "07700 900123" not in page
    assert other.victim_id in Look.objects.get(route="referrals:show").subjects


def test_a_number_is_opened_on_purpose_and_the_look_says_so(world: World, officer: Client) -> None:
    referral = received(world)
    page = revealed(officer, referral)
    for words in ("07700 900123", "Say you are the library", "10am to midday", "Safe to use", "Not yet"):
        assert words in page
    looks = Look.objects.filter(route="referrals:reveal", subjects__contains=[referral.victim_id])
    assert looks.get().fields == "instructions phone"
    again = text(officer, f"/referrals/{referral.pk}/reveal/")
    assert "07700 900123" not in again and "library" not in again and "Show them again" in again
    assert sorted(looks.values_list("fields", flat=True)) == ["instructions phone", "name"]
    other = received(world, source_ref="TEST-3")
    officer.post(f"/referrals/{referral.pk}/reveal/")
    assert "07700 900123" not in text(officer, f"/referrals/{other.pk}/reveal/"), "a press opens one record"
    nobody = received(world, points=(), source_ref="TEST-2")
    assert "No way to reach them is known" in revealed(officer, nobody)


def test_triage_shows_who_may_be_the_same_person_and_where_to_compare(world: World, officer: Client) -> None:
    referral, other = received(world), received(world)
    page = officer.get(f"/referrals/{referral.pk}/").content.decode()
    assert f"/matching/{referral.victim_id}/with/{other.victim_id}/" in page
    assert "Compare records" in page


def test_a_referral_is_taken_and_shows_who_has_it(world: World, officer: Client) -> None:
    referral = received(world)
    service(world)
    page = officer.post(f"/referrals/{referral.pk}/take/", follow=True).content.decode()
    assert "You are now this person’s single point of contact." in page
    assert "Testa Triage Officer (you)" in page
    assert "Sample Support" in page
    colleague = world.client("other_triage_officer")
    assert "Somebody else has taken" in colleague.post(f"/referrals/{referral.pk}/take/", follow=True).content.decode()
    colleague.post(f"/referrals/{referral.pk}/take-over/")
    assert "Testa Other Triage Officer" in text(officer, f"/referrals/{referral.pk}/")


@pytest.mark.parametrize("verb", ["take", "take-over"])
def test_a_button_is_pressed_and_never_followed(world: World, officer: Client, verb: str) -> None:
    assert officer.get(f"/referrals/{received(world).pk}/{verb}/").status_code == 405


def test_an_attempt_is_recorded_and_a_faulty_one_is_kept_on_the_page(world: World, officer: Client) -> None:
    address = f"/referrals/{taken(world).pk}/record-attempt/"
    refused = officer.post(address, {"channel": "phone", "note": "Rang twice"})
    assert b"Rang twice" in refused.content
    assert b"What came of it?" in refused.content
    assert not Attempt.objects.exists()
    page = officer.post(
        address, {"channel": "phone", "result": "spoke", "note": "Rang twice", **this_minute()}, follow=True
    )
    assert b"Spoke with the victim" in page.content
    assert b"Rang twice" in page.content


def test_a_referral_is_sent_and_called_back_with_what_was_seen(world: World, officer: Client) -> None:
    referral, sent_to = taken(world), service(world)
    address = f"/referrals/{referral.pk}/offer/"
    assert b"Choose a service" in officer.post(address, {"agreed": "yes"}).content
    assert b"They said no" in officer.post(address, {"service": str(sent_to.pk), "agreed": "no"}).content
    page = officer.post(address, {"service": str(sent_to.pk), "agreed": "yes"}, follow=True).content.decode()
    assert "Not opened by the service" in page
    offer = Offer.objects.get()
    assert b"has not opened it yet" in officer.get(f"/referrals/offers/{offer.pk}/call-back/").content
    back = officer.post(f"/referrals/offers/{offer.pk}/call-back/", {"reason": "wrong_service"}, follow=True).content
    assert b"Called back" in back
    assert b"Sent to the wrong service" in back


def test_any_open_service_may_be_chosen(world: World, officer: Client) -> None:
    referral = taken(world)
    narrow = service(world, "neighbour", name="Sample Narrow Support", crime_types=["fraud_cyber"])
    officer.post(f"/referrals/{referral.pk}/offer/", {"other": str(narrow.pk), "agreed": "not_asked"})
    assert Offer.objects.get().reasons == ["Chosen by the officer"]


def test_a_referral_is_closed_with_words_to_come_back(world: World, officer: Client) -> None:
    referral = taken(world)
    address = f"/referrals/{referral.pk}/close/"
    page = text(officer, address)
    assert "You do not have to decide anything today." in page
    assert "{phone}" not in page
    assert officer.post(address, {}).content.count(b"Answer: ") >= 2
    early = officer.post(address, {"reason": "not_reached", "information_left": "no"})
    assert b"Try on at least 3 different days" in early.content
    done = officer.post(address, {"reason": "victim_declined", "information_left": "yes"}, follow=True)
    assert b"The referral is closed." in done.content
    referral.refresh_from_db()
    assert (referral.state, referral.information_left) == ("CLOSED", True)
    assert "Take this referral" not in text(officer, f"/referrals/{referral.pk}/")


def test_a_child_and_a_business_are_left_with_words_of_their_own(world: World, officer: Client) -> None:
    young = Identity(given_name="Testy", birth_date=world.now.date() - timedelta(days=5000))
    trading = Identity(kind="business", business_name="Sample Shop Ltd")
    child, shop = taken(world, identity=young), taken(world, identity=trading, source_ref="TEST-5")
    assert "None of this is your fault" in text(officer, f"/referrals/{child.pk}/close/")
    assert "advice later" in text(officer, f"/referrals/{shop.pk}/close/")
    assert "Sample Shop Ltd" in text(officer, "/referrals/?view=all")


def test_what_a_victim_added_is_shown_and_dealt_with(world: World, officer: Client) -> None:
    referral, other = taken(world), taken(world, source_ref="TEST-6")
    ticket = Ticket.objects.create(
        id=uuid7(), referral=referral, hub_id=world.hub.pk, victim_id=referral.victim_id, lookup=b"1" * 16,
        word="received", since=world.now,
    )  # fmt: skip
    added = Addition(id=uuid7(), ticket=ticket, victim_id=ticket.victim_id, kind="withdraw", added_at=world.now)
    fields.write(added, words="Please do not ring me")
    added.save(force_insert=True)
    assert "Asked us to stop" in text(officer, "/referrals/")
    page = text(officer, f"/referrals/{referral.pk}/")
    assert "Asked us to stop" in page
    assert "Please do not ring me" in page
    assert officer.post(f"/referrals/{other.pk}/additions/{added.pk}/deal-with/").status_code == 404
    page = officer.post(f"/referrals/{referral.pk}/additions/{added.pk}/deal-with/", follow=True).content.decode()
    assert "Mark as dealt with" not in page
    assert "Asked us to stop" not in text(officer, "/referrals/")
    assert presenters.news("words")[0]["word"] == "New from the victim"


def test_a_hidden_crime_without_a_safe_way_says_not_to_call(world: World, officer: Client) -> None:
    unsure = (replace(PHONE, safe="unknown"),)
    hidden = received(world, crime_type="domestic_abuse", points=unsure)
    marked = received(world, markers=("hate_race",), points=unsure, source_ref="TEST-7")
    plain = received(world, points=unsure, source_ref="TEST-8", identity=Identity(given_name="Testo"))
    for referral in (hidden, marked):
        assert "Do not contact" in text(officer, f"/referrals/{referral.pk}/")
    assert plain.reference in text(officer, f"/referrals/{plain.pk}/")


def test_an_unreported_crime_says_why_where_it_was_said(world: World, officer: Client) -> None:
    left = {"source": "self", "source_organisation": None, "source_ref": "", "reported": False, "reported_at": None}
    referral = received(world, **left, why_not_reported="reprisal", consent="unknown")
    page = text(officer, f"/referrals/{referral.pk}/")
    for words in ("No. I am afraid of what they would do", "Self-referral", "Not known", "Not reported to police"):
        assert words in page


def test_the_same_reference_of_the_same_source_is_shown_as_a_reason(world: World, officer: Client) -> None:
    received(world, identity=Identity(given_name="Testo", family_name="Othername"), points=())
    referral = received(world, points=())
    page = text(officer, f"/referrals/{referral.pk}/")
    assert "Testo Othername" in page
    assert "Same reference from the same source" in page


@pytest.mark.parametrize(("days", "words"), [(1, "Done in time"), (9, "Done late")])
def test_a_police_report_shows_whether_it_was_referred_in_time(
    world: World, officer: Client, days: int, words: str
) -> None:
    reported = world.now - timedelta(days=days)
    referral = received(world, source="police_feed", source_organisation=world.force.pk, reported_at=reported)
    page = text(officer, f"/referrals/{referral.pk}/")
    assert "Referred to us" in page
    assert words in page
    assert "Referred to us" not in text(officer, f"/referrals/{received(world).pk}/")


def test_late_work_is_marked_late_when_it_is_done(world: World, officer: Client) -> None:
    referral = taken(world)
    with at_work(world, "triage_officer") as person:
        at = world.now + timedelta(days=9)
        attempts.record_attempt(referral, by=person, at=at, channel="letter", result="letter_sent")
    assert "Done late" in text(officer, f"/referrals/{referral.pk}/")


def test_notes_keep_their_line_breaks_and_nothing_in_them_is_markup(world: World, officer: Client) -> None:
    referral = received(world, notes="First line.\n<b>Second</b> line.")
    page = text(officer, f"/referrals/{referral.pk}/")
    assert 'app-written">First line.\n&lt;b&gt;Second&lt;/b&gt; line.<' in page


@pytest.mark.parametrize(
    ("source", "words"),
    [("partner", "Ask PC Sample, Testshire Housing how this person can safely be reached"), ("self", "four words")],
)
def test_while_no_safe_way_is_known_the_page_says_whom_to_ask_and_what_may_be_done(
    world: World, officer: Client, source: str, words: str
) -> None:
    referral = received(world, source=source, points=(replace(PHONE, safe="no"),))
    with at_work(world, "triage_officer") as by:
        actions.take(referral, by=by, at=world.now)
    page = text(officer, f"/referrals/{referral.pk}/")
    for said in (words, "use none of the numbers", "you can still assess needs", "add a safe way"):
        assert said in page
    assert re.search(r'class="govuk-button" href="[^"]+/assess/"', page), "what may be done is the loud button"


def test_triage_leads_to_everything_on_the_persons_record(world: World, officer: Client) -> None:
    referral = received(world)
    record = f"/victims/{referral.victim_id}/?from={referral.pk}"
    assert f'href="{record}">Everything on their record' in text(officer, f"/referrals/{referral.pk}/")
    for address in (record, f"/victims/{referral.victim_id}/"):
        assert f'href="/referrals/{referral.pk}/">Back to the referral' in text(officer, address)
    other = received(world, source_ref="TEST-2")
    assert ">Queue</a>" in text(officer, f"/victims/{other.victim_id}/?from=javascript")


@pytest.mark.parametrize(("crime", "words"), [("domestic_abuse", "do not use"), ("burglary", "Not known<")])
def test_opened_ways_say_that_not_known_is_not_safe_in_a_hidden_crime(
    world: World, officer: Client, crime: str, words: str
) -> None:
    referral = received(world, crime_type=crime, points=(replace(PHONE, safe="unknown"),))
    assert words in re.sub(r"\s*<", "<", revealed(officer, referral))


def test_the_page_of_a_referral_asks_once_who_may_be_the_same_person(world: World) -> None:
    first, second = received(world), received(world, source_ref="TEST-again")
    assert first.victim_id != second.victim_id
    officer = world.client("triage_officer")
    officer.get("/home/")
    with CaptureQueriesContext(connection) as asked:
        assert officer.get(f"/referrals/{second.pk}/").status_code == 200
    assert sum("matching_around" in one["sql"] for one in asked) == 1
