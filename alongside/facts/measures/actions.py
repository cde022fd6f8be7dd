"""Where collect leaves what it made, each once, and clears away what it could not finish: measures' only writes."""

from datetime import datetime
from pathlib import Path
from shutil import rmtree

from django.conf import settings

from alongside.facts.measures import snapshots
from alongside.facts.measures.models import Manifest, Table


def keep_file(code: str, table: Table, source: Path) -> None:
    """Puts a table's file where it will stay. Raises RuleBroken where there is one already."""
    snapshots.keep_file(code, f"{table.name}.parquet", source)


def keep_ids(code: str, table: Table, source: Path) -> None:
    """Puts the enciphered ids of a table's rows beside its file."""
    snapshots.keep_file(code, f"{table.name}.ids", source)


def forget_ids(code: str) -> None:
    """Removes the enciphered ids of a snapshot, which is not added to any more."""
    snapshots.remove(code, ".ids")


def publish(manifest: Manifest) -> None:
    """Makes a snapshot known, once all of its files are there."""
    snapshots.publish(manifest)


def discard(code: str) -> None:
    """Removes what there is of a snapshot that could not be finished."""
    snapshots.discard(code)


def clear_unfinished(*, before: datetime) -> list[str]:
    """Removes what a process left that was killed while it wrote. Returns the codes."""
    left = snapshots.unfinished(before)
    for code in left:
        snapshots.discard(code)
    return left


def need(code: str, why: str) -> None:
    """Says that something that left or was agreed rests on a snapshot, in a code: it is kept as long as its key."""
    snapshots.mark(code, why)


def note_progress(done: int, of: int, *, at: datetime) -> None:
    """How many files of the snapshot that is being made are there."""
    snapshots.note_making({"done": done, "of": of, "at": at.isoformat()})


def end_progress() -> None:
    """Nothing is being made any more."""
    snapshots.end_making()


def forget_counted(code: str) -> None:
    """Removes the integers that were kept of a snapshot which is no longer there."""
    rmtree(Path(settings.VAR) / "cache" / "measures" / code, ignore_errors=True)
