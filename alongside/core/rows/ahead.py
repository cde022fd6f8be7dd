"""Reads what a page will want from many tables in one statement, before the code that wants each of them asks.

A domain declares its `question`s and says which of them a page will ask (`BESIDE["case.reads"]`); whoever then asks
one is given the rows that are here. They are kept for one request in one realm, and forgotten as soon as anything is
written (`events.record`).
"""

import re
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, connections, models
from django.db.models.sql import Query
from django.db.models.sql.compiler import SQLCompiler
from psycopg.adapt import Transformer
from psycopg.pq import Format

from alongside.core import memory
from alongside.core.rows.realms import READ_AHEAD

Statement = tuple[str, tuple[Any, ...]]
Load = Callable[[bytes], Any]
About = ParamSpec("About")
Found = TypeVar("Found", bound="models.QuerySet[Any, Any]")


def question(build: Callable[About, Found]) -> Callable[About, Found]:
    """A queryset of what it is about alone (records, keys, days), each time built in the same words. Where it was read
    ahead, it has its rows."""

    @wraps(build)
    def asked(*about: About.args, **named: About.kwargs) -> Found:
        key = (build, *map(_key, about), *((name, _key(one)) for name, one in named.items()))
        kept: dict[Any, Found] = memory.kept(READ_AHEAD) or {}
        if key in kept:
            return kept[key]
        made = build(*about, **named)
        made.question = key  # type: ignore[attr-defined]  # by which `read` keeps it
        return made

    return asked


def _key(about: object) -> object:
    return (type(about), about.pk) if isinstance(about, models.Model) else about


class _Read(SQLCompiler):
    """A compiler whose statement is run with others: it hands on the rows that came for it."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.rows: list[tuple[Any, ...]] = []

    def execute_sql(self, *args: Any, **options: Any) -> Any:
        return [self.rows]


class _Answered(Query):
    """A query that has its rows."""

    given: _Read

    def get_compiler(self, *args: Any, **options: Any) -> Any:
        return self.given


def read(wanted: Iterable["models.QuerySet[Any, Any]"]) -> list[list[Any]]:
    """Runs querysets together, keeps what came for whoever asks the same questions, and returns it in their order."""
    querysets = list(wanted)
    compilers = [_Read(queryset.query.chain(), connections[queryset.db], queryset.db) for queryset in querysets]
    _run([(compiler, found) for compiler in compilers if (found := _statement(compiler))])
    kept: dict[Any, Any] = memory.remember(READ_AHEAD, dict)
    for queryset, compiler in zip(querysets, compilers, strict=True):
        queryset._result_cache = _answer(queryset, compiler)
        if key := getattr(queryset, "question", None):
            kept[key] = queryset
    return [list(queryset) for queryset in querysets]


def _statement(compiler: SQLCompiler) -> Statement | None:
    """The statement of a query with its values; None where it can find nothing, and need not be asked."""
    try:
        return compiler.as_sql()
    except EmptyResultSet:
        return None


def _numbered(place: int, compiler: SQLCompiler, sql: str, values: tuple[Any, ...]) -> Statement:
    """A statement whose rows say which of many it was, and keep their order."""
    names = ", ".join(f"c{column}" for column in range(len(compiler.select)))
    return f"SELECT {place}, row_number() OVER (), ROW({names}) FROM ({sql}) AS t({names})", values


def _loaders(compiler: SQLCompiler) -> list[Load]:
    """How the driver reads each column. A row within a row comes as text that does not say what it holds."""
    driver = connection.connection
    readers, types = Transformer(driver), driver.adapters.types
    kinds = (re.sub(r"\(.*\)", "", column[0].output_field.db_type(connection)) for column in compiler.select)
    return [readers.get_loader(types.get_oid(kind), Format.TEXT).load for kind in kinds]


def _run(asked: list[tuple[_Read, Statement]]) -> None:
    """Gives each compiler its rows, from one question to the database."""
    if not asked:
        return
    statements = [_numbered(place, compiler, *said) for place, (compiler, said) in enumerate(asked)]
    loaders: list[list[Load]] = [[] for _ in asked]
    with connection.cursor() as cursor:
        together = " UNION ALL ".join(sql for sql, _ in statements)
        cursor.execute(f"{together} ORDER BY 1, 2", [value for _, values in statements for value in values])
        for place, _, row in cursor.fetchall():
            compiler, _ = asked[place]
            loaders[place] = loaders[place] or _loaders(compiler)
            pairs = zip(loaders[place], row, strict=True)
            compiler.rows.append(tuple(None if text is None else load(text.encode()) for load, text in pairs))


def _answer(queryset: "models.QuerySet[Any, Any]", compiler: _Read) -> list[Any]:
    """A compiler's rows as what the queryset gives: records, dicts or values."""
    if not compiler.rows:
        return []
    copy, query = queryset.all(), queryset.query.chain(klass=_Answered)
    assert isinstance(query, _Answered)
    query.given, copy.query = compiler, query
    rows: Any = queryset._iterable_class(copy)  # setting a query changes the copy's own
    return list(rows)


def forget() -> None:
    """What is here may not be so any more, or not for this reader."""
    memory.forget(READ_AHEAD)
