"""A restore is drilled on the test's own database; a copy that differs is found."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from alongside.config.house import backups

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def copy() -> str:
    """A name for a copy; whatever is there is dropped before and after."""
    name = f"{connection.settings_dict['NAME']}_copy"
    backups.drop(name)
    return name


def test_a_drill_proves_the_copy_and_leaves_its_record(tmp_path: Path) -> None:
    proof = backups.drill(tmp_path)
    record = json.loads((tmp_path / "last-drill.json").read_text())
    assert proof.tables > 30
    assert record["tables"] == proof.tables


def test_a_copy_that_differs_is_found_and_named(tmp_path: Path, copy: str) -> None:
    made = backups.backup(tmp_path)
    manifest = json.loads((made / "manifest.json").read_text())
    manifest["tables"]["organisations_council"][1] += 1
    (made / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(backups.BackupFailed, match="organisations_council"):
        backups.restore(made, copy)
    backups.drop(copy)


def test_a_database_that_is_there_is_not_written_over(tmp_path: Path) -> None:
    made = backups.backup(tmp_path)
    with pytest.raises(backups.BackupFailed, match="nothing was changed"):
        backups.restore(made, connection.settings_dict["NAME"])


def test_a_folder_that_is_no_backup_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no backup"):
        call_command("restore", str(tmp_path), "--into", "anything")


def test_the_command_says_what_it_needs() -> None:
    with pytest.raises(CommandError, match="--drill"):
        call_command("restore")


def test_a_backup_that_finds_no_room_says_so_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*words: str) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups, "_run", full)
    with pytest.raises(backups.BackupFailed, match="No space left"):
        backups.backup(tmp_path)
    monkeypatch.setattr(backups, "_check_program", lambda *words: (_ for _ in ()).throw(backups.BackupFailed("older")))
    with pytest.raises(backups.BackupFailed, match="older"):
        backups.backup(tmp_path)
    assert list(tmp_path.iterdir()) == []
