"""As on a managed server: the owner is no superuser, may make roles and no databases. All runs, or says what to do."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from alongside.config.house import backups

PASSWORD = "for-this-test-alone"
PROGRAMS = Path(backups._program("pg_dump")).parent  # of the server's own version


@dataclass(frozen=True)
class Managed:
    """A database of an owner who may make roles and nothing else, and the folder of its files."""

    name: str
    var: Path

    @property
    def owner(self) -> str:
        return f"{self.name}_owner"

    def url(self, login: str) -> str:
        held = connection.settings_dict
        place = f"?host={held['HOST']}" if str(held["HOST"]).startswith("/") else ""
        host = "" if place else f"{held['HOST']}:{held['PORT']}"
        return f"postgresql://{login}:{PASSWORD}@{host}/{self.name}{place}"

    def run(self, *words: str) -> tuple[int, str]:
        """(exit code, everything that was said) of one `alongside` command."""
        return self.python("-m", "alongside.config.cli", *words)

    def python(self, *words: str) -> tuple[int, str]:
        place = {
            "DATABASE_URL": self.url(f"{self.name}_app"), "DATABASE_OWNER_URL": self.url(self.owner),
            "ALONGSIDE_VAR": str(self.var), "ALONGSIDE_KEY_RING": str(settings.KEY_RING),
            "PATH": f"{PROGRAMS}:{os.environ['PATH']}", "DJANGO_SETTINGS_MODULE": "alongside.config.settings",
        }  # fmt: skip
        left_out = ("ALONGSIDE_LOGIN", "ALONGSIDE_TESTING", "ALONGSIDE_DEMO")
        inherited = {name: value for name, value in os.environ.items() if name not in left_out}
        done = subprocess.run(
            [sys.executable, *words], env={**inherited, **place}, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def tell(self, sql: str) -> None:
        with psycopg.connect(self.url(self.owner), autocommit=True) as session:
            session.execute(sql)


def as_administrator(*statements: str) -> None:
    """The test's own owner stands for the server's administrator: no superuser either."""
    held = connection.settings_dict
    words = {"host": held["HOST"], "port": held["PORT"], "user": held["USER"], "password": held["PASSWORD"]}
    with psycopg.connect(dbname="postgres", autocommit=True, **{k: v for k, v in words.items() if v}) as session:
        for statement in statements:
            session.execute(statement)


@pytest.fixture
def managed(transactional_db: None, tmp_path: Path) -> Iterator[Managed]:
    found = Managed(f"{connection.settings_dict['NAME']}_managed", tmp_path)
    _clear(found)
    as_administrator(
        f"CREATE ROLE {found.owner} LOGIN CREATEROLE PASSWORD '{PASSWORD}'",
        f"ALTER ROLE {found.owner} SET createrole_self_grant = 'set, inherit'",
        f"GRANT {found.owner} TO CURRENT_USER",
        f"CREATE DATABASE {found.name} OWNER {found.owner}",
    )
    yield found
    _clear(found)


def _clear(found: Managed) -> None:
    """What an owner made its administrator may not drop, before the owner lends itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE %s", [f"{found.name}\\_%"])
        roles = [role for (role,) in cursor.fetchall() if role != found.owner]
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [found.owner])
        is_there = cursor.fetchone()
    for name in (f"{found.name}_copy", found.name):
        _drop(name)
    if is_there:
        as_administrator(f"SET ROLE {found.owner}", *(f"DROP ROLE {role}" for role in roles))
        as_administrator(f"DROP ROLE {found.owner}")


def _drop(name: str) -> None:
    """Whoever is no superuser may not end the server's own vacuum, which is in a database for a moment: tried again."""
    for tries in range(20):
        try:
            as_administrator(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        except psycopg.errors.InsufficientPrivilege:
            if tries == 19:
                raise
            time.sleep(0.5)
        else:
            return


def test_an_owner_without_superuser_migrates_serves_backs_up_and_restores(managed: Managed) -> None:
    """One long test, because the tables are made once."""
    assert managed.run("migrate", "--verbosity", "0") == (0, "")
    managed.tell(f"ALTER ROLE {managed.name}_app PASSWORD '{PASSWORD}'")
    assert managed.run("check")[1].endswith("Every lock holds.\n")
    assert managed.python("-c", "import alongside.config.wsgi")[0] == 0  # the door, which refuses an open lock
    assert managed.run("worker", "--once")[0] == 0
    made = _backed_up(managed)
    _restores_only_into_what_is_empty(managed, made)


def _backed_up(managed: Managed) -> Path:
    code, said = managed.run("backup")
    assert code == 0, said
    return next((managed.var / "backups").iterdir())


def _restores_only_into_what_is_empty(managed: Managed, made: Path) -> None:
    copy = f"{managed.name}_copy"
    code, said = managed.run("restore", str(made), "--into", copy)
    assert code == 1
    assert f"ALTER ROLE {managed.owner} CREATEDB" in said
    assert managed.run("restore", "--drill")[0] == 1
    as_administrator(f"CREATE DATABASE {copy} OWNER {managed.owner}")
    code, said = managed.run("restore", str(made), "--into", copy)
    assert re.search(r"Proved: \d+ tables", said), said
    code, said = managed.run("restore", str(made), "--into", copy)
    assert (code, "nothing was changed" in said) == (1, True)


def test_an_owner_who_may_not_make_roles_is_told_what_to_run(managed: Managed) -> None:
    as_administrator(f"ALTER ROLE {managed.owner} NOCREATEROLE")
    code, said = managed.run("migrate")
    assert code == 1
    assert said.strip().endswith(f"ALTER ROLE {managed.owner} CREATEROLE;")
    assert "Traceback" not in said
