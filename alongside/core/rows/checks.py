"""The start-up check: refuses to serve while a lock is open. Reads the database's own catalogues."""

from django.db import connection

from alongside.core.privacy.register import register
from alongside.core.rows.declared import Table, tables
from alongside.core.rows.queueing import GUARDS
from alongside.core.rows.realms import Realm, role_name
from alongside.core.rows.scopes import Open, Published


class LockOpen(SystemExit):
    """A lock is open; the process must not serve."""


def _rows(sql: str, *values: list[str]) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


LOGIN_FAULTS = (
    "is a superuser: row security would not apply",
    "bypasses row security",
    "owns tables",
    "inherits another role's rights",
)


def check_login() -> list[str]:
    """The login that serves is no superuser, owns nothing, bypasses nothing and inherits no realm."""
    ((user, *facts),) = _rows(
        "SELECT rolname, rolsuper, rolbypassrls, "
        "EXISTS (SELECT FROM pg_class WHERE relowner = session_user::regrole AND relkind = 'r'), "
        "EXISTS (SELECT FROM pg_auth_members WHERE member = session_user::regrole AND inherit_option) "
        "FROM pg_roles WHERE rolname = session_user"
    )
    found = zip(facts, LOGIN_FAULTS, strict=True)
    return [f"The application logs in as {user}, which {fault}." for holds, fault in found if holds]


def check_tables() -> list[str]:
    """Every table that is declared protected has forced row security; personal tables are declared so."""
    state = {
        name: (enabled, forced)
        for name, enabled, forced in _rows(
            "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class "
            "WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
        )
    }
    found = [_table_fault(table, state.get(table.name)) for table in tables()]
    return [fault for fault in found if fault]


def _table_fault(table: Table, state: tuple[object, object] | None) -> str:
    if state is None:
        return f"{table.name} is declared but not in the database: run `alongside migrate`."
    if table.protected and state != (True, True):
        return f"{table.name} lacks forced row security: run `alongside migrate`."
    return ""


def check_personal() -> list[str]:
    """A model with identity, special or sensitive fields has row security or a reason."""
    scopes = {table.name: table.scope for table in tables()}
    return [
        f"{filing.model} holds identities and has no row security."
        for filing in register()
        if (filing.files["identity"] or filing.files["special"]) and isinstance(scopes[filing.table], Open)
    ]


def check_policies() -> list[str]:
    """No realm but the worker (and sign-in's own role where declared) has a policy that is always true; what is
    published may be read by all.
    """
    open_to_sign_in = {
        (table.name, role_name(realm)) for table in tables() for realm, scope in table.scopes.items()
        if isinstance(scope, Open)
    }  # fmt: skip
    published = {table.name for table in tables() if isinstance(table.scope, Published)}
    realms = [role_name(realm) for realm in Realm if realm != Realm.WORKER]
    wide = _rows(
        "SELECT tablename, r, cmd FROM pg_policies, unnest(roles) AS r "
        "WHERE r = ANY (%s) AND (qual = 'true' OR with_check = 'true')", realms,
    )  # fmt: skip
    return [
        f"{role} may see all of {table}." for table, role, command in wide
        if (table, role) not in open_to_sign_in and not (table in published and command == "SELECT")
    ]  # fmt: skip


def check_functions() -> list[str]:
    """Every function that runs as its owner has a fixed search path."""
    loose = _rows(
        "SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace "
        "AND NOT coalesce(array_to_string(proconfig, ',') LIKE '%%search_path=%%', false)"
    )
    return [f"The function {name} runs as its owner without a fixed search path." for (name,) in loose]


def check_queue() -> list[str]:
    """The triggers stand and are on by which a realm starts the jobs of its own events alone."""
    found = _rows("SELECT tgname FROM pg_trigger WHERE tgrelid = 'procrastinate_jobs'::regclass AND tgenabled = 'O'")
    absent = sorted(set(GUARDS) - {str(name) for (name,) in found})
    return [f"The queue lacks its guard {name}: run `alongside migrate`." for name in absent]


def faults(*, login: bool = True) -> list[str]:
    """Everything that is wrong, in plain words. Empty when every lock holds."""
    checks = [check_tables, check_personal, check_policies, check_functions, check_queue]
    if login:
        checks.insert(0, check_login)
    return [fault for check in checks for fault in check()]


def refuse_if_open() -> None:
    """Raises LockOpen with every fault."""
    found = faults()
    if found:
        raise LockOpen("Alongside will not start:\n- " + "\n- ".join(found))
