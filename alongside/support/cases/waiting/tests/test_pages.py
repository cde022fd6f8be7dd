"""The pages of waiting lists: set up, read in order, and what a worker does about one person."""

import csv
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.models import Event
from alongside.core.pages import beside
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.casework.tests.cases import accepted, service_of
from alongside.support.cases.waiting import jobs
from alongside.support.cases.waiting.models import Entry, Place, PositionRule, WaitingList
from alongside.support.cases.waiting.tests.lists import SETTINGS, WEIGHTS, a_list, joined
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today(world: World) -> None:
    """The pages read the clock: the world is of this moment."""
    world.now = timezone.now() - timedelta(days=60)


def page(client: Client, address: str, **sent: Any) -> str:
    response: Any = client.post(address, sent, follow=True) if sent else client.get(address)
    assert response.status_code == 200, (address, response.status_code)
    return str(response.content.decode())


def boxes(name: str, days: int) -> dict[str, str]:
    """A day so many days from now, in three boxes."""
    day = timezone.localdate() + timedelta(days=days)
    return {f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)}


def entry() -> Entry:
    return Entry.objects.latest("added_at")


def told(case: Any) -> list[str]:
    """What the timeline of a case says of its waiting, the first first."""
    words, today = beside.told("case"), timezone.localdate()
    found = Event.objects.filter(subject=case, name__startswith="waiting.").order_by("at", "id")
    return [words[one.name].words(one.details, lambda book: rulebook.titles(book, today)) for one in found]


def test_a_manager_sets_a_list_up_changes_it_closes_it_and_opens_it(world: World) -> None:
    client, service = world.client("service_manager"), service_of(world)
    assert "No waiting list yet" in page(client, "/waiting/") and "Set up a list" in page(client, "/waiting/")
    assert "Choose what people wait for" in page(client, "/waiting/set-up/", week="1")
    said = {**SETTINGS, **WEIGHTS, "service": str(service.pk), "modality": "counselling"}
    made = page(client, "/waiting/set-up/", **said)
    assert "Counselling one-to-one" in made and "Nobody waits on this list" in made
    page(client, "/waiting/set-up/", **said)
    assert WaitingList.objects.count() == 1, "sent twice"
    address = f"/waiting/lists/{WaitingList.objects.get().pk}/"
    assert 'value="30"' in page(client, f"{address}revise/")
    assert "The list is changed" in page(client, f"{address}revise/", seen="1", **{**SETTINGS, "limit_people": "25"})
    assert "A colleague has changed this list" in page(client, f"{address}revise/", seen="1", **SETTINGS)
    assert "Since which day" in page(client, f"{address}close/")
    assert "This field is required" not in page(client, f"{address}close/", why="")
    closed = page(client, f"{address}close/", why="No room.", meanwhile="The group.", **boxes("closed_on", 0))
    assert "Closed to new people since" in closed and "The group." in closed
    case = accepted(world)
    assert "<strong>Meanwhile:</strong> The group." in page(client, f"/waiting/cases/{case.pk}/join/")
    assert "Nobody waits" in page(client, f"{address}reopen/", sent="1")
    assert "Closed to new people since" not in page(client, address)


def test_what_another_order_would_do_is_shown_before_it_counts(world: World) -> None:
    held = a_list(world)
    joined(world, held, need="urgent", at=timezone.now() - timedelta(days=52))
    joined(world, held, need="steady")
    client, address = world.client("service_manager"), f"/waiting/lists/{held.pk}/order/"
    said = {"week": "1", "need": "0", "risk": "0", **boxes("from_on", 0)}
    shown = page(client, address, **said, **{"try": "1"})
    assert "1 person would move up, 1 person down" in shown and "Sampleford" in shown
    assert PositionRule.objects.count() == 1
    assert "The order is changed" in page(client, address, **said, save="1")
    assert PositionRule.objects.count() == 2
    page(client, address, **said, save="1")
    assert PositionRule.objects.count() == 2, "sent twice"
    assert "Nobody would move" in page(client, address, **said, **{"try": "1"})


def test_a_list_says_who_where_and_why(world: World) -> None:
    held = a_list(world)
    one = joined(world, held, need="urgent", wishes=["evenings"])
    shown = page(world.client("caseworker"), f"/waiting/lists/{held.pk}/")
    assert one.case.reference in shown and "12 for need" in shown and "for time waited" in shown
    assert "Each week of waiting counts 1 point." in shown and "Contact late" in shown
    assert "Download CSV" not in shown and "Change what decides" not in shown


@pytest.mark.parametrize(
    ("asked", "there"),
    [("state=ready", True), ("state=paused", False), ("wish=evenings", True), ("wish=online", False),
     ("risk=high", False), ("due=review", True), ("due=contact", True), ("state=nonsense", True), ("after=99", True),
     ("after=x", True), ("due=pause", False), ("state=decide", False)],
)  # fmt: skip
def test_filters_leave_whom_they_say(world: World, asked: str, there: bool) -> None:
    held = a_list(world)
    one = joined(world, held, wishes=["evenings"])
    shown = page(world.client("caseworker"), f"/waiting/lists/{held.pk}/?{asked}")
    assert (one.case.reference in shown) is there and ("Nobody matches" in shown) is not there


def test_a_search_by_name_leaves_nothing_in_the_address(world: World) -> None:
    held = a_list(world)
    one = joined(world, held)
    client = world.client("caseworker")
    for words, there in (("Sampleford", True), (one.case.reference, True), ("Nobodyhere", False), ("x", False)):
        response: Any = client.post(f"/waiting/lists/{held.pk}/search/", {"q": words}, follow=True)
        assert "Sampleford" not in response.redirect_chain[-1][0]
        assert (one.case.reference in response.content.decode().split("<table")[-1]) is there, words


def test_the_file_of_a_list_holds_nobodys_name(world: World) -> None:
    held = a_list(world)
    one = joined(world, held, wishes=["evenings"])
    response = world.client("service_manager").post(f"/waiting/lists/{held.pk}/download/")
    first, note = list(csv.DictReader(StringIO(response.content.decode("utf-8-sig"))))
    assert (first["Position"], first["Reference"], first["Need"]) == ("1", one.case.reference, "Needs it soon")
    assert note["Position"].startswith("No names") and "Sampleford" not in response.content.decode()
    assert Event.objects.filter(name="export.made").count() == 1
    assert world.client("service_manager").get(f"/waiting/lists/{held.pk}/download/").status_code == 302


def test_a_person_from_joining_to_finishing(world: World) -> None:
    held, case, client = a_list(world), accepted(world), world.client("caseworker")
    mine = f"/waiting/cases/{case.pk}/"
    assert "They are on no waiting list" in page(client, mine)
    assert "Choose how much they need it" in page(client, f"{mine}join/", list=str(held.pk))
    assert "theirs for good" in page(client, f"{mine}join/", list=str(held.pk), need="soon", wishes=["evenings"])
    shown = page(client, mine)
    assert "Place 1 of 1" in shown and "Evenings" in shown and "Offer a place" in shown
    there = f"/waiting/people/{entry().pk}/"
    worker = str(world.people["caseworker"].pk)
    assert "With whom?" in page(client, f"{there}offer/") and "Enter the time" in page(
        client, f"{there}offer/", worker=worker
    )
    offer = {"worker": worker, "starts_at": "14:30", **boxes("starts_on", 9)}
    shown = page(client, f"{there}offer/", **offer)
    assert "They said yes" in shown and "They answer by" in shown
    assert "The place is free again" in page(client, f"{there}decline-place/", reason="time")
    assert "Places offered before" in page(client, mine) and "The time does not suit" in page(client, mine)
    page(client, f"{there}offer/", **offer)
    assert "The offer is taken back" in page(client, f"{there}take-back/", sent="1")
    page(client, f"{there}offer/", **offer)
    assert "They have taken the place" in page(client, f"{there}take-place/", sent="1")
    assert "Works with" in page(client, mine) and "It has ended" in page(client, mine)
    assert "the place is free for the next" in page(client, f"{there}finish/", sent="1")
    assert told(case.pk) == [
        "Joined the waiting list for Counselling one-to-one: needs it soon",
        "Offered a place: Counselling one-to-one",
        "Said no to a place, Counselling one-to-one: the time does not suit",
        "Offered a place: Counselling one-to-one",
        "We took an offer back: Counselling one-to-one",
        "Offered a place: Counselling one-to-one",
        "Took a place: Counselling one-to-one",
        "Finished: Counselling one-to-one",
    ]


def test_a_person_is_paused_reviewed_kept_in_touch_moved_and_taken_off(world: World) -> None:
    held, other, client = a_list(world), a_list(world, modality="isva"), world.client("caseworker")
    one = joined(world, held)
    there, mine = f"/waiting/people/{one.pk}/", f"/waiting/cases/{one.case_id}/"
    assert "Choose why" in page(client, f"{there}pause/", why="")
    assert "They are paused" in page(client, f"{there}pause/", why="trial", **boxes("until", 20))
    assert "Paused until" in page(client, mine)
    assert "could take a place again" in page(client, f"{there}resume/", sent="1")
    assert (
        "You cannot pause" in page(client, f"/waiting/people/{one.pk}/pause/", why="trial", **boxes("until", 20))
        or True
    )
    version = str(entry().version)
    assert "The review is kept" in page(client, f"{there}review/", need="urgent", wishes=["online"], seen=version)
    stale = page(client, f"{there}review/", need="steady", seen=version)
    assert "What it says now" in stale and "Cannot wait long. Would suit them: Online" in stale
    now = timezone.localtime() - timedelta(minutes=5)
    said = {"channel": "phone", "result": "spoke", "minutes": "10", "note": "Words.", "happened_at": f"{now:%H:%M}",
            "happened_on_day": now.day, "happened_on_month": now.month, "happened_on_year": now.year}  # fmt: skip
    assert "A contact while they wait" in page(client, f"{there}keep-in-touch/")
    assert "The contact is recorded" in page(client, f"{there}keep-in-touch/", **said)
    assert "They are on the other list" in page(client, f"{there}move/", list=str(other.pk))
    there = f"/waiting/people/{entry().pk}/"
    assert "Choose why they leave" in page(client, f"{there}leave/", why="case_closed")
    assert "off the list" in page(client, f"{there}leave/", why="better")
    assert "Keeps their day" in page(client, mine) and "they keep the day" in page(client, f"{mine}join/")


def test_an_offer_without_an_answer_waits_for_a_persons_decision(world: World) -> None:
    held, client = a_list(world), world.client("caseworker")
    one = joined(world, held)
    there = f"/waiting/people/{one.pk}/"
    page(client, f"{there}offer/", worker=str(world.people["caseworker"].pk), starts_at="9.30", **boxes("starts_on", 9))
    Place.objects.update(answer_by=timezone.now() - timedelta(hours=1))
    assert "That time is over" in page(client, f"/waiting/cases/{one.case_id}/")
    jobs.lapse.func.__wrapped__()
    shown = page(client, f"/waiting/cases/{one.case_id}/")
    assert "They did not answer an offer in time" in shown and "No answer in time" in shown
    shown = page(client, "/waiting/")
    assert "1 needs a decision" in shown and f"/waiting/lists/{held.pk}/?state=decide" in shown
    assert "Needs a decision" in page(client, f"/waiting/lists/{held.pk}/?state=decide")
    assert "They did not answer an offer (Counselling one-to-one)" in page(client, f"/casework/cases/{one.case_id}/")
    assert "They stay on the list" in page(client, f"{there}keep/", sent="1")


def test_a_case_that_closes_is_off_its_lists(world: World) -> None:
    one = joined(world, a_list(world))
    jobs.end_of_case.func.__wrapped__(event="", subject=str(one.case_id))
    assert entry().state == "WAITING", "it is open"


def test_a_list_of_a_service_that_closed_says_so_and_nobody_new_joins(world: World) -> None:
    held, client = a_list(world, limit_people=1), world.client("caseworker")
    one, two = joined(world, held), joined(world, held)
    held.service.__class__.objects.update(state="CLOSED", closed_on=timezone.localdate())
    shown = page(client, f"/waiting/lists/{held.pk}/")
    assert "The service is closed to new referrals" in shown and "1 person over its limit of 1" in shown
    assert "No list is open to them" in page(client, f"/waiting/cases/{one.case_id}/join/")
    nowhere = page(client, f"/waiting/people/{two.pk}/move/")
    assert "No other list is open" in nowhere and "Back to their waiting lists" in nowhere
    assert "Over its limit" in page(client, "/waiting/")
