"""What the database server and the owner's login must be before the locks can be written, each fault with its remedy.

The owner needs no superuser, as a managed server gives none: it must own the database and may make roles. PostgreSQL 16
lets a role be granted only by who holds it WITH ADMIN OPTION, which its maker does.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from alongside.core.rows.realms import Realm, role_name

OLDEST = 160_000
LOCK = 0x616C6F6E  # the advisory lock of whoever changes the tables


class ServerUnready(SystemExit):
    """The server or the login will not do; says what to run, and as whom."""


def _rows(sql: str, *values: list[str]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def _version() -> Iterator[str]:
    ((number, words),) = _rows("SELECT current_setting('server_version_num')::int, current_setting('server_version')")
    if isinstance(number, int) and number < OLDEST:
        yield f"The server is PostgreSQL {words}: 16 or later is needed."


def _schema(owner: str, database: str) -> Iterator[str]:
    ((may,),) = _rows("SELECT has_schema_privilege('public', 'CREATE')")
    if not may:
        yield (
            f"{owner} may not make tables in {database}. As its owner or administrator: "
            f"ALTER DATABASE {database} OWNER TO {owner};"
        )


def _tables(owner: str) -> Iterator[str]:
    foreign = _rows(
        "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace "
        "AND relkind IN ('r', 'p', 'S') AND NOT pg_has_role(relowner, 'USAGE')"
    )
    for (other,) in foreign:
        yield f"Tables here belong to {other}. As the administrator: REASSIGN OWNED BY {other} TO {owner};"


def _roles(owner: str) -> Iterator[str]:
    wanted = [role_name(realm) for realm in Realm]
    foreign = _rows(
        "SELECT rolname FROM pg_roles WHERE rolname = ANY (%s) AND NOT pg_has_role(oid, 'MEMBER WITH ADMIN OPTION') "
        "ORDER BY 1", wanted,
    )  # fmt: skip
    ((may_make,),) = _rows("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user")
    if not may_make:
        yield f"{owner} may not make roles. As the administrator: ALTER ROLE {owner} CREATEROLE;"
    for (name,) in foreign:
        yield f"The role {name} was made by another. As its maker: GRANT {name} TO {owner} WITH ADMIN OPTION;"


def faults() -> list[str]:
    """Everything that stands in the way, in words, each with what to run. Empty when migrating may begin."""
    owner, database = str(connection.settings_dict["USER"]), str(connection.settings_dict["NAME"])
    return [*_version(), *_schema(owner, database), *_tables(owner), *_roles(owner)]


def refuse_if_unready() -> None:
    """Raises ServerUnready with every fault."""
    found = faults()
    if found:
        raise ServerUnready("Nothing was changed. Alongside cannot use this database yet:\n- " + "\n- ".join(found))


@contextmanager
def alone() -> Iterator[None]:
    """Waits while another process makes or changes the tables of this database."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
