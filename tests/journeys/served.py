"""The real application on loopback, over a database of its own that `alongside demo` made."""

import os
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

SCALE = "0.03"
START = [sys.executable, "-m", "alongside.config.cli"]


@dataclass(frozen=True)
class Server:
    """Where PostgreSQL is and who owns the databases in it: what the tests' own settings say."""

    host: str
    port: str
    owner: str
    password: str

    @classmethod
    def of(cls, told: dict[str, str]) -> "Server":
        return cls(told["HOST"], str(told["PORT"]), told["USER"], told["PASSWORD"])

    def url(self, user: str, name: str) -> str:
        """A socket's folder goes where a host's name cannot."""
        place = f"/{name}?host={quote(self.host)}" if self.host.startswith("/") else f"{self.host}:{self.port}/{name}"
        return f"postgresql://{user}:{quote(self.password)}@{place}".replace(":@", "@")

    def say(self, *statements: sql.Composed) -> None:
        with psycopg.connect(
            host=self.host, port=self.port or None, user=self.owner, password=self.password, dbname="postgres",
            autocommit=True,
        ) as connection:  # fmt: skip
            for statement in statements:
                connection.execute(statement)

    def make(self, name: str) -> None:
        """An empty database in place of what an earlier run left."""
        self.drop(name)
        self.say(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))

    def drop(self, name: str) -> None:
        self.say(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def let_in(self, login: str) -> None:
        """A server that asks for passwords is told the application's."""
        if self.password:
            words = sql.SQL("ALTER ROLE {} PASSWORD {}")
            self.say(words.format(sql.Identifier(login), sql.Literal(self.password)))


class Site:
    """One served application: its address, its commands, its files."""

    def __init__(self, server: Server, database: str, folder: Path) -> None:
        self.server, self.database, self.folder = server, database, folder
        self.port = _free_port()
        self.origin = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def _told(self, login: str) -> dict[str, str]:
        """The environment of one process; nothing of the tests' own settings goes with it."""
        kept = {word: value for word, value in os.environ.items() if not word.startswith(("ALONGSIDE_", "DJANGO_"))}
        return {
            **kept,
            "ALONGSIDE_DEMO": "1",
            "ALONGSIDE_LOGIN": login,
            "ALONGSIDE_VAR": str(self.folder),
            "ALONGSIDE_URL": self.origin,
            "ALONGSIDE_LOG_LEVEL": "WARNING",
            "DATABASE_URL": self.server.url(f"{self.database}_app", self.database),
            "DATABASE_OWNER_URL": self.server.url(self.server.owner, self.database),
        }

    def run(self, login: str, *words: str) -> str:
        """One `alongside` command; what it prints."""
        done = subprocess.run([*START, *words], env=self._told(login), capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"alongside {' '.join(words)}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    def work(self) -> None:
        """Does the jobs that wait, now."""
        self.run("worker", "worker", "--once")

    def start(self) -> None:
        self.server.make(self.database)
        self.run("owner", "demo", "--make-only", "--scale", SCALE)
        self.server.let_in(f"{self.database}_app")
        self.serve()

    def serve(self) -> None:
        """Serves what there is; again, after it was killed."""
        with (self.folder / "served.log").open("wb") as log:
            words = [*START, "serve", "--port", str(self.port), "--workers", "2"]
            self.process = subprocess.Popen(words, env=self._told("app"), stdout=log, stderr=log)
        self._wait()

    def _wait(self) -> None:
        for _ in range(300):
            assert self.process and self.process.poll() is None, (self.folder / "served.log").read_text()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=10).close()
            except OSError:
                time.sleep(0.2)
            else:
                return
        raise AssertionError("The application does not answer.")

    def kill(self) -> None:
        """As if the power went: the application and its workers, with no time for anything."""
        assert self.process
        subprocess.run(["pkill", "-9", "-P", str(self.process.pid)], check=False)
        self.process.kill()
        self.process.wait(timeout=20)

    def stop(self) -> None:
        if self.process:
            self.process.terminate()
            self.process.wait(timeout=20)
        self.server.drop(self.database)


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
