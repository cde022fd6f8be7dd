"""Stopping what `alongside demo` started, without Django: its settings would start the database again."""

import os
import signal
import time
from pathlib import Path

from alongside.config import embedded


def stop(var: Path) -> list[str]:
    """Stops the demonstration and the embedded database. Returns what was done, in words."""
    done = []
    note = var / "demo.pid"
    pid = _alive(note)
    if pid:
        os.kill(pid, signal.SIGTERM)
        _wait(note)
        done.append("The demonstration is stopped.")
    if embedded.stop(var):
        done.append("The embedded database is stopped.")
    return done or ["Nothing was running."]


def _alive(note: Path) -> int | None:
    """The demonstration's process, when the note is there and such a process is one of ours."""
    if not note.exists():
        return None
    pid = int(note.read_text().strip() or 0)
    line = Path(f"/proc/{pid}/cmdline")
    known = not Path("/proc").exists() or (line.exists() and b"demo" in line.read_bytes())
    if not known:
        note.unlink(missing_ok=True)
    return pid if known else None


def _wait(note: Path) -> None:
    for _ in range(200):
        if not note.exists():
            return
        time.sleep(0.1)
