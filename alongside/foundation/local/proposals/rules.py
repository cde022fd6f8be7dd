"""Pure rules of proposals: the sections of a service, what is different, what is still missing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Section:
    """A part of what a service says of itself, changed on a page of its own."""

    code: str
    title: str
    hint: str
    names: tuple[str, ...]
    hub_only: bool = False


SECTIONS = (
    Section("about", "What it is", "Its name, what it does, what happens first, when and at what cost",
            ("name", "summary", "what_happens", "hours", "cost")),
    Section("helps", "What it helps with", "Crimes, needs, specialisms and how help is given",
            ("crime_types", "needs", "specialisms", "modes")),
    Section("who", "Whom it is for", "Places, ages, languages, for whom it was made, its own conditions",
            ("councils", "age_from", "age_to", "sexes", "made_for", "languages", "criteria", "takes_unreported",
             "takes_high_risk", "for_business", "takes_referrals")),
    Section("reach", "How to reach it", "Phone, email, web, and help with access",
            ("phone", "email", "web", "access", "access_notes")),
    Section("places", "Where it is", "Addresses that may be public, or that its place is secret",
            ("location_protected", "location_public", "location", "sites")),
    Section("posts", "Posts with a specialism", "Workers for somebody in particular, never by name", ("posts",)),
    Section("paid", "What is paid for", "Places, the award, and when it begins",
            ("places", "award", "opens_on"), hub_only=True),
)  # fmt: skip
BY_CODE = {section.code: section for section in SECTIONS}
# Without these a service cannot be shown to anyone.
NEEDED = {"name": "Give it a name", "summary": "Say what it does"}
REACH = ("phone", "email", "web")


def sections(*, hub: bool) -> tuple[Section, ...]:
    return tuple(section for section in SECTIONS if hub or not section.hub_only)


def may_change(name: str, *, hub: bool) -> bool:
    return any(name in section.names for section in sections(hub=hub))


def ordered(names: Iterable[str]) -> list[str]:
    """Names of details in the order in which the sections have them."""
    wanted = set(names)
    return [name for section in SECTIONS for name in section.names if name in wanted]


def different(now: Mapping[str, Any], wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the wanted details that are not so already."""
    return {name: value for name, value in wanted.items() if now.get(name) != value}


def missing(details: Mapping[str, Any]) -> tuple[str, ...]:
    """What has to be said before anyone can be shown the service, in words."""
    asked = [words for name, words in NEEDED.items() if not details.get(name)]
    if not any(details.get(name) for name in REACH) and not details.get("takes_referrals", True):
        asked.append("Say how to reach it: a phone number, an email address or a website")
    return tuple(asked)


def day_fault(applies_on: date | None, today: date) -> str:
    """Why a change cannot begin on a day; empty where it can."""
    if applies_on is None:
        return ""
    if applies_on < today:
        return "Choose today or a day to come. What was so before cannot be changed."
    return "Choose a day within the next two years." if (applies_on - today).days > 730 else ""
