"""The same request at the same moment, and batches side by side: one result each."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from alongside.support.arrivals.deliveries.models import Batch
from alongside.support.arrivals.deliveries.tests.calls import System, row, work
from alongside.support.arrivals.feeds.models import Delivery
from alongside.support.arrivals.referrals.models import Referral
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(system: System, bodies: list[Any], keys: list[str]) -> list[Any]:
    """As several threads of one system send them."""

    def send(body: Any, key: str) -> Any:
        try:
            return System(system.connection, system.secret, Client(), system.token).send(body, key)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(send, bodies, keys))


def test_a_request_repeated_in_parallel_has_one_result(world: World) -> None:
    system, batch = System.of(world), [row(number) for number in range(20)]
    answers = at_once(system, [batch] * 8, ["batch-0001"] * 8)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    work()
    assert Batch.objects.count() == Delivery.objects.count() == 1 and Referral.objects.count() == 20


def test_one_key_with_different_bodies_in_parallel_takes_one_and_refuses_the_others(world: World) -> None:
    answers = at_once(System.of(world), [row(number) for number in range(6)], ["batch-0001"] * 6)
    assert sorted(answer.status_code for answer in answers) == [202, *[409] * 5]
    assert Batch.objects.count() == 1


def test_six_batches_of_the_same_rows_at_once_are_taken_in_once(world: World) -> None:
    batch = [row(number) for number in range(20)]
    answers = at_once(System.of(world), [batch] * 6, [f"batch-000{number}" for number in range(6)])
    assert {answer.status_code for answer in answers} == {202}

    def take(pk: Any) -> None:
        try:
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(take, range(3)))
    found = sorted(Batch.objects.values_list("receipt__accepted", "receipt__duplicate"))
    assert found == [*[(0, 20)] * 5, (20, 0)] and Referral.objects.count() == 20
