"""Pure rules of organisations and areas: which roles fit, how a postcode is written and compared."""

import re
from dataclasses import dataclass

from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import ROLES, Permission, Role, permissions_of

RESET_HOURS = 48  # how long a second person has to confirm a reset

# One or two letters, a digit, perhaps a digit or letter, then digit and two letters; spaces already gone.
_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]?[0-9][A-Z]{2}")
_NOISE = re.compile(r"[^0-9A-Z]")
_FORCE = re.compile(r" (Police|Constabulary)$")


@dataclass(frozen=True)
class OpenWork:
    """What an organisation still has in hand: how many of what, what to do about each, and the page for it with the
    permission that opens it.
    """

    what: str
    number: int
    to_do: str
    view: str = ""
    needs: str = ""

    def __str__(self) -> str:
        return f"{self.what}: {self.number}. {self.to_do}"


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


def may_succeed(kind: str, realm: Realm) -> bool:
    """A hub and the policing body itself are succeeded by the policing body alone."""
    return realm == Realm.COMMISSIONING or kind not in ("hub", "policing_body")


def manages_people(roles: list[str]) -> bool:
    """Whether any of the roles may ask for a reset."""
    return Permission.PEOPLE_MANAGE in permissions_of(roles)


def check_second_person(by: object, *, asked_by: object, whose: object) -> None:
    """Whoever confirms a reset neither asked for it nor gets it."""
    if by is None or by == asked_by:
        raise RuleBroken("You asked for this reset: somebody else must confirm it.")
    if by == whose:
        raise RuleBroken("Somebody else must confirm a reset of your own sign-in.")


def place_of(force: str) -> str:
    """The area of a police force as the name of a place: whoever looks for help may fear the police."""
    return "London" if force.startswith("Metropolitan ") else _FORCE.sub("", force)
