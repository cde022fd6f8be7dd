"""Every write of feeds: loading a delivery whole or not at all, and settling the rows that were held."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from alongside.core import clocks, events, queue
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.core.rows.realms import Realm
from alongside.foundation.office.documents import actions as documents
from alongside.foundation.office.documents.rules import Column
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages import queries as messages_queries
from alongside.foundation.office.messages.rules import normalise
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.organisations.queries import council_of, hub_for_force
from alongside.support.arrivals.feeds import loading, queries, reading, rules
from alongside.support.arrivals.feeds.models import Delivery, KeptRow, SourceVersion, Upload
from alongside.support.arrivals.feeds.queries import Office
from alongside.support.arrivals.feeds.reading import FeedRefused, read
from alongside.support.arrivals.feeds.rows import FeedRow, Recast, validate
from alongside.support.arrivals.feeds.rules import Difference, Rejected, decide, why_not_release
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.actions import Arrival, Point
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.rules import age_on

LOCK = 0x666565  # the advisory locks of feeds; the other half of the key is the source
ORPHAN_HOURS = 48
WITH_US = "This reference is with us already. Compare the two, then take the new details or close."
SENT_AGAIN = "source_corrected"  # of the rulebook's reasons for a correction
NO_ROOM = "The file could not be kept here, most likely for want of room. Tell the people who look after this system."
NO_FEED = "Nobody has set up this feed of {}. Set it up first."
GIVEN_UP = "Its loading failed, and somebody chose not to try again. No row of it was taken in."
Settled = KeptRow.Settled
REJECTED = (Column("line", "Line"), Column("reference", "Reference"), Column("reason", "Why it was rejected"))


Told = Callable[[int], None]
ReadAs = Callable[[Recast | None], rules.Readable]


def _nobody(line: int) -> None:
    """Nobody is told of progress."""


@transaction.atomic
def load(
    path: Path, *, source: Organisation, by: Actor, at: datetime, feed: str = "", name: str = "", told: Told = _nobody
) -> Delivery:
    """Loads one file of one of a source's feeds, by its code, empty for the first. Raises FeedRefused before anything
    is written. `told` hears how far it is."""
    return load_read(partial(_read, path), source=source, feed=feed, by=by, at=at, name=name, told=told)


@transaction.atomic
def load_read(
    read_as: ReadAs, *, source: Organisation, by: Actor, at: datetime, feed: str = "", name: str = "",
    told: Told = _nobody,
) -> Delivery:  # fmt: skip
    """Loads what `read_as` reads, given how the source's own columns and codes become ours.

    A crash changes nothing. One delivery of a source at a time: the same again finds all of itself on record.
    """
    hub = hub_for_force(source.force_id)
    if hub is None:
        raise FeedRefused("no_hub", f"No hub receives what {source.name} sends. Set one up first.")
    alone(source.pk)
    version = _version(source, hub.pk, feed)
    file = read_as(version.recast if version else None)
    _check_at_once()
    again = Delivery.objects.filter(source=source, sha256=file.sha256, version=version).exists()
    by = by if by.organisation_id else replace(by, organisation_id=hub.pk)
    terms = loading.Terms(
        delivery_id=uuid7(), source_id=source.pk, hub_id=hub.pk, by=by, at=at,
        feed=feed, office=Office(clocks.london_date(at), version.excluded if version else ()),
    )  # fmt: skip
    store = loading.Store(terms)
    tally = loading.run(file, terms, store, told=told)
    tally.came_before(store.kept_before())
    receipt = replace(tally.receipt(), file=(name or file.file)[-120:])
    delivery = Delivery(
        id=terms.delivery_id, hub_id=hub.pk, source=source, feed=feed, version=version, received_at=at,
        loaded_by=by.user_id, **receipt.as_json(),
    )  # fmt: skip
    delivery.save(force_insert=True)
    store.keep()
    events.record("feed.loaded", delivery.pk, by=by, at=at, sent=receipt.sent, accepted=receipt.accepted, again=again)
    return delivery


def _version(source: Organisation, hub_id: int, feed: str) -> SourceVersion | None:
    """How a feed is read; only a force's first needs no setting up."""
    version = SourceVersion.objects.in_force(source, hub_id, feed)
    if feed and version is None:
        raise FeedRefused("no_feed", NO_FEED.format(source.name))
    return version


def _read(path: Path, recast: Recast | None) -> reading.Reading:
    return read(path, max_bytes=settings.FEED_MAX_BYTES, recast=recast)


def alone(source_id: int) -> None:
    """Waits for other work on what this source sends, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [LOCK, source_id])


def _check_at_once() -> None:
    """Has references checked with each insert, while the next batch is prepared, and not all at the end."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@transaction.atomic
def upload(
    chunks: Iterable[bytes], *, by: Actor, at: datetime, source: Organisation, file: str, feed: str = "",
    key: UUID | None = None,
) -> Upload:  # fmt: skip
    """Puts a file by for the worker, if it can be a feed at all. Raises RuleBroken in words for the sender."""
    assert by.organisation_id is not None and by.user_id is not None
    key = key or uuid7()
    path = reading.spooled(settings.SPOOL, key)
    try:
        reading.put_by(settings.SPOOL, key, chunks)
        version = _version(source, by.organisation_id, feed)
        found = _read(path, version.recast if version else None)
    except FeedRefused as refused:
        reading.throw_away(path)
        raise RuleBroken(refused.words, "file") from refused
    except OSError as error:
        reading.throw_away(path)
        raise RuleBroken(NO_ROOM, "file") from error
    made = Upload(
        id=key, hub_id=by.organisation_id, source=source, feed=feed, file=file[-120:], lines=found.lines,
        uploaded_at=at, uploaded_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    events.record("feed.uploaded", made.pk, by=by, at=at, source=source.code)
    return made


@transaction.atomic
def take_in(upload: Upload, *, at: datetime) -> None:
    """Loads a file that was put by. Safe to run again: what is loaded or refused stays so."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.WAITING:
        return
    path = reading.spooled(settings.SPOOL, upload.pk)
    by = Actor(realm=Realm.WORKER, user_id=upload.uploaded_by, organisation_id=upload.hub_id)
    try:
        upload.delivery = load(
            path, source=upload.source, feed=upload.feed, by=by, at=at, name=upload.file,
            told=lambda line: reading.tell(path, line),
        )  # fmt: skip
        upload.state = Upload.State.LOADED
    except (FeedRefused, FileNotFoundError) as refused:
        words = getattr(refused, "words", "The file is no longer here. Send it again.")
        upload.state, upload.refused_why = Upload.State.REFUSED, words[:400]
    upload.save(update_fields=["state", "delivery", "refused_why"])
    transaction.on_commit(lambda: reading.throw_away(path))


@transaction.atomic
def try_again(upload: Upload, *, by: Actor, at: datetime) -> None:
    """Puts a file whose loading failed back into the queue."""
    upload = _failed(upload)
    found = queries.job_of(upload)
    if found:
        queue.put_back(found.number, at=at)
    events.record("feed.tried_again" if found else "feed.uploaded", upload.pk, by=by, at=at, source=upload.source.code)


@transaction.atomic
def give_up(upload: Upload, *, by: Actor, at: datetime) -> None:
    """Throws away a file whose loading failed; nothing of it was taken in."""
    upload = _failed(upload)
    upload.state, upload.refused_why = Upload.State.REFUSED, GIVEN_UP
    upload.save(update_fields=["state", "refused_why"])
    events.record("feed.given_up", upload.pk, by=by, at=at, source=upload.source.code)
    transaction.on_commit(lambda: reading.throw_away(reading.spooled(settings.SPOOL, upload.pk)))


def _failed(upload: Upload) -> Upload:
    """The upload, locked, where its loading failed."""
    found = Upload.objects.select_for_update(of=("self",)).select_related("source").get(pk=upload.pk)
    if not queries.has_failed(found, queries.job_of(found)):
        raise RuleBroken("The file is loaded, or being loaded, already.")
    return found


@transaction.atomic
def release(
    kept: KeptRow, *, by: Actor, at: datetime, words: str, mended: Mapping[str, str] | None = None, **found_out: str
) -> Referral:
    """Takes in a row that was held, with what somebody found out of it; `found_out` are columns of the feed.

    `mended`: all its cells as somebody put them right; only so is a rejected row taken in. It meets the same rules.
    """
    kept, office = locked(kept, rejected=mended is not None), Office(clocks.london_date(at))
    filled = {column: cell for column, cell in found_out.items() if cell}
    row = validate({**(queries.cells(kept) if mended is None else mended), **filled})
    faults = row if not isinstance(row, FeedRow) else (decision := decide(row, {}, office.rulebook, now=at)).faults
    if faults or not isinstance(row, FeedRow):
        raise RuleBroken(f"{faults[0].words[0].upper()}{faults[0].words[1:]}.", faults[0].field)
    if queries.referral_of(kept, row.source_ref) is not None:
        raise RuleBroken(WITH_US)
    if against := why_not_release(row, office.crimes[row.offence_code]):
        raise RuleBroken(against[1], against[0])
    digest = bytes(kept.content_hash) if mended is None else decision.digest
    referral = _receive(_arrival(kept, row, office, words=words, digest=digest), by=by, at=at)
    settle(kept, Settled.RELEASED, by=by, at=at, words=words, referral=referral.pk)
    return referral


def _receive(arrival: Arrival, *, by: Actor, at: datetime) -> Referral:
    """The referral. Of a reference on one that the asker may not open they learn nothing: theirs stands beside it."""
    try:
        with transaction.atomic():
            return referrals.receive(arrival, by=by, at=at)
    except IntegrityError as error:
        if "referrals_source_ref" not in str(error):
            raise
        return _receive(replace(arrival, twin=arrival.twin + 1), by=by, at=at)


def _arrival(kept: KeptRow, row: FeedRow, office: Office, *, words: str, digest: bytes = b"") -> Arrival:
    age = age_on(row.date_of_birth, office.on) if row.date_of_birth else None
    codes, council = office.codes(row, age), council_of(row.postcode) or ""
    came = f"{kept.get_outcome_display()} when it came. {words}"
    notes = "\n\n".join(part for part in (queries.words_of(row), came) if part)
    return Arrival(
        hub_id=kept.hub_id, source=Referral.Source.POLICE_FEED, source_organisation=kept.delivery.source_id,
        feed=kept.delivery.feed, source_ref=row.source_ref, content_hash=digest or bytes(kept.content_hash),
        crime_type=codes.crime_type, identity=_identity(row, codes, council), points=_points(row),
        reported_at=row.reported_at, occurred_from=row.occurred_from, offence_code=row.offence_code,
        markers=codes.markers,
        hate_strands=row.hate_strands, council=council, vulnerable=str(row.vulnerable),
        intimidated=str(row.intimidated), repeat=str(row.repeat), officer=queries.officer_of(row), notes=notes,
        consent=str(row.consent),
    )  # fmt: skip


def _identity(row: FeedRow, codes: queries.Codes, council: str) -> Identity:
    return Identity(
        kind=str(row.victim_kind), title=row.title, given_name=row.given_name, family_name=row.family_name,
        business_name=row.business_name, birth_date=row.date_of_birth, sex=codes.sex, ethnicity=codes.ethnicity,
        language=codes.language, interpreter=str(row.interpreter), council=council,
    )  # fmt: skip


def _points(row: FeedRow) -> tuple[Point, ...]:
    """What the row says of how to reach the victim. A source verifies nothing."""
    ways = (
        ("phone", row.phone, row.phone_safe),
        ("email", row.email, row.email_safe),
        ("address", queries.address_of(row), "unknown"),
    )
    times = {"phone": loading.times_of(row), "email": loading.times_of(row), "address": ""}
    return tuple(Point(kind, value, str(safe), safe_times=times[kind]) for kind, value, safe in ways if value)


@transaction.atomic
def take_new_details(
    kept: KeptRow, *, by: Actor, at: datetime, words: str, take: Collection[str] = (), seen: int | None = None
) -> Referral:  # fmt: skip
    """Of a row that came again with changes: what somebody chose to take replaces what is on record, which is kept.

    `take`: columns of the record and the referral, and kinds of ways of contact. `seen`: the record's version that the
    chooser had before them. What is said not to be safe, or not agreed to any more, is so at once.
    """
    kept = locked(kept)
    referral = queries.referral_of(kept)
    row = validate(queries.cells(kept))
    if referral is None or not isinstance(row, FeedRow):
        raise RuleBroken("There is nothing on record that this would change.")
    office = Office(clocks.london_date(at))
    different = queries.differences(kept, office.on)
    _take_ways(kept, referral, row, take, by=by, at=at)
    arrival = _arrival(kept, row, office, words="")
    _take_identity(referral, arrival.identity, take, by=by, at=at, seen=seen)
    _take_crime(referral, arrival, take, different, by=by, at=at)
    settle(kept, Settled.APPLIED, by=by, at=at, words=words, referral=referral.pk)
    return referral


def _take_ways(
    kept: KeptRow, referral: Referral, row: FeedRow, take: Collection[str], *, by: Actor, at: datetime
) -> None:
    held = {bytes(point.lookup): point for point in messages_queries.points_of(referral.victim_id)}
    for point in _points(row):
        known = held.get(crypt.blind(point.kind, normalise(point.kind, point.value)))
        if known is None and point.kind in take:
            messages.add(referral.victim_id, by=by, at=at, organisation_id=kept.hub_id, **vars(point))
        elif known is not None and point.safe == "no" and known.safe != "no":
            messages.change_safety(known, by=by, at=at, safe="no")


def _take_identity(
    referral: Referral, sent: Identity, take: Collection[str], *, by: Actor, at: datetime, seen: int | None
) -> None:
    said = {name: getattr(sent, name) for name in rules.IDENTITY if name in take}
    if said:
        victim = referral.victim
        version = victim.version if seen is None else seen
        identity = replace(victims.identity_of(victim), **said)
        victims.correct(victim, by=by, at=at, identity=identity, reason=SENT_AGAIN, seen=version)


def _take_crime(
    referral: Referral, sent: Arrival, take: Collection[str], different: Iterable[Difference], *, by: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """What was chosen of the crime, with what it was before among the notes; a refusal needs no choosing."""
    chosen = {*take, *(["consent"] if sent.consent == "no" else [])}
    said = {name: getattr(sent, name) for name in rules.CRIME if name in chosen}
    if said.keys() & rules.MARKING:
        said["markers"] = sent.markers
    if said.get("consent", referral.consent) != referral.consent:
        given = sent.consent == "yes"
        victims.agree(referral.victim, by=by, at=at, about="contact", given=given, how="police")
    listed = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
    told = rules.told(clocks.london_date(at), different, chosen)
    referrals.correct(referral, by=by, at=at, sent=sent.content_hash, told=told, **listed)


def locked(kept: KeptRow, *, rejected: bool = False) -> KeptRow:
    """The row, locked, with its source's deliveries kept waiting. Refuses one that somebody has dealt with, and a
    rejected one unless it may be.
    """
    alone(kept.delivery.source_id)
    found = KeptRow.objects.select_for_update(of=("self",)).select_related("delivery").filter(pk=kept.pk).first()
    if found is None or found.settled_at is not None:
        raise RuleBroken("Somebody has dealt with this row already.")
    if found.outcome != KeptRow.Outcome.HELD and not rejected:
        raise RuleBroken("A rejected row is mended first, here or where it came from.")
    return found


def settle(
    kept: KeptRow, how: str, *, by: Actor, at: datetime, words: str, referral: UUID | None = None, why: str = ""
) -> KeptRow:
    """Says what became of a row. `why`: a code of the rulebook; without one, words are needed."""
    if not words.strip() and not why:
        raise RuleBroken("Say in a few words what you found out, and from whom.", "words")
    kept.settled_at, kept.settled_how, kept.settled_by, kept.referral_id = at, how, by.user_id, referral
    kept.settled_why = why
    fields.write(kept, settled_words=words)
    kept.save(update_fields=["settled_at", "settled_how", "settled_by", "settled_why", "referral_id", "settled_words"])
    events.record(f"feed_row.{how}", kept.pk, by=by, at=at, reason=kept.reason, why=why)
    return kept


@transaction.atomic
def export_rejected(rows: Iterable[Rejected], *, by: Actor, at: datetime) -> documents.Export:
    """The rejected rows of a delivery as a file; that it was made is on record."""
    cells: list[documents.Row] = [{"line": row.line, "reference": row.reference, "reason": row.reason} for row in rows]
    return documents.table("rejected-rows", REJECTED, cells, by=by, at=at, about="rejected_rows")


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Deletes kept rows whose time is over, with their keys; what is left is counts, of how each ended too. A row that
    nobody dealt with stays until somebody has (decision 18): nothing expires unseen.
    """
    over = KeptRow.objects.filter(expires_at__lte=at).exclude(settled_at=None)
    ended: dict[UUID, Counter[str]] = defaultdict(Counter)
    keys = []
    for key, delivery_id, how in over.values_list("pk", "delivery_id", "settled_how"):
        ended[delivery_id][how] += 1
        keys.append(key)
    for delivery in Delivery.objects.select_for_update().filter(pk__in=ended):
        delivery.forgotten = dict(Counter(delivery.forgotten) + ended[delivery.pk])
        delivery.save(update_fields=["forgotten"])
    PersonKey.objects.filter(person_id__in=keys).delete()
    KeptRow.objects.filter(pk__in=keys).delete()
    return len(keys)


def clear_spool(*, now: float) -> int:
    """Throws away files that nobody loaded. `now`: seconds since 1970. Returns how many."""
    left = [path for path in settings.SPOOL.glob("*.*") if path.stat().st_mtime < now - ORPHAN_HOURS * 3600]
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
