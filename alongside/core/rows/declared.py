"""What every table declares: its scope, and what each realm's role may do. Read by `sync`, `checks` and the tests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Follows, Open, Own, Scope

WORDS = {"select", "insert", "update", "delete"}


class RowsMissing(Exception):
    """A model says nothing of who may see its rows."""


@dataclass(frozen=True)
class Table:
    """A table's declaration. `grants` maps a realm to words of select, insert, update, delete."""

    name: str
    scope: Scope
    grants: Mapping[Realm, str]
    scopes: Mapping[Realm, Scope] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    update: Mapping[Realm, tuple[str, ...]] = field(default_factory=dict)

    @property
    def protected(self) -> bool:
        return not isinstance(self.scope, Open)

    @property
    def shared(self) -> Own | Follows | None:
        return self.scope if isinstance(self.scope, Own | Follows) else None

    def scope_for(self, realm: Realm) -> Scope:
        return self.scopes.get(realm, self.scope)


def _of(model: type[Model]) -> Table:
    rows = getattr(model, "Rows", None)
    if rows is None:
        raise RowsMissing(f"{model._meta.label} declares no `class Rows`: say who may see its rows.")
    return Table(
        name=model._meta.db_table,
        scope=rows.scope,
        grants=rows.grants,
        scopes=getattr(rows, "scopes", {}),
        columns=tuple(column.column for column in model._meta.concrete_fields if column.column),
        update=getattr(rows, "update", {}),
    )


def ours() -> Iterator[type[Model]]:
    """Every concrete model of this project."""
    for model in apps.get_models(include_auto_created=True):
        if model.__module__.startswith("alongside.") and model._meta.managed:
            yield model


def tables() -> list[Table]:
    """Every table that a realm may be granted: the project's models, then other packages' by `FOREIGN_TABLES`."""
    foreign: Mapping[str, Mapping[Realm, str]] = import_string(settings.FOREIGN_TABLES)
    found = [_of(model) for model in ours()]
    reason = "made by another package; read by the realms named and no other"
    return found + [Table(name, Open(reason), grants) for name, grants in foreign.items()]
