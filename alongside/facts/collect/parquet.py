"""From rows to Parquet: keys become pseudonyms, codes are held to their lists, scores become changes."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from alongside.facts.collect import rules
from alongside.facts.measures.models import FileRecord, Table
from alongside.support.cases.outcomes.rules import Change, compare

Labels = Mapping[str, Mapping[str, str]]
NOT_LISTED = "not_listed"
SCORES = {
    "first_score": "DOUBLE", "last_score": "DOUBLE", "step": "DOUBLE", "higher": "BOOLEAN", "applies": "BOOLEAN",
}  # fmt: skip
KINDS = {"case_key": "case"}


@dataclass(frozen=True)
class Press:
    """A DuckDB of one snapshot's making, in a folder of its own, with the key of its pseudonyms."""

    folder: Path
    key: bytes
    labels: Labels
    step: float

    def open(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "1GB"})
        connection.execute("SET enable_progress_bar = false")
        connection.execute(f"SET temp_directory = '{self.folder}'")
        self.teach(connection)
        return connection

    def teach(self, connection: duckdb.DuckDBPyConnection) -> None:
        """HMAC-SHA256 out of SHA-256, and the lists of codes."""
        connection.execute(
            "CREATE MACRO pseudonym(outer_pad, inner_pad, kind, id) AS "
            "('0x' || left(sha256(outer_pad || unhex(sha256(inner_pad || encode(kind || '|' || id)))), "
            f"{rules.DIGITS}))::BIGINT"
        )
        connection.execute(
            "CREATE TABLE pads AS SELECT ?::BLOB AS outer_pad, ?::BLOB AS inner_pad", rules.pads(self.key)
        )
        pairs = [(name, code) for name, words in self.labels.items() for code in words]
        columns = [[name for name, _ in pairs], [code for _, code in pairs]]
        connection.execute(
            "CREATE TABLE listed AS SELECT unnest(?::VARCHAR[]) AS name, unnest(?::VARCHAR[]) AS code", columns
        )

    def write(self, table: Table, blocks: Iterable[bytes | bytearray | memoryview]) -> tuple[Path, FileRecord]:
        """Writes one table's rows, sorted by day and pseudonym so that their order says nothing."""
        raw, made = self.folder / f"{table.name}.csv", self.folder / f"{table.name}.parquet"
        with raw.open("wb") as file:
            file.writelines(blocks)
        connection = self.open()
        try:
            count = self._make(connection, table, raw, made)
        finally:
            connection.close()
            raw.unlink()
        content = made.read_bytes()
        return made, FileRecord(count, hashlib.sha256(content).hexdigest(), len(content))

    def _make(self, connection: duckdb.DuckDBPyConnection, table: Table, raw: Path, made: Path) -> int:
        columns = {**dict.fromkeys(table.keys, "VARCHAR"), **table.columns}
        if columns.pop("result", None):
            connection.execute("CREATE TABLE scored AS " + _reading(raw, {**columns, **SCORES}))
            self._compare(connection)
        else:
            connection.execute("CREATE VIEW raw AS " + _reading(raw, columns))
        connection.execute(f"COPY ({_shaping(table)}) TO '{made}' (FORMAT parquet, COMPRESSION zstd)")
        return connection.execute(f"SELECT count(*) FROM read_parquet('{made}')").fetchall()[0][0]

    def _compare(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Every pair of scores that occurs, judged by the one rule and by its tool's own step; then the scores go."""
        names = ", ".join(SCORES)
        found = connection.execute(f"SELECT DISTINCT {names} FROM scored").fetchall()
        listed = ", ".join(f"unnest(?::{kind}[]) AS {name}" for name, kind in SCORES.items())
        columns = [[row[place] for row in found] for place in range(len(SCORES))]
        judged = [str(self._judge(*row)) for row in found]
        connection.execute(
            f"CREATE TABLE changes AS SELECT {listed}, unnest(?::VARCHAR[]) AS result", [*columns, judged]
        )
        same = " AND ".join(f"scored.{name} IS NOT DISTINCT FROM changes.{name}" for name in SCORES)
        connection.execute(f"CREATE VIEW raw AS SELECT scored.*, changes.result FROM scored JOIN changes ON {same}")

    def _judge(
        self, first: float | None, last: float | None, step: float | None, higher: bool, applies: bool
    ) -> Change:  # fmt: skip
        if not applies:
            return Change.NOT_APPLICABLE
        return compare(first, last, step=self.step if step is None else step, higher=higher)


def _reading(raw: Path, columns: Mapping[str, str]) -> str:
    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return (
        f"SELECT * FROM read_csv('{raw}', header = false, auto_detect = false, delim = ',', quote = '\"', "
        f"escape = '\"', nullstr = '', allow_quoted_nulls = false, columns = {{{typed}}})"
    )


def _shaping(table: Table) -> str:
    keys = [f"pseudonym(outer_pad, inner_pad, '{KINDS.get(key, key)}', {key}) AS {key}" for key in table.keys]
    columns = [_held(name) if kind == "VARCHAR" else name for name, kind in table.columns.items()]
    return f"SELECT {', '.join([*keys, *columns])} FROM raw, pads ORDER BY {table.order}, {table.keys[0]}"


def _held(name: str) -> str:
    """A code that no list holds is not let through: words cannot ride in a code's place."""
    known = f"(SELECT code FROM listed WHERE name = '{name}')"
    return f"CASE WHEN {name} = '' OR {name} IN {known} THEN {name} ELSE '{NOT_LISTED}' END AS {name}"
