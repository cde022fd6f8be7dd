"""What found nothing: counted, kept when enough people wrote it, learnt, set aside, forgotten."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.directory.queries import Answers
from alongside.foundation.local.finding import actions, jobs, queries
from alongside.foundation.local.finding.models import Asking, Missed
from alongside.foundation.local.finding.tests.directory import BIRMINGHAM, fill
from alongside.foundation.office.rulebook import queries as rulebook
from tests.world import World

pytestmark = pytest.mark.django_db
WORDS = "wonky donkeyed"


def kept(world: World, words: str = WORDS) -> Missed:
    for _ in range(queries.kept_from(world.now.date())):
        actions.miss(words, on=world.now.date())
    return Missed.objects.get()


def test_words_are_kept_only_once_enough_searches_had_them(world: World) -> None:
    on = world.now.date()
    for _ in range(queries.kept_from(on) - 1):
        actions.miss(WORDS, on=on)
    assert not Missed.objects.exists()
    actions.miss("  Wonky, DONKEYED ", on=on)
    assert Missed.objects.get().words == WORDS
    actions.miss(WORDS, on=on)
    assert vars(queries.missed().get())["times"] == queries.kept_from(on) + 1


def test_what_is_only_counted_can_be_read_by_nobody(world: World) -> None:
    actions.miss(WORDS, on=world.now.date())
    with connection.cursor() as cursor:
        cursor.execute("SELECT a::text FROM finding_asking a")
        assert "wonky" not in str(cursor.fetchall())
    assert Event.objects.filter(name__startswith="search").count() == 0


def test_known_words_are_kept_at_once_and_a_name_never(world: World) -> None:
    on = world.now.date()
    actions.miss("swastika by the mosque for people", on=on)
    assert Missed.objects.get().words == "swastika by the mosque for people"
    for _ in range(9):
        actions.miss("sarah wonky", on=on)
    assert Missed.objects.count() == 1


def test_nobody_can_flood_the_list(world: World) -> None:
    on = world.now.date()
    most = rulebook.rule("limits", "searches_noted", on).number("number")
    Asking.objects.bulk_create(Asking(digest=b"x" * 16, on=on) for _ in range(most))
    actions.miss("swastika", on=on)
    assert Asking.objects.count() == most
    actions.miss("swastika", on=on + timedelta(days=1))
    assert Asking.objects.count() == most + 1


def test_what_is_learnt_is_found_from_then_on(world: World) -> None:
    fill(world.provider)
    missed, on, manager = kept(world), world.now.date(), world.actor("hub_manager")
    assert queries.find(Answers(words=WORDS, council=BIRMINGHAM), on).nothing
    actions.learn(missed, by=manager, at=world.now, meaning="scammed")
    found = queries.find(Answers(words=WORDS, council=BIRMINGHAM), on)
    assert not found.nothing
    first = next(one for one in found.fits[:3] if one.service.name == "Unhooked scam support")
    assert first.reasons[0] == f"You wrote “{WORDS}”"
    assert not queries.missed().exists()
    with pytest.raises(RuleBroken, match="You cannot learn"):
        actions.learn(missed, by=manager, at=world.now, meaning="scammed")


def test_words_can_mean_only_what_the_rulebook_holds(world: World) -> None:
    with pytest.raises(RuleBroken, match="Choose what these words mean"):
        actions.learn(kept(world), by=world.actor("hub_manager"), at=world.now, meaning="no such row")


def test_what_is_set_aside_does_not_come_back(world: World) -> None:
    actions.set_aside(kept(world), by=world.actor("hub_manager"), at=world.now)
    kept(world)
    assert not queries.missed().exists()


def test_what_is_past_its_time_is_forgotten(world: World) -> None:
    missed = kept(world)
    Asking.objects.create(digest=b"y" * 16, on=timezone.localdate())
    jobs.forget_past.func()
    assert Asking.objects.count() == 1 and Missed.objects.exists()
    later = timezone.now() + timedelta(days=400)
    assert actions.forget_past(by=SYSTEM_ACTOR, at=later) == 2
    assert not Missed.objects.filter(pk=missed.pk).exists()
    assert actions.forget_past(by=SYSTEM_ACTOR, at=later) == 0
    assert Event.objects.filter(name="search.forgotten", at=later).count() == 1


def test_the_public_adds_words_and_reads_none(world: World) -> None:
    with transaction.atomic(), inside(Realm.PUBLIC):
        actions.miss("swastika", on=world.now.date())
    assert Missed.objects.count() == 1
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside(Realm.PUBLIC):
        connection.cursor().execute("SELECT words FROM finding_missed")
