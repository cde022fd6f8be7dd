"""Reads services as Open Referral UK lists them (version 1 and HSDS-UK 3.0) and reports whatever is odd.

Nothing is guessed and nothing is dropped in silence: what cannot be used stays beside the service as
an oddity, and what has no place here is counted.
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from typing import Any

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.plaintext import cleaned, has_markup, is_email, is_link, is_site, stripped
from alongside.foundation.office.organisations.rules import is_postcode

PAGES = ("contents", "content", "services")
COUNTS = (("total_pages", "totalPages"), ("total_items", "totalElements"))
CLOSED = {"inactive", "defunct", "temporarily closed"}
OLDEST = 130
FIRST_YEAR = 2000  # what was checked before is a date that a machine filled in
NAMELESS = "Service without a name"
LIMITS: dict[str, int] = {
    name: getattr(Service._meta.get_field(name), "max_length", 0)
    for name in ("name", "provider_name", "phone", "email", "web", "hours", "cost", "location")
}
# Where each kind of note is found, and the words before it. The first is shown first.
NOTES = (
    ("alert", ""),
    ("deliverable_type", "What it is"),
    ("attending_type", "Where"),
    ("attending_access", "How to get a place"),
    ("pc_attendingAccess_additionalInfo", ""),
    ("pc_targetAudience.audienceType", "For"),
    ("service_areas.service_area", "Area"),
    ("languages.name", "Languages"),
    ("accreditations", "Accreditations"),
    ("service_at_locations.location.accessibility.description", "Access"),
    ("service_at_locations.location.accessibility_for_disabilities.accessibility", "Access"),
)
ADDRESS = ("address_1", "address_2", "city", "region", "state_province", "postal_code")
ADDRESSES = ("service_at_locations.location.addresses", "service_at_locations.location.physical_addresses")
# Words of a taxonomy: no place of their own here, but they say what a service is about.
TOPICS = ("attributes.taxonomy_term.name", "service_taxonomys.taxonomy.name", "taxonomies.name")
PHONES = ("phones.number", "contacts.phones.number", "organization.phones.number")


class NotAList(ValueError):
    """The document holds no list of services; the words say what it holds instead."""


@dataclass(frozen=True)
class Oddity:
    """Something odd about one field, with what was sent."""

    kind: str
    field: str
    value: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.field}"


@dataclass(frozen=True)
class Listing:
    """One service of a feed: its id there, our fields for it, what was odd, what has no place here, its topics."""

    source_id: str
    fields: dict[str, Any]
    oddities: tuple[Oddity, ...]
    unused: tuple[str, ...]
    topics: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """Changes when anything that is kept of the service changes."""
        kept = [self.fields, [(odd.kind, odd.field, odd.value) for odd in self.oddities]]
        return sha256(json.dumps(kept, sort_keys=True, default=str).encode()).hexdigest()


@dataclass
class Feed:
    """A whole file: its services, and entries that are no service at all."""

    listings: list[Listing]
    strays: list[Oddity] = field(default_factory=list)

    @property
    def oddities(self) -> dict[str, int]:
        kinds = Counter(odd.key for listing in self.listings for odd in listing.oddities)
        return dict(sorted((kinds + Counter(odd.key for odd in self.strays)).items()))

    @property
    def unused(self) -> dict[str, int]:
        return dict(sorted(Counter(path for listing in self.listings for path in listing.unused).items()))


def read(document: object) -> Feed:
    """Every service of a document. Raises NotAList."""
    feed = Feed([])
    seen: Counter[str] = Counter()
    named: Counter[tuple[str, str]] = Counter()
    for entry in entries(document):
        if not isinstance(entry, dict):
            feed.strays.append(Oddity("not_a_service", type(entry).__name__, cleaned(str(entry))))
            continue
        listing = _told_apart(Entry(entry).listing(), seen, named)
        feed.listings.append(listing)
    return feed


def entries(document: object) -> list[object]:
    """The entries of a bare list, of a page of either version, or of a single service."""
    if isinstance(document, list):
        return document
    if not isinstance(document, dict):
        raise NotAList("The file holds neither a list nor a page of services.")
    for name in PAGES:
        if isinstance(document.get(name), list):
            return list(document[name])
    if "id" in document and ("name" in document or "description" in document):
        return [document]
    raise NotAList(f"The file has no list of services: none of {', '.join(PAGES)} is a list.")


def pages(document: object) -> tuple[int, int | None]:
    """How many pages a list says it has, and how many services, where it says; a bare list is one page."""
    if not isinstance(document, dict):
        return 1, None
    found = [next((document[name] for name in names if _is_count(document.get(name))), None) for names in COUNTS]
    return found[0] or 1, found[1]


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6


def _told_apart(listing: Listing, seen: Counter[str], named: Counter[tuple[str, str]]) -> Listing:
    """An id that comes again gets a number; the same name of the same organisation is only reported."""
    odd = list(listing.oddities)
    identity, name = listing.source_id, (listing.fields["name"], listing.fields["provider_name"])
    if seen[identity]:
        odd.append(Oddity("duplicate", "id", identity))
    if named[name]:
        odd.append(Oddity("duplicate", "name", name[0]))
    seen[identity] += 1
    named[name] += 1
    again = f"{identity}#{seen[identity]}" if seen[identity] > 1 else identity
    return replace(listing, source_id=again, oddities=tuple(odd))


@dataclass
class Entry:
    """One service while it is read: remembers which paths were used and what was odd."""

    raw: dict[str, Any]
    used: set[str] = field(default_factory=set)
    odd: list[Oddity] = field(default_factory=list)

    def listing(self) -> Listing:
        found = {**self._words(), **self._reach(), **self._ages(), "state": self._state()}
        found["languages"] = self._languages()
        found["checked_on"] = self._day("assured_date")
        found["access_notes"] = "\n".join(self._notes(found.pop("more_phones")))
        identity, topics = self._identity(), tuple(dict.fromkeys(word for path in TOPICS for word in self.texts(path)))
        fields = self._cut(found)
        return Listing(identity, fields, tuple([*self.odd, *self._empties()]), tuple(self._unused()), topics)

    def report(self, kind: str, path: str, value: object = "") -> None:
        self.odd.append(Oddity(kind, path, cleaned(str(value))))

    def values(self, path: str) -> list[object]:
        """What stands at a dotted path, through lists; nulls and empty strings apart."""
        self.used.add(path)
        found: list[object] = [self.raw]
        for step in path.split("."):
            inside = [part[step] for part in found if isinstance(part, dict) and step in part]
            found = list(_flat(inside))
        return [value for value in found if value is not None and value != ""]

    def parts(self, path: str) -> Iterator["Entry"]:
        """The objects at a path, each read as an entry of its own; what they use and report is ours."""
        for value in self.values(path):
            if not isinstance(value, dict):
                self.report("wrong_type", path, value)
                continue
            inner = Entry(value)
            yield inner
            self.used |= {f"{path}.{used}" for used in inner.used}
            self.odd += [Oddity(odd.kind, f"{path}.{odd.field}", odd.value) for odd in inner.odd]

    def texts(self, path: str) -> list[str]:
        """The texts at a path, as plain text; what is no text is reported."""
        found = []
        for value in self.values(path):
            if not isinstance(value, str):
                self.report("wrong_type", path, value)
            elif text := self._plain(path, value):
                found.append(text)
        return found

    def text(self, *paths: str) -> str:
        """The first text at the first path that has one."""
        return next((found[0] for path in paths if (found := self.texts(path))), "")

    def _plain(self, path: str, value: str) -> str:
        clean = cleaned(value)
        if clean != value.replace("\r\n", "\n"):
            self.report("control", path)
        if has_markup(clean):
            self.report("html", path)
            clean = stripped(clean)
        return clean.strip()

    def _identity(self) -> str:
        sent = next(iter(self.values("id")), None)
        if isinstance(sent, str) and 0 < len(sent.strip()) <= 100:
            return cleaned(sent).strip()
        self.report("missing" if sent is None else "bad", "id", "" if sent is None else sent)
        return "made-" + sha256(json.dumps(self.raw, sort_keys=True).encode()).hexdigest()[:32]

    def _words(self) -> dict[str, Any]:
        words = {
            "name": self.text("name"),
            "provider_name": self.text("organization.name"),
            "summary": self.text("description"),
        }
        for path, value in zip(("name", "organization.name", "description"), words.values(), strict=True):
            if not value:
                self.report("missing", path)
        words["name"] = words["name"] or NAMELESS
        words["summary"] = words["summary"] or self.text("organization.description")
        return words

    def _reach(self) -> dict[str, Any]:
        location = "; ".join(self._addresses())
        phones = list(dict.fromkeys(number for path in PHONES for number in self.texts(path)))
        return {
            "web": self._web(),
            "email": self._email(),
            "phone": phones[0] if phones else "",
            "more_phones": phones[1:],
            "hours": "; ".join(dict.fromkeys(self._hours())),
            "cost": "; ".join(self._costs()),
            "location": location,
            "location_public": bool(location),
        }

    def _web(self) -> str:
        """A link, or the name of a site as it was written; a page makes a link of the first alone."""
        for path in ("url", "organization.url", "organization.website"):
            for sent in self.texts(path):
                if is_link(sent):
                    return sent
                self.report("no_scheme" if is_site(sent) else "bad", path, sent)
                if is_site(sent):
                    return sent
        return ""

    def _email(self) -> str:
        for path in ("email", "organization.email"):
            for sent in self.texts(path):
                if is_email(sent):
                    return sent
                self.report("bad", path, sent)
        return ""

    def _hours(self) -> Iterator[str]:
        for name in ("schedules", "regular_schedules"):
            for schedule in self.parts(name):
                told = schedule.text("description")
                times = [schedule.text(part) for part in ("byday", "opens_at", "closes_at")]
                if told or any(times):
                    yield told or " ".join(filter(None, times))

    def _costs(self) -> Iterator[str]:
        yield from self.texts("fees")
        yield from self.texts("fees_description")
        for option in self.parts("cost_options"):
            amount = next(iter(option.values("amount")), None)
            pounds = f"£{amount:g}" if _is_number(amount) else ""
            words = [option.text("option"), pounds, option.text("amount_description")]
            if any(words):
                yield " ".join(filter(None, words))

    def _addresses(self) -> Iterator[str]:
        for path in ADDRESSES:
            for address in self.parts(path):
                lines = [address.text(name) for name in ADDRESS]
                if lines[-1] and not is_postcode(lines[-1]):
                    address.report("bad", "postal_code", lines[-1])
                if any(lines):
                    yield ", ".join(filter(None, lines))

    def _ages(self) -> dict[str, int | None]:
        first = self._age("minimum_age", "eligibilitys.minimum_age")
        last = self._age("maximum_age", "eligibilitys.maximum_age")
        if first is not None and last is not None and first > last:
            self.report("bad", "maximum_age", f"{first} to {last}")
            first = last = None
        return {"age_from": first, "age_to": last}

    def _age(self, *paths: str) -> int | None:
        for path in paths:
            for sent in self.values(path):
                if _is_number(sent) and 0 <= float(str(sent)) <= OLDEST:
                    return int(float(str(sent)))
                self.report("bad", path, sent)
        return None

    def _state(self) -> str:
        status = self.text("status").casefold()
        if status not in {"active", *CLOSED}:
            self.report("bad" if status else "missing", "status", status)
        return Service.State.CLOSED if status in CLOSED else Service.State.OPEN

    def _languages(self) -> list[str]:
        """Codes of languages; their names go among the notes."""
        codes = [code.casefold() for path in ("languages.code", "languages.language") for code in self.texts(path)]
        for code in codes:
            if not (code.isalpha() and len(code) in (2, 3)):
                self.report("bad", "languages.code", code)
        return sorted({code for code in codes if code.isalpha() and len(code) in (2, 3)})

    def _day(self, path: str) -> date | None:
        sent = self.text(path)
        try:
            found = date.fromisoformat(sent[:10]) if sent else None
        except ValueError:
            self.report("bad", path, sent)
            return None
        if found and found.year < FIRST_YEAR:
            self.report("too_old", path, sent)
            return None
        return found

    def _notes(self, more_phones: list[str]) -> Iterator[str]:
        for path, words in NOTES:
            found = list(dict.fromkeys(self.texts(path)))
            if found:
                yield f"{words}: {', '.join(found)}" if words else " ".join(found)
        if more_phones:
            yield f"Other phone numbers: {', '.join(more_phones)}"

    def _cut(self, found: dict[str, Any]) -> dict[str, Any]:
        for name, longest in LIMITS.items():
            if len(found[name]) > longest:
                self.report("too_long", name, found[name])
                found[name] = found[name][: longest - 1] + "…"
        return found

    def _empties(self) -> list[Oddity]:
        """Empty strings, where the standard wants a value or nothing."""
        return [Oddity("empty", path) for path, value in leaves(self.raw) if value == ""]

    def _unused(self) -> list[str]:
        sent = dict.fromkeys(path for path, value in leaves(self.raw) if value is not None and value != "")
        return [path for path in sent if path not in self.used]


def leaves(raw: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Every (dotted path, value) that is no object and no list, in no deep recursion."""
    waiting: list[tuple[str, object]] = [("", raw)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{path}.{cleaned(name)}".lstrip("."), part) for name, part in reversed(value.items())]
        elif isinstance(value, list):
            waiting += [(path, part) for part in reversed(value)]
        else:
            yield path, value


def _flat(values: list[object]) -> Iterator[object]:
    """Values, with those of lists inside lists in their place."""
    waiting = list(reversed(values))
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        else:
            yield value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
