"""A case of somebody who was erased is not taken up again."""

from datetime import timedelta

import pytest
from django.db import transaction

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.core.rows.realms import inside as realm
from alongside.support.cases.casework import actions, rules
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.casework.tests.test_reopen import closed
from alongside.support.keeping.retention import actions as retention
from alongside.support.people.victims.models import Victim
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


def test_an_erased_case_is_neither_reopened_nor_corrected(world: World, case: Case) -> None:
    closed(world, case)
    with transaction.atomic(), realm(Realm.WORKER):
        retention.erase_night(by=SYSTEM_ACTOR, at=world.now + 8 * 365 * DAY)
    assert not Victim.objects.filter(pk=case.victim_id).exists()
    by = world.actor("service_manager")
    with pytest.raises(RuleBroken, match=rules.ERASED):
        actions.reopen(case, by=by, at=world.now, reason="closed_by_mistake")
    with pytest.raises(RuleBroken, match=rules.ERASED):
        actions.correct_closing(case, by=by, at=world.now, reason="died")
