"""Where Splink works: DuckDB in this process's memory, or the Spark that a large office brings. One is set."""

import hashlib
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import duckdb
import pyarrow as pa
from django.conf import settings
from django.utils.module_loading import import_string
from splink import Linker
from splink.internals.duckdb.database_api import DuckDBAPI

from alongside.core.errors import RuleBroken

COLUMNS = ("unique_id", "given", "family", "born", "sex", "phone", "email", "address", "postcode")
BORNE_BY = 5  # a name that fewer people bear is not kept by itself
ENGINES = {
    "duckdb": "alongside.support.people.matching.engines.DuckDesk",
    "spark": "alongside.support.people.matching.spark.SparkDesk",
}  # fmt: skip
# Models are kept in DuckDB's words; what another engine calls by another name.
WORDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "duckdb": (),
    "spark": (
        ("starts_with(", "startswith("), ("jaro_winkler_similarity(", "jaro_winkler("), ('\\"', "`"),
        ('"sql_dialect": "duckdb"', '"sql_dialect": "spark"'),
    ),
}  # fmt: skip
Row = Sequence[object]


def spoken(model: Mapping[str, Any], dialect: str) -> dict[str, Any]:
    """A model in an engine's own words."""
    said = json.dumps(model)
    for ours, theirs in WORDS[dialect]:
        said = said.replace(ours, theirs)
    return dict(json.loads(said))


def kept(model: Mapping[str, Any], dialect: str) -> dict[str, Any]:
    """What an engine says of a model, in the words that models are kept in."""
    said = json.dumps(model)
    for ours, theirs in WORDS[dialect]:
        said = said.replace(theirs, ours)
    return dict(json.loads(said))


class Desk(ABC):
    """The records to compare, as tables of an engine. Its SQL is what both engines speak."""

    dialect: str
    api: Any

    def __init__(self, rows: Iterable[Row]) -> None:
        self.arrive("people", rows)
        self.records = int(self.ask("SELECT count(*) FROM people")[0][0])

    @abstractmethod
    def put(self, name: str, table: pa.Table) -> None:
        """Makes a table of this name."""

    @abstractmethod
    def define(self, name: str, sql: str) -> None:
        """Makes a table of this name of what a question finds."""

    @abstractmethod
    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """The rows that a question finds."""

    @abstractmethod
    def close(self) -> None:
        """Forgets everything."""

    def arrive(self, name: str, rows: Iterable[Row]) -> None:
        """Puts records into a table of this name."""
        columns = list(zip(*rows, strict=True)) or [()] * len(COLUMNS)
        cells = {column: pa.array(values, pa.string()) for column, values in zip(COLUMNS, columns, strict=True)}
        self.put(name, pa.table(cells))

    def linker(self, model: Mapping[str, Any]) -> Linker:
        return Linker(self.api.register("people"), spoken(model, self.dialect), log_level=40)

    def digest(self) -> str:
        """Of the data, so that a model can be told to be of it; nothing can be read back from it."""
        found = hashlib.sha256()
        for row in self.ask("SELECT * FROM people ORDER BY unique_id"):
            found.update(repr(row).encode())
        return found.hexdigest()

    def shares(self) -> list[tuple[str, str, float]]:
        """How common each name is that several people bear."""
        return [
            (name, str(borne), float(share))
            for name in ("given", "family")
            for borne, share in self.ask(
                f"SELECT {name}, count(*) / (SELECT count({name}) FROM people) FROM people "
                f"WHERE {name} IS NOT NULL GROUP BY {name} HAVING count(*) >= {BORNE_BY} ORDER BY {name}"
            )
        ]


class DuckDesk(Desk):
    """DuckDB in memory: no name is written to a disk."""

    dialect = "duckdb"

    def __init__(self, rows: Iterable[Row], *, threads: int = 2) -> None:
        self.held = duckdb.connect(":memory:", config={"threads": threads})
        self.api = DuckDBAPI(self.held)
        super().__init__(rows)

    def put(self, name: str, table: pa.Table) -> None:
        self.held.register("arrived", table)
        self.define(name, "SELECT * FROM arrived")
        self.held.unregister("arrived")

    def define(self, name: str, sql: str) -> None:
        self.held.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        return self.held.execute(sql).fetchall()

    def close(self) -> None:
        self.held.close()


def desk(rows: Iterable[Row]) -> Desk:
    """These records at the engine that is set. Raises RuleBroken where it is none of ours or is not installed."""
    chosen = settings.MATCH_ENGINE
    if chosen not in ENGINES:
        raise RuleBroken(f"ALONGSIDE_MATCH_ENGINE is {chosen!r}. Set it to one of: {', '.join(sorted(ENGINES))}.")
    try:
        made = import_string(ENGINES[chosen])
    except ImportError as missing:
        raise RuleBroken(
            f"The matching engine {chosen} is not installed here. See docs/operator.md, Matching, for what it needs, "
            "or leave ALONGSIDE_MATCH_ENGINE out and DuckDB is used."
        ) from missing
    opened: Desk = made(rows)
    return opened
