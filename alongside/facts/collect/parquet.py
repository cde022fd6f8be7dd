"""From rows to Parquet: keys become pseudonyms, codes are held to their lists, scores become changes.

A whole snapshot leaves beside each file the ids of its rows, each enciphered: what is made of it later takes over the
rows that are as they were, and gives them pseudonyms of its own.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import duckdb
import pyarrow as pa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from alongside.facts.collect import rules
from alongside.facts.measures.models import FileRecord, Table
from alongside.support.cases.outcomes.rules import Change, compare

Labels = Mapping[str, Mapping[str, str]]
NOT_LISTED = "not_listed"
SCORES = {
    "first_score": "DOUBLE", "last_score": "DOUBLE", "step": "DOUBLE", "higher": "BOOLEAN", "applies": "BOOLEAN",
}  # fmt: skip
KINDS = {"case_key": "case"}
UNTRIED = "told.first_attempt_on IS NULL AND told.closed_on IS NULL"


@dataclass(frozen=True)
class Before:
    """A whole snapshot, of which what did not change is taken over: its files by table, and the ids of their rows.

    `key` is its own; `changed` are the records whose rows are told afresh; `calendar` is each day with its number.
    """

    files: Mapping[str, Path]
    ids: Mapping[str, Path]
    key: bytes
    changed: Collection[UUID]
    calendar: Sequence[tuple[date, int]]


@dataclass(frozen=True)
class Pressed:
    """A table's file with its record, the ids of its rows where they are kept, and how many codes were not listed."""

    path: Path
    record: FileRecord
    ids: Path | None
    strange: int


@dataclass(frozen=True)
class Press:
    """A DuckDB of one snapshot's making, in a folder of its own, with the key of its pseudonyms."""

    folder: Path
    key: bytes
    labels: Labels
    step: float
    before: Before | None = None
    whole: bool = True

    def open(self) -> duckdb.DuckDBPyConnection:
        connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "2GB"})
        connection.execute("SET enable_progress_bar = false")
        connection.execute("SET arrow_lossless_conversion = true")
        connection.execute(f"SET temp_directory = '{self.folder}'")
        pairs = [(name, code) for name, words in self.labels.items() for code in words]
        columns = [[name for name, _ in pairs], [code for _, code in pairs]]
        connection.execute(
            "CREATE TABLE listed AS SELECT unnest(?::VARCHAR[]) AS name, unnest(?::VARCHAR[]) AS code", columns
        )
        return connection

    def lay(self, table: Table, blocks: Iterable[bytes | bytearray | memoryview]) -> Path:
        """The rows as they come from the database, in a file that lasts until they are pressed."""
        raw = self.folder / f"{table.name}.csv"
        with raw.open("wb") as file:
            file.writelines(blocks)
        return raw

    def press(self, table: Table, raw: Path) -> Pressed:
        """Writes one table's rows, sorted by day and pseudonym so that their order says nothing."""
        connection = self.open()
        try:
            return self._press(connection, table, raw)
        finally:
            connection.close()
            raw.unlink()

    def _press(self, connection: duckdb.DuckDBPyConnection, table: Table, raw: Path) -> Pressed:
        made, ids = self.folder / f"{table.name}.parquet", self.folder / f"{table.name}.ids"
        self._tell(connection, table, raw)
        parts = [self._seal(connection, table, "told", opened=None)]
        if self.before and table.follows:
            self._take_over(connection, table, self.before)
            parts.append(self._seal(connection, table, "taken", opened=rules.cipher_key(self.before.key, rules.KEPT)))
        connection.execute(f"CREATE TABLE pressed AS {' UNION ALL '.join(parts)} ORDER BY {_order(table)}")
        names = ", ".join([*(f"sealed_{key} AS {key}" for key in table.keys), *table.columns])
        connection.execute(f"COPY (SELECT {names} FROM pressed) TO '{made}' (FORMAT parquet, COMPRESSION zstd)")
        if self.whole:
            kept = ", ".join(f"kept_{key} AS {key}" for key in table.keys)
            connection.execute(
                f"COPY (SELECT {kept} FROM pressed) TO '{ids}' (FORMAT parquet, COMPRESSION uncompressed)"
            )
        rows, strange = connection.execute(f"SELECT count(*), {_strange(table)} FROM pressed").fetchall()[0]
        record = FileRecord(rows, sha256(made), made.stat().st_size)
        return Pressed(made, record, ids if self.whole else None, int(strange))

    def _tell(self, connection: duckdb.DuckDBPyConnection, table: Table, raw: Path) -> None:
        """The rows that were told by the database."""
        columns = {**dict.fromkeys(table.keys, "UUID"), **table.columns}
        if columns.pop("result", None):
            connection.execute("CREATE TABLE scored AS " + _reading(raw, {**columns, **SCORES}))
            self._compare(connection)
        else:
            connection.execute("CREATE VIEW raw AS " + _reading(raw, columns))
        connection.execute(f"CREATE TABLE told AS {_shaping(table)}")

    def _take_over(self, connection: duckdb.DuckDBPyConnection, table: Table, before: Before) -> None:
        """The rows as they were of everybody whom nothing happened to since. Ids are compared enciphered."""
        cipher = rules.cipher_key(before.key, rules.KEPT)
        changed = pa.table({"id": _array(_ciphered(cipher, b"".join(one.bytes for one in before.changed)))})
        connection.register("changed", changed)
        gone = "ids.person IN (SELECT id FROM changed)"
        if "person" not in table.keys:
            cases = (
                f"SELECT case_key FROM read_parquet('{before.ids['cases']}') WHERE person IN (SELECT id FROM changed)"
            )
            gone = f"ids.case_key IN ({cases})"
        days = [[day for day, _ in before.calendar], [number for _, number in before.calendar]]
        connection.execute("CREATE TABLE days AS SELECT unnest(?::DATE[]) AS day, unnest(?::INTEGER[]) AS zero", days)
        columns = [_today(name) for name in table.columns]
        connection.execute(
            f"CREATE TABLE taken AS SELECT {', '.join([*(f'ids.{key}' for key in table.keys), *columns])} "
            f"FROM read_parquet('{before.files[table.name]}') told "
            f"POSITIONAL JOIN read_parquet('{before.ids[table.name]}') ids WHERE NOT ({gone})"
        )

    def _seal(self, connection: duckdb.DuckDBPyConnection, table: Table, name: str, *, opened: bytes | None) -> str:
        """A SELECT of a table's rows with their pseudonyms and, in a whole snapshot, with the ids that are kept."""
        found = connection.sql(f"SELECT {', '.join(table.keys)} FROM {name}").to_arrow_table()
        keys = {}
        for key in table.keys:
            ids = _bytes(found.column(key))
            plain = ids if opened is None else _cipher(opened).decryptor().update(ids)
            keys[f"sealed_{key}"] = _array(_ciphered(rules.cipher_key(self.key, _kind(key)), plain))
            if self.whole:
                keys[f"kept_{key}"] = _array(_ciphered(rules.cipher_key(self.key, rules.KEPT), plain))
        connection.register(f"keys_of_{name}", pa.table(keys))
        sealed = [
            f"CAST(CAST(sealed_{key} AS UHUGEINT) >> {rules.SPARE_BITS} AS BIGINT) AS sealed_{key}"
            for key in table.keys
        ]
        kept = [f"kept_{key}" for key in table.keys] if self.whole else []
        return f"SELECT {', '.join([*sealed, *kept, *table.columns])} FROM {name} POSITIONAL JOIN keys_of_{name}"

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


def _kind(key: str) -> str:
    return KINDS.get(key, key)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _cipher(key: bytes) -> "Cipher[modes.ECB]":
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - one block an id: a keyed permutation of ids


def _ciphered(key: bytes, ids: bytes) -> bytes:
    return _cipher(key).encryptor().update(ids)


def _bytes(column: "pa.ChunkedArray") -> bytes:
    """Ids end to end."""
    parts = []
    for chunk in column.chunks:
        held = chunk.storage
        parts.append(held.buffers()[1].slice(held.offset * rules.ID_BYTES, len(held) * rules.ID_BYTES).to_pybytes())
    return b"".join(parts)


def _array(ids: bytes) -> "pa.Array":
    held = pa.Array.from_buffers(pa.binary(rules.ID_BYTES), len(ids) // rules.ID_BYTES, [None, pa.py_buffer(ids)])
    return pa.ExtensionArray.from_storage(pa.uuid(), held)


def _today(name: str) -> str:
    """A column as it is now of a row that did not change. One alone grows of itself: days without an attempt."""
    if name != "working_days_unattempted":
        return f"told.{name}"
    last = "(SELECT arg_max(zero, day) FROM days)"
    first = "(SELECT zero FROM days WHERE day = told.received_on)"
    return f"CASE WHEN {UNTRIED} THEN CAST(greatest(0, {last} - {first}) AS INTEGER) ELSE told.{name} END AS {name}"


def _reading(raw: Path, columns: Mapping[str, str]) -> str:
    typed = ", ".join(f"'{name}': '{kind}'" for name, kind in columns.items())
    return (
        f"SELECT * FROM read_csv('{raw}', header = false, auto_detect = false, delim = ',', quote = '\"', "
        f"escape = '\"', nullstr = '', allow_quoted_nulls = false, columns = {{{typed}}})"
    )


def _shaping(table: Table) -> str:
    columns = [_held(name) if kind == "VARCHAR" else name for name, kind in table.columns.items()]
    return f"SELECT {', '.join([*table.keys, *columns])} FROM raw"


def _order(table: Table) -> str:
    """The day, the pseudonym and, where a case has several rows of a day, what tells them apart: always one order."""
    more = ("outcome",) if "outcome" in table.columns else ()
    return ", ".join((table.order, f"sealed_{table.keys[0]}", *more))


def _strange(table: Table) -> str:
    """How many codes were on no list."""
    names = [name for name, kind in table.columns.items() if kind == "VARCHAR"]
    return "coalesce(sum(" + " + ".join(f"CAST({name} = '{NOT_LISTED}' AS INTEGER)" for name in names) + "), 0)"


def _held(name: str) -> str:
    """A code that no list holds is not let through: words cannot ride in a code's place."""
    known = f"(SELECT code FROM listed WHERE name = '{name}')"
    return f"CASE WHEN {name} = '' OR {name} IN {known} THEN {name} ELSE '{NOT_LISTED}' END AS {name}"
