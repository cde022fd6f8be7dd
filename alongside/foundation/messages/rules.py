"""Pure rules of contact: how a value is written so that equal ones are equal."""

import re

import phonenumbers

HOME = "GB"
_NOISE = re.compile(r"[^0-9a-z]+")


def normalise(kind: str, value: str) -> str:
    """A contact point's value as values are compared; equal ways to reach somebody come out equal."""
    if kind == "phone":
        return _phone(value)
    if kind == "email":
        return value.strip().casefold()
    return _NOISE.sub(" ", value.casefold()).strip()


def _phone(value: str) -> str:
    """International form; what is no number keeps its digits alone."""
    try:
        parsed = phonenumbers.parse(value, HOME)
    except phonenumbers.NumberParseException:
        return re.sub(r"\D", "", value)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
