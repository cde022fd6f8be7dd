"""Several counts in one question."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from alongside.core.models import Denial
from alongside.core.rows.counts import counts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def denials() -> None:
    at = datetime(2026, 6, 1, 9, tzinfo=UTC)
    for status in (404, 404, 404, 403):
        Denial.objects.create(at=at, route="cases:show", status=status)


def test_every_set_is_counted_in_one_question() -> None:
    absent, refused = Denial.objects.filter(status=404), Denial.objects.filter(status=403).order_by("at")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert counts([absent, refused, Denial.objects.all()], 100) == (3, 1, 4)
    assert len(asked) == 1


def test_no_set_is_counted_further_than_the_limit() -> None:
    assert counts([Denial.objects.all(), Denial.objects.filter(status=403)], 2) == (2, 1)


def test_a_set_that_cannot_have_rows_counts_as_none() -> None:
    assert counts([Denial.objects.filter(pk__in=[]), Denial.objects.all()], 9) == (0, 4)
    assert counts([], 9) == ()
