"""Of which whole snapshot the next one is made, or why it is made whole itself."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from alongside.core.clocks import london_date
from alongside.core.privacy import crypt
from alongside.facts.collect import changes, extract, queries, rules
from alongside.facts.collect.models import Snapshot
from alongside.facts.collect.parquet import Before
from alongside.facts.measures import queries as measures
from alongside.facts.measures.models import TABLES


@dataclass(frozen=True)
class Chosen:
    """A whole snapshot to take over from, or the reason why there is none."""

    snapshot: Snapshot | None = None
    before: Before | None = None
    whole_why: str = ""


def choose(asked: extract.Source, labels: Mapping[str, Collection[str]], step: float, *, at: datetime) -> Chosen:
    """The last whole snapshot, if what is made of it equals a whole one made now."""
    found = Snapshot.objects.exclude(since_xid=None).order_by("-made_at").first()
    if found is None:
        return Chosen(whole_why="there is no whole one yet to add to")
    why = _why_not(found, asked, at) or _terms_differ(found, asked, labels, step)
    if why:
        return Chosen(whole_why=why)
    files, ids = _files(found)
    if len(files) < len(TABLES) or len(ids) < len(TABLES):
        return Chosen(whole_why="a file of the last whole one is gone, or is not the one that was written")
    try:
        changed = changes.people(found.since_xid or 0)
    except changes.NotKnown as unknown:
        return Chosen(whole_why=str(unknown))
    key = crypt.unwrap(found.pk, found.master, bytes(found.sealed_key))
    calendar = tuple(rules.calendar(london_date(asked.as_at)))
    return Chosen(found, Before(files, ids, key, changed, calendar))


def _why_not(found: Snapshot, asked: extract.Source, at: datetime) -> str | None:
    every = queries.whole_every(london_date(at))
    if (london_date(at) - london_date(found.made_at)).days >= every:
        return f"a whole one is made every {every} days"
    if asked.as_at < found.as_at:
        return "it is of an earlier moment than the last whole one"
    if not found.sealed_key:
        return "the key of the last whole one was destroyed"
    return None if changes.is_marked(found.pk) else "the database was loaded from a copy since"


def _terms_differ(
    found: Snapshot, asked: extract.Source, labels: Mapping[str, Collection[str]], step: float
) -> str | None:  # fmt: skip
    now = changes.terms(asked, labels, step, london_date(found.as_at))
    held: dict[str, Any] = found.made_by
    return changes.difference(held["terms"], now, strange=held["strange"])


def _files(found: Snapshot) -> tuple[dict[str, Path], dict[str, Path]]:
    """Its files by table, and the ids of their rows: such as are the very ones that were written."""
    written, ids = found.manifest["files"], found.made_by["ids"]
    files = {name: measures.intact(found.code, f"{name}.parquet", record["sha256"]) for name, record in written.items()}
    beside = {name: measures.intact(found.code, f"{name}.ids", digest) for name, digest in ids.items()}
    return _there(files), _there(beside)


def _there(paths: Mapping[str, Path | None]) -> dict[str, Path]:
    return {name: path for name, path in paths.items() if path}
