"""Several small counts in one question to the database, each as far as a limit."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

NONE = ("SELECT 1 WHERE false", ())


def _small(rows: QuerySet[Any], limit: int) -> tuple[str, tuple[Any, ...]]:
    try:
        return rows.order_by().values_list("pk")[:limit].query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking
        return NONE


def counts(found: Sequence[QuerySet[Any]], limit: int) -> tuple[int, ...]:
    """How many rows each set has, counted as far as `limit`, in order. One question, however many sets."""
    asked = [_small(rows, limit) for rows in found]
    parts = ", ".join(f"(SELECT count(*) FROM ({sql}) AS counted)" for sql, _ in asked)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {parts}", [value for _, values in asked for value in values])
        return tuple(cursor.fetchone())
