"""The database that DATABASE_URL names. What its address asks for after the question mark is obeyed or refused."""

import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote, urlsplit

from alongside.config.env import SettingMissing

# What may stand after the question mark, and the variable by which PostgreSQL's own programs hear of it.
PASSED_ON = {
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "channel_binding": "PGCHANNELBINDING",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
}
LONGEST = 49  # the realms' roles bear the database's name, and PostgreSQL cuts names at 63 letters
PLAIN = re.compile(r"[a-z_][a-z0-9_]*")
HERE = ("", "localhost", "127.0.0.1", "::1")


def is_plain(name: str) -> bool:
    """Whether a database or role may bear this name: it is written into role names and policies as it stands."""
    return len(name) <= LONGEST and PLAIN.fullmatch(name) is not None


def from_url(url: str, *, variable: str, production: bool) -> tuple[dict[str, object], dict[str, str]]:
    """Django's settings and libpq's options of `postgresql://user:password@host:port/database?sslmode=…`.

    Refuses in words what it does not understand. In production another machine is spoken to by TLS alone.
    """
    parts = urlsplit(url)
    asked = dict(parse_qsl(parts.query))
    host = parts.hostname or asked.pop("host", "")  # a socket's folder: ?host=/folder
    name, user = parts.path.lstrip("/"), unquote(parts.username or "")
    _check(variable, parts.scheme, name, user)
    if unknown := sorted(asked.keys() - PASSED_ON):
        raise SettingMissing(f"{variable} asks for {', '.join(unknown)}, which is not known here. {_known()}")
    if production and host not in HERE and not host.startswith("/"):
        asked.setdefault("sslmode", "require")
    password, port = unquote(parts.password or ""), str(parts.port or "")
    return {"NAME": name, "USER": user, "PASSWORD": password, "HOST": host, "PORT": port}, asked


def _check(variable: str, scheme: str, name: str, user: str) -> None:
    if scheme not in {"postgresql", "postgres"}:
        raise SettingMissing(f"{variable} must begin with postgresql:// and name a PostgreSQL 16 or later.")
    for what, word in (("database", name), ("login", user)):
        if not is_plain(word):
            raise SettingMissing(
                f"{variable} names the {what} {word!r}: use small letters, digits and underscores, {LONGEST} at most."
            )


def _known() -> str:
    return f"It may ask for: host, {', '.join(PASSED_ON)}."


def passed_on(options: Mapping[str, object]) -> dict[str, str]:
    """Of Django's options of a connection, those that came from the address."""
    return {name: str(value) for name, value in options.items() if name in PASSED_ON}
