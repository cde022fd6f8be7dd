"""What is written from the code itself into docs/generated: access, lifecycles, privacy, domains."""

import ast
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

import alongside
from alongside.config.access import FOREIGN_ACCESS
from alongside.core.access.declare import Declared, Open
from alongside.core.lifecycle import Lifecycle
from alongside.core.privacy.register import FILES, Filing, register
from alongside.core.rows.declared import Table, tables
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import REALM_OF_KIND, ROLES, Role

FOLDER = Path(settings.BASE_DIR) / "docs" / "generated"
NOTE = "Written by `alongside docs` from the code. Do not edit: `make check` holds it against the code.\n"


def _patterns(resolver: URLResolver, prefix: str = "", space: str = "") -> Iterator[tuple[str, str, Declared | None]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _patterns(entry, route, inner)
        elif isinstance(entry, URLPattern):
            name = f"{space}{entry.name}"
            yield route, name, getattr(entry.callback, "declared", None) or FOREIGN_ACCESS.get(name)


def _answer(declared: Declared, role: Role) -> str:
    """What somebody in this role gets: yes, 403, or (for another organisation's object) 404."""
    if declared.public or declared.needs == Open.SIGNED_IN:
        return "yes"
    if declared.needs not in role.permissions:
        return "404" if declared.of is not None and REALM_OF_KIND[role.kinds[0]] == Realm.COMMISSIONING else "403"
    return "own, else 404" if declared.of is not None else "own rows" if declared.rows is not None else "yes"


def access() -> str:
    """The matrix of addresses and roles, and what each realm's database role may do with each table."""
    roles = list(ROLES.values())
    head = ["address", "needs", *(role.words for role in roles)]
    rows = []
    for route, _, declared in sorted(_patterns(get_resolver(settings.ROOT_URLCONF)), key=lambda found: found[0]):
        if declared is not None:
            rows.append([f"`/{route}`", declared.needs, *(_answer(declared, role) for role in roles)])
    realms = [realm for realm in Realm if realm != Realm.WORKER]
    grants = [[table.name, _scope(table), *(table.grants.get(realm, "") for realm in realms)] for table in tables()]
    return (
        f"# Access\n\n{NOTE}\n## Addresses\n\nSomebody signed out is sent to sign in, except where public. "
        f"Absent and foreign objects give the same 404.\n\n{_table(head, rows)}\n"
        f"## Tables\n\nThe worker's role runs jobs and may do what its jobs need; it serves no page.\n\n"
        f"{_table(['table', 'rows seen', *map(str, realms)], sorted(grants))}"
    )


def _scope(table: Table) -> str:
    words = type(table.scope).__name__
    return f"{words}: {table.scope.reason}" if hasattr(table.scope, "reason") else words


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines) + "\n"


def _lifecycles() -> Iterator[Lifecycle]:
    for config in apps.get_app_configs():
        if config.name.startswith("alongside.") and (Path(config.path) / "lifecycle.py").exists():
            if config.label == "core":
                continue
            module = importlib.import_module(f"{config.name}.lifecycle")
            yield from (value for value in vars(module).values() if isinstance(value, Lifecycle))


def lifecycles() -> str:
    """A diagram of each lifecycle and its moves with the permission that each needs."""
    parts = [f"# Lifecycles\n\n{NOTE}"]
    for cycle in sorted(_lifecycles(), key=lambda found: found.name):
        moves = [[move.name, ", ".join(move.sources), move.target, str(move.needs)] for move in cycle.moves]
        parts.append(
            f"## {cycle.name.capitalize()}\n\n```mermaid\n{cycle.mermaid()}```\n\n"
            + _table(["move", "from", "to", "needs"], moves)
        )
    return "\n".join(parts)


def _filing(filing: Filing) -> str:
    words = [f"- {name}: {', '.join(f'`{field}`' for field in filing.files[name])}" for name in FILES
             if filing.files[name]]  # fmt: skip
    return f"## {filing.model}\n\nKept by rule `{filing.retention}`.\n\n" + "\n".join(words) + "\n"


def privacy() -> str:
    """The privacy register: how every field of every model is filed."""
    return f"# Privacy register\n\n{NOTE}\n" + "\n".join(_filing(filing) for filing in register())


def _domains() -> Iterator[tuple[str, str, str, str]]:
    """(floor or wing, domain, what it is, its rooms). A wing of many domains has floors: packages without an app."""
    for place in ("foundation", "support", "facts", "commissioning", "accountability"):
        yield from _inside(place)


def _inside(place: str) -> Iterator[tuple[str, str, str, str]]:
    package = importlib.import_module(f"alongside.{place.replace('/', '.')}")
    for found in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{found.name}")
        folder = Path(module.__path__[0])
        if not (folder / "apps.py").exists():
            yield from _inside(f"{place}/{found.name}")
            continue
        rooms = sorted(path.stem for path in folder.glob("*.py") if path.stem not in {"__init__", "apps"})
        yield place, found.name, (module.__doc__ or "").strip(), ", ".join(rooms)


def domains() -> str:
    """The map of domains: what each is, its rooms, its verbs."""
    rows = [[wing, f"`{domain}`", words, rooms] for wing, domain, words, rooms in _domains()]
    verbs = []
    for wing, domain, _, rooms in _domains():
        if "actions" in rooms.split(", "):
            verbs.append([f"`{domain}`", ", ".join(f"`{verb}`" for verb in _verbs(wing, domain))])
    return (
        f"# Domains\n\n{NOTE}\n{_table(['wing', 'domain', 'what it is', 'rooms'], rows)}\n"
        f"## Verbs\n\nEvery write is one of these.\n\n{_table(['domain', 'actions'], verbs)}"
    )


def _verbs(place: str, domain: str) -> list[str]:
    path = Path(alongside.__path__[0]) / place / domain / "actions.py"
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node.name for node in tree.body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_")]


DOCUMENTS = {"access.md": access, "lifecycles.md": lifecycles, "privacy.md": privacy, "domains.md": domains}


def stale() -> list[str]:
    """Names of documents that differ from what the code says."""
    return [
        name for name, write in DOCUMENTS.items()
        if not (FOLDER / name).exists() or (FOLDER / name).read_text(encoding="utf-8") != write()
    ]  # fmt: skip
