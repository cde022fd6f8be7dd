"""The bulk half of a load: rows sealed and laid out by a thread while the database takes in the batch before."""

import gc
import json
import os
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import connection

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7_texts, uuid7s
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt
from alongside.core.rows.bulk import NULL, Staging, octets, text
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.messages.rules import normalise
from alongside.support.arrivals.feeds import queries
from alongside.support.arrivals.feeds.models import KeptRow, SentAgain
from alongside.support.arrivals.feeds.queries import Codes, Office
from alongside.support.arrivals.feeds.reading import Line
from alongside.support.arrivals.feeds.rows import Answer, FeedRow, VictimKind
from alongside.support.arrivals.feeds.rules import Decision, Outcome, Readable, Tally, decide_all
from alongside.support.arrivals.guarded.queries import kinds
from alongside.support.arrivals.guarded.rules import Kinds
from alongside.support.arrivals.referrals.models import Referral, Standing
from alongside.support.arrivals.referrals.rules import new_reference, status_word
from alongside.support.people.victims.models import Agreement, Basis, Victim
from alongside.support.people.victims.rules import age_on, name_key

BATCH = 5_000
TEXTS_A_ROW = 5  # keys of an accepted row beside its victim's
POINTS = ("phone", "email", "address")
POLICE = "police"
REFERRAL, POINT = "referrals_referral", "messages_contactpoint"
Progress = Callable[[int], None]

FRESH = {
    "victim": "uuid", "referral": "uuid", "event": "uuid", "wrapped": "bytea",
    "kind": "text", "title": "text", "given_name": "text", "family_name": "text", "name_key": "text",
    "business_name": "text", "birth_date": "date", "sex": "text", "ethnicity": "text", "language": "text",
    "interpreter": "text", "council": "text", "reference": "text", "source_ref": "text", "digest": "bytea",
    "consent": "text", "reported_at": "timestamptz", "occurred_from": "date", "offence_code": "text",
    "crime_type": "text", "markers": "text[]", "hate_strands": "text[]", "age": "smallint", "vulnerable": "text",
    "intimidated": "text", "repeat": "text", "officer": "bytea", "notes": "bytea", "safe_times": "text",
    **{f"{kind}{part}": sort for kind in POINTS for part, sort in
       (("_id", "uuid"), ("", "bytea"), ("_lookup", "bytea"), ("_safe", "text"))},
}  # fmt: skip
KEPT = {"id": "uuid", "wrapped": "bytea", "line": "int", "source_ref": "text", "digest": "bytea", "outcome": "text",
        "reason": "text", "content": "bytea", "same": "bytea", "kept": "uuid",
        "guarded": "boolean"}  # fmt: skip
# Which kept row each row is the same as: rejected ones by their very cells, of this feed or earlier in this file; a
# duplicate by its reference and what it means. A row that is the same as none stays to be kept.
_KEPT_BEFORE = (
    "UPDATE feed_kept fresh SET kept = earlier.id FROM feeds_keptrow earlier WHERE fresh.outcome = 'rejected'"
    " AND earlier.outcome = 'rejected' AND earlier.same = fresh.same AND earlier.hub_id = %(hub)s",
    "UPDATE feed_kept fresh SET kept = earlier.id FROM (SELECT DISTINCT ON (same) same, id FROM feed_kept"
    " WHERE outcome = 'rejected' AND kept IS NULL ORDER BY same, line) earlier"
    " WHERE fresh.outcome = 'rejected' AND earlier.same = fresh.same AND earlier.id <> fresh.id AND fresh.kept IS NULL",
    "UPDATE feed_kept fresh SET kept = earlier.id FROM feeds_keptrow earlier, feeds_delivery delivery"
    " WHERE fresh.outcome = 'duplicate' AND earlier.outcome = 'held' AND earlier.source_ref = fresh.source_ref"
    " AND earlier.content_hash = fresh.digest AND earlier.hub_id = %(hub)s"
    " AND delivery.id = earlier.delivery_id AND delivery.source_id = %(source)s",
    "UPDATE feed_kept fresh SET kept = earlier.id FROM feed_kept earlier WHERE fresh.outcome = 'duplicate'"
    " AND earlier.outcome = 'held' AND earlier.source_ref = fresh.source_ref AND earlier.digest = fresh.digest",
)
_NOW_DUPLICATE = "SELECT reason, count(*) FROM feed_kept WHERE outcome = 'rejected' AND kept IS NOT NULL GROUP BY 1"
SAME_NAME = ("title", "given_name", "family_name", "name_key", "business_name", "birth_date", "sex", "ethnicity",
             "language", "interpreter", "council", "kind")  # fmt: skip
SAME_IN_REFERRAL = ("reference", "source_ref", "consent", "reported_at", "occurred_from", "offence_code", "crime_type",
                    "markers", "hate_strands", "vulnerable", "intimidated", "repeat", "officer", "notes",
                    "council")  # fmt: skip


def width(model: type, name: str) -> int:
    """How much of a text a column takes."""
    return int(model._meta.get_field(name).max_length)  # type: ignore[attr-defined]


TIMES = width(ContactPoint, "safe_times")
REF = width(KeptRow, "source_ref")


@dataclass
class Sheet:
    """One batch laid out for COPY."""

    accepted: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    last_line: int = 0


@dataclass(frozen=True)
class Terms:
    """What is the same for every row of a delivery."""

    delivery_id: UUID
    source_id: int
    hub_id: int
    by: Actor
    at: datetime
    office: Office
    feed: str = ""

    @property
    def place(self) -> str:
        return f"{self.source_id}|{self.feed}"


class Layout:
    """Turns decided rows into lines for COPY. Asks the database nothing, so a thread may do it."""

    def __init__(self, terms: Terms) -> None:
        self.office = terms.office
        self.day = clocks.london_date(terms.at)
        self.place, self.kinds = terms.place, kinds(self.day)
        self.held: set[bytes] = set()

    def lay(self, decided: list[tuple[Line, Decision]], references: list[str], councils: dict[str, str]) -> Sheet:
        sheet, left = Sheet(), iter(references)
        people, ids = iter(uuid7s(len(decided))), iter(uuid7_texts(TEXTS_A_ROW * len(decided)))
        for line, decision in decided:
            if decision.outcome is Outcome.ACCEPTED:
                assert line.row is not None
                council = councils.get(line.row.postcode, "")
                sheet.accepted.append(self._accept(next(people), line.row, decision.digest, next(left), council, ids))
            elif decision.outcome is not Outcome.DUPLICATE:
                sheet.kept.append(_kept(next(people), line, decision, self.place, self.kinds))
                self.held.add(decision.digest)
            elif decision.digest in self.held:
                sheet.kept.append(_again(line, decision))
        sheet.last_line = decided[-1][0].number
        return sheet

    def _accept(
        self, victim: UUID, row: FeedRow, digest: bytes, reference: str, council: str, ids: Iterator[str]
    ) -> str:
        referral, seal = next(ids), crypt.Sealer(victim)
        age = age_on(row.date_of_birth, self.day) if row.date_of_birth else None
        codes = self.office.codes(row, age)
        cells = (
            str(victim), referral, next(ids), octets(seal.wrapped), *_identity(row, codes), council,
            reference, row.source_ref, octets(digest), row.consent, row.reported_at.isoformat(),
            str(row.occurred_from or NULL), row.offence_code, codes.crime_type,
            f"{{{','.join(codes.markers)}}}", f"{{{','.join(row.hate_strands)}}}", NULL if age is None else str(age),
            row.vulnerable, row.intimidated, row.repeat,
            _sealed(seal, REFERRAL, referral, "officer", queries.officer_of(row)),
            _sealed(seal, REFERRAL, referral, "notes", queries.words_of(row)),
            text(times_of(row)),
            *_point(seal, "phone", row.phone, row.phone.partition(";")[0], row.phone_safe, ids),
            *_point(seal, "email", row.email, row.email.casefold(), row.email_safe, ids),
            *_address(seal, row, ids),
        )  # fmt: skip
        return "\t".join(cells)


def _identity(row: FeedRow, codes: Codes) -> tuple[str, ...]:
    business = row.victim_kind is VictimKind.BUSINESS
    key = name_key("", row.business_name) if business else name_key(row.given_name, row.family_name)
    return (
        row.victim_kind, text(row.title), text(row.given_name), text(row.family_name), key,
        text(row.business_name), str(row.date_of_birth or NULL), codes.sex, codes.ethnicity, text(codes.language),
        row.interpreter,
    )  # fmt: skip


def times_of(row: FeedRow) -> str:
    """Hours that do not all fit lose the last ones: contact is then safe at fewer times, never at more."""
    return row.safe_times if len(row.safe_times) <= TIMES else row.safe_times[: TIMES + 1].rpartition(";")[0]


def _sealed(seal: crypt.Sealer, table: str, row: UUID | str, column: str, words: str) -> str:
    return octets(seal.seal(table, row, column, words)) if words else octets(b"")


def _point(
    seal: crypt.Sealer, kind: str, value: str, normalised: str, safe: str, ids: Iterator[str]
) -> tuple[str, ...]:
    if not value:
        return (NULL, NULL, NULL, NULL)
    key = next(ids)
    return key, octets(seal.seal(POINT, key, "value", value)), octets(crypt.blind(kind, normalised)), safe


def _address(seal: crypt.Sealer, row: FeedRow, ids: Iterator[str]) -> tuple[str, ...]:
    address = queries.address_of(row)
    return _point(seal, "address", address, normalise("address", address), Answer.UNKNOWN, ids)


def same_cells(place: str, raw: Mapping[str, str]) -> bytes:
    """By which the very same cells of one feed are known again, in whatever order the columns came."""
    return crypt.blind("feed_row", f"{place}|{json.dumps(raw, sort_keys=True)}")


def _again(line: Line, decision: Decision) -> str:
    """A duplicate of a row that was held."""
    assert line.row is not None
    cells = (
        NULL, NULL, str(line.number), text(line.row.source_ref[:REF]), octets(decision.digest), decision.outcome, "",
        NULL, NULL, NULL, NULL,
    )  # fmt: skip
    return "\t".join(cells)


def _kept(key: UUID, line: Line, decision: Decision, place: str, kinds: Kinds) -> str:
    seal = crypt.Sealer(key)
    content = seal.seal("feeds_keptrow", key, "content", json.dumps(line.raw, ensure_ascii=False))
    ref = line.row.source_ref if line.row else line.raw.get("source_ref", "")
    cells = (
        str(key), octets(seal.wrapped), str(line.number), text(ref[:REF]),
        octets(decision.digest), decision.outcome, decision.reason, octets(content),
        octets(same_cells(place, line.raw)), NULL, str(kinds.holds_cells(line.raw)),
    )  # fmt: skip
    return "\t".join(cells)


class Store:
    """Puts sheets into the database, table by table."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self.fresh = Staging("feed_fresh", FRESH)
        self.kept = Staging("feed_kept", KEPT)
        self.given: set[str] = set()
        self.any_kept = False
        self.due = terms.office.due(terms.at)
        self.basis = terms.office.basis()

    def references(self, count: int) -> list[str]:
        """References that no referral bears yet."""
        found: list[str] = []
        while len(found) < count:
            made = {new_reference(os.urandom(16)) for _ in range(count - len(found))} - self.given
            free = made - queries.taken_references(made)
            self.given |= free
            found += free
        return found

    def stage(self, sheet: Sheet) -> None:
        """Before the thread is set to work again: sending and laying out would take turns for the interpreter."""
        self.kept.fill(sheet.kept)
        self.any_kept = self.any_kept or bool(sheet.kept)
        self.fresh.fill(sheet.accepted)

    def put(self, sheet: Sheet) -> None:
        if sheet.accepted:
            self._victims()
            self._referrals()
            self._points()
            events.record_staged(
                "referral.received", self.fresh, key="event", subject="referral", by=self.terms.by, at=self.terms.at,
                source=Referral.Source.POLICE_FEED, delivery=str(self.terms.delivery_id),
            )  # fmt: skip
            self.fresh.empty()

    def _victims(self) -> None:
        hub, at = self.terms.hub_id, self.terms.at
        same = {name: name for name in SAME_NAME}
        self.fresh.insert(PersonKey, {"person_id": "victim", "wrapped": "wrapped"}, master=crypt.ring().current)
        self.fresh.insert(Victim, {"id": "victim", **same}, hub_id=hub, created_at=at, visible_orgs=[hub])
        purpose, basis = self.basis
        self.fresh.insert(
            Basis, {"id": "victim", "victim_id": "victim"}, purpose=purpose, basis=basis, recorded_at=at,
            recorded_by=self.terms.by.user_id,
        )  # fmt: skip
        self.fresh.insert(
            Agreement, {"id": "victim", "victim_id": "victim"}, where="consent = 'yes'",
            about=Agreement.About.CONTACT, given=True, how=POLICE, recorded_at=at,
            recorded_by=self.terms.by.user_id,
        )  # fmt: skip

    def _referrals(self) -> None:
        hub, source, at = self.terms.hub_id, self.terms.source_id, self.terms.at
        same = {name: name for name in SAME_IN_REFERRAL}
        same |= {"id": "referral", "victim_id": "victim", "content_hash": "digest", "age_at_receipt": "age"}
        self.fresh.insert(
            Referral, same, hub_id=hub, source=Referral.Source.POLICE_FEED, source_organisation=source,
            feed=self.terms.feed, received_at=at, attempt_due_at=self.due[0], offer_due_at=self.due[1],
            visible_orgs=[hub],
        )  # fmt: skip
        self.fresh.insert(
            Standing,
            {"id": "referral", "referral_id": "referral", "reference": "reference", "source_ref": "source_ref"},
            hub_id=hub, organisation_id=source, word=status_word(Referral.State.RECEIVED, contacted=False), since=at,
            received_at=at,
        )  # fmt: skip

    def _points(self) -> None:
        for kind in POINTS:
            self.fresh.insert(
                ContactPoint,
                {"id": f"{kind}_id", "person_id": "victim", "value": kind, "lookup": f"{kind}_lookup",
                 "safe": f"{kind}_safe", "safe_times": "safe_times" if kind != "address" else "''"},
                where=f"{kind}_id IS NOT NULL", recorded_by=self.terms.hub_id, kind=kind,
                recorded_at=self.terms.at, visible_orgs=[self.terms.hub_id],
            )  # fmt: skip

    def kept_before(self) -> Mapping[str, int]:
        """Finds the rows that had been kept already. Returns how many of the rejected ones are, by reason."""
        if not self.any_kept:
            return {}
        place = {"hub": self.terms.hub_id, "source": self.terms.source_id}
        with connection.cursor() as cursor:
            for statement in _KEPT_BEFORE:
                cursor.execute(statement, place)
            cursor.execute(_NOW_DUPLICATE)
            return dict(cursor.fetchall())

    def keep(self) -> None:
        """The held and rejected rows, once their delivery is there; of those kept before, that they came again."""
        new, of = "kept IS NULL AND outcome <> 'duplicate'", {"delivery_id": self.terms.delivery_id}
        self.kept.insert(PersonKey, {"person_id": "id", "wrapped": "wrapped"}, where=new, master=crypt.ring().current)
        same = {name: name for name in ("id", "line", "source_ref", "outcome", "reason", "content", "same", "guarded")}
        self.kept.insert(
            KeptRow, {**same, "content_hash": "digest"}, where=new, hub_id=self.terms.hub_id,
            expires_at=self.terms.office.kept_until(self.terms.at), **of,
        )  # fmt: skip
        again = {"id": "gen_random_uuid()", "line": "line", "kept_id": "kept"}
        self.kept.insert(SentAgain, again, where="kept IS NOT NULL", hub_id=self.terms.hub_id, **of)
        self.kept.drop()
        self.fresh.drop()


def run(reading: Readable, terms: Terms, store: Store, *, told: Progress) -> Tally:
    """Reads, decides and stores the whole file. A thread reads and lays out while the database takes in."""
    desk, ready = Desk(reading, terms), Sheet()
    with _in_haste(), ThreadPoolExecutor(1, "feed") as thread:
        lines, reads = desk.read(), thread.submit(desk.read)
        while lines:
            ahead = desk.ahead(lines, store)
            store.stage(ready)
            works = thread.submit(desk.work, ahead)
            store.put(ready)
            told(ready.last_line)
            ready, lines, reads = works.result(), reads.result(), thread.submit(desk.read)
        store.stage(ready)
        store.put(ready)
    return desk.tally


@contextmanager
def _in_haste() -> Iterator[None]:
    """Rows hold no cycles, and looking for some would take a quarter of the time; and the thread that talks to the
    database must not wait long for the one that computes.
    """
    before, interval = gc.get_threshold(), sys.getswitchinterval()
    gc.set_threshold(500_000, 20, 100)
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        sys.setswitchinterval(interval)


@dataclass(frozen=True)
class Ahead:
    """A batch with all that the database has to say about it."""

    lines: list[Line]
    references: list[str]
    councils: dict[str, str]


class Desk:
    """Where rows are read, decided and laid out: in a thread that never touches the database, `ahead` apart."""

    def __init__(self, reading: Readable, terms: Terms) -> None:
        self.terms, self.rules = terms, terms.office.rulebook
        self.batches = reading.batches(BATCH)
        self.layout, self.tally = Layout(terms), Tally(reading)
        self.known: dict[str, Collection[bytes]] = {}

    def ahead(self, lines: list[Line], store: "Store") -> Ahead:
        rows = [line.row for line in lines if line.row]
        refs = {row.source_ref for row in rows} - self.known.keys()
        known, held = queries.on_record(self.terms.source_id, refs)
        self.known.update(known)
        self.layout.held |= held
        fresh = len(refs - self.known.keys())
        return Ahead(lines, store.references(fresh), queries.councils_of({row.postcode for row in rows}))

    def read(self) -> list[Line]:
        """The next batch; empty at the end."""
        return next(self.batches, [])

    def work(self, ahead: Ahead) -> Sheet:
        decided = list(decide_all(ahead.lines, self.known, self.rules, now=self.terms.at))
        for _, decision in decided:
            self.tally.add(decision)
        return self.layout.lay(decided, ahead.references, ahead.councils)
