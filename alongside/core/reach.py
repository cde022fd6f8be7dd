"""Telephone numbers, e-mail addresses and sites of organisations, as somebody types them: what is wrong, in words."""

import re
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from alongside.core.errors import RuleBroken

_NUMBER = re.compile(r"\+?[0-9 ()-]+")
_MARKS = re.compile(r"[^0-9]")
_HOST = re.compile(r"(?!-)[a-z0-9-]+(?:\.[a-z0-9-]+)+")
_HIDDEN = re.compile(r"[\s<>\"'\\@]")
FEWEST, MOST = 3, 15  # digits: 999 and text numbers are short; ITU-T E.164 has no longer


def phone_fault(text: str) -> str:
    """Why this is no telephone number; empty where it may be one, or is left empty."""
    digits = len(_MARKS.sub("", text))
    if not text or (_NUMBER.fullmatch(text) and FEWEST <= digits <= MOST):
        return ""
    return "Enter one telephone number in digits, such as 01632 960001"


def email_fault(text: str) -> str:
    """Why this is no e-mail address; empty where it may be one, or is left empty."""
    try:
        validate_email(text or "nobody@sample.example")
    except ValidationError:
        return "Enter an e-mail address, such as name@sample.example"
    return ""


def site_fault(text: str) -> str:
    """Why nobody may be sent to this address: https, a host with a name, nothing hidden. Empty may be left."""
    try:
        parts = urlsplit(text)
        sound = parts.scheme == "https" and _HOST.fullmatch(parts.hostname or "") and not _HIDDEN.search(text)
    except ValueError:
        sound = False
    return "" if sound or not text else "Enter a web address that begins with https://, such as https://sample.example"


_FAULTS = {"phone": phone_fault, "email": email_fault, "web": site_fault}


def check(**typed: str) -> None:
    """Refuses what is typed of `phone`, `email` and `web` in words, beside its field."""
    for name, text in typed.items():
        if words := _FAULTS[name](text):
            raise RuleBroken(words, name)
