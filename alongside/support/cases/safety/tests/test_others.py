"""A plan that names the other party is not given on paper, whoever prints it."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from alongside.core.errors import RuleBroken
from alongside.support.cases.casework.tests.cases import inside
from alongside.support.cases.others.tests.kept import case_of, kept
from alongside.support.cases.safety import actions
from alongside.support.cases.safety.models import Paper
from alongside.support.cases.safety.tests.test_actions import added
from tests.world import World

pytestmark = pytest.mark.django_db


def test_paper_that_names_the_other_party_is_refused_and_says_which_words(world: World) -> None:
    case, at = case_of(world), timezone.now() - timedelta(hours=3)
    kept(world, case, at)
    entry = added(world, case, at, words="Leave when razor or Ramón’s brother comes")
    person = "other_caseworker"
    actions.mark(entry, by=world.actor(person), at=at, may_print=True, seen=1)
    refused = pytest.raises(RuleBroken, match="names the other party: razor, Ramón")
    with refused, transaction.atomic(), inside(world, person):
        actions.print_out(case, by=world.actor(person), at=at, home_shared="no", checked=True)
    shown = world.client(person).get(f"/casework/cases/{case.pk}/safe/on-paper/").content.decode()
    assert "This names the other party: razor, Ramón" in shown and "may be names: Ramón" not in shown
    assert not Paper.objects.exists()
    made = actions.revise(
        entry, by=world.actor(person), at=at, words="Leave when he comes", who="victim", review_on=None, seen=1
    )  # fmt: skip
    actions.mark(made, by=world.actor(person), at=at, may_print=True, seen=2)
    actions.print_out(case, by=world.actor(person), at=at, home_shared="no", checked=True)
    assert Paper.objects.count() == 1
