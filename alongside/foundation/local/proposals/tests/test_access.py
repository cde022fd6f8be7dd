"""Who sees and moves proposals."""

import pytest
from django.db import connection, transaction

from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.proposals.models import Proposal
from alongside.foundation.local.proposals.tests.test_actions import begun, sent
from tests.world import PEOPLE, World

SEES = {"hub_manager", "service_manager"}


def test_managers_of_the_provider_and_of_its_hub_open_it_and_nobody_else(world: World) -> None:
    proposal = begun(world)
    for person in sorted(PEOPLE):
        client = world.client(person)
        for place in ("", "section/about/", "part/posts/"):
            status = client.get(f"/services/changes/{proposal.pk}/{place}").status_code
            assert (status == 200) is (person in SEES), (person, place)


@pytest.mark.parametrize("verb", ["send", "agree", "give-back", "move", "part/posts/0/remove"])
@pytest.mark.parametrize("person", ["neighbour_manager", "far_triage_officer", "caseworker", "referrer"])
def test_nobody_else_moves_it(world: World, verb: str, person: str) -> None:
    proposal = sent(world, begun(world))
    assert world.client(person).post(f"/services/changes/{proposal.pk}/{verb}/").status_code in (403, 404)
    proposal.refresh_from_db()
    assert proposal.state == "SENT"


def test_how_a_service_was_worded_is_for_those_who_look_after_it(world: World) -> None:
    proposal = begun(world)
    for person in sorted(PEOPLE):
        status = world.client(person).get(f"/services/changes/of/{proposal.service_id}/history/").status_code
        assert (status == 200) is (person in SEES), person


@pytest.mark.parametrize("verb", ["agree", "give-back"])
def test_a_provider_does_not_answer_itself(world: World, verb: str) -> None:
    proposal = sent(world, begun(world))
    assert world.client("service_manager").post(f"/services/changes/{proposal.pk}/{verb}/").status_code == 403


def test_row_security_shows_a_provider_its_own_and_a_hub_those_of_its_area(world: World) -> None:
    begun(world)
    seen = {}
    for name, realm, place in (("own", Realm.PROVIDER, world.provider), ("neighbour", Realm.PROVIDER, world.neighbour),
                               ("hub", Realm.HUB, world.hub), ("far", Realm.HUB, world.far_hub)):  # fmt: skip
        with transaction.atomic(), inside(realm, orgs=[place.pk]):
            seen[name] = Proposal.objects.count()
    assert seen == {"own": 1, "neighbour": 0, "hub": 1, "far": 0}


@pytest.mark.parametrize("realm", [Realm.PUBLIC, Realm.REFERRER, Realm.COMMISSIONING])
def test_other_realms_do_not_read_them_at_all(world: World, realm: Realm) -> None:
    with pytest.raises(Exception, match="permission denied"), transaction.atomic(), inside(realm, orgs=[world.hub.pk]):
        connection.cursor().execute("SELECT 1 FROM proposals_proposal")
