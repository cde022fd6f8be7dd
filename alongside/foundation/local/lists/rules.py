"""Pure rules of lists: what is different from what was held, what was odd, which service is likely the same."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from alongside.core.privacy.whereabouts import tells_place
from alongside.foundation.local.directory.openreferral import Feed, Listing
from alongside.foundation.local.finding.rules import words_of
from alongside.foundation.office.organisations.rules import is_postcode, postcode_key

ALIKE, SURE = 80, 95  # of 100: names that are alike, and as good as the same
EXAMPLES = 3
# What a service that an organisation runs here takes from a list; who runs it and whether it is checked is said here.
OF_OURS = (
    "name", "summary", "web", "email", "phone", "hours", "cost", "location", "location_public", "age_from", "age_to",
    "languages", "access_notes", "state",
)  # fmt: skip
WORDS = ("name", "summary", "hours", "cost", "access_notes")
PLACE = ("location", "location_public")
CLOSED = "CLOSED"
BLANK: tuple[Any, ...] = ("", None, [], False)
_POSTCODE = re.compile(r"\b[A-Za-z]{1,2}\d[A-Za-z\d]?\s*\d[A-Za-z]{2}\b")
_DIGITS = re.compile(r"\D")


def as_json(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Our columns of a service as JSON holds them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in fields.items()}


def as_columns(told: Mapping[str, Any]) -> dict[str, Any]:
    """The same as the table takes them."""
    day = told.get("checked_on")
    return {**told, "checked_on": date.fromisoformat(day)} if day else dict(told)


def different(
    base: Mapping[str, Any], told: Mapping[str, Any], now: Mapping[str, Any], *, ours: bool
) -> dict[str, Any]:
    """What a list says otherwise than when it was last taken over, and is not so here already. `ours`: an organisation
    here runs the service. Where nothing was taken over before, what the list leaves empty is no difference."""
    return {
        name: value for name, value in told.items()
        if base.get(name) != value and now.get(name) != value and (not ours or name in OF_OURS)
        and (base or value not in BLANK)
    }  # fmt: skip


def placeless(told: Mapping[str, Any]) -> dict[str, Any]:
    """What may be taken over of a service whose place is secret: no address, and no words that seem to tell one."""
    kept = {name: value for name, value in told.items() if name not in PLACE}
    return {name: value for name, value in kept.items() if name not in WORDS or not tells_place(str(value))}


def mends(feed: Feed) -> list[dict[str, Any]]:
    """What was odd in a list: kind and field, in how many entries, and the ids of some."""
    counts: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], list[str]] = {}
    for listing in feed.listings:
        for odd in listing.oddities:
            key = (odd.kind, odd.field)
            counts[key] += 1
            if len(some := examples.setdefault(key, [])) < EXAMPLES and listing.source_id not in some:
                some.append(listing.source_id)
    counts.update((odd.kind, odd.field) for odd in feed.strays)
    return [
        {"kind": kind, "field": field, "count": count, "examples": examples.get((kind, field), [])}
        for (kind, field), count in sorted(counts.items())
    ]


def oddities(listing: Listing) -> list[dict[str, str]]:
    return [asdict(odd) for odd in listing.oddities]


def postcodes(location: str) -> list[str]:
    """The postcodes in an address, in the form in which they are kept."""
    found = (postcode_key(one) for one in _POSTCODE.findall(location))
    return [one for one in found if is_postcode(one)]


@dataclass(frozen=True)
class Held:
    """A service that is held, or an entry of a list: what tells whether two are the same."""

    key: str
    name: str
    run_by: str
    ways: frozenset[tuple[str, str]]


def held(key: str, said: Mapping[str, Any]) -> Held:
    """`said`: name, run_by, phone, email, web and location."""
    web = re.sub(r"^(https?://)?(www\.)?", "", said["web"].casefold()).rstrip("/")
    phone = _DIGITS.sub("", said["phone"])
    ways = {("phone", phone), ("email", said["email"].casefold()), ("web", web)}
    ways |= {("postcode", one) for one in postcodes(said["location"])}
    name, run_by = (" ".join(words_of(said[part])) for part in ("name", "run_by"))
    return Held(key, name, run_by, frozenset(way for way in ways if way[1]))


@dataclass(frozen=True)
class Twin:
    """A service that is likely the same, and what is alike."""

    key: str
    alike: tuple[str, ...]


class Twins:
    """Services held, by what they are found by."""

    def __init__(self, known: Iterable[Held]) -> None:
        self.by_way: dict[tuple[str, str], list[Held]] = {}
        self.by_name: dict[str, list[Held]] = {}
        for one in known:
            self.by_name.setdefault(one.name, []).append(one)
            for way in one.ways:
                self.by_way.setdefault(way, []).append(one)

    def of(self, asked: Held, apart: Iterable[str]) -> Twin | None:
        """The service that is likeliest the same: a like name and one way of reaching it, or the same name of the same
        organisation. None where none is likely; `apart` are known not to be."""
        near = {one.key: one for way in asked.ways for one in self.by_way.get(way, ())}
        near |= {one.key: one for one in self.by_name.get(asked.name, ())}
        weighed = [(self._weight(asked, one), one) for key, one in near.items() if key not in set(apart)]
        best = max(weighed, key=lambda pair: (pair[0], pair[1].key), default=(0.0, None))
        return Twin(best[1].key, _alike(asked, best[1])) if best[1] and best[0] >= ALIKE else None

    def _weight(self, asked: Held, one: Held) -> float:
        likeness = fuzz.token_sort_ratio(asked.name, one.name)
        sure = likeness >= SURE and (asked.run_by == one.run_by or not asked.run_by)
        return likeness + len(asked.ways & one.ways) if asked.ways & one.ways or sure else 0.0


def _alike(asked: Held, one: Held) -> tuple[str, ...]:
    ways = sorted({kind for kind, _ in asked.ways & one.ways})
    return ("name", *ways)
