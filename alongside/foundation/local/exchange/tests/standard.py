"""The standard itself, as copied: its paths, its schemas with their references, its two levels of validation."""

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parent / "data" / "oruk-3.0"
WHERE = "https://openreferraluk.org/specifications/3.0/schema/"
formats = FormatChecker()


@formats.checks("uri")
def _is_uri(value: object) -> bool:
    """jsonschema checks it only with a package that is not here."""
    parts = urlsplit(str(value))
    return bool(parts.scheme and parts.netloc) and str(value).isascii() and " " not in str(value)


@formats.checks("date-time")
def _is_moment(value: object) -> bool:
    try:
        return datetime.fromisoformat(str(value)).tzinfo is not None and "T" in str(value)
    except ValueError:
        return False


def read(name: str) -> Any:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


@cache
def _registry() -> Registry[Any]:
    made: Registry[Any] = Registry()
    for path in FOLDER.glob("*.json"):
        resource = Resource.from_contents(read(path.stem), default_specification=DRAFT202012)
        made = made.with_resource(f"{WHERE}{path.name}", resource)
    return made


@cache
def validator(schema: str) -> Draft202012Validator:
    return Draft202012Validator(read(schema), registry=_registry(), format_checker=formats)


def faults(schema: str, body: object) -> list[str]:
    """What a schema of the standard finds wrong, each with its place."""
    return [f"{schema} {error.json_path}: {error.message}" for error in validator(schema).iter_errors(body)]


def dates(value: object, name: str = "") -> Iterator[tuple[str, str]]:
    """Every value whose name says that it is a date, wherever it lies."""
    if isinstance(value, dict):
        for part, held in value.items():
            yield from dates(held, part)
    elif isinstance(value, list):
        for held in value:
            yield from dates(held, name)
    elif isinstance(value, str) and (name.endswith("_date") or name in ("valid_from", "valid_to", "last_modified")):
        yield name, value


def empties(value: object, path: str = "") -> list[str]:
    """Where there is an empty value, which the standard wants left out. A page without rows says so itself."""
    if isinstance(value, dict):
        return [found for name, held in value.items() for found in empties(held, f"{path}.{name}")]
    if isinstance(value, list):
        own = [path] if not value and path not in (".contents", ".services") else []
        return own + [found for held in value for found in empties(held, path)]
    return [path] if value is None or value == "" else []


def paths() -> dict[str, str]:
    """Each path of the standard with the schema of its answer."""
    found = {}
    for path, methods in read("openapi")["paths"].items():
        reference = methods["get"]["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
        found[path] = reference.removeprefix(WHERE).removesuffix(".json")
    return found
