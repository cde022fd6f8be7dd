"""Many rows at once, by way of a temporary table."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from alongside.core.ids import uuid7
from alongside.core.models import Denial, Grant
from alongside.core.rows.bulk import NULL, Staging, octets, text

pytestmark = pytest.mark.django_db


def cells(staging: Staging) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {staging.name}")
        return cursor.fetchall()


class TestCells(TestCase):
    """Whatever a person or a file holds arrives as it was."""

    @given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])), st.binary(max_size=40))
    def test_text_and_bytes_arrive_as_they_were(self, words: str, value: bytes) -> None:
        staging = Staging(f"kept_{uuid7().hex}", {"words": "text", "value": "bytea"})
        staging.fill([f"{text(words)}\t{octets(value)}"])
        assert [(one, bytes(two)) for one, two in cells(staging)] == [(words, value)]  # type: ignore[call-overload]


def test_nothing_to_fill_with_is_no_row() -> None:
    staging = Staging("kept_none", {"words": "text"})
    staging.fill([])
    assert cells(staging) == []
    staging.fill([NULL])
    assert cells(staging) == [(None,)]
    staging.empty()
    assert cells(staging) == []


def test_an_insert_takes_columns_then_constants_then_defaults() -> None:
    staging = Staging("kept_some", {"key": "uuid", "status": "int"})
    staging.fill([f"{uuid7()}\t404", f"{uuid7()}\t403"])
    at = timezone.now()
    same = {"id": "key", "status": "status"}
    assert staging.insert(Denial, same, where="status = 404", at=at, route="feeds:load") == 1
    assert Denial.objects.get().route == "feeds:load"
    with pytest.raises(IntegrityError), transaction.atomic():
        staging.insert(Denial, same, at=at, route="feeds:load")


def test_a_number_of_the_databases_own_is_left_to_it() -> None:
    staging = Staging("kept_grants", {"key": "uuid"})
    staging.fill([str(uuid7()), str(uuid7())])
    assert staging.insert(Grant, {"subject": "key"}, kind="victim", organisation=1, why="holds it") == 2
    assert Grant.objects.count() == 2
