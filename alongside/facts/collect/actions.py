"""Writing a snapshot, which never changes afterwards, and destroying its key when its time is over."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import crypt
from alongside.facts.collect import extract, queries, rules
from alongside.facts.collect.models import Snapshot
from alongside.facts.collect.parquet import Press
from alongside.facts.measures import actions as kept
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import TABLES, FileRecord, Manifest

KEY_BYTES = 32
PREFIX, FORSAKEN = "alongside-snapshot-", timedelta(days=1)
Tell = Callable[[str], None]


def _silent(words: str) -> None:
    """Nobody asked to be told how far it is."""


@transaction.atomic
def write_snapshot(*, by: Actor, at: datetime, as_at: datetime, tell: Tell = _silent) -> Snapshot:
    """Writes what had happened by `as_at` as pseudonymous Parquet, with its manifest. Worker's realm.

    Raises RuleBroken for a moment that has not come.
    """
    if as_at > at:
        raise RuleBroken("A snapshot cannot be of a moment that has not come.")
    made, key = uuid7(), secrets.token_bytes(KEY_BYTES)
    code, on = rules.code_of(made, as_at), london_date(as_at)
    labels = queries.labels(on)
    with _whole_or_nothing(code), TemporaryDirectory(prefix=PREFIX) as folder:
        press = Press(Path(folder), key, labels, queries.improvement_step(on))
        files = _write_files(press, extract.source(as_at), code, tell)
        manifest = Manifest(
            id=made, code=code, as_at=as_at, made_at=at, files=files, labels=labels,
            definitions=measures.definitions_version(), code_version=extract.version(),
        )  # fmt: skip
        snapshot = _record(manifest, key, by=by, at=at)
        kept.publish(manifest)
    return snapshot


@contextmanager
def _whole_or_nothing(code: str) -> Iterator[None]:
    """What could not be finished leaves no file behind."""
    try:
        yield
    except BaseException:
        kept.discard(code)
        raise


@transaction.atomic
def clear_away(*, by: Actor, at: datetime, within: Path | None = None) -> int:
    """Removes what a process left behind that was killed in the midst of a snapshot, a day ago or more: files without
    a manifest, and the rows that were on their way. Returns how many snapshots there were.
    """
    before = at - FORSAKEN
    left = kept.clear_unfinished(before=before)
    for folder in (within or Path(gettempdir())).glob(f"{PREFIX}*"):
        if folder.stat().st_mtime < before.timestamp():
            rmtree(folder, ignore_errors=True)
    if left:
        events.record("snapshot.cleared_away", uuid7(), by=by, at=at, codes=left)
    return len(left)


def _write_files(press: Press, asked: extract.Source, code: str, tell: Tell) -> dict[str, FileRecord]:
    extract.prepare(asked.as_at)
    files = {}
    for table in TABLES:
        path, files[table.name] = press.write(table, extract.rows(table, asked))
        kept.keep_file(code, table, path)
        tell(f"{table.name}: {files[table.name].rows:,} rows")
    return files


def _record(manifest: Manifest, key: bytes, *, by: Actor, at: datetime) -> Snapshot:
    master, wrapped = crypt.wrap(manifest.id, key)
    written = {name: file.rows for name, file in manifest.files.items()}
    snapshot = Snapshot.objects.create(
        id=manifest.id, code=manifest.code, as_at=manifest.as_at, made_at=at, master=master,
        sealed_key=wrapped, expires_on=queries.expires_on(london_date(at)),
        manifest=_without_labels(manifest),
    )  # fmt: skip
    events.record("snapshot.written", snapshot.pk, by=by, at=at, code=manifest.code, rows=written)
    return snapshot


def _without_labels(manifest: Manifest) -> dict[str, object]:
    raw = manifest.as_json()
    del raw["labels"]
    return raw


@transaction.atomic
def expire(*, by: Actor, at: datetime, on: date) -> list[UUID]:
    """Destroys the keys of snapshots whose time is over: nothing can lead from them to a record again."""
    over = list(Snapshot.objects.select_for_update().filter(expires_on__lte=on).exclude(sealed_key=b""))
    for snapshot in over:
        snapshot.sealed_key = b""
        snapshot.save(update_fields=["sealed_key"])
        events.record("snapshot.expired", snapshot.pk, by=by, at=at, code=snapshot.code)
    return [snapshot.pk for snapshot in over]
