"""What a server and an owner's login lack is said with its remedy, before anything is changed."""

import pytest
from django.core.management import call_command
from django.db import connection

from alongside.core import server
from alongside.core.rows.realms import Realm, role_name

pytestmark = pytest.mark.django_db


@pytest.fixture
def bare() -> str:
    """A role that may do nothing, taken for the rest of the test."""
    name = f"{connection.settings_dict['NAME']}_bare"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE ROLE {name}")
        cursor.execute(f"GRANT {name} TO CURRENT_USER WITH INHERIT FALSE, SET TRUE")
        cursor.execute(f"SET LOCAL ROLE {name}")
    return name


def test_the_owner_who_made_everything_may_migrate() -> None:
    assert server.faults() == []


def test_an_older_server_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "OLDEST", 990_000)
    with pytest.raises(server.ServerUnready, match="16 or later is needed"):
        server.refuse_if_unready()


@pytest.mark.usefixtures("bare")
def test_a_login_that_may_nothing_is_told_everything_at_once() -> None:
    found = "\n".join(server.faults())
    assert "ALTER DATABASE" in found
    assert "REASSIGN OWNED BY" in found
    assert "CREATEROLE;" in found
    assert f"GRANT {role_name(Realm.HUB)} TO" in found


@pytest.mark.usefixtures("bare")
def test_migrate_refuses_before_it_changes_anything() -> None:
    with pytest.raises(server.ServerUnready, match="Nothing was changed"):
        call_command("migrate", verbosity=0)


def test_who_changes_the_tables_is_alone_and_lets_the_next_in() -> None:
    def held() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = %s", [server.LOCK])
            return int(cursor.fetchone()[0])

    with server.alone(), server.alone():
        assert held() == 1
    assert held() == 0
