"""Who reads and who changes the directory."""

import pytest

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.tests.test_actions import made
from tests.world import PEOPLE, World

STAFF = sorted(PEOPLE)


def test_everybody_at_work_reads_the_list_and_a_service(world: World) -> None:
    service = made(world)
    for person in STAFF:
        client = world.client(person)
        assert client.get("/services/").status_code == 200, person
        assert client.get(f"/services/{service.pk}/").status_code == 200, person


@pytest.mark.parametrize("verb", ["confirm", "open", "close", "capacity"])
@pytest.mark.parametrize("person", ["neighbour_manager", "caseworker", "triage_officer", "far_triage_officer"])
def test_nobody_else_moves_it(world: World, verb: str, person: str) -> None:
    service = made(world)
    assert world.client(person).post(f"/services/{service.pk}/{verb}/").status_code == 403
    held = Service.objects.get(pk=service.pk)
    assert (held.state, held.updated_at) == ("OPEN", world.now)


def test_what_is_not_there_is_the_same_404_for_all(world: World) -> None:
    absent = "/services/00000000-0000-7000-8000-000000000000/"
    assert world.client("service_manager").get(absent).status_code == 404
    assert world.client("caseworker").get(absent).status_code == 404
