"""What real people write finds what it should, the same whatever the order of the rows."""

import random

import pytest

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.queries import Answers
from alongside.foundation.local.directory.rules import waiting_list
from alongside.foundation.local.finding import queries
from alongside.foundation.local.finding.tests.directory import BIRMINGHAM, SHOWN, fill, recall, relevance
from tests.world import World

pytestmark = pytest.mark.django_db


def found(world: World, words: str) -> list[str]:
    fits = queries.find(Answers(words=words, council=BIRMINGHAM), world.now.date()).fits
    return [Service.objects.get(pk=one.service.pk).code for one in fits[:8]]


@pytest.mark.parametrize("half", ["tuning", "held_out"])
def test_nine_in_ten_of_what_should_come_is_in_the_first_three(world: World, half: str) -> None:
    fill(world.provider)
    told = relevance()[half]
    came = {one["words"]: found(world, one["words"])[:SHOWN] for one in told}
    reached = [recall(came[one["words"]], one["wants"]) for one in told]
    print(f"{half}: recall of the first {SHOWN} of {len(told)} queries {sum(reached) / len(reached):.3f}")
    assert sum(reached) / len(reached) >= 0.9, came


def test_the_answer_is_the_same_whatever_the_order_of_the_rows(world: World) -> None:
    rows = list(relevance()["services"])
    asked = [one["words"] for one in relevance()["tuning"][:12]]
    answers = []
    for seed in range(3):
        random.Random(seed).shuffle(rows)
        Service.objects.all().delete()
        fill(world.provider, rows)
        answers.append([found(world, words) for words in asked])
    assert answers[0] == answers[1] == answers[2]


def test_what_a_service_says_now_is_weighed_and_not_what_it_said_before(world: World) -> None:
    """Also when it changed twice within one transaction: what is kept of the services between searches is not old."""
    fill(world.provider)
    first = Service.objects.get(code=found(world, "stalking")[0])
    for days in (7, 21):
        Service.objects.filter(pk=first.pk).update(state="WAITING", wait_days=days)
        asked = queries.find(Answers(words="stalking", council=BIRMINGHAM), world.now.date())
        notes = next(one.notes for one in asked.fits if one.service.pk == first.pk)
        assert waiting_list(days) in notes
    Service.objects.filter(pk=first.pk).update(state="CLOSED")
    assert first.code not in found(world, "stalking")
