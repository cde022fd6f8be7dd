"""Views of the queue: the fixed ones, and those that people save."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.tests.arrivals import at_work, received, taken
from alongside.support.desk.triage import actions, queries, queue
from alongside.support.desk.triage.models import Desk, SavedView
from alongside.support.desk.triage.queue import Wanted
from alongside.support.desk.triage.rules import MOST_SAVED
from tests.world import World

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def officer(world: World) -> Client:
    return world.client("triage_officer")


def saved(world: World, person: str = "triage_officer", **changes: Any) -> SavedView:
    given: dict[str, Any] = {"name": "North", "view": "to_do", "filters": {"council": "E08000025"}} | changes
    with at_work(world, person) as by:
        return actions.save_view(by=by, at=world.now, **given)


def text(client: Client, address: str) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return response.content.decode()


def in_view(world: World, view: str, *, days: int = 0) -> set[str]:
    with at_work(world, "triage_officer") as by:
        rows = Referral.objects.visible_to(by)
        return {row.source_ref for row in queue.wanted(rows, Wanted(view), by=by, at=world.now + days * DAY)}


def test_what_is_due_today_is_not_late_yet_and_late_the_day_after(world: World) -> None:
    received(world, source_ref="A")
    assert [in_view(world, "due_today", days=days) for days in (0, 2, 3)] == [set(), {"A"}, set()]
    assert [in_view(world, "late", days=days) for days in (0, 2, 3)] == [set(), set(), {"A"}]


def test_what_is_due_next_follows_what_was_done(world: World) -> None:
    referral = received(world)
    assert Referral.objects.get().due_at == referral.attempt_due_at
    later = referral.attempt_due_at + DAY
    Referral.objects.update(first_attempt_at=world.now, offer_due_at=later)
    assert Referral.objects.get().due_at == later
    Referral.objects.update(first_offer_at=world.now)
    assert Referral.objects.get().due_at is None


def test_what_came_through_a_reporting_centre_has_a_view(world: World) -> None:
    received(world, source_ref="A", source="third_party_centre")
    received(world, source_ref="B")
    assert in_view(world, "third_party") == {"A"}


def test_a_count_stops_one_past_its_limit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queue, "COUNT_UP_TO", 1)
    for number in range(4):
        received(world, source_ref=f"TEST-{number}")
    with at_work(world, "triage_officer") as by:
        assert queue.counts(by, at=world.now, names=("to_do", "mine")) == {"to_do": 2, "mine": 0}


def test_a_saved_view_opens_with_its_filters_and_can_be_widened_again(world: World, officer: Client) -> None:
    received(world)
    received(world, source_ref="TEST-2", council="E08000031")
    one = saved(world)
    assert Event.objects.filter(name="view.saved", subject=one.pk).exists()
    page = text(officer, f"/referrals/?view={one.pk}")
    assert page.count("AL-") == 1 and "North (1)" in page
    assert text(officer, f"/referrals/?view={one.pk}&council=").count("AL-") == 2


def test_a_saved_order_is_the_order_until_another_is_asked_for(world: World, officer: Client) -> None:
    first = received(world).reference
    second = received(world, source_ref="TEST-2", at=world.now + DAY).reference
    one = saved(world, filters={}, sort="received")
    page = text(officer, f"/referrals/?view={one.pk}")
    assert page.index(first) < page.index(second)
    page = text(officer, f"/referrals/?view={one.pk}&sort=-received")
    assert page.index(second) < page.index(first)


def test_a_search_in_a_saved_view_looks_through_everything_and_is_not_kept(world: World, officer: Client) -> None:
    referral = received(world, council="E08000031")
    one = saved(world, filters={"council": "E08000025", "q": "sampleford"})
    assert SavedView.objects.get().filters == {"council": "E08000025"}
    found = officer.post("/referrals/search/", {"q": "sample", "view": str(one.pk), "council": ""}, follow=True)
    assert referral.reference in found.content.decode()


def test_a_view_is_saved_from_the_page_shared_and_opened_first(world: World) -> None:
    manager = world.client("hub_manager")
    assert "Save this view" in text(manager, "/referrals/?view=late&crime=burglary")
    form = text(manager, "/referrals/views/save/?view=late&crime=burglary")
    assert 'name="crime" value="burglary"' in form and "Share it" in form
    given = {"name": "Burglaries", "view": "late", "crime": "burglary", "open_on": "on", "shared": "on"}
    page = manager.post("/referrals/views/save/", given, follow=True).content.decode()
    assert "Opens first" in page and "Everybody’s" in page
    assert "Burglaries (0)" in text(manager, "/referrals/")
    assert "Burglaries" in text(world.client("triage_officer"), "/referrals/")
    assert "Burglaries" not in text(world.client("far_triage_officer"), "/referrals/")


def test_an_officer_shares_nothing_and_changes_only_their_own(world: World, officer: Client) -> None:
    assert "Share it" not in text(officer, "/referrals/views/save/?view=late")
    with pytest.raises(RuleBroken, match="Only a manager"):
        saved(world, shared=True)
    shared = saved(world, "hub_manager", shared=True)
    page = officer.post(f"/referrals/views/{shared.pk}/delete/", follow=True).content.decode()
    assert "Only whoever shares" in page and SavedView.objects.exists()


def test_nobody_opens_another_persons_view(world: World) -> None:
    mine = saved(world)
    for person in ("other_triage_officer", "far_triage_officer"):
        client = world.client(person)
        assert client.get(f"/referrals/views/{mine.pk}/rename/").status_code == 404
        assert client.post(f"/referrals/views/{mine.pk}/delete/").status_code == 404
        assert "North" not in text(client, "/referrals/views/")
    for person in ("caseworker", "referrer", "analyst"):
        for address in ("views/", "views/save/", "counts/"):
            assert world.client(person).get(f"/referrals/{address}").status_code == 403


def test_two_views_of_one_person_have_two_names(world: World, officer: Client) -> None:
    saved(world)
    saved(world, "other_triage_officer")
    with pytest.raises(RuleBroken, match="already"):
        saved(world)
    other = saved(world, name="South")
    page = officer.post(f"/referrals/views/{other.pk}/rename/", {"name": "North"}).content.decode()
    assert "There is a view of this name already" in page
    assert "has its new name" in text_of(officer.post(f"/referrals/views/{other.pk}/rename/", {"name": "East"}))


def text_of(response: Any) -> str:
    client: Client = response.client
    return text(client, response["Location"])


def test_nobody_saves_more_than_can_be_looked_over_or_what_does_not_exist(world: World) -> None:
    for number in range(MOST_SAVED):
        saved(world, name=f"View {number}")
    with pytest.raises(RuleBroken, match="Delete one"):
        saved(world)
    for wrong in ({"view": "nonsense"}, {"sort": "name"}):
        with pytest.raises(RuleBroken, match="begins from"):
            saved(world, "hub_manager", **wrong)


def test_who_opened_on_a_view_that_is_deleted_sees_what_is_to_do(world: World, officer: Client) -> None:
    received(world)
    one = saved(world, view="closed", filters={})
    with at_work(world, "triage_officer") as by:
        actions.open_on(str(one.pk), by=by, at=world.now)
        assert queries.opens_on(by) == str(one.pk)
    assert "AL-" not in text(officer, "/referrals/")
    assert "The view is deleted" in text_of(officer.post(f"/referrals/views/{one.pk}/delete/"))
    assert "AL-" in text(officer, "/referrals/")
    with at_work(world, "triage_officer") as by:
        for act in (actions.delete_view, actions.rename_view):
            with pytest.raises(RuleBroken, match="deleted meanwhile"):
                act(one, by=by, at=world.now, **({"name": "X"} if act is actions.rename_view else {}))
        with pytest.raises(RuleBroken, match="deleted meanwhile"):
            actions.open_on(str(uuid4()), by=by, at=world.now)


def test_the_queue_opens_on_what_a_person_chose(world: World, officer: Client) -> None:
    taken(world)
    page = officer.post("/referrals/views/open-on/", {"view": "not_taken"}, follow=True).content.decode()
    assert "now opens on this view" in page
    assert "AL-" not in text(officer, "/referrals/")
    assert "AL-" in text(world.client("other_triage_officer"), "/referrals/")
    assert Desk.objects.get().opens_on == "not_taken"


def test_counts_come_alone_without_a_name_and_are_no_use_of_the_session(world: World, officer: Client) -> None:
    received(world)
    officer.get("/referrals/")
    session = officer.session
    session["seen"] = before = session["seen"] - 300
    session.save()
    answer = officer.get("/referrals/counts/", headers={"X-Watches": "1"})
    assert answer.json()["counts"]["to_do"] == "1" and "Sampleford" not in answer.content.decode()
    assert officer.session["seen"] == before
    officer.get("/referrals/counts/")
    assert officer.session["seen"] > before


def test_a_screen_that_asks_by_itself_is_signed_out_in_its_time(world: World, officer: Client) -> None:
    officer.get("/referrals/")
    session = officer.session
    session["seen"] -= 3600 * 3
    session.save()
    assert officer.get("/referrals/counts/", headers={"X-Watches": "1"}).status_code == 302
