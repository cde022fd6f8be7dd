"""When a case is reopened, what was due is due again."""

import pytest

from alongside.support.cases.agenda.models import Item
from alongside.support.cases.justice import jobs
from alongside.support.cases.justice.tests.ways import begun, trial_set
from tests.world import World


@pytest.mark.django_db
def test_reopening_puts_days_at_court_back_on_the_agenda(world: World) -> None:
    turn = trial_set(world, begun(world))
    Item.objects.all().delete()
    jobs.plan_again(event="", subject=str(turn.case_id))
    assert Item.objects.filter(kind="justice.hearing", about=turn.pk).exists()
