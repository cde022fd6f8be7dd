"""Where collect leaves what it made, each once, and clears away what it could not finish: measures' only writes."""

from datetime import datetime
from pathlib import Path

from alongside.facts.measures import snapshots
from alongside.facts.measures.models import Manifest, Table


def keep_file(code: str, table: Table, source: Path) -> None:
    """Puts a table's file where it will stay. Raises RuleBroken where there is one already."""
    snapshots.keep_file(code, f"{table.name}.parquet", source)


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
