"""Words of the API's description, and for the pages of deliveries."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alongside.core.pages.filters import datetime_words, plural
from alongside.support.arrivals.deliveries.models import Connection, Folder
from alongside.support.arrivals.deliveries.queries import Way
from alongside.support.arrivals.feeds.rows import COLUMNS, NEEDED

ABOUT = (
    "Send referrals of victims as they are recorded. Ask for a token, send one referral or a batch, then read the "
    "receipt. Every row is accounted for: accepted, with us already, held for a person, or rejected with a reason."
)
ABOUT_KEY = (
    "A name of your own for this request, 8 to 100 letters, digits and . _ : -, such as a UUID. The same key with the "
    "same body gives the same answer and is received once; with another body it is refused. Put nothing about anybody "
    "in it."
)
BAD_KEY = "Send the header Idempotency-Key: 8 to 100 letters, digits and . _ : -, such as a UUID."
HOW = {
    "source_ref": "Your reference for this victim in this crime, the same each time: up to 60 letters, digits, spaces "
    "and . _ / : # -",
    "reported_at": "ISO 8601 or DD/MM/YYYY; London time where no offset is given",
    "occurred_from": "A day: ISO 8601 or DD/MM/YYYY",
    "offence_code": "Home Office code, such as 8N or 105A, or a code of yours that the hub has set up",
    "victim_kind": "person, business, bereaved (a relative) or witness",
    "business_name": "Needed for a business",
    "date_of_birth": "ISO 8601 or DD/MM/YYYY",
    "sex": "A code that the hub knows",
    "ethnicity_code": "Self-defined ethnicity, 16+1",
    "postcode": "Of the victim’s address",
    "phone": "One telephone number",
    "email": "One e-mail address",
    "safe_times": "09:00-12:30;18:00-20:00, or up to 100 characters in words",
    "hate_strands": "Of race; religion; sexual_orientation; disability; transgender, joined by ;",
    "notes": "Up to 4,000 characters for the hub",
}
ANSWERS = (
    "interpreter",
    "phone_safe",
    "email_safe",
    "consent",
    "vulnerable",
    "intimidated",
    "repeat",
    "domestic_abuse",
)
EXAMPLE = {
    "source_ref": "SMP/26/0012345-V1", "reported_at": "2026-03-31T14:05:00+01:00", "offence_code": "105A",
    "victim_kind": "person", "given_name": "Testina", "family_name": "Sampleford", "date_of_birth": "1988-02-29",
    "postcode": "B1 1BB", "phone": "07700 900123", "phone_safe": "yes", "safe_times": "09:00-12:30",
    "consent": "yes", "officer_name": "PC 9999 Example", "officer_email": "officer@police.example",
}  # fmt: skip


def _field(name: str) -> dict[str, Any]:
    how = HOW.get(name, "yes, no or unknown" if name in ANSWERS else "Text")
    needed = " Needed." if name in NEEDED else ""
    shown = {"examples": [EXAMPLE[name]]} if name in EXAMPLE else {}
    return {"description": f"{how}.{needed}", **shown}


# Whatever a row holds is received, and what is wrong with it is said in the receipt: so nothing is demanded here.
REFERRAL: dict[str, Any] = {
    "title": "Referral",
    "description": "One victim in one crime. Every value is text or null; an empty one counts as absent.",
    "properties": {name: _field(name) for name in COLUMNS},
    "examples": [EXAMPLE],
}
REFERRAL_AT = "#/components/schemas/Referral"
BEARER: dict[str, Any] = {"security": [{"token": ["referrals"]}]}
SEND_REQUEST: dict[str, Any] = {
    **BEARER,
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {
                    "anyOf": [
                        {"type": "object", "title": "One referral", "allOf": [{"$ref": REFERRAL_AT}]},
                        {"type": "array", "title": "A batch", "minItems": 1, "items": {"$ref": REFERRAL_AT}},
                    ]
                }
            }
        },
    },
}  # fmt: skip
TOKEN_REQUEST: dict[str, Any] = {
    "security": [],
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        "grant_type": {"const": "client_credentials"},
                        "client_id": {"type": "string", "format": "uuid"},
                        "client_secret": {"type": "string"},
                        "scope": {"enum": ["", "referrals"]},
                    },
                    "required": ["grant_type"],
                }
            }
        },
    },
}
SCHEMES = {
    "token": {
        "type": "oauth2",
        "flows": {
            "clientCredentials": {"tokenUrl": "/api/v1/token", "scopes": {"referrals": "Send and read receipts"}}
        },
    }
}


def described(api: dict[str, Any], most: int) -> dict[str, Any]:
    """The description that ninja wrote, with what it cannot know: how to sign in, problems' type, today's limits."""
    api["components"]["securitySchemes"] = SCHEMES
    api["components"]["schemas"]["Referral"] = REFERRAL
    one, batch = SEND_REQUEST["requestBody"]["content"]["application/json"]["schema"]["anyOf"]
    request = api["paths"]["/api/v1/referrals"]["post"]["requestBody"]["content"]["application/json"]
    request["schema"] = {"anyOf": [one, {**batch, "maxItems": most}]}
    for path in api["paths"].values():
        for one in path.values():
            for status, answer in one["responses"].items():
                _retype(int(status), answer)
    return api


def _retype(status: int, answer: dict[str, Any]) -> None:
    content = answer.get("content", {}).get("application/json", {})
    if content.get("schema", {}).get("$ref", "").endswith("/Problem"):
        answer["content"] = {"application/problem+json": content}


LATE = timedelta(minutes=15)  # after which a folder that nobody looked into is said to be so


@dataclass(frozen=True)
class Standing:
    """How a connection or a folder stands: a word with its colour, and what there is to know."""

    record: Any
    word: str
    colour: str
    about: str


@dataclass(frozen=True)
class Shown:
    """A source with its ways."""

    way: Way
    connections: list[Standing]
    folder: Standing | None


def way(one: Way, at: datetime, often: int) -> Shown:
    folder = _folder(one.folder, at) if one.folder else None
    return Shown(one, [connection(found, at, often) for found in one.connections], folder)


def tries(one: Connection, often: int) -> dict[str, Any] | None:
    """The wrong secrets that were tried since somebody looked into them, and whether they are many."""
    if not one.wrong_tries or one.closed_at:
        return None
    said = (
        f"{plural(one.wrong_tries, 'wrong secret')} since somebody looked, the latest {datetime_words(one.wrong_at)}."
    )
    return {"words": said, "many": one.wrong_tries >= often}


def connection(one: Connection, at: datetime, often: int) -> Standing:
    if one.closed_at:
        return Standing(one, "Closed", "grey", f"Closed {datetime_words(one.closed_at)}")
    used = f"Last token {datetime_words(one.last_used_at)}" if one.last_used_at else "Never used"
    both = one.earlier_until and one.earlier_until > at
    until = f". The secret before works until {datetime_words(one.earlier_until)}" if both else ""
    word, colour = ("Secret tried wrongly", "orange") if one.wrong_tries >= often else ("Open", "green")
    return Standing(one, word, colour, f"{used}{until}")


def _folder(one: Folder, at: datetime) -> Standing:
    if one.looked_at is None:
        return Standing(one, "New", "blue", "Not looked into yet")
    looked = f"Last looked into {datetime_words(one.looked_at)}"
    if one.trouble:
        return Standing(one, "Look at this", "red", f"{one.trouble} {looked}.")
    if one.looked_at < at - LATE:
        return Standing(one, "Not looked into", "red", f"{looked}. Tell the people who look after this system.")
    return Standing(one, "Looked into", "green", looked)


def fields() -> list[dict[str, str]]:
    """The fields of a referral with how each is written, for the guide."""
    return [{"key": name, "value": _field(name)["description"]} for name in COLUMNS]
