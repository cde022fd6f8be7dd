"""Pure rules of sessions (idle and absolute limits in seconds by realm) and of invitations."""

import hashlib
import secrets

from alongside.core.rows.realms import Realm

MINUTE = 60
HOUR = 60 * MINUTE
LIMITS: dict[Realm, tuple[int, int]] = {
    Realm.PROVIDER: (20 * MINUTE, 12 * HOUR),
    Realm.HUB: (20 * MINUTE, 12 * HOUR),
    Realm.COMMISSIONING: (20 * MINUTE, 12 * HOUR),
    Realm.REFERRER: (15 * MINUTE, 8 * HOUR),
}
DEFAULT = (10 * MINUTE, 4 * HOUR)


def idle_limit(realm: Realm) -> int:
    """After how many seconds without use a session of this realm ends."""
    return LIMITS.get(realm, DEFAULT)[0]


def session_holds(realm: Realm, *, now: float, started: float, seen: float) -> bool:
    """Whether a session that started and was last seen then (seconds since 1970) may still be used."""
    idle, absolute = LIMITS.get(realm, DEFAULT)
    return now - seen <= idle and now - started <= absolute


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
