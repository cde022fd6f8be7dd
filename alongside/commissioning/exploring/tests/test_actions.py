"""Saved views: kept by a person, seen by them or by their office, renamed, deleted and taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from alongside.commissioning.exploring import actions, jobs
from alongside.commissioning.exploring.models import SavedView
from alongside.core import events
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from tests.story import Story
from tests.world import NOW, World

QUERY = "m=cases_closed&by=service"


@pytest.fixture
def kept(world: World) -> Callable[..., SavedView]:
    def keep(person: str = "analyst", name: str = "Closings", shared: bool = False) -> SavedView:
        return actions.keep(by=world.actor(person), at=NOW, name=name, query=QUERY, shared=shared)

    return keep


def listed(world: World, person: str, query: str = "") -> str:
    return world.client(person).get(reverse("exploring:saved") + query).content.decode()


def test_a_view_is_ones_own_until_it_is_shared_with_the_office(world: World, kept: Callable[..., SavedView]) -> None:
    kept()
    kept(name="Waits of all", shared=True)
    assert "Closings" in listed(world, "analyst")
    officer = listed(world, "commissioning_officer")
    assert "Closings" not in officer
    assert "Waits of all" in officer
    assert "m=cases_closed&amp;by=service" in officer
    for stranger in ("service_manager", "neighbour_manager"):
        assert "Waits of all" not in listed(world, stranger)
    assert "No view of that name" in listed(world, "analyst", "?q=astrology")
    assert "Waits of all" in listed(world, "analyst", "?q=WAITS")


def test_the_database_shows_a_private_view_to_its_owner_alone(world: World, kept: Callable[..., SavedView]) -> None:
    kept()
    kept(name="Shared", shared=True)
    kept("service_manager", name="Of a provider", shared=True)

    def seen(person: str) -> set[str]:
        actor = world.actor(person)
        with inside(Realm(actor.realm), orgs=actor.orgs, user=actor.user_id):
            return set(SavedView.objects.values_list("name", flat=True))

    assert seen("analyst") == {"Closings", "Shared"}
    assert seen("commissioning_officer") == {"Shared"}
    assert seen("service_manager") == {"Of a provider"}
    assert seen("neighbour_manager") == set()
    with connection.cursor() as cursor:
        cursor.execute("SELECT relforcerowsecurity FROM pg_class WHERE relname = 'exploring_savedview'")
        assert cursor.fetchone() == (True,)


def test_a_name_is_ones_own_once(world: World, kept: Callable[..., SavedView]) -> None:
    first = kept()
    kept("commissioning_officer")
    by = world.actor("analyst")
    with pytest.raises(RuleBroken, match="of that name"):
        kept()
    other = kept(name="Other")
    with pytest.raises(RuleBroken, match="of that name"):
        actions.rename(other, by=by, at=NOW, name=" Closings ", shared=False)
    with pytest.raises(RuleBroken, match="Give the view a name"):
        actions.rename(other, by=by, at=NOW, name="  ", shared=False)
    actions.delete(first, by=by, at=NOW)
    kept()
    with pytest.raises(RuleBroken, match="of that name"):
        actions.restore(first, by=by, at=NOW)


def test_only_its_owner_changes_a_view(world: World, kept: Callable[..., SavedView]) -> None:
    view = kept(shared=True)
    officer = world.actor("commissioning_officer")
    with pytest.raises(RuleBroken, match="Only whoever saved"):
        actions.rename(view, by=officer, at=NOW, name="Mine", shared=True)
    with pytest.raises(RuleBroken, match="Only whoever saved"):
        actions.delete(view, by=officer, at=NOW)
    actions.rename(view, by=world.actor("analyst"), at=NOW, name="Better", shared=False)
    view.refresh_from_db()
    assert (view.name, view.shared, str(view)) == ("Better", False, "Better")
    assert Event.objects.filter(name="view.renamed", subject=view.pk).count() == 1


def test_a_deleted_view_is_taken_back_within_a_week_and_gone_later(
    world: World, kept: Callable[..., SavedView]
) -> None:
    by, first, second = world.actor("analyst"), kept(), kept(name="Second")
    actions.delete(first, by=by, at=NOW)
    with pytest.raises(RuleBroken, match="You cannot delete"):
        actions.delete(first, by=by, at=NOW)
    assert "“Closings” was deleted" in listed(world, "analyst")
    actions.restore(first, by=by, at=NOW)
    assert SavedView.objects.get(pk=first.pk).state == "SAVED"
    actions.delete(first, by=by, at=NOW)
    actions.delete(second, by=by, at=NOW + timedelta(days=8))
    assert actions.clear(by=SYSTEM_ACTOR, at=NOW + timedelta(days=6)) == 0
    assert actions.clear(by=SYSTEM_ACTOR, at=NOW + timedelta(days=9)) == 1
    assert list(SavedView.objects.all()) == [second]
    jobs.clear.func()
    names = list(Event.objects.filter(name__startswith="view.").values_list("name", flat=True))
    assert sorted(set(names)) == ["view.deleted", "view.ended", "view.kept", "view.restored"]


def test_what_a_leaver_saved_ends_with_their_work(world: World, kept: Callable[..., SavedView]) -> None:
    kept(shared=True)
    others = kept("commissioning_officer")
    left = world.actor("analyst")
    event = events.record(
        "membership.ended", left.user_id or others.pk, by=SYSTEM_ACTOR, at=NOW, user=str(left.user_id),
        organisation=left.organisation_id,
    )  # fmt: skip
    jobs.leave.func(event=str(event.pk), subject=str(event.subject))
    assert list(SavedView.objects.all()) == [others]


def test_a_view_is_a_persons(world: World) -> None:
    nobody = replace(world.actor("analyst"), user_id=None)
    with pytest.raises(RuleBroken, match="Only a person"):
        actions.keep(by=nobody, at=NOW, name="x", query=QUERY, shared=False)


def test_views_by_page(story: Story) -> None:
    story.nine()
    client, place = story.world.client("analyst"), reverse("exploring:keep") + f"?{QUERY}&junk=1"
    answer = client.post(place, {"name": ""})
    assert "Give the view a name" in answer.content.decode()
    assert client.get(place).status_code == 302
    saved = client.post(place, {"name": "Closings", "shared": "on"}, follow=True).content.decode()
    assert "Saved as “Closings”" in saved
    view = SavedView.objects.get()
    assert (view.query, view.shared) == (QUERY, True)
    assert "of that name" in client.post(place, {"name": "Closings"}).content.decode()
    rename = reverse("exploring:rename", args=[view.pk])
    assert "Closings" in client.get(rename).content.decode()
    assert "Give the view a name" in client.post(rename, {"name": ""}).content.decode()
    assert client.post(rename, {"name": "Endings"}).status_code == 302
    officer = story.world.client("commissioning_officer")
    assert officer.post(reverse("exploring:delete", args=[view.pk])).status_code == 404  # it is private by now
    client.post(reverse("exploring:delete", args=[view.pk]))
    taken = client.post(reverse("exploring:restore", args=[view.pk]), follow=True)
    assert "It is back." in taken.content.decode()
    assert client.get(reverse("exploring:delete", args=[view.pk])).status_code == 405


def test_a_file_of_another_kind_is_refused(world: World, story: Story) -> None:
    story.nine()
    with pytest.raises(RuleBroken, match="PNG or SVG"):
        actions.hand_over(None, b"", by=world.actor("analyst"), at=NOW, fmt="gif")  # type: ignore[arg-type]
