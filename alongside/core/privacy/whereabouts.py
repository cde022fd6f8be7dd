"""Ways to find or reach somebody in free text: left out of paper, and warned of before words are sent on."""

import re

_EMAIL = re.compile(r"\S+@\S+\.\S+")
_PHONE = re.compile(r"(?<!\w)(?:\+|0)(?:[\s().-]*\d){8,13}(?!\w)")
_POSTCODE = re.compile(r"\b[A-Z]{1,2}\d[A-Z\d]?\s*\d[A-Z]{2}\b", re.IGNORECASE)
_ROADS = (
    "road|rd|street|st|lane|avenue|ave|drive|close|crescent|court|way|gardens|grove|place|terrace|square|walk|row|"
    "mews|rise|view|hill|house|flats?"
)
_STREET = re.compile(rf"\b\d+[a-z]?,?\s+(?:[\w'’-]+\s+){{1,3}}(?:{_ROADS})\b", re.IGNORECASE)
_FLAT = re.compile(r"\b(?:flat|apartment|unit)\s+\d+\w?\b", re.IGNORECASE)
LEFT_OUT = "[left out]"


def printable(text: str) -> str:
    """The text with addresses, telephone numbers and e-mail addresses left out, and seen to be left out."""
    for pattern in (_EMAIL, _PHONE, _POSTCODE, _FLAT, _STREET):
        text = pattern.sub(LEFT_OUT, text)
    return text


def tells_where(text: str) -> bool:
    """Whether a text seems to hold an address, a telephone number or an e-mail address."""
    return printable(text) != text


def tells_place(text: str) -> bool:
    """Whether a text seems to hold an address or a postcode."""
    return any(pattern.search(text) for pattern in (_POSTCODE, _FLAT, _STREET))
