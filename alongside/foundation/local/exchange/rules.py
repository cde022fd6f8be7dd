"""Pure rules of the exchange: lasting ids, what a caller may ask, which words never leave, how a list is paged."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Literal
from uuid import NAMESPACE_URL, UUID, uuid5

from alongside.core.errors import RuleBroken
from alongside.core.privacy.whereabouts import tells_place
from alongside.foundation.local.directory.plaintext import is_email, is_link, is_site

VERSION = "HSDS-UK-3.0"
PROFILE = "https://openreferraluk.org/developers/overview"
OPENAPI = "https://openreferraluk.org/specifications/3.0/openapi.json"
# Ids of what has no row of its own with a UUID. Never change it: others keep these ids.
_NAMES = uuid5(NAMESPACE_URL, "https://alongside.example/exchange")
# The books whose codes say what a service is for, as taxonomies.
TAXONOMIES = ("crime_types", "needs", "made_for", "modes")
PER_PAGE, MOST_PER_PAGE, LONGEST_SEARCH, FURTHEST = 50, 1000, 200, 1_000_000
TRUE, FALSE = ("true", "1", "yes"), ("false", "0", "no", "")
Json = dict[str, Any]
Flag = Literal["minimal", "full", "full_service", "top_only"]


def organisation_id(force: str, code: str) -> UUID:
    return uuid5(_NAMES, f"organisations/{force}/{code}")


def taxonomy_id(book: str) -> UUID:
    """The same wherever this product publishes: the shipped books are one vocabulary."""
    return uuid5(_NAMES, f"taxonomies/{book}")


def term_id(book: str, code: str) -> UUID:
    return uuid5(taxonomy_id(book), code)


def part_id(owner: UUID, name: str) -> UUID:
    """The id of a part of something, by a name that stays while the part is the same."""
    return uuid5(owner, name)


@dataclass(frozen=True)
class Asked:
    """What a caller asks of a list."""

    page: int = 1
    per_page: int | None = None
    search: str = ""
    whole: bool = False
    flags: frozenset[str] = frozenset()
    term: UUID | None = None
    taxonomy: UUID | None = None
    organisation: UUID | None = None
    parent: UUID | None = None
    since: datetime | None = None
    postcode: str = ""

    def has(self, flag: Flag) -> bool:
        return flag in self.flags


EVERY_LIST = ("search", "page", "per_page", "format")
OF_SERVICES = (*EVERY_LIST, "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "minimal", "full")
OF_PLACES = (*EVERY_LIST, "taxonomy_term_id", "taxonomy_id", "organization_id", "modified_after", "full", "postcode",
             "proximity")  # fmt: skip
OF_ORGANISATIONS = (*EVERY_LIST, "full", "full_service")
OF_TERMS = (*EVERY_LIST, "taxonomy_id", "top_only", "parent_id")
OF_ONE_ORGANISATION = ("full_service",)
# Every parameter of the standard: one that a path does not take would otherwise be thought to have been followed.
STANDARD = frozenset((*OF_SERVICES, *OF_PLACES, *OF_ORGANISATIONS, *OF_TERMS))
FLAGS: tuple[Flag, ...] = ("minimal", "full", "full_service", "top_only")
NO_COORDINATES = (
    "This directory holds no coordinates, so it cannot say what is near. Ask by postcode alone: that gives services "
    "that help people of its council."
)


def asked(said: Mapping[str, str], takes: Collection[str]) -> Asked:
    """What the parameters of a request mean. Raises RuleBroken, which names the parameter and says what to send."""
    if strange := sorted((STANDARD - set(takes)) & said.keys()):
        raise RuleBroken(f"This path does not take {strange[0]}. It takes: {', '.join(takes) or 'none'}.", strange[0])
    if said.get("proximity"):
        raise RuleBroken(NO_COORDINATES, "proximity")
    return Asked(
        page=_number(said, "page", FURTHEST) or 1,
        per_page=_number(said, "per_page", MOST_PER_PAGE),
        search=_words(said, "search"),
        whole=_format(said) == "ndjson",
        flags=frozenset(flag for flag in FLAGS if _flag(said, flag)),
        term=_id(said, "taxonomy_term_id"),
        taxonomy=_id(said, "taxonomy_id"),
        organisation=_id(said, "organization_id"),
        parent=_id(said, "parent_id"),
        since=_moment(said, "modified_after"),
        postcode=_words(said, "postcode"),
    )


def _format(said: Mapping[str, str]) -> str:
    wanted = said.get("format", "").lower() or "json"
    if wanted not in ("json", "ndjson"):
        raise RuleBroken("format is json or ndjson.", "format")
    return wanted


def _number(said: Mapping[str, str], name: str, most: int) -> int | None:
    sent = said.get(name, "")
    if not sent:
        return None
    if not (sent.isascii() and sent.isdigit() and len(sent) < 10 and 1 <= int(sent) <= most):
        raise RuleBroken(f"{name} is a whole number from 1 to {most:,}.", name)
    return int(sent)


def _words(said: Mapping[str, str], name: str) -> str:
    sent = said.get(name, "").strip()
    if len(sent) > LONGEST_SEARCH or not sent.isprintable():
        raise RuleBroken(f"{name} is up to {LONGEST_SEARCH} letters on one line.", name)
    return sent


def _flag(said: Mapping[str, str], name: str) -> bool:
    sent = said.get(name, "").lower()
    if sent not in (*TRUE, *FALSE):
        raise RuleBroken(f"{name} is true or false.", name)
    return sent in TRUE


def as_id(text: str) -> UUID | None:
    """A UUID as the standard writes it, or none."""
    try:
        found = UUID(text)
    except ValueError:
        return None
    return found if str(found) == text.lower() else None


def _id(said: Mapping[str, str], name: str) -> UUID | None:
    sent = said.get(name, "").strip()
    found = as_id(sent) if sent else None
    if sent and found is None:
        raise RuleBroken(f"{name} is a UUID, as the lists here give it.", name)
    return found


def _moment(said: Mapping[str, str], name: str) -> datetime | None:
    """A day or a moment, of UTC where it names no zone. A plus sign that came as a space is one."""
    sent = said.get(name, "").strip().replace(" ", "+")
    if not sent:
        return None
    try:
        found = datetime.fromisoformat(sent) if "T" in sent else datetime.combine(date.fromisoformat(sent), time())
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise RuleBroken(
            f"{name} is a date such as 2026-03-31, or a moment such as 2026-03-31T09:00:00Z.", name
        ) from None


def page(contents: list[Json], total: int, number: int, size: int) -> Json:
    """A page of the standard around its contents. One past the last is empty, and last."""
    pages = math.ceil(total / size) if size else 1
    return {
        "total_items": total, "total_pages": pages, "page_number": number, "size": len(contents),
        "first_page": number == 1, "last_page": number >= pages, "empty": not contents, "contents": contents,
    }  # fmt: skip


def may_leave(text: str, *, protected: bool) -> bool:
    """Whether words of a service may be published. Of one whose place is secret, none that seems to tell a place."""
    return bool(text) and not (protected and tells_place(text))


def as_email(text: str) -> str:
    """An address as the standard writes it, or nothing."""
    return text.strip() if is_email(text.strip()) else ""


def as_link(text: str) -> str:
    """An address of the web with its scheme, or nothing. One that only lacks the scheme gets it."""
    link = text.strip()
    link = f"https://{link}" if link and is_site(link) else link
    return link if link.isascii() and is_link(link) else ""


def strict(told: Json) -> Json:
    """Without what is empty: the standard wants a value or nothing. False and 0 are values. One level, since every
    part is made so itself: five thousand services are asked for at once."""
    return {name: part for name, part in told.items() if part is not None and part not in ("", [])}
