"""Reads of lists: which there are and how each stands, differences narrowed down, what they are compared with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q, QuerySet

from alongside.core import clocks, queue
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.openreferral import Listing
from alongside.foundation.local.finding import queries as finding
from alongside.foundation.local.finding.rules import Meaning, Vocabulary, mentioned
from alongside.foundation.local.lists import lifecycle, rules
from alongside.foundation.local.lists.models import Difference, List, Reading, Tie
from alongside.foundation.office.organisations.models import Organisation, Postcode
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow

RHYTHMS, WORDS = "list_rhythms", "list_words"
TASK = "lists.read"
Kind = Difference.Kind
KINDS = tuple(str(kind.value) for kind in Kind)
VICTIMS, OTHERS = "victims", "others"
PAST = 8  # readings that a page shows


@dataclass(frozen=True)
class Standing:
    """A list, its last reading, the one that runs, and how many differences of each kind wait."""

    list: List
    last: Reading | None
    running: Reading | None
    waiting: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.waiting.values())


def standings(lists: Iterable[List]) -> tuple[Standing, ...]:
    """How lists stand, those with something to decide first."""
    found = list(lists)
    counts = waiting(found)
    newest: dict[UUID, Reading] = {}
    for one in Reading.objects.filter(list__in=found).order_by("list_id", "-asked_at", "-id").distinct("list_id"):
        newest[one.list_id] = one
    running = {key: one for key, one in newest.items() if one.state == lifecycle.WAITING}
    told = [Standing(one, newest.get(one.pk), running.get(one.pk), counts.get(one.pk, {})) for one in found]
    return tuple(sorted(told, key=lambda one: (one.total == 0, one.list.name)))


def waiting(lists: Iterable[List]) -> dict[UUID, dict[str, int]]:
    """How many differences of each kind nobody has decided, by list."""
    rows = Difference.objects.filter(list__in=list(lists), state=lifecycle.OPEN).order_by()
    found: dict[UUID, dict[str, int]] = {}
    for key, kind, count in rows.values_list("list", "kind").annotate(n=Count("pk")):
        found.setdefault(key, {})[kind] = count
    return found


def readings(of: List) -> list[Reading]:
    return list(Reading.objects.filter(list=of)[:PAST])


def has_failed(reading: Reading) -> bool:
    """Whether a reading waits for a job that was parked, or is gone."""
    job = queue.about(TASK, [reading.pk]).get(reading.pk)
    return reading.state == lifecycle.WAITING and (job is None or job.standing == queue.Standing.PARKED)


def spooled(reading: UUID) -> Path:
    """Where an uploaded file waits for the worker."""
    folder: Path = settings.SPOOL
    return folder / f"{reading}.list"


def rhythms(on: date) -> tuple[RuleRow, ...]:
    return rulebook.current(RHYTHMS, on)


def due(at: datetime) -> list[List]:
    """Lists on the internet that are to be read again now. A reading that failed is not tried again before its turn."""
    days = {row.code: row.number("days") for row in rhythms(clocks.london_date(at))}
    lists = List.objects.filter(paused_at=None, rhythm__in=[code for code, number in days.items() if number])
    told = standings(lists.exclude(address=""))
    return [one.list for one in told if not one.running and _is_due(one.last, days[one.list.rhythm], at)]


def _is_due(last: Reading | None, days: int, at: datetime) -> bool:
    """An hour's grace, so that a daily reading does not drift through the day."""
    return last is None or at - last.asked_at >= timedelta(days=days, hours=-1)


def check_address(address: str) -> None:
    """Raises RuleBroken where an address may not be read, with whom to ask."""
    parts = urlsplit(address)
    if parts.scheme != "https" or not parts.hostname:
        raise RuleBroken("Give an address that begins with https://", "address")
    if parts.hostname not in settings.LIST_HOSTS:
        raise RuleBroken(
            f"This system may not read from {parts.hostname} yet. Ask whoever runs it to add that host to "
            f"ALONGSIDE_LIST_HOSTS. Until then you can upload the list as a file: leave the address empty.", "address",
        )  # fmt: skip


def orphans() -> list[str]:
    """Sources of services that are here already and are no list yet."""
    known = List.objects.values("code")
    found = Service.objects.listed().exclude(source__in=known).order_by("source").values_list("source", flat=True)
    return list(found.distinct())


def adopted(of: List) -> int:
    """How many services of a list an organisation here runs."""
    return Tie.objects.filter(list=of, own=True, service__provider__isnull=False).count()


def shown(of: List) -> int:
    """How many services that came from a list are shown now."""
    return Tie.objects.filter(list=of, own=True).exclude(service__state=Service.State.CLOSED).count()


STATES = {"open": lifecycle.OPEN, "accepted": lifecycle.ACCEPTED, "rejected": lifecycle.REJECTED}


@dataclass(frozen=True)
class Narrowing:
    """How a list of differences is narrowed. `about`: those likely for victims, or the others."""

    q: str = ""
    kind: str = ""
    about: str = ""
    crime: str = ""
    council: str = ""
    state: str = "open"


def narrowed(of: List, how: Narrowing) -> QuerySet[Difference]:
    """The differences of a list that fit."""
    rows: QuerySet[Difference] = Difference.objects.filter(list=of, state=STATES.get(how.state, lifecycle.OPEN))
    if how.q:
        rows = rows.filter(Q(name__icontains=how.q) | Q(run_by__icontains=how.q) | Q(told__summary__icontains=how.q))
    if how.about == VICTIMS:
        rows = rows.exclude(heard=[])
    if how.about == OTHERS:
        rows = rows.filter(heard=[])
    rows = rows.filter(kind=how.kind) if how.kind in KINDS else rows
    rows = rows.filter(crimes__contains=[how.crime]) if how.crime else rows
    return rows.filter(councils__contains=[how.council]) if how.council else rows


def said(how: Narrowing) -> dict[str, str]:
    """How a list is narrowed, as a page hands it on."""
    return {name: value for name, value in vars(how).items() if value and (name, value) != ("state", "open")}


def as_query(how: Narrowing) -> str:
    return f"?{urlencode(said(how))}" if said(how) else ""


@lru_cache(maxsize=8)
def _vocabulary(refs: tuple[str, ...], on: date) -> Vocabulary:
    own = [_meaning(row) for row in rulebook.current(WORDS, on)]
    people = [
        Meaning(one.code, one.title, tuple(said for said in one.phrases if len(said.split()) > 1),
                crime_types=one.crime_types)
        for one in finding.known(on).said.meanings if one.crime_types and not one.made_for
    ]  # fmt: skip
    return Vocabulary(tuple([*own, *people]))


def _meaning(row: RuleRow) -> Meaning:
    said = tuple(part.strip() for part in row.text("words").replace("\n", ";").split(";") if part.strip())
    return Meaning(f"list_{row.code}", row.title, said, crime_types=row.codes("crime_types"))


def vocabulary(on: date) -> Vocabulary:
    """Words by which a service may be for victims: the office's own, and what people say in more than one word."""
    books = (WORDS, finding.BOOK)
    return _vocabulary(tuple(f"{row.ref}:{row.origin}" for book in books for row in rulebook.current(book, on)), on)


@dataclass(frozen=True)
class Heard:
    """What the words of a service speak of: those words, and the crime types that they stand for."""

    words: list[str]
    crimes: list[str]


def heard(text: str, words: Vocabulary) -> Heard:
    found = mentioned(text, words)
    crimes = dict.fromkeys(code for one in found for meaning in one.meanings for code in meaning.crime_types)
    return Heard([one.words for one in found], list(crimes))


def councils_of(locations: Iterable[str]) -> dict[str, str]:
    """The council of each postcode in some addresses."""
    asked = {code for location in locations for code in rules.postcodes(location)}
    return dict(Postcode.objects.filter(pk__in=asked).values_list("code", "council"))


_SAID = ("pk", "name", "provider__name", "provider_name", "phone", "email", "web", "location")


def twins(of: List) -> rules.Twins:
    """The services of the hub's area that no entry of this list is tied to yet."""
    tied = Tie.objects.filter(list=of).values("service")
    area = Q(provider=None) | Q(provider__force=of.hub.force_id)
    rows = Service.objects.filter(area).exclude(state=Service.State.CLOSED).exclude(pk__in=tied).values(*_SAID)
    return rules.Twins(
        rules.held(str(row["pk"]), {**row, "run_by": row["provider__name"] or row["provider_name"]}) for row in rows
    )


@dataclass(frozen=True)
class Past:
    """What was decided of a list before: digests that were rejected, by kind and id; services that entries are not."""

    rejected: frozenset[tuple[str, str, str]]
    refused: frozenset[str]
    apart: Mapping[str, frozenset[str]] = field(default_factory=dict)


def past(of: List) -> Past:
    told = Difference.objects.filter(list=of)
    rejected = list(told.filter(state=lifecycle.REJECTED).values_list("kind", "source_id", "digest"))
    apart: dict[str, frozenset[str]] = {}
    for source_id, keys in told.exclude(apart=[]).values_list("source_id", "apart"):
        apart[source_id] = apart.get(source_id, frozenset()) | frozenset(keys)
    return Past(frozenset(rejected), frozenset(one[1] for one in rejected), apart)


def newest(difference: Difference) -> bool:
    """Whether nothing about the same entry came after it."""
    same = Difference.objects.filter(list=difference.list_id, source_id=difference.source_id)
    return not same.filter(pk__gt=difference.pk).exists()


def may_undo(difference: Difference) -> bool:
    """Whether a decision may be taken back, as far as a page can tell."""
    decided = difference.state in (lifecycle.ACCEPTED, lifecycle.REJECTED)
    return decided and newest(difference)


def is_tied_by_hand(difference: Difference) -> bool:
    """Whether somebody said that the entry is a service that was here already, and nothing was taken over yet."""
    tied = Tie.objects.filter(list=difference.list_id, source_id=difference.source_id, own=False)
    return difference.kind == Kind.CHANGED and tied.exists()


FOUND = 8  # services that a search for the same one shows


def search(actor: Actor, difference: Difference, words: str) -> list[Service]:
    """Services of the hub by name, of which one may be this entry."""
    if not words:
        return []
    tied = Tie.objects.filter(list=difference.list_id).values("service")
    found = Service.objects.managed_by(actor).exclude(pk__in=tied).exclude(state=Service.State.CLOSED)
    return list(found.filter(name__icontains=words).select_related("provider").order_by("name", "pk")[:FOUND])


def service_to_tie(actor: Actor, key: str) -> Service:
    """A service that the actor's hub looks after. Raises RuleBroken."""
    try:
        found = Service.objects.managed_by(actor).filter(pk=UUID(key)).first()
    except ValueError:
        found = None
    if found is None:
        raise RuleBroken("Choose a service that your hub looks after.", "service")
    return found


def hubs() -> list[Organisation]:
    return list(Organisation.objects.filter(kind=Organisation.Kind.HUB, until=None).order_by("pk"))


def to_decide(actor: Actor) -> int:
    """How many differences wait for the actor's office."""
    counts = waiting(List.objects.visible_to(actor))
    return sum(sum(kinds.values()) for kinds in counts.values())


class Compared:
    """One reading of a list beside what is held of it: `found` are the differences, not written yet."""

    def __init__(self, of: List, reading: Reading, listings: Sequence[Listing], words: Vocabulary) -> None:
        self.of, self.reading, self.listings, self.words = of, reading, listings, words
        self.ties = {tie.source_id: tie for tie in Tie.objects.filter(list=of).select_related("service")}
        self.past = past(of)
        self.postcodes = councils_of(one.fields["location"] for one in listings)
        self.found: list[Difference] = []
        self.counts = {"unchanged": 0, "known": 0}

        known = twins(of)
        for listing in listings:
            tie = self.ties.get(listing.source_id)
            self._changed(listing, tie) if tie else self._new(listing, known)
        self._gone()

    @property
    def sent(self) -> set[str]:
        return {listing.source_id for listing in self.listings}

    def count(self) -> dict[str, int]:
        """How many differences there are of each kind, and how many entries are none."""
        kinds = {Kind.NEW: "added", Kind.CHANGED: "changed", Kind.GONE: "gone"}
        return {**self.counts, **{name: sum(one.kind == kind for one in self.found) for kind, name in kinds.items()}}

    def _new(self, listing: Listing, known: rules.Twins) -> None:
        told = rules.as_json(listing.fields)
        apart = self.past.apart.get(listing.source_id, frozenset())
        asked = rules.held("", {**told, "run_by": told["provider_name"]})
        twin = known.of(asked, apart)
        self._add(
            Kind.NEW, listing, told=told, likely_id=UUID(twin.key) if twin else None,
            alike=list(twin.alike) if twin else [], apart=sorted(apart),
        )  # fmt: skip

    def _changed(self, listing: Listing, tie: Tie) -> None:
        told = rules.as_json(listing.fields)
        odd = rules.oddities(listing)
        if tie.service.location_protected:
            told, odd = rules.placeless(told), []
        base = {**tie.told, "state": rules.CLOSED} if tie.gone_at else tie.told
        now = now_of(tie.service)
        changes = rules.different(base, told, now, ours=tie.service.provider_id is not None)
        if not changes or (tie.digest == listing.digest and not tie.gone_at):
            self.counts["unchanged"] += 1
            return
        self._add(Kind.CHANGED, listing, told=told, changes=changes, oddities=odd, service=tie.service)

    def _add(self, kind: str, listing: Listing, **values: Any) -> None:
        if (kind, listing.source_id, listing.digest) in self.past.rejected:
            self.counts["known"] += 1
            return
        said = listing.fields
        speaks = heard(" . ".join((said["name"], said["summary"], said["access_notes"], *listing.topics)), self.words)
        known = {self.postcodes[code] for code in rules.postcodes(said["location"]) if code in self.postcodes}
        self.found.append(Difference(**{
            "list": self.of, "reading": self.reading, "kind": kind, "state": lifecycle.OPEN,
            "source_id": listing.source_id, "digest": listing.digest, "name": said["name"],
            "run_by": said["provider_name"], "oddities": rules.oddities(listing), "heard": speaks.words,
            "crimes": speaks.crimes, "councils": sorted(known) or list(self.of.councils),
            "refused_before": listing.source_id in self.past.refused, **values,
        }))  # fmt: skip

    def _gone(self) -> None:
        """What was there when it was last taken over, and is not now."""
        sent = self.sent
        for source_id, tie in self.ties.items():
            if source_id in sent or tie.gone_at:
                continue
            if (Kind.GONE, source_id, tie.digest) in self.past.rejected:
                self.counts["known"] += 1
                continue
            said = heard(f"{tie.service.name} . {tie.service.summary}", self.words)
            self.found.append(Difference(
                list=self.of, reading=self.reading, kind=Kind.GONE, state=lifecycle.OPEN, source_id=source_id,
                digest=tie.digest, name=tie.service.name, run_by=tie.service.provider_name, service=tie.service,
                heard=said.words, crimes=said.crimes, councils=tie.service.councils,
            ))  # fmt: skip


def now_of(service: Service) -> dict[str, Any]:
    """What a service says now of all that a list may say."""
    return rules.as_json({name: getattr(service, name) for name in directory.RELAYED})
