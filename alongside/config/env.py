"""Typed readers of the environment. A missing secret refuses to start, with what to do next."""

import os
from pathlib import Path


class SettingMissing(SystemExit):
    """Raised when a setting that must be given is absent; stops the process with a sentence."""


def text(name: str, default: str | None = None) -> str:
    """The variable as text; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None:
        raise SettingMissing(f"{name} is not set. Set it in the environment; docs/operator.md says to what.")
    return value


def flag(name: str, *, default: bool = False) -> bool:
    """The variable as yes or no."""
    value = os.environ.get(name, "").strip().lower()
    if value in {"1", "yes", "true", "on"}:
        return True
    if value in {"0", "no", "false", "off"}:
        return False
    if value:
        raise SettingMissing(f"{name} must be yes or no, not {value!r}.")
    return default


def number(name: str, default: int) -> int:
    """The variable as a whole number."""
    value = os.environ.get(name)
    if value is None:
        return default
    if not value.isdigit():
        raise SettingMissing(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The variable as words separated by commas."""
    value = os.environ.get(name)
    return default if value is None else tuple(word.strip() for word in value.split(",") if word.strip())


def path(name: str, default: Path) -> Path:
    """The variable as a path."""
    return Path(os.environ.get(name) or default)


def var_folder() -> Path:
    """Where this installation keeps its files."""
    return path("ALONGSIDE_VAR", Path(__file__).resolve().parents[2] / "var")
