"""Pure rules of what is taken on the spot: how it is sealed, what it must say, when a phone may still send."""

import json
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)

from alongside.core.errors import RuleBroken
from alongside.foundation.office.messages import rules as contact

VERSION, POINT, NONCE, TAG = b"\x01", 65, 12, 16
CURVE = ec.SECP256R1()
LONGEST = 8_000  # of an envelope: a form that is full is a third of it
AHEAD = timedelta(minutes=10)  # of a phone's clock
TEXTS = {"given_name": 100, "family_name": 100, "phone": 40, "email": 254, "others": 300, "notes": 1000}
SAFE = ("yes", "no", "unsure")
WHY = {
    "unreadable": "It could not be opened", "not_a_form": "It does not hold what the form asks",
    "no_name": "No name was given", "not_agreed": "It does not say that they agreed",
    "bad_phone": "The phone number cannot be one", "bad_email": "The e-mail address cannot be one",
    "unsafe_not_said": "It does not say whether the way of contact is safe", "too_long": "A text is too long",
    "unknown_code": "An answer is not one of those offered",
}  # fmt: skip


class NotTaken(Exception):
    """An entry that cannot be taken in as it is. `code` is one of `WHY`; `said` is what was in it, where it opened."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code, self.said = code, said


# Sealing: an ephemeral key of P-256, HKDF-SHA256 and AES-256-GCM. A phone can seal and never open.


def new_key() -> tuple[bytes, str]:
    """An event's keys: the public point as phones import it, and the private key as text to be sealed."""
    made = ec.generate_private_key(CURVE)
    public = made.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return public, made.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()).hex()


def bound(occasion: UUID, entry: UUID) -> bytes:
    """What an envelope is bound to: it opens as this entry of this event and as no other."""
    return f"on-the-spot|{occasion}|{entry}".encode()


def _key(shared: bytes, about: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=bytes(32), info=about).derive(shared))


def seal(public: bytes, about: bytes, text: str, *, nonce: bytes) -> bytes:
    """What a phone makes of an entry."""
    mine = ec.generate_private_key(CURVE)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, public)
    point = mine.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return VERSION + point + nonce + _key(mine.exchange(ec.ECDH(), theirs), about).encrypt(nonce, text.encode(), about)


def unseal(private: str, about: bytes, envelope: bytes) -> str:
    """The text of an envelope. Raises NotTaken."""
    if envelope[:1] != VERSION or len(envelope) < 1 + POINT + NONCE + TAG:
        raise NotTaken("unreadable")
    point, rest = envelope[1 : 1 + POINT], envelope[1 + POINT :]
    key = load_der_private_key(bytes.fromhex(private), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    try:
        shared = key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point))
        return _key(shared, about).decrypt(rest[:NONCE], rest[NONCE:], about).decode()
    except (InvalidTag, ValueError) as error:
        raise NotTaken("unreadable") from error


def envelope_of(text: object) -> bytes:
    """The envelope of a request. Raises RuleBroken for what can be none."""
    try:
        found = b64decode(text, validate=True) if isinstance(text, str) else b""
    except (NotBase64, ValueError) as error:
        raise RuleBroken("This is not an entry.") from error
    if not found or len(found) > LONGEST:
        raise RuleBroken("This is not an entry.")
    return found


# What an entry says.


@dataclass(frozen=True)
class Codes:
    """The answers that the form offers."""

    happened: Collection[str]
    times: Collection[str]


Said = Mapping[str, Any]


def read(text: str, codes: Codes) -> dict[str, Any]:
    """What an entry says, every text tidied. Raises NotTaken with what it held."""
    try:
        raw = json.loads(text)
    except ValueError as error:
        raise NotTaken("not_a_form", text) from error
    if not isinstance(raw, dict):
        raise NotTaken("not_a_form", text)
    said = tidy(raw)
    if code := fault(said, codes):
        raise NotTaken(code, json.dumps(said))
    return said


def happened_in(text: str) -> str:
    """What an entry that cannot be taken in says that happened; empty where that cannot be told."""
    try:
        raw = json.loads(text)
    except ValueError:
        return ""
    return _text(raw, "happened") if isinstance(raw, dict) else ""


def tidy(raw: Said) -> dict[str, Any]:
    """The fields of the form and no others; a text is a text and a list of codes is a list of them."""
    texts = {
        name: " ".join(_text(raw, name).split()) if name != "notes" else _text(raw, name).strip() for name in TEXTS
    }
    chosen = {name: _text(raw, name) for name in ("happened", "age", "danger", "phone_safe", "email_safe", "message")}
    times = raw.get("times")
    return {**texts, **chosen, "times": [str(one) for one in times] if isinstance(times, list) else [],
            "agreed": raw.get("agreed") in (True, "on", "yes")}  # fmt: skip


def _text(raw: Said, name: str) -> str:
    found = raw.get(name)
    return found.replace("\x00", "") if isinstance(found, str) else ""


def fault(said: Said, codes: Codes) -> str:
    """Why an entry cannot be taken in; empty where it can."""
    checks = (
        ("too_long", any(len(said[name]) > most for name, most in TEXTS.items())),
        ("not_agreed", not said["agreed"]),
        ("no_name", not said["given_name"]),
        ("unknown_code", not _known(said, codes)),
        ("bad_phone", bool(said["phone"] and contact.fault("phone", said["phone"]))),
        ("bad_email", bool(said["email"] and contact.fault("email", said["email"]))),
        ("unsafe_not_said", any(said[kind] and said[f"{kind}_safe"] not in SAFE for kind in ("phone", "email"))),
    )
    return next((code for code, holds in checks if holds), "")


def _known(said: Said, codes: Codes) -> bool:
    return (
        said["happened"] in codes.happened
        and said["age"] in ("adult", "young")
        and set(said["times"]) <= set(codes.times)
    )


def notes(said: Said, happened: str, occasion: str) -> str:
    """What the hub reads of an entry that has no field of its own."""
    lines = (
        f"Taken on the spot: {occasion}.",
        "Said that somebody was in danger now." if said["danger"] == "yes" else "",
        "Said to be under 18." if said["age"] == "young" else "",
        f"What happened, as chosen: {happened}",
        "" if reachable(said) else "Will contact us; do not contact them.",
        f"In their words: {said['notes']}" if said["notes"] else "",
    )
    return "\n".join(line for line in lines if line)


def reachable(said: Said) -> tuple[str, ...]:
    return tuple(kind for kind in ("phone", "email") if said[kind] and said[f"{kind}_safe"] == "yes")


# Times.


def last_moment(ends_at: datetime, *, hours: int) -> datetime:
    """Until when a phone may still send what it took before the end."""
    return ends_at + timedelta(hours=hours)


def moment_taken(said: object, *, since: datetime, arrived_at: datetime) -> datetime:
    """When an entry was taken, as the phone says in milliseconds; when it arrived, where that cannot be.

    `since`: when the phone was made ready.
    """
    if not isinstance(said, int | float) or isinstance(said, bool):
        return arrived_at
    try:
        found = datetime.fromtimestamp(said / 1000, tz=arrived_at.tzinfo)
    except (ValueError, OverflowError, OSError):
        return arrived_at
    return min(found, arrived_at) if since - AHEAD <= found <= arrived_at + AHEAD else arrived_at


def check_times(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise RuleBroken("The end must be after the beginning.", "ends")
    if ends_at - starts_at > timedelta(days=7):
        raise RuleBroken("An event lasts a week at most: a phone is not to carry its form for longer.", "ends")


def check_open(starts_at: datetime, ends_at: datetime, at: datetime) -> None:
    """A phone is taken on the day before the event at the earliest, and not when it is over."""
    if at >= ends_at:
        raise RuleBroken("This event is over.")
    if at < starts_at - timedelta(days=1):
        raise RuleBroken("A phone can be made ready from the day before the event.")
