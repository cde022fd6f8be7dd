"""Reading alone, under a broken seal or of what one has handed on: nobody writes that, whatever the code asks."""

from collections.abc import Iterator, Mapping

from alongside.core.rows.declared import Table
from alongside.core.rows.realms import Realm, role_name
from alongside.core.rows.scopes import (
    HANDED_ON,
    LENT,
    OWN,
    AmongParent,
    Both,
    Follows,
    KeeperOf,
    Listed,
    Own,
    Parent,
    ReaderOf,
    Scope,
    Unless,
)

LENDS = (Realm.HUB, Realm.PROVIDER)  # whose people may break a seal
WRITES = {"insert", "update"}


def lent_sql(table: Table, tables: Mapping[str, Table]) -> Iterator[str]:
    """For each realm in which a seal may be broken a policy that restricts writing to what is one's own for good.

    It asks nothing of a request that carries no broken seal.
    """
    for realm in LENDS:
        words = set(table.grants.get(realm, "").split())
        mine = kept(table.scope_for(realm), table.name, tables, realm)
        if words & WRITES and mine:
            yield (
                f"CREATE POLICY alongside_{realm}_lent ON {table.name} AS RESTRICTIVE TO {role_name(realm)} "
                f"WITH CHECK (NOT ({LENT}) OR ({mine}))"
            )


def former_sql(table: Table, tables: Mapping[str, Table]) -> Iterator[str]:
    """A policy that restricts writing of records, and of what hangs on them, to those who have not handed them on."""
    handed = _handed(table.scope_for(Realm.PROVIDER), table.name, tables)
    if handed and set(table.grants.get(Realm.PROVIDER, "").split()) & WRITES:
        yield (
            f"CREATE POLICY alongside_{Realm.PROVIDER}_former ON {table.name} AS RESTRICTIVE "
            f"TO {role_name(Realm.PROVIDER)} WITH CHECK (NOT rows_stepped_back({handed}))"
        )


def stood_sql(table: Table, tables: Mapping[str, Table]) -> Iterator[str]:
    """A policy that restricts reading of what hangs on a record: to those who have handed it on only what stood then.

    Rows that carry `visible_orgs` say so themselves. Of all others it asks one thing more, once a statement: whether
    the record is among the few that were handed on.
    """
    scope, provider = table.scope_for(Realm.PROVIDER), Realm.PROVIDER
    found = _above(scope, table.name, tables) if isinstance(scope, Parent) else None
    if found and isinstance(scope, Parent) and "select" in table.grants.get(provider, ""):
        kind, key = found
        changed = f"{table.name}.{scope.changed}" if scope.changed else "NULL"
        yield (
            f"CREATE POLICY alongside_{provider}_stood ON {table.name} AS RESTRICTIVE FOR SELECT "
            f"TO {role_name(provider)} USING ({key} <> ALL ((SELECT rows_handed_on('{kind}'))::uuid[]) "
            f"OR rows_stood('{kind}', {key}, {table.name}.id, {changed}))"
        )


def _above(scope: Parent, table: str, tables: Mapping[str, Table]) -> tuple[str, str] | None:
    """The kind of the record that a row hangs on, however far above, and its key in SQL; none that is not handed on."""
    key, above = f"{table}.{scope.column}", tables[scope.table].scope
    if isinstance(above, Own):
        return (above.kind, key) if above.kind in HANDED_ON else None
    further = _above(above, "above", tables) if isinstance(above, Parent) else None
    return (further[0], f"(SELECT {further[1]} FROM {scope.table} above WHERE above.id = {key})") if further else None


def _handed(scope: Scope, table: str, tables: Mapping[str, Table]) -> str:
    """The kind and the key of the record that a row is or hangs on, where it may be handed on."""
    if isinstance(scope, Own | Follows):
        return f"'{scope.kind}', {table}.{scope.key}" if scope.kind in HANDED_ON else ""
    if not isinstance(scope, Parent):
        return ""
    above = tables[scope.table].scope
    return f"'{above.kind}', {table}.{scope.column}" if isinstance(above, Own) and above.kind in HANDED_ON else ""


def kept(scope: Scope, table: str, tables: Mapping[str, Table], realm: Realm, depth: int = 0) -> str:
    """In SQL which rows of a scope are one's own for good; empty where no seal can lend any."""
    if isinstance(scope, Own | Follows | Listed):
        return f"{table}.visible_orgs && {OWN}"
    if isinstance(scope, Parent | ReaderOf | KeeperOf | AmongParent):
        above = f"above{depth}"
        mine = kept(tables[scope.table].scope_for(realm), above, tables, realm, depth + 1)
        held = f"EXISTS (SELECT FROM {scope.table} {above} WHERE {above}.id = {table}.{scope.column} AND ({mine}))"
        return held if mine else ""
    if isinstance(scope, Unless):
        mine = kept(scope.scope, table, tables, realm, depth)
        return f"NOT {scope.flag} OR ({mine})" if mine else ""
    if isinstance(scope, Both):
        found = [kept(one, table, tables, realm, depth) for one in scope.scopes]
        return " AND ".join(f"({one})" for one in found if one)
    return ""
