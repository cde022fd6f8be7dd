"""The demonstration is for this machine alone, and stopping stops only what is its own."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from alongside.config import running
from alongside.config.operations.management.commands.serve import words


def test_the_demonstration_is_made_only_when_it_is_one() -> None:
    with pytest.raises(CommandError, match="make demo"):
        call_command("demo")


@pytest.mark.parametrize("command", ["demo", "serve"])
@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.example"])
def test_the_demonstration_refuses_every_address_but_this_machines(settings: Settings, command: str, host: str) -> None:
    settings.DEMO = True
    with pytest.raises(CommandError, match="this machine alone"):
        call_command(command, host=host)


def test_the_server_keeps_no_log_of_addresses() -> None:
    said = words("127.0.0.1", 8000, 2)
    assert "--access-logfile" not in said
    assert said[said.index("--bind") + 1] == "127.0.0.1:8000"
    assert "[::1]:8000" in words("::1", 8000, 2)


def test_a_note_names_the_very_process_that_left_it(tmp_path: Path) -> None:
    assert running.leave_note(tmp_path).read_text().startswith(f"{os.getpid()} ")


def test_nothing_is_stopped_where_nothing_runs(tmp_path: Path) -> None:
    assert running.stop(tmp_path) == ["Nothing was running."]


def test_a_note_that_names_another_program_is_dropped(tmp_path: Path) -> None:
    note = tmp_path / "demo.pid"
    note.write_text(f"{os.getppid()} 0")
    assert running.stop(tmp_path) == ["Nothing was running."]
    assert not note.exists()
