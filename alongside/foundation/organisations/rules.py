"""Pure rules of organisations and areas: which roles fit, how a postcode is written and compared."""

import re

from alongside.foundation.accounts.permissions import ROLES, Role

# One or two letters, a digit, perhaps a digit or letter, then digit and two letters; spaces already gone.
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")
_NOISE = re.compile(r"[^0-9A-Z]")


def postcode_key(text: str) -> str:
    """The form in which postcodes are stored and compared: capitals, no spaces, nothing guessed."""
    return _NOISE.sub("", text.upper())


def is_postcode(text: str) -> bool:
    """Whether this has the shape of a whole United Kingdom postcode; it need not exist."""
    return _POSTCODE.fullmatch(postcode_key(text)) is not None


def postcode_shown(key: str) -> str:
    """A postcode as people write it, with one space before its last three characters."""
    return f"{key[:-3]} {key[-3:]}" if is_postcode(key) else key


def roles_of(kind: str) -> list[Role]:
    """The roles that are given in a kind of organisation."""
    return [role for role in ROLES.values() if kind in role.kinds]


def role_fits(role: str, kind: str) -> bool:
    """Whether the role is given in this kind of organisation."""
    return role in {known.key for known in roles_of(kind)}
