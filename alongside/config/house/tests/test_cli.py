"""The command says what is wrong in a sentence where an operator can mend it, and hides no other fault."""

import errno
import sys
from collections.abc import Callable

import pytest
from django.db import OperationalError

from alongside.config import cli


def fails_with(error: Exception) -> Callable[[list[str]], None]:
    def run(words: list[str]) -> None:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OperationalError("connection refused"), "does not answer"),
        (OSError(errno.ENOSPC, "No space left on device"), "No space left on device where files are kept"),
    ],
)
def test_what_an_operator_can_mend_is_a_sentence(error: Exception, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["alongside", "snapshot"])
    monkeypatch.setattr(cli, "execute_from_command_line", fails_with(error))
    with pytest.raises(SystemExit, match=words):
        cli.main()


def test_another_fault_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["alongside", "snapshot"])
    monkeypatch.setattr(cli, "execute_from_command_line", fails_with(FileNotFoundError(errno.ENOENT, "No such file")))
    with pytest.raises(FileNotFoundError):
        cli.main()
