"""Sealing of identity fields: AES-256-GCM under a key of each person, itself sealed by a master key of the ring.

Envelope: `0x01 | nonce (12) | ciphertext`, with table, row and column as associated data, so that a sealed value
moved to another row does not open. Blind indexes are HMAC-SHA256 under a key of their own, for equality search.
"""

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db.models import QuerySet

from alongside.core.models import PersonKey
from alongside.core.rows import ahead

VERSION = b"\x01"
NONCE = 12
_open_keys: dict[UUID, bytes] = {}
_OPEN_LIMIT = 20_000


class KeyRingMissing(SystemExit):
    """There is no key ring, or it does not hold a key that is needed; says what to do."""


class SealBroken(Exception):
    """A sealed value does not open: it was altered, moved, or its key was destroyed."""


@dataclass(frozen=True)
class KeyRing:
    """Master keys by name, which of them seals new person keys, and the key of the blind indexes."""

    current: str
    keys: dict[str, bytes]
    index: bytes

    @cached_property
    def sealer(self) -> AESGCM:
        """What seals new person keys."""
        return AESGCM(self.master(self.current))

    def master(self, name: str) -> bytes:
        if name not in self.keys:
            raise KeyRingMissing(f"The key ring holds no key called {name!r}: restore it before anything is opened.")
        return self.keys[name]


def _parse(text: str) -> KeyRing:
    try:
        raw = json.loads(text)
        keys = {name: base64.b64decode(key) for name, key in raw["keys"].items()}
        ring = KeyRing(raw["current"], keys, base64.b64decode(raw["index"]))
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise KeyRingMissing("The key ring cannot be read: it must be the JSON that `alongside keys` wrote.") from error
    if ring.current not in keys or any(len(key) != 32 for key in (*keys.values(), ring.index)):
        raise KeyRingMissing("The key ring is damaged: a key is absent or is not 32 bytes.")
    return ring


@lru_cache(maxsize=1)
def ring() -> KeyRing:
    """The key ring of this process, from ALONGSIDE_KEY_RING or the file."""
    if settings.KEY_RING:
        return _parse(settings.KEY_RING)
    path = Path(settings.KEY_RING_FILE)
    if path.exists():
        return _parse(path.read_text())
    raise KeyRingMissing(
        f"There is no key ring at {path.name} and ALONGSIDE_KEY_RING is not set. "
        "Without it nothing sealed can be read. Restore it, or for a new system run `alongside keys new`."
    )


def new_ring(previous: KeyRing | None = None) -> str:
    """The text of a ring with a fresh current key; earlier keys and the index key are kept."""
    held = previous.keys if previous else {}
    name = f"k{1 + max((int(key[1:]) for key in held if key[1:].isdigit()), default=0)}"  # never one that was retired
    keys = {**held, name: os.urandom(32)}
    return ring_text(name, keys, previous.index if previous else os.urandom(32))


def ring_text(current: str, keys: Mapping[str, bytes], index: bytes) -> str:
    """A ring as it is kept."""
    encoded = {key: base64.b64encode(value).decode() for key, value in keys.items()}
    return json.dumps({"current": current, "keys": encoded, "index": base64.b64encode(index).decode()}, indent=1)


def forget() -> None:
    """Drops the person keys opened so far. Called at the start of each request and job."""
    _open_keys.clear()


def wrap(person: UUID, key: bytes) -> tuple[str, bytes]:
    """(master's name, the person's key sealed by it)."""
    held = ring()
    nonce = os.urandom(NONCE)
    return held.current, nonce + held.sealer.encrypt(nonce, key, person.bytes)


def unwrap(person: UUID, master: str, wrapped: bytes) -> bytes:
    """The person's key."""
    try:
        return AESGCM(ring().master(master)).decrypt(wrapped[:NONCE], wrapped[NONCE:], person.bytes)
    except InvalidTag as error:
        raise SealBroken("A person's key does not open under the key ring.") from error


def fresh_keys(people: Iterable[UUID]) -> list[PersonKey]:
    """New keys for people who have none yet, unsaved and open in this process. For bulk loading."""
    made = []
    for person in people:
        _open_keys[person] = os.urandom(32)
        master, wrapped = wrap(person, _open_keys[person])
        made.append(PersonKey(person_id=person, master=master, wrapped=wrapped))
    return made


class Sealer:
    """Seals one new person's values under a key made on the spot, kept nowhere. For bulk loading.

    `master` and `wrapped` are what the person's `PersonKey` must hold.
    """

    def __init__(self, person: UUID) -> None:
        key = os.urandom(32)
        self.master, self.wrapped = wrap(person, key)
        self._seal = AESGCM(key).encrypt

    def seal(self, table: str, row: UUID | str, column: str, text: str) -> bytes:
        nonce = os.urandom(NONCE)
        return VERSION + nonce + self._seal(nonce, text.encode(), _bound(table, row, column))


@ahead.question
def sealed_keys(people: tuple[UUID, ...]) -> "QuerySet[PersonKey]":
    """The keys of people as they are kept: sealed by a master key."""
    return PersonKey.objects.filter(person_id__in=people)


def load_keys(people: Iterable[UUID]) -> None:
    """Opens the keys of many people in one query: a page of fifty asks once."""
    wanted = {person for person in people if person not in _open_keys}
    if len(_open_keys) > _OPEN_LIMIT:
        forget()
    for row in sealed_keys(tuple(sorted(wanted))) if wanted else ():
        _open_keys[row.person_id] = unwrap(row.person_id, row.master, bytes(row.wrapped))


def _key(person: UUID, *, make: bool) -> bytes:
    load_keys([person])
    if person not in _open_keys and make:
        made = fresh_keys([person])[0]
        mine = bytes(made.wrapped)
        PersonKey.objects.bulk_create([made], ignore_conflicts=True)
        stored = PersonKey.objects.get(person_id=person)
        if bytes(stored.wrapped) != mine:
            _open_keys[person] = unwrap(person, stored.master, bytes(stored.wrapped))
    if person not in _open_keys:
        raise SealBroken("This person's key has been destroyed: what it sealed is erased.")
    return _open_keys[person]


def _bound(table: str, row: UUID | str, column: str) -> bytes:
    return f"{table}|{row}|{column}".encode()


def seal(person: UUID, table: str, row: UUID, column: str, text: str) -> bytes:
    """The text sealed for one person, one row and one column."""
    nonce = os.urandom(NONCE)
    sealed = AESGCM(_key(person, make=True)).encrypt(nonce, text.encode(), _bound(table, row, column))
    return VERSION + nonce + sealed


def unseal(person: UUID, table: str, row: UUID, column: str, envelope: bytes) -> str:
    """The text of a sealed value. Raises SealBroken."""
    if envelope[:1] != VERSION:
        raise SealBroken("A sealed value has an unknown form.")
    nonce, body = envelope[1 : 1 + NONCE], envelope[1 + NONCE :]
    try:
        return AESGCM(_key(person, make=False)).decrypt(nonce, body, _bound(table, row, column)).decode()
    except InvalidTag as error:
        raise SealBroken("A sealed value was altered or moved from another row.") from error


def blind(kind: str, normalised: str) -> bytes:
    """The blind index of a value: equal values of one kind are equal, and nothing else can be told. 16 bytes."""
    return hmac.digest(ring().index, f"{kind}|{normalised}".encode(), "sha256")[:16]


def device_key(user: UUID) -> bytes:
    """The key under which a member of staff's own device keeps what was not sent yet; the device never keeps it."""
    return hmac.digest(ring().index, b"device|" + user.bytes, "sha256")


def _secret_key(secret: str) -> bytes:
    return hmac.new(ring().index, f"secret|{secret}".encode(), hashlib.sha256).digest()


def seal_under(secret: str, about: str, text: str) -> bytes:
    """The text sealed under a secret kept nowhere here, such as a visitor's cookie: without it nobody opens it."""
    nonce = os.urandom(NONCE)
    return VERSION + nonce + AESGCM(_secret_key(secret)).encrypt(nonce, text.encode(), about.encode())


def unseal_under(secret: str, about: str, envelope: bytes) -> str:
    """The text of what `seal_under` sealed. Raises SealBroken."""
    nonce, body = envelope[1 : 1 + NONCE], envelope[1 + NONCE :]
    try:
        return AESGCM(_secret_key(secret)).decrypt(nonce, body, about.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("What a secret sealed does not open under this one.") from error
