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


def leave_note(var: Path) -> Path:
    """Notes which process is the demonstration, and when it began: numbers of processes are used again."""
    note = var / "demo.pid"
    note.write_text(f"{os.getpid()} {_began(os.getpid())}")
    return note


def _alive(note: Path) -> int | None:
    """The demonstration's process, when there is a note and that very process still runs."""
    if not note.exists():
        return None
    pid, _, began = note.read_text().partition(" ")
    if pid.isdigit() and _began(int(pid)) == began:
        return int(pid)
    note.unlink(missing_ok=True)
    return None


def _began(pid: int) -> str:
    """When a process began, as its system counts; "unknown" where that cannot be read, "" when there is none."""
    if not Path("/proc/self/stat").exists():
        return "unknown"
    status = Path(f"/proc/{pid}/stat")
    return status.read_text().rpartition(")")[2].split()[19] if status.exists() else ""


def _wait(note: Path) -> None:
    for _ in range(200):
        if not note.exists():
            return
        time.sleep(0.1)
