"""Pure rules of sessions (how long they last, and how many there are) and of invitations."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

MINUTE = 60
HOUR = 60 * MINUTE


@dataclass(frozen=True)
class Limits:
    """In how many places somebody may be signed in; after how many seconds without use, and in all, a session ends."""

    at_once: int
    idle: int
    longest: int
    passkey: bool = False  # whether a code is not enough


STRICTEST = Limits(at_once=1, idle=10 * MINUTE, longest=4 * HOUR)  # of whoever has no role, and where nothing is said


def strictest(found: Collection[Limits]) -> Limits:
    """What holds for somebody to whom several limits apply: the smallest number of each."""
    if not found:
        return STRICTEST
    return Limits(
        at_once=min(one.at_once for one in found), idle=min(one.idle for one in found),
        longest=min(one.longest for one in found), passkey=any(one.passkey for one in found),
    )  # fmt: skip


def session_holds(*, idle: float, longest: float, now: float, started: float, seen: float) -> bool:
    """Whether a session that started and was last seen then (seconds since 1970) may still be used."""
    return now - seen <= idle and now - started <= longest


# What a browser calls itself, the particular before what it pretends to be.
_BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
             ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
_SYSTEMS = (("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Android", "Android"), ("Windows", "Windows"),
            ("CrOS", "a Chromebook"), ("Macintosh", "a Mac"), ("Linux", "Linux"))  # fmt: skip


def browser_words(agent: str) -> str:
    """A browser in words by which its owner knows it; what is not known stays as it calls itself."""
    browser = next((words for sign, words in _BROWSERS if sign in agent), "")
    system = next((words for sign, words in _SYSTEMS if sign in agent), "")
    return f"{browser} on {system}" if browser and system else browser or system or agent


INVITATION_DAYS = 7
NOBODY, GONE = "Somebody who left", "gone.invalid"  # RFC 2606: no mailbox is ever there


def nobodys_address(user: UUID) -> str:
    """What stands in place of the address of somebody who left long ago."""
    return f"{user.hex}@{GONE}"


TOLD_SECONDS = 12 * HOUR  # how long a browser that was signed out is told why


def new_token() -> str:
    """A token that nobody guesses: 256 bits, safe in an address."""
    return secrets.token_urlsafe(32)


def ended_key(session_key: str) -> str:
    """Under what the end of a session is kept, so that the place it was in can be told; not the session's key."""
    return f"ended:{hashlib.sha256(session_key.encode()).hexdigest()}"


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
