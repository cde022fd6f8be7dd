"""Backups, and the drill that proves them: a copy is restored beside the original and compared table by table.

The dump is taken by the owner in one exported snapshot, in which every table is also counted and hashed. Roles are
not in a dump; they are written again from the declarations. The key ring is never put beside a backup.
"""

import json
import os
import re
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
from alongside.config.database import PASSED_ON, is_plain, passed_on
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
    asked = {PASSED_ON[name]: value for name, value in passed_on(held["OPTIONS"]).items()}
    return {**os.environ, **asked, **{variable: str(held[key]) for variable, key in names.items() if held.get(key)}}


def _run(*words: str) -> None:
    done = subprocess.run([_program(words[0]), *words[1:]], env=_where(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupFailed(f"{words[0]} failed:\n{done.stderr.strip()}")


@contextmanager
def _session(name: str) -> Iterator[psycopg.Connection[Any]]:
    held = connection.settings_dict
    words = {"host": held["HOST"], "port": held["PORT"], "user": held["USER"], "password": held["PASSWORD"]}
    given = {name: word for name, word in words.items() if word} | passed_on(held["OPTIONS"])
    with psycopg.connect(dbname=name, **given, autocommit=True) as session:
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
    """Writes a backup into a new folder of that folder, named by the moment, whole or not at all. Returns it."""
    target = folder / datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    try:
        _write(target)
    except OSError as error:
        shutil.rmtree(target, ignore_errors=True)
        raise BackupFailed(f"The backup could not be written: {error.strerror}. Nothing is left of it.") from error
    except BackupFailed:
        shutil.rmtree(target, ignore_errors=True)
        raise
    return target


def _write(target: Path) -> None:
    name = connection.settings_dict["NAME"]
    with _session(name) as session:
        _check_program(session, "pg_dump")
        target.mkdir(parents=True, mode=0o700)
        session.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        (snapshot,) = session.execute("SELECT pg_export_snapshot()").fetchone() or ("",)
        _run("pg_dump", "--format=custom", "--compress=gzip:4", "--enable-row-security", "--no-owner",
             f"--snapshot={snapshot}", f"--file={target / 'database.dump'}", name)  # fmt: skip
        tables = _hashes(session)
        session.execute("COMMIT")
    manifest = {"database": name, "made_at": target.name, "tables": tables}
    (target / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def restore(source: Path, into: str) -> Proof:
    """Restores a backup into a new database, writes its locks, and compares every table. Raises BackupFailed."""
    started = datetime.now(UTC)
    manifest = _manifest(source)
    if not is_plain(into):
        raise BackupFailed(f"{into!r} is no name for a database here: use small letters, digits and underscores.")
    with _session("postgres") as session:
        _check_program(session, "pg_restore")
        exists = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [into]).fetchone()
        if not exists:
            _check_may_make(session, into)
            session.execute(f'CREATE DATABASE "{into}"')
    if exists:
        _check_empty(into)
    _run("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={into}", str(source / "database.dump"))
    _compare(manifest["tables"], into)
    _lock(into)
    took = (datetime.now(UTC) - started).total_seconds()
    return Proof(len(manifest["tables"]), sum(rows for rows, _ in manifest["tables"].values()), took)


def _check_program(session: psycopg.Connection[Any], name: str) -> None:
    """PostgreSQL's programs read a server of their own version or an older one."""
    said = subprocess.run([_program(name), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"\d+", said)
    server = session.info.server_version // 10_000
    if found and int(found[0]) < server:
        raise BackupFailed(
            f"{name} is of version {found[0]} and the server of {server}: install PostgreSQL's client programs "
            f"of version {server} and put them first on the PATH. Nothing was changed."
        )


def _check_may_make(session: psycopg.Connection[Any], into: str) -> None:
    (may,) = session.execute(
        "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
    ).fetchone() or (False,)  # fmt: skip
    if not may:
        owner = session.info.user
        raise BackupFailed(
            f"{owner} may not make databases. As the server's administrator run `ALTER ROLE {owner} CREATEDB`, or make "
            f"an empty one, `CREATE DATABASE {into} OWNER {owner}`, and restore into it. Nothing was changed."
        )


def _check_empty(name: str) -> None:
    """A database that an administrator made for the copy may be used; one with anything in it is never written over."""
    with _session(name) as session:
        if session.execute("SELECT 1 FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1").fetchone():
            raise BackupFailed(
                f"There is a database {name} with tables in it: nothing was changed. Choose another name."
            )


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
    with _session(connection.settings_dict["NAME"]) as session:
        _check_may_make(session, copy)
    drop(copy)
    try:
        proof = restore(source, copy)
    finally:
        drop(copy)
    record = {"proved_at": datetime.now(UTC).isoformat(), "backup": source.name, **proof.__dict__}
    (folder / "last-drill.json").write_text(json.dumps(record, indent=1), encoding="utf-8")
    return proof
