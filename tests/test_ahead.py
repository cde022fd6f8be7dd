"""What was read ahead is what would have been read, and is shown to nobody for whom it was not."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F, QuerySet
from django.test.utils import CaptureQueriesContext

from alongside.core import events
from alongside.core.memory import remembering
from alongside.core.rows import ahead
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case, Contact, Need
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(world: World) -> Case:
    return accepted(world)


@pytest.fixture(autouse=True)
def a_request() -> Iterator[None]:
    with remembering():
        yield


@ahead.question
def of_case(case: Case) -> "QuerySet[Case]":
    return Case.objects.filter(pk=case.pk)


@ahead.question
def needs(case: Case, *, newest: bool = True) -> "QuerySet[Need]":
    return Need.objects.filter(case=case).order_by("-found_at" if newest else "found_at")


def questions(case: Case) -> "list[QuerySet[Any, Any]]":
    return [
        Victim.objects.filter(pk=case.victim_id),
        Referral.objects.filter(pk=case.referral_id),
        Case.objects.filter(pk=case.pk).select_related("service").annotate(when=F("accepted_at")),
        Case.objects.order_by("-accepted_at")[:1].values("reference", "visible_orgs", named=F("service__name")),
        Case.objects.values_list("accepted_at", flat=True),
        Need.objects.filter(case=case),
        Contact.objects.none(),
    ]  # fmt: skip


def test_many_questions_are_one_with_the_same_answers(case: Case) -> None:
    with CaptureQueriesContext(connection) as asked:
        found = ahead.read(questions(case))
    assert len(asked) == 1
    ahead.forget()
    for rows, question in zip(found, questions(case), strict=True):
        plain = list(question)
        assert [vars_of(row) for row in rows] == [vars_of(row) for row in plain]


def vars_of(row: object) -> object:
    """A record's own values; of anything else itself."""
    kept = {name: value for name, value in getattr(row, "__dict__", {}).items() if not name.startswith("_")}
    return {name: bytes(value) if isinstance(value, memoryview) else value for name, value in kept.items()} or row


def test_values_have_their_kinds(case: Case) -> None:
    (row,), (found,) = ahead.read([Case.objects.filter(pk=case.pk), Case.objects.values_list("accepted_at", flat=True)])
    assert isinstance(row.pk, UUID) and isinstance(found, datetime) and found == row.accepted_at
    assert isinstance(row.visible_orgs[0], int) and row.high_risk in (True, False) and row.cover_until is None
    ((victim,),) = ahead.read([Victim.objects.filter(pk=case.victim_id)])
    assert victim.birth_date is None or isinstance(victim.birth_date, date)


def test_whoever_asks_the_same_again_asks_nobody(case: Case) -> None:
    ahead.read([of_case(case), needs(case)])
    with CaptureQueriesContext(connection) as asked:
        assert list(of_case(case)) == [case] and of_case(case)[0] == case
        assert needs(case).first() is None and list(needs(case)) == []
    assert not asked.captured_queries
    with CaptureQueriesContext(connection) as asked:
        assert not needs(case, newest=False) and of_case(case).filter(high_risk=False).count() == 1
    assert len(asked) == 2  # another question; and more than the question


def test_what_nobody_read_ahead_is_asked_each_time(case: Case) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert list(of_case(case)) == list(of_case(case)) == [case]
    assert len(asked) == 2


def test_nothing_is_asked_for_nothing() -> None:
    with CaptureQueriesContext(connection) as asked:
        assert ahead.read([Contact.objects.none()]) == [[]]
    assert not asked.captured_queries


def test_what_was_read_is_forgotten_with_a_write(world: World, case: Case) -> None:
    ahead.read([of_case(case)])
    Case.objects.filter(pk=case.pk).update(high_risk=True)
    events.record("case.assigned", case.pk, by=world.actor("caseworker"), at=world.now)
    (found,) = of_case(case)
    assert found.high_risk
    ahead.read([of_case(case)])
    events.record_many("case.assigned", [case.pk], by=world.actor("caseworker"), at=world.now)
    assert of_case(case)._result_cache is None


def test_what_one_realm_read_another_asks_for_itself(world: World, case: Case) -> None:
    ahead.read([of_case(case)])
    neighbour = world.actor("neighbour_caseworker")
    with inside(Realm.PROVIDER, orgs=neighbour.orgs, user=neighbour.user_id):
        assert list(of_case(case)) == []
        ahead.read([of_case(case)])
    assert list(of_case(case)) == [case]
