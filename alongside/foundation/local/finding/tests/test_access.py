"""Who reads and settles searches that found nothing."""

import pytest

from alongside.foundation.local.finding.models import Missed
from alongside.foundation.local.finding.tests.test_actions import kept
from tests.world import PEOPLE, World

pytestmark = pytest.mark.django_db
MAY = {"hub_manager", "office_administrator"}


def test_whoever_writes_the_rulebook_reads_them_and_nobody_else(world: World) -> None:
    kept(world)
    for person in sorted(PEOPLE):
        answer = world.client(person).get("/rulebook/searches/")
        assert (answer.status_code == 200) is (person in MAY or person.endswith("hub_manager")), person


@pytest.mark.parametrize("verb", ["learn", "set-aside"])
@pytest.mark.parametrize("person", ["triage_officer", "caseworker", "service_manager", "referrer"])
def test_nobody_else_settles_them(world: World, verb: str, person: str) -> None:
    missed = kept(world)
    answer = world.client(person).post(f"/rulebook/searches/{missed.pk}/{verb}/", {"meaning": "scammed"})
    assert answer.status_code in (403, 404)
    assert Missed.objects.get().state == "OPEN"


@pytest.mark.parametrize("person", sorted(MAY))
@pytest.mark.parametrize(("verb", "state"), [("learn", "LEARNT"), ("set-aside", "ASIDE")])
def test_both_who_may_settle_them(world: World, person: str, verb: str, state: str) -> None:
    missed = kept(world)
    client = world.client(person)
    client.post(f"/rulebook/searches/{missed.pk}/{verb}/", {"meaning": "scammed"})
    assert Missed.objects.get().state == state
    assert client.post(f"/rulebook/searches/{missed.pk}/learn/", {"meaning": "zzz"}).status_code == 302
