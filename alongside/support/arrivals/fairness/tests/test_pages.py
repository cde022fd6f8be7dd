"""The fairness report counts offers by one thing at a time, tells nothing of a few, and leaves as a file."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.ids import uuid7
from alongside.core.models import Event
from alongside.support.arrivals.fairness import queries, rules
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Offer
from alongside.support.arrivals.referrals.tests.arrivals import TESTINA, at_work, received, service
from alongside.support.arrivals.routing import actions as routing
from alongside.support.arrivals.routing.tests.lists import live, suggest, working
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def manager(world: World) -> Client:
    return world.client("hub_manager")


def sent(world: World, to: Any, number: int, *, at: Any = None, against: str = "", **changes: Any) -> Offer:
    """An offer of some days ago."""
    moment = at or timezone.now() - 3 * DAY
    referral = received(world, source_ref=f"TEST-{uuid7()}-{number}", at=moment, **changes)
    with working():
        routing.decide([referral.pk], by=SYSTEM_ACTOR, at=moment)
    with at_work(world, "triage_officer") as officer:
        referrals.take(referral, by=officer, at=moment)
        return routing.offer(referral, by=officer, at=moment, service=to, reasons=[], agreed=True,
                             against=routing.Against(against))  # fmt: skip


def answered(world: World, offer: Offer, *, yes: bool) -> None:
    with at_work(world, "caseworker") as worker:
        if yes:
            referrals.accept(offer, by=worker, at=timezone.now() - DAY)
        else:
            referrals.decline(offer, by=worker, at=timezone.now() - DAY, reason="no_capacity")


def found(world: World, by: str) -> dict[str, rules.Group]:
    on = timezone.localdate()
    with at_work(world, "hub_manager") as manager:
        return rules.groups(queries.counted(manager, by=by, first_on=on - 30 * DAY, last_on=on))


def test_offers_are_counted_by_each_thing_and_by_how_they_ended(world: World) -> None:
    to = service(world)
    answered(world, sent(world, to, 1, council="E08000025"), yes=True)
    answered(world, sent(world, to, 2, council="E08000031"), yes=False)
    sent(world, to, 3, at=timezone.now() - 90 * DAY)
    by = {name: found(world, name) for name in queries.BY}
    assert by["council"].keys() == {"E08000025", "E08000031"}
    assert by["council"]["E08000031"].reasons == {"no_capacity": 1}
    assert by["council"]["E08000025"].days == {2: 1}
    assert [list(by[name]) for name in ("provider", "service", "sex", "age_band", "language")] == [
        [world.provider.code], [to.code], ["female"], ["35_to_44"], ["en"]
    ]  # fmt: skip
    assert list(by["ethnicity"]) == [""] and by["ethnicity"][""].offers == 2


def test_a_crime_too_rare_to_be_placed_is_counted_without_its_council(world: World) -> None:
    sent(world, service(world), 1, crime_type="modern_slavery", council="E08000025")
    assert list(found(world, "council")) == [""]


def test_going_against_a_rule_is_counted_among_first_offers_that_a_rule_points(world: World) -> None:
    named, other = service(world), service(world, "neighbour", code="other")
    with at_work(world, "hub_manager") as manager:
        live(world.hub.pk, suggest(named), by=manager, at=timezone.now() - 9 * DAY)
    sent(world, named, 1)
    first = sent(world, other, 2, against="victims_wish")
    with at_work(world, "triage_officer") as officer:
        back = referrals.call_back(first, by=officer, at=timezone.now() - DAY)
        routing.offer(back, by=officer, at=timezone.now(), service=named, reasons=[], agreed=True)
    total = rules.whole(found(world, "sex").values())
    assert (total.offers, total.pointed, total.against) == (3, 2, 1)


def test_the_page_rounds_says_what_it_means_and_how_to_read_it(world: World, manager: Client) -> None:
    to = service(world)
    for number in range(9):
        answered(world, sent(world, to, number), yes=number > 0)
    page = manager.get("/fairness/").content.decode()
    assert '<td class="govuk-table__cell govuk-table__cell--numeric">10</td>' in page
    assert "nineteen times in twenty" in page and "Counts of 1 to 7 are shown as 5" in page and "2 days" in page
    assert "Too few" not in page and "Birmingham" in page
    by_sex = manager.get("/fairness/", _period("sex")).content.decode()
    assert "Female" in by_sex and "Sampleford" not in by_sex
    wrong = manager.get("/fairness/", {**_period("sex"), "last_on_year": "2020"}).content.decode()
    assert "three years at most" in wrong


def test_what_is_not_known_stands_last_and_once(world: World, manager: Client) -> None:
    to = service(world)
    unsaid = {**vars(TESTINA), "sex": ""}
    sent(world, to, 1, identity=type(TESTINA)(**unsaid))
    sent(world, to, 2, identity=type(TESTINA)(**{**unsaid, "sex": "not_known"}))
    sent(world, to, 3)
    page = manager.get("/fairness/", _period("sex")).content.decode()
    assert page.count(">Not known</th>") == 1 and page.index(">Female</th>") < page.index(">Not known</th>")


def _period(by: str) -> dict[str, Any]:
    today = timezone.localdate()
    days = {"first_on": today - 30 * DAY, "last_on": today}
    return {"by": by, **{f"{name}_{part}": getattr(day, part) for name, day in days.items()
                         for part in ("day", "month", "year")}}  # fmt: skip


def test_the_file_holds_the_same_rounded_figures_and_its_leaving_is_on_record(world: World, manager: Client) -> None:
    sent(world, service(world), 1)
    answer = manager.post("/fairness/download/", _period("council"))
    text = answer.content.decode("utf-8-sig")
    assert text.splitlines()[0].startswith("Council,Offers,Accepted") and "Birmingham,5," in text
    assert "nineteen times in twenty" in text
    event = Event.objects.get(name="fairness.taken_away")
    assert event.details == {"broken_down": "council", "groups": 1}
    assert manager.get("/fairness/download/").status_code == manager.post("/fairness/download/").status_code == 302


def test_only_the_hubs_manager_reads_it_and_of_the_own_hub_alone(world: World) -> None:
    sent(world, service(world), 1)
    for person in ("triage_officer", "caseworker", "service_manager", "referrer", "analyst", "office_administrator"):
        assert world.client(person).get("/fairness/").status_code in (403, 404)
    with at_work(world, "far_triage_officer") as far:
        on = timezone.localdate()
        assert queries.counted(far, by="council", first_on=on - 30 * DAY, last_on=on) == []
