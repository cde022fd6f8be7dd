"""Two sides of one matter and one group: a worker is sent to the manager, who may decide; nobody is named."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.messages import actions as messages
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.cases import inside as inside_of
from alongside.support.cases.groups import actions, jobs, queries, rules
from alongside.support.cases.groups.tests.gathered import case_of, gathered, joined
from alongside.support.cases.others.models import Clash
from alongside.support.cases.others.tests.kept import kept, looked
from tests.world import World

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
BLANK: dict[str, Any] = {"aliases": "", "phones": "", "emails": "", "born": None}


@pytest.fixture
def cases(world: World) -> tuple[Case, Case]:
    """Two people of one provider, both of one worker."""
    made = (case_of(world, 0), case_of(world, 1))
    Case.objects.filter(pk__in=[one.pk for one in made]).update(worker=world.people["caseworker"].pk)
    for one in made:
        one.refresh_from_db()
        looked(one, world.now)
    return made


def test_the_other_party_in_a_group_sends_the_worker_to_the_manager(world: World, cases: tuple[Case, Case]) -> None:
    hers, his = cases
    group = gathered(world)
    joined(world, group, his)
    kept(world, hers, world.now + HOUR, **{**BLANK, "name": "Ringo Testerley"})
    with pytest.raises(RuleBroken, match=r"other side of what happened.*Check with your manager") as broken:
        joined(world, group, hers, sure=True)
    assert "Ringo" not in broken.value.message
    with transaction.atomic(), inside_of(world, "service_manager"):
        by, at = world.actor("service_manager"), world.now + 2 * HOUR
        with pytest.raises(RuleBroken, match="Read what is said above"):
            actions.add(hers, group, by=by, at=at, now=True)
        assert actions.add(hers, group, by=by, at=at, now=True, sure=True).state == "IN"


def test_a_misspelt_name_sends_the_worker_to_the_manager_too(world: World, cases: tuple[Case, Case]) -> None:
    hers, his = cases
    group = gathered(world)
    joined(world, group, his)
    kept(world, hers, world.now + HOUR, **{**BLANK, "name": "Ryngo Testerly"})
    with pytest.raises(RuleBroken, match=r"other side of what happened.*Check with your manager") as broken:
        joined(world, group, hers, sure=True)
    assert "Ryngo" not in broken.value.message and "Ringo" not in broken.value.message


def test_it_holds_the_other_way_about_and_from_the_list_of_interest(world: World, cases: tuple[Case, Case]) -> None:
    hers, his = cases
    group = gathered(world)
    joined(world, group, hers)
    waiting = joined(world, group, his, now=False)
    kept(world, hers, world.now + HOUR, **{**BLANK, "name": "Testerley, Ringo"})
    with transaction.atomic(), inside_of(world, "caseworker"):
        assert queries.against(group.pk, his.pk) == (rules.OTHER_SIDE,)
        with pytest.raises(RuleBroken, match="Check with your manager"):
            actions.join(waiting, by=world.actor("caseworker"), at=world.now + 3 * HOUR)


def test_a_number_by_which_a_member_is_reached_is_enough(world: World, cases: tuple[Case, Case]) -> None:
    hers, his = cases
    group = gathered(world)
    joined(world, group, his)
    kept(world, hers, world.now + HOUR, **{**BLANK, "name": "", "phones": "07700 900945"})
    assert queries.against(group.pk, hers.pk) == ()
    messages.add(his.victim_id, by=world.actor("triage_officer"), at=world.now, organisation_id=world.hub.pk,
                 kind="phone", value="07700900945", safe="yes")  # fmt: skip
    assert queries.against(group.pk, hers.pk) == (rules.OTHER_SIDE,)


def test_two_who_were_harmed_by_the_same_person_are_said_to_be(world: World, cases: tuple[Case, Case]) -> None:
    hers, his = cases
    group = gathered(world)
    joined(world, group, his)
    for case in cases:
        kept(world, case, world.now + HOUR, name="Ramon Vale")
    assert queries.against(group.pk, hers.pk) == (rules.SAME_OTHER,)
    with pytest.raises(RuleBroken, match="harmed by the same person"):
        joined(world, group, hers, sure=True)


def test_hidden_members_count_and_nobody_else_may_ask(world: World, cases: tuple[Case, Case]) -> None:
    hers, his = cases
    group = gathered(world)
    joined(world, group, his)
    kept(world, hers, world.now + HOUR, **{**BLANK, "name": "Ringo Testerley"})
    Case.objects.filter(pk=his.pk).update(visible_orgs=[-1])
    with transaction.atomic(), inside_of(world, "caseworker"):
        assert queries.against(group.pk, hers.pk) == (rules.OTHER_SIDE,)
    for person in ("neighbour_manager", "neighbour_caseworker"):
        with transaction.atomic(), inside_of(world, person):
            assert queries.against(group.pk, hers.pk) == ()


def test_what_becomes_known_later_is_for_the_manager_to_decide(world: World, cases: tuple[Case, Case]) -> None:
    hers, his = cases
    group = gathered(world)
    jobs.look_again.func(event="", subject=str(hers.pk))
    for case in (*cases, accepted(world)):  # the third is on nobody's other side
        joined(world, group, case)
    kept(world, hers, world.now + HOUR, **{**BLANK, "name": "Ringo Testerley"})
    jobs.look_again.func(event="", subject=str(hers.pk))
    found = Clash.objects.filter(what=Clash.What.SAME_GROUP)
    assert {one.case_id for one in found} == {hers.pk, his.pk}
    with transaction.atomic(), inside(Realm.WORKER):
        assert actions.look_again(hers.pk, by=SYSTEM_ACTOR, at=world.now + 3 * HOUR) == 1
        assert actions.look_again(hers.victim_id, by=SYSTEM_ACTOR, at=world.now) == 0
    assert found.count() == 2
