"""Writes roles, grants, policies and triggers from the declarations. Run by `alongside migrate`, in one transaction."""

from collections.abc import Iterator, Mapping

from django.conf import settings
from django.db import connection, transaction
from django.utils.module_loading import import_string

from alongside.core.rows import reading
from alongside.core.rows.declared import Table, tables
from alongside.core.rows.functions import FUNCTIONS, trigger_sql
from alongside.core.rows.queueing import queue_sql
from alongside.core.rows.realms import Realm, role_name
from alongside.core.rows.scopes import Follows, Intake, Open, Own, Published


def _owner() -> str:
    return str(connection.settings_dict["USER"])


def _role_sql(login: str) -> Iterator[str]:
    """Roles without login for each realm; the login may take them but inherits nothing from them."""
    attributes = {login: "LOGIN", **{role_name(realm): "NOLOGIN" for realm in Realm}}
    for role, attribute in attributes.items():
        yield (
            f"DO $$ BEGIN CREATE ROLE {role} {attribute} NOINHERIT; "
            "EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$"
        )
    for realm in Realm:
        for member in (login, _owner()):
            yield f"GRANT {role_name(realm)} TO {member} WITH INHERIT FALSE, SET TRUE"
        yield f"GRANT USAGE ON SCHEMA public TO {role_name(realm)}"
    yield f"GRANT CONNECT ON DATABASE {connection.settings_dict['NAME']} TO {login}"


def _grant_sql(table: Table) -> Iterator[str]:
    for realm in Realm:
        yield f"REVOKE ALL ON {table.name} FROM {role_name(realm)}"
    for realm, words in table.grants.items():
        for word in words.split():
            columns = _columns(table, realm) if word == "update" else ""
            yield f"GRANT {word.upper()}{columns} ON {table.name} TO {role_name(realm)}"


def _columns(table: Table, realm: Realm) -> str:
    """The columns that a realm may change: never `visible_orgs`, which the triggers alone write."""
    allowed = table.update.get(realm) or tuple(name for name in table.columns if name != "visible_orgs")
    return f" ({', '.join(allowed)})" if table.columns else ""


def _policy_sql(table: Table) -> Iterator[str]:
    force = "ENABLE" if table.protected else "DISABLE"
    yield f"ALTER TABLE {table.name} {force} ROW LEVEL SECURITY"
    yield f"ALTER TABLE {table.name} {'FORCE' if table.protected else 'NO FORCE'} ROW LEVEL SECURITY"
    for realm in ("owner", *Realm):
        yield f"DROP POLICY IF EXISTS alongside_{realm} ON {table.name}"
        yield f"DROP POLICY IF EXISTS alongside_{realm}_writes ON {table.name}"
        yield f"DROP POLICY IF EXISTS alongside_{realm}_lent ON {table.name}"
        yield f"DROP POLICY IF EXISTS alongside_{realm}_former ON {table.name}"
        yield f"DROP POLICY IF EXISTS alongside_{realm}_stood ON {table.name}"
    if not table.protected:
        return
    yield f"CREATE POLICY alongside_owner ON {table.name} TO {_owner()} USING (true) WITH CHECK (true)"
    for realm in table.grants:
        yield from _realm_policy_sql(table, realm)


def _realm_policy_sql(table: Table, realm: Realm) -> Iterator[str]:
    scope, role = table.scope_for(realm), role_name(realm)
    wide = realm == Realm.WORKER or isinstance(scope, Open)
    expression = "true" if wide else scope.expression(table.name)
    name, command = f"alongside_{realm}", "FOR INSERT" if isinstance(scope, Intake) else ""
    if isinstance(scope, Published) and not wide:
        yield f"CREATE POLICY {name} ON {table.name} FOR SELECT TO {role} USING (true)"
        name = f"{name}_writes"
        if table.grants[realm] == "select":
            return
    using = "" if command else f"USING ({expression})"
    yield f"CREATE POLICY {name} ON {table.name} {command} TO {role} {using} WITH CHECK ({expression})"


def _sequence_sql() -> Iterator[str]:
    for realm in Realm:
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role_name(realm)}"


def _statements() -> Iterator[str]:
    declared = tables()
    known = {table.name: table for table in declared}
    yield from _role_sql(role_name("app"))
    yield from FUNCTIONS
    for table in declared:
        yield from _grant_sql(table)
        yield from _policy_sql(table)
        yield from reading.lent_sql(table, known)
        yield from reading.former_sql(table, known)
        yield from reading.stood_sql(table, known)
        yield from trigger_sql(table)
    yield from _scope_rows(declared)
    yield from _function_grants()
    yield from _sequence_sql()
    yield from queue_sql()


def _scope_rows(declared: list[Table]) -> Iterator[str]:
    """Which tables a grant of each kind reaches; read by the functions that let an organisation in."""
    yield "DELETE FROM core_reach"
    for table in declared:
        if shared := table.shared:
            yield f"INSERT INTO core_reach VALUES ('{shared.kind}', '{table.name}', '{shared.key}', '{_whose(shared)}')"


def _whose(shared: Own | Follows) -> str:
    """The column of the person of a record that is let into by itself; what follows another is sealed with that."""
    return shared.person if isinstance(shared, Own) else ""


def _function_grants() -> Iterator[str]:
    lent: Mapping[str, tuple[Realm, ...]] = import_string(settings.LENT_FUNCTIONS)
    named = {"rows_share": (Realm.HUB, Realm.PROVIDER), "rows_offer": (Realm.HUB, Realm.PROVIDER),
             "rows_withdraw": (Realm.HUB,),
             "rows_take_back": (Realm.PROVIDER,), "rows_step_back": (), "rows_former": (),
             "rows_stepped_back": (Realm.PROVIDER,), "rows_end_former": (Realm.HUB, Realm.PROVIDER),
             "rows_stood": (Realm.PROVIDER,), "rows_handed_on": (Realm.PROVIDER,),
             "rows_take_up": (Realm.PROVIDER,), "rows_give_back": (Realm.PROVIDER,),
             "rows_looks": (Realm.HUB, Realm.PROVIDER), "rows_expire": (), "rows_spread": (), "rows_visible": (),
             "rows_may": (), "rows_may_change": (), "rows_forget_logs": (),
             "rows_fresh": (Realm.PUBLIC, Realm.REFERRER),
             **dict.fromkeys(("rows_name", "rows_unname", "rows_seal", "rows_unseal", "rows_named", "rows_close",
                              "rows_reopen", "rows_open_to"), (Realm.HUB, Realm.PROVIDER)),
             "rows_spread_person": (), "rows_break": (), "rows_somebody": (), "rows_put_name": (),
             "rows_put_seal": (), **lent}  # fmt: skip
    for name, realms in named.items():
        yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
        for realm in (*realms, Realm.WORKER):
            yield f"GRANT EXECUTE ON FUNCTION {name} TO {role_name(realm)}"


def sync() -> int:
    """Makes the database's locks what the models declare. Owner only. Returns the number of statements."""
    statements = [statement for statement in _statements() if statement]
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    return len(statements)
