"""Snapshots as they lie in storage: their manifests, and DuckDB over the Parquet files of one."""

import hashlib
import json
import tempfile
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import duckdb
from django.core.files.base import ContentFile, File
from django.core.files.storage import FileSystemStorage, Storage, storages

from alongside.core.clocks import LONDON
from alongside.core.errors import RuleBroken
from alongside.facts.measures.models import TABLES, Manifest

LATEST, MAKING, MARK = "latest.json", "making.json", "needed-"
_opening = Lock()


class SnapshotDamaged(RuleBroken):
    """A file of a snapshot is not the one that was written."""


def storage() -> Storage:
    return storages["snapshots"]


def path_in(code: str, name: str) -> str:
    return f"{code}/{name}"


@lru_cache(maxsize=64)
def _manifest(code: str) -> Manifest:
    with storage().open(path_in(code, "manifest.json")) as file:
        return Manifest.read(json.load(file))


def latest() -> Manifest | None:
    """The snapshot that pages show, or None where none was ever written."""
    try:
        with storage().open(LATEST) as file:
            return _manifest(json.load(file)["code"])
    except FileNotFoundError:
        return next(listed(), None)


def manifest(code: str) -> Manifest:
    """A snapshot's manifest by its code."""
    if not code.replace("-", "").isalnum() or not storage().exists(path_in(code, "manifest.json")):
        raise RuleBroken(f"There is no snapshot called “{code}”.")
    return _manifest(code)


def listed() -> Iterator[Manifest]:
    """Every snapshot, the latest moment first."""
    try:
        folders, _ = storage().listdir("")
    except FileNotFoundError:
        return
    for code in sorted(folders, reverse=True):
        if storage().exists(path_in(code, "manifest.json")):
            yield _manifest(code)


def first_from(moment: datetime) -> Manifest | None:
    """The first snapshot of that moment or later, by the codes of snapshots, which begin with their moment."""
    try:
        folders, _ = storage().listdir("")
    except FileNotFoundError:
        return None
    begins = f"{moment.astimezone(LONDON):%Y%m%d-%H%M}"
    late = sorted(code for code in folders if code >= begins and storage().exists(path_in(code, "manifest.json")))
    return _manifest(late[0]) if late else None


def keep_file(code: str, name: str, source: Path) -> None:
    """Puts a file of a snapshot where it will stay. Raises RuleBroken where there is one already."""
    wanted = path_in(code, name)
    if storage().exists(wanted):
        raise RuleBroken(f"{wanted} was written before. A snapshot never changes.")
    with source.open("rb") as file:
        storage().save(wanted, File(file))


def publish(found: Manifest) -> None:
    """Writes the manifest, after which the snapshot exists; the newest moment is what pages show."""
    now = latest()
    _save(path_in(found.code, "manifest.json"), found.as_json())
    if now is None or now.as_at <= found.as_at:
        storage().delete(LATEST)
        _save(LATEST, {"code": found.code})


def discard(code: str) -> None:
    """Removes whatever there is of a snapshot that was not finished, its manifest first."""
    for name in sorted(_files(code), key=lambda name: name != "manifest.json"):
        storage().delete(path_in(code, name))
    if storage().exists(code):
        storage().delete(code)


def mark(code: str, why: str) -> None:
    """Marks a snapshot as needed, once for each reason."""
    if not storage().exists(path_in(manifest(code).code, MARK + why)):
        _save(path_in(code, MARK + why), {})


def marks(code: str) -> tuple[str, ...]:
    """For what a snapshot is needed."""
    return tuple(sorted(name.removeprefix(MARK) for name in _files(code) if name.startswith(MARK)))


def note_making(told: dict[str, Any]) -> None:
    storage().delete(MAKING)
    _save(MAKING, told)


def end_making() -> None:
    storage().delete(MAKING)


def making() -> dict[str, Any] | None:
    """How far the snapshot is that is being made."""
    try:
        with storage().open(MAKING) as file:
            told: dict[str, Any] = json.load(file)
    except (FileNotFoundError, ValueError):
        return None
    return told


def remove(code: str, ending: str) -> None:
    """Removes the files of a snapshot whose names end so."""
    for name in _files(code):
        if name.endswith(ending):
            storage().delete(path_in(code, name))


def intact(code: str, name: str, sha256: str) -> Path | None:
    """A file of a snapshot on this machine; None where it is gone or is not the one that was written."""
    if not storage().exists(path_in(code, name)):
        return None
    path = _local(code, name)
    return path if _sha256(path) == sha256 else None


def unfinished(before: datetime) -> list[str]:
    """The codes under which files lie without a manifest, none of them touched since that moment."""
    try:
        folders, _ = storage().listdir("")
    except FileNotFoundError:
        return []
    return [code for code in sorted(folders) if _is_unfinished(code, before)]


def _is_unfinished(code: str, before: datetime) -> bool:
    names = _files(code)
    touched = [storage().get_modified_time(path_in(code, name)) for name in names]
    return "manifest.json" not in names and all(moment < before for moment in touched)


def _files(code: str) -> list[str]:
    try:
        return list(storage().listdir(code)[1])
    except FileNotFoundError:
        return []


def _save(name: str, content: dict[str, Any]) -> None:
    storage().save(name, ContentFile(json.dumps(content, indent=1).encode()))


def cursor(code: str) -> duckdb.DuckDBPyConnection:
    """A cursor of this thread over the snapshot's tables."""
    with _opening:
        return _opened(code).cursor()


@lru_cache(maxsize=4)
def _opened(code: str) -> duckdb.DuckDBPyConnection:
    found = manifest(code)
    connection = duckdb.connect(":memory:", config={"threads": 2, "memory_limit": "1GB"})
    for table in (table for table in TABLES if table.name in found.files):  # an older one was written with fewer
        quoted = str(_intact(code, table.name)).replace("'", "''")
        more = table.before(columns(code, table.name))
        connection.execute(f"CREATE VIEW {table.name} AS SELECT *{more} FROM read_parquet('{quoted}')")
    return connection


def _intact(code: str, table: str) -> Path:
    """A table's file, which is the very one that was written. Raises SnapshotDamaged."""
    path = _local(code, f"{table}.parquet")
    if _sha256(path) != manifest(code).files[table].sha256:
        raise SnapshotDamaged(f"The snapshot {code} was altered after it was written. It is not shown.")
    return path


@lru_cache(maxsize=512)
def columns(code: str, table: str) -> frozenset[str]:
    """The columns with which a snapshot wrote a table; none where it wrote no such table."""
    if table not in manifest(code).files:
        return frozenset()
    place = str(_intact(code, table)).replace("'", "''")
    there = duckdb.execute(f"SELECT * FROM read_parquet('{place}') LIMIT 0").description
    return frozenset(column[0] for column in there or ())


def _local(code: str, file_name: str) -> Path:
    """The file on this machine; fetched once where storage is elsewhere."""
    name, held = path_in(code, file_name), storage()
    if isinstance(held, FileSystemStorage):
        return Path(held.path(name))
    copy = Path(_copies().name) / f"{code}-{file_name}"
    with held.open(name) as file:
        copy.write_bytes(file.read())
    return copy


@lru_cache(maxsize=1)
def _copies() -> tempfile.TemporaryDirectory[str]:
    """Where copies lie for as long as this process lives, and no longer."""
    return tempfile.TemporaryDirectory(prefix="alongside-snapshots-")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def forget() -> None:
    """Closes what is open. For tests and for a process that changes its storage."""
    _manifest.cache_clear()
    _opened.cache_clear()
    columns.cache_clear()
    _copies().cleanup()
    _copies.cache_clear()
