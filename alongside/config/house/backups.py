"""Backups, and the drill that proves them: a copy is restored beside the original and compared table by table.

The dump is taken by the owner in one exported snapshot, in which every table is also counted and hashed. Roles are
not in a dump; they are written again from the declarations. The key ring is never put beside a backup.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

from alongside.config import embedded
from alongside.core.rows.checks import faults
from alongside.core.rows.sync import sync


class BackupFailed(Exception):
    """The backup, the restore or the comparison failed; says what and what to do."""


@dataclass(frozen=True)
class Proof:
    """What a restored copy was compared in: tables, rows, and how long it took in seconds."""

    tables: int
    rows: int
    seconds: float


def _program(name: str) -> str:
    place = embedded.locate(Path(settings.VAR))
    bundled = place.programs / "bin" / name
    if not settings.DATABASE_URL and bundled.exists():
        return str(bundled)
    found = shutil.which(name)
    if not found:
        raise BackupFailed(f"{name} is not installed: install PostgreSQL's client programs of the server's version.")
    return found


def _where() -> dict[str, str]:
    held = connection.settings_dict
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD"}
    return {**os.environ, **{variable: str(held[key]) for variable, key in names.items() if held.get(key)}}


def _run(*words: str) -> None:
    done = subprocess.run([_program(words[0]), *words[1:]], env=_where(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{words[0]} failed:\n{done.stderr.strip()}")


@contextmanager
def _session(database: str) -> Iterator[psycopg.Connection[Any]]:
    held = connection.settings_dict
    words = {"host": held["HOST"], "port": held["PORT"], "user": held["USER"], "password": held["PASSWORD"]}
    with psycopg.connect(dbname=database, **{k: v for k, v in words.items() if v}, autocommit=True) as session:
        yield session


def _hashes(session: psycopg.Connection[Any]) -> dict[str, list[int]]:
    """Rows and an order-free hash of every table's content."""
    tables = session.execute(
        "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
    ).fetchall()
    found = {}
    for (table,) in tables:
        sql = f'SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)), 0)::text FROM "{table}" t'  # noqa: S608
        rows, digest = session.execute(sql).fetchone() or (0, "0")
        found[table] = [rows, int(digest)]
    return found


def backup(folder: Path) -> Path:
    """Writes a backup into a new folder of that folder, named by the moment. Returns it."""
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    target = folder / stamp
    target.mkdir(parents=True, mode=0o700)
    name = connection.settings_dict["NAME"]
    with _session(name) as session:
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = session.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        _run("pg_dump", "--format=custom", "--compress=gzip:4", "--enable-row-security", "--no-owner",
             f"--snapshot={snapshot}", f"--file={target / 'database.dump'}", name)  # fmt: skip
        tables = _hashes(session)
        session.execute("COMMIT")
    manifest = {"database": name, "made_at": stamp, "tables": tables}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    return target


def restore(source: Path, into: str) -> Proof:
    """Restores a backup into a new database, writes its locks, and compares every table. Raises BackupFailed."""
    started = datetime.now(UTC)
    manifest = _manifest(source)
    with _session("postgres") as session:
        if session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [into]).fetchone():
            raise BackupFailed(f"There is a database {into} already: nothing was changed. Choose another name.")
        session.execute(f'CREATE DATABASE "{into}"')
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={into}", str(source / "database.dump"))
    _compare(manifest["tables"], into)
    _lock(into)
    took = (datetime.now(UTC) - started).total_seconds()
    return Proof(len(manifest["tables"]), sum(rows for rows, _ in manifest["tables"].values()), took)


def _manifest(source: Path) -> dict[str, Any]:
    try:
        return json.loads((source / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BackupFailed(f"{source.name} is no backup: it has no readable manifest.json.") from error


def _compare(expected: dict[str, list[int]], database: str) -> None:
    with _session(database) as session:
        found = _hashes(session)
    wrong = [table for table in expected if found.get(table) != expected[table]]
    if wrong:
        raise BackupFailed(f"The copy differs from what was backed up in: {', '.join(wrong)}.")


def _lock(database: str) -> None:
    """Writes roles, grants and policies for the copy's own name, and looks at every lock."""
    original = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = database
    try:
        sync()
        found = faults(login=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = original
    if found:
        raise BackupFailed("The copy's locks do not hold:\n- " + "\n- ".join(found))


def drop(database: str) -> None:
    """Drops a drilled copy and the roles that were made for it."""
    with _session("postgres") as session:
        session.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')
        roles = session.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [f"{database}\\_%"]).fetchall()
        for (role,) in roles:
            session.execute(f'DROP ROLE "{role}"')


def drill(folder: Path) -> Proof:
    """Backs up, restores beside the original, compares, drops the copy, and writes the record of success."""
    source = backup(folder)
    copy = f"{connection.settings_dict['NAME']}_drill"
    drop(copy)
    try:
        proof = restore(source, copy)
    finally:
        drop(copy)
    record = {"proved_at": datetime.now(UTC).isoformat(), "backup": source.name, **proof.__dict__}
    (folder / "last-drill.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
    return proof
