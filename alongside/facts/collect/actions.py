"""Writing a snapshot, which never changes afterwards, and destroying its key when its time is over."""

import secrets
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory, gettempdir
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import crypt
from alongside.facts.collect import basis, changes, extract, queries, rules
from alongside.facts.collect.models import Snapshot
from alongside.facts.collect.parquet import Press, Pressed, sha256
from alongside.facts.measures import actions as kept
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import TABLES, Manifest

KEY_BYTES = 32
PREFIX, FORSAKEN = "alongside-snapshot-", timedelta(days=1)
LONGEST = ("referrals", "outcomes")
Tell = Callable[[str], None]


def _silent(words: str) -> None:
    """Nobody asked to be told how far it is."""


@transaction.atomic
def write_snapshot(
    *, by: Actor, at: datetime, as_at: datetime, tell: Tell = _silent, made: UUID | None = None
) -> Snapshot:  # fmt: skip
    """Writes what had happened by `as_at` as pseudonymous Parquet, with its manifest. Worker's realm.

    It is made of the last whole one and of what happened since wherever that is equal to a whole one. `made` is its
    id, where somebody asked for it under one. Raises RuleBroken for a moment that has not come.
    """
    if as_at > at:
        raise RuleBroken("A snapshot cannot be of a moment that has not come.")
    since, made, key = changes.watermark(), made or uuid7(), secrets.token_bytes(KEY_BYTES)
    code, on = rules.code_of(made, as_at), london_date(as_at)
    labels, step, asked = queries.labels(on), queries.improvement_step(on), extract.source(as_at)
    extract.prepare(as_at)
    with _whole_or_nothing(code), TemporaryDirectory(prefix=PREFIX) as folder:
        chosen = basis.choose(asked, labels, step, at=at)
        press = Press(Path(folder), key, labels, step, chosen.before, whole=chosen.snapshot is None)
        pressed = _write_files(press, asked, code, tell)
        manifest = Manifest(
            id=made, code=code, as_at=as_at, made_at=at, labels=labels, definitions=measures.definitions_version(),
            files={name: one.record for name, one in pressed.items()}, code_version=extract.version(),
            made_from=chosen.snapshot.code if chosen.snapshot else "", whole_why=chosen.whole_why,
        )  # fmt: skip
        snapshot = _record(manifest, key, by=by, at=at)
        if press.whole:
            _lay_by(snapshot, pressed, changes.terms(asked, labels, step, on), since)
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


def _write_files(press: Press, asked: extract.Source, code: str, tell: Tell) -> dict[str, Pressed]:
    """Every table: while one is read from the database, two others become files, the longest first."""
    found: dict[str, Pressed] = {}
    changed = changes.narrowed(press.before.changed) if press.before else nullcontext()
    with changed, ThreadPoolExecutor(max_workers=2) as presses:
        under_way = [
            (table, presses.submit(press.press, table, press.lay(table, extract.rows(table, asked))))
            for table in sorted(TABLES, key=lambda table: table.name not in LONGEST)
        ]
        for table, pressing in under_way:
            found[table.name] = one = pressing.result()
            kept.keep_file(code, table, one.path)
            if one.ids:
                kept.keep_ids(code, table, one.ids)
            tell(f"{table.name}: {one.record.rows:,} rows")
    return found


def _lay_by(snapshot: Snapshot, pressed: Mapping[str, Pressed], terms: Mapping[str, Any], since: int) -> None:
    """From now on snapshots are made of this whole one, and of none before it."""
    for older in Snapshot.objects.exclude(since_xid=None).exclude(pk=snapshot.pk):
        kept.forget_ids(older.code)
        older.since_xid, older.made_by = None, {}
        older.save(update_fields=["since_xid", "made_by"])
    ids = {name: sha256(one.ids) for name, one in pressed.items() if one.ids}
    snapshot.since_xid = since
    snapshot.made_by = {"terms": terms, "ids": ids, "strange": sum(one.strange for one in pressed.values())}
    snapshot.save(update_fields=["since_xid", "made_by"])
    changes.begin(snapshot.pk, since=since, as_at=snapshot.as_at)


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


@transaction.atomic
def discard(*, by: Actor, at: datetime) -> list[str]:
    """Discards the snapshots that nothing keeps any longer, with their keys. Returns their codes.

    The one from which others are made stays until there is a newer. The files go when the rows are committed.
    """
    on, gone = london_date(at), []
    bases = set(Snapshot.objects.exclude(since_xid=None).values_list("code", flat=True))
    for each in measures.kept(on):
        code = each.manifest.code
        if each.until is None or each.until > on or code in bases:
            continue
        Snapshot.objects.filter(code=code).update(sealed_key=b"", discarded_at=at)
        events.record("snapshot.discarded", each.manifest.id, by=by, at=at, code=code, why=str(each.why))
        transaction.on_commit(partial(_discard_files, code))
        gone.append(code)
    return gone


def _discard_files(code: str) -> None:
    kept.discard(code)
    kept.forget_counted(code)
