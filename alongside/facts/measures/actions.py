"""Where collect leaves what it made: the only writes of measures, each once."""

from pathlib import Path

from alongside.facts.measures import snapshots
from alongside.facts.measures.models import Manifest, Table


def keep_file(code: str, table: Table, source: Path) -> None:
    """Puts a table's file where it will stay. Raises RuleBroken where there is one already."""
    snapshots.keep_file(code, f"{table.name}.parquet", source)


def publish(manifest: Manifest) -> None:
    """Makes a snapshot known, once all of its files are there."""
    snapshots.publish(manifest)
