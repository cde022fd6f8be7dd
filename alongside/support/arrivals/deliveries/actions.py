"""Every write of deliveries: connections are opened and closed, tokens given, batches sent and taken in."""

import os
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from hmac import compare_digest
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction

from alongside.core import events
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.core.rows.realms import Realm
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.organisations.queries import hub_for_force
from alongside.support.arrivals.deliveries import folders, queries, reading, rules
from alongside.support.arrivals.deliveries.folders import KEPT, TAKEN, FolderGone, Found
from alongside.support.arrivals.deliveries.models import Batch, Call, Connection, Folder, Token
from alongside.support.arrivals.deliveries.queries import KEY, SECRET, TOKEN, limit
from alongside.support.arrivals.feeds import actions as feeds
from alongside.support.arrivals.feeds import reading as spool
from alongside.support.arrivals.feeds.models import Feed, Upload
from alongside.support.arrivals.feeds.queries import feeds_for

MOST_AT_ONCE = 50  # files of one folder in one look
LOST_NAME = "from the folder"  # of a file whose taking was cut short: its own name is not written on the disk
NO_ROOM = "A file that was claimed cannot be read, or there is no room for it. It is tried again."
UNREADABLE = "The folder cannot be read or emptied."
MOST_OPEN = 10  # connections of one source
NO_SECRET = b"\0" * 16
NO_HUB = "No hub receives what this force sends at present. Nothing was taken."


@transaction.atomic
def open_connection(
    *, by: Actor, at: datetime, source: Organisation, name: str, feed: str = ""
) -> tuple[Connection, str]:
    """Lets a system of a source send one of its feeds by API. Returns the connection and its secret, kept nowhere."""
    assert by.organisation_id is not None and by.user_id is not None
    _check_source(by, source, feed)
    known = Connection.objects.open().filter(hub_id=by.organisation_id, source=source)
    if known.filter(name=name).exists():
        raise RuleBroken("A connection of this source has this name already.", "name")
    if known.count() >= MOST_OPEN:
        raise RuleBroken(f"A source has {MOST_OPEN} connections at most. Close one first.", "name")
    secret = _fresh()
    made = Connection(
        hub_id=by.organisation_id, source=source, feed=feed, name=name, secret=crypt.blind(SECRET, secret),
        opened_at=at, opened_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    events.record("connection.opened", made.pk, by=by, at=at, source=source.code)
    return made, secret


def _check_source(by: Actor, source: Organisation, feed: str) -> None:
    if Feed(source, feed).key not in {one.key for one in feeds_for(by)}:
        raise RuleBroken("This hub does not receive what this force sends.", "source")


def _fresh() -> str:
    """43 letters, digits, - and _: nobody guesses 256 bits, so an index of them is as good as a slow hash."""
    return secrets.token_urlsafe(32)


@transaction.atomic
def renew_secret(connection: Connection, *, by: Actor, at: datetime) -> str:
    """Gives a connection another secret; the one before works for some hours more."""
    connection, secret = _locked(connection), _fresh()
    connection.earlier_secret = connection.secret
    connection.earlier_until = at + timedelta(hours=limit("api_secret_overlap", at))
    connection.secret = crypt.blind(SECRET, secret)
    connection.save(update_fields=["secret", "earlier_secret", "earlier_until"])
    events.record("connection.secret_renewed", connection.pk, by=by, at=at, source=connection.source.code)
    return secret


@transaction.atomic
def close_connection(connection: Connection, *, by: Actor, at: datetime) -> None:
    """Ends a connection at once, its tokens with it. What it sent before is loaded all the same: people wait in it."""
    connection = _locked(connection)
    connection.closed_at, connection.closed_by = at, by.user_id
    connection.save(update_fields=["closed_at", "closed_by"])
    events.record("connection.closed", connection.pk, by=by, at=at, source=connection.source.code)


def _locked(connection: Connection) -> Connection:
    found = Connection.objects.select_for_update(of=("self",)).select_related("source").get(pk=connection.pk)
    if found.closed_at is not None:
        raise RuleBroken("This connection is closed already.")
    return found


@transaction.atomic
def give_token(said: rules.Credentials, *, at: datetime, origin: str) -> tuple[str, int]:
    """A bearer token for whoever knows a connection's secret, and how many seconds it lasts. Raises GrantRefused, and
    TooMany for an address or a connection that brought too many wrong secrets this hour.
    """
    queries.wait_turn(origin)
    connection = queries.open_connection(said.connection)
    listed = connection is not None and bool(connection.allowed) and rules.comes_from(origin, connection.allowed)
    _check_tries(said.connection, origin, listed=listed, at=at)
    known = _knows(connection, said.secret, at)
    if connection is None or not known or not rules.comes_from(origin, connection.allowed):
        raise rules.unknown()
    if wait := rules.retry_after(queries.tokens_of_late(connection, at), limit("api_calls", at), at):
        raise rules.TooMany(wait)
    token, lasts = _fresh(), timedelta(minutes=limit("api_token_lasts", at))
    Token.objects.create(
        lookup=crypt.blind(TOKEN, token), connection=connection, address=queries.index_of(origin), given_at=at,
        expires_at=at + lasts,
    )  # fmt: skip
    connection.last_used_at = at
    connection.save(update_fields=["last_used_at"])
    events.record("connection.token_given", connection.pk, by=queries.actor_for(connection), at=at)
    return token, int(lasts.total_seconds())


def _knows(connection: Connection | None, secret: str, at: datetime) -> bool:
    """Both are compared in any case, and where there is no connection too, so that the time tells nothing."""
    index = crypt.blind(SECRET, secret)
    now = compare_digest(bytes(connection.secret) if connection else NO_SECRET, index)
    before = compare_digest(bytes(connection.earlier_secret) if connection else NO_SECRET, index)
    until = connection.earlier_until if connection else None
    return now or (before and until is not None and at < until)


def _check_tries(connection: UUID, origin: str, *, listed: bool, at: datetime) -> None:
    """An address on the connection's own list is not kept out by what others try: nobody locks a force out."""
    held = {"api_wrong_address": str(queries.index_of(origin).hex())}
    held |= {} if listed else {"api_wrong_connection": str(connection)}
    if any(queries.wrong_of_late(who, at) >= limit(code, at) for code, who in held.items()):
        raise rules.TooMany(rules.rest_of_hour(at), "wrong secrets")


@transaction.atomic
def note_wrong_secret(said: rules.Credentials, *, at: datetime, origin: str) -> None:
    """Counts a wrong secret against the address and the connection, whether there is such a connection or not."""
    for who in (queries.index_of(origin).hex(), str(said.connection)):
        cache.set(queries.wrong_key(who, at), queries.wrong_of_late(who, at) + 1, int(rules.HOUR.total_seconds()))
    connection = queries.open_connection(said.connection)
    if connection is None:
        return
    connection.wrong_tries, connection.wrong_at = connection.wrong_tries + 1, at
    connection.save(update_fields=["wrong_tries", "wrong_at"])
    if connection.wrong_tries == limit("api_wrong_told", at):
        events.record("connection.tried_wrongly", connection.pk, by=PUBLIC_ACTOR, at=at, tries=connection.wrong_tries)


@transaction.atomic
def look_into_tries(connection: Connection, *, by: Actor, at: datetime) -> None:
    """Somebody has looked into the wrong secrets; they are counted anew."""
    connection = _locked(connection)
    tries, connection.wrong_tries = connection.wrong_tries, 0
    connection.save(update_fields=["wrong_tries"])
    events.record("connection.tries_looked_into", connection.pk, by=by, at=at, tries=tries)


@transaction.atomic
def allow(connection: Connection, *, by: Actor, at: datetime, allowed: str) -> None:
    """Says from which networks a connection may call, one a line; from any where none is named."""
    connection = _locked(connection)
    connection.allowed = rules.networks(allowed)
    connection.save(update_fields=["allowed"])
    events.record("connection.allowed", connection.pk, by=by, at=at, networks=len(connection.allowed))


@transaction.atomic
def count_call(*, by: Actor, at: datetime) -> None:
    """Counts a request of a connection. Raises TooMany where there were as many as may be."""
    assert by.user_id is not None
    if wait := rules.retry_after(queries.calls_of_late(by.user_id, at), limit("api_calls", at), at):
        raise rules.TooMany(wait)
    Call.objects.create(connection_id=by.user_id, at=at)


@transaction.atomic
def send(rows: Sequence[Any], *, by: Actor, at: datetime, key: str) -> Batch:
    """Keeps what a connection sent, sealed, for the worker. The same key again is the same batch, at the same time too.

    Raises OtherBody where the key came with something else.
    """
    assert by.user_id is not None and by.organisation_id is not None
    source = Organisation.objects.get(pk=by.organisation_id)
    hub = hub_for_force(source.force_id)
    if hub is None:
        raise RuleBroken(NO_HUB, "no_hub")
    text = reading.text_of(rows)
    made = Batch(
        id=uuid7(), hub_id=hub.pk, source=source, connection_id=by.user_id, key=crypt.blind(KEY, f"{by.user_id}|{key}"),
        said=reading.index_of(text), rows=len(rows), sent_at=at,
    )  # fmt: skip
    try:
        return _keep(made, text, by=by, at=at)
    except IntegrityError:
        return _as_before(made)


@transaction.atomic
def _keep(made: Batch, text: str, *, by: Actor, at: datetime) -> Batch:
    """In a savepoint of its own: whoever sends the same at the same time waits here, and then finds it there."""
    fields.write(made, content=text)
    made.save(force_insert=True)
    events.record("batch.sent", made.pk, by=by, at=at, rows=made.rows)
    return made


def _as_before(made: Batch) -> Batch:
    assert made.key is not None
    found = queries.earlier_batch(made.connection_id, bytes(made.key))
    if bytes(found.said) != made.said:
        raise rules.OtherBody("This key was used for another request. Use a new key for each new request.")
    return found


@transaction.atomic
def take_in(batch: Batch, *, at: datetime) -> None:
    """Loads a batch as a file is loaded, and destroys what was sealed. Safe to run again.

    Nothing is refused here: what cannot be loaded stays, and its job is parked for somebody to look at.
    """
    batch = Batch.objects.select_for_update(of=("self",)).select_related("source", "connection").get(pk=batch.pk)
    if batch.state != Batch.State.WAITING:
        return
    text, name = fields.read(batch, "content"), f"By API: {batch.connection.name}"
    by = Actor(realm=Realm.WORKER, user_id=batch.connection_id, organisation_id=batch.hub_id)
    batch.delivery = feeds.load_read(
        lambda recast: reading.Sent(text, name, recast), source=batch.source, feed=batch.connection.feed, by=by,
        at=at, name=name,
    )  # fmt: skip
    batch.state, batch.receipt, batch.content = Batch.State.LOADED, queries.receipt_of(batch.delivery), b""
    batch.save(update_fields=["state", "delivery", "receipt", "content"])
    PersonKey.objects.filter(person_id=batch.pk).delete()


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Forgets calls and tokens that are over and keys past their time. Returns how many keys."""
    Call.objects.filter(at__lt=at - 10 * rules.MINUTE).delete()
    Token.objects.filter(expires_at__lt=at).delete()
    return int(queries.past_keys(at).update(key=None))


@transaction.atomic
def refuse_file(
    *, by: Actor, at: datetime, source: Organisation, file: str, key: UUID, why: str, feed: str = ""
) -> Upload:
    """Says of a file that nobody waits for why it was not taken in, for whoever looks at the deliveries."""
    assert by.organisation_id is not None and by.user_id is not None
    made = Upload(
        id=key, hub_id=by.organisation_id, source=source, feed=feed, file=file[-120:], lines=0,
        state=Upload.State.REFUSED, refused_why=why[:400], uploaded_at=at, uploaded_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    events.record("feed.refused", made.pk, by=by, at=at, source=source.code)
    return made


@transaction.atomic
def note_refusal(upload: Upload, *, by: Actor, at: datetime) -> None:
    """Somebody has read why a file was refused: it is not shown to everybody any more."""
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != Upload.State.REFUSED or upload.noted_at is not None:
        raise RuleBroken("Somebody has noted this already.")
    upload.noted_at = at
    upload.save(update_fields=["noted_at"])
    events.record("feed.refusal_noted", upload.pk, by=by, at=at)


@transaction.atomic
def open_folder(source: Organisation, *, by: Actor, at: datetime, feed: str = "") -> Folder:
    """Has the folder of a source, or of one of its feeds, looked into from now on."""
    assert by.organisation_id is not None and by.user_id is not None
    _check_source(by, source, feed)
    name = Feed(source, feed).folder
    if Folder.objects.open().filter(name=name).exists():
        raise RuleBroken("This source has its folder already.")
    made = Folder(hub_id=by.organisation_id, source=source, feed=feed, name=name, opened_at=at, opened_by=by.user_id)
    made.save(force_insert=True)
    events.record("folder.opened", made.pk, by=by, at=at, source=source.code)
    return made


@transaction.atomic
def close_folder(folder: Folder, *, by: Actor, at: datetime) -> None:
    """Has a folder looked into no more. What lies in it stays where it is."""
    folder = Folder.objects.select_for_update(of=("self",)).select_related("source").get(pk=folder.pk)
    if folder.closed_at is not None:
        raise RuleBroken("This folder is closed already.")
    folder.closed_at, folder.closed_by = at, by.user_id
    folder.save(update_fields=["closed_at", "closed_by"])
    events.record("folder.closed", folder.pk, by=by, at=at, source=folder.source.code)


@transaction.atomic
def look_into_folders(*, at: datetime) -> int:
    """Claims what lies still in the open folders and hands it to the worker, as an upload. Returns how many files.

    At least once: what was claimed and not handed over, because a process died in between, is so the next time.
    """
    taken = 0
    for folder in Folder.objects.open().select_for_update(of=("self",)).select_related("source"):
        try:
            taken += _look_into(folder, at)
        except (FolderGone, OSError) as trouble:
            folder.trouble = str(trouble) if isinstance(trouble, FolderGone) else UNREADABLE
        folder.looked_at = at
        folder.save(update_fields=["looked_at", "trouble", "seen"])
    return taken


def _look_into(folder: Folder, at: datetime) -> int:
    root = settings.FOLDERS
    with folders.source(root, folder.name) as there, folders.ours(root, folder.name, TAKEN) as taken:
        seen = folders.look(there)
        large = [one for one in seen.files if one.size > settings.FEED_MAX_BYTES]
        folder.trouble = _trouble(len(large), seen.strange)
        for key in folders.claimed(taken):
            _hand_over(folder, taken, key, LOST_NAME, at)
        still = _lying_still(folder, [one for one in seen.files if one not in large], at)
        return sum(_take(folder, there, taken, one, at) for one in still[:MOST_AT_ONCE])


def _trouble(large: int, strange: int) -> str:
    words = [f"{large} too large to be taken and left there." if large else "",
             f"{strange} that are no plain files are left there." if strange else ""]  # fmt: skip
    return " ".join(word for word in words if word)


def _lying_still(folder: Folder, files: list[Found], at: datetime) -> list[Found]:
    """Those that were there before, as they are now, for long enough; notes what is there for the next look."""
    before, now, still = folder.seen, {}, []
    for one in files:
        index = crypt.blind("folder", f"{folder.pk}|{one.name!a}").hex()
        mark, since = before.get(index, ("", 0.0))
        since = since if mark == one.mark else at.timestamp()
        now[index] = (one.mark, since)
        if at.timestamp() - since >= settings.FOLDER_STEADY:
            still.append(one)
    folder.seen = now
    return still


def _take(folder: Folder, there: int, taken: int, one: Found, at: datetime) -> bool:
    key = uuid7()
    name = os.fsencode(one.name).decode(errors="replace")
    return folders.claim(there, one, taken, key) and _hand_over(folder, taken, key, name, at)


def _hand_over(folder: Folder, taken: int, key: UUID, name: str, at: datetime) -> bool:
    """As an upload, or refused with the reason; then what was claimed goes, once that is on record."""
    by = Actor(realm=Realm.WORKER, user_id=folder.pk, organisation_id=folder.hub_id)
    known = Upload.objects.filter(pk=key).exists()
    if not known:
        spool.throw_away(spool.spooled(settings.SPOOL, key))
        try:
            chunks = folders.chunks(taken, key)
            feeds.upload(chunks, by=by, at=at, source=folder.source, feed=folder.feed, file=name, key=key)
        except RuleBroken as refused:
            if refused.message == feeds.NO_ROOM:
                folder.trouble = NO_ROOM
                return False
            why = refused.message
            refuse_file(why=why, by=by, at=at, source=folder.source, feed=folder.feed, file=name, key=key)
    transaction.on_commit(partial(_finish, folder.name, key))
    return not known


def _finish(name: str, key: UUID) -> None:
    """Keeps a sealed copy where the setting says so, and throws the claimed file away."""
    with folders.ours(settings.FOLDERS, name, TAKEN) as taken:
        if settings.FOLDER_KEEP_DAYS and key in folders.claimed(taken):
            with folders.ours(settings.FOLDERS, name, KEPT) as kept:
                folders.seal(taken, kept, key)
        folders.throw_away(taken, key)


def forget_copies(*, at: datetime) -> int:
    """Throws away sealed copies whose days are over. Returns how many."""
    before = (at - timedelta(days=settings.FOLDER_KEEP_DAYS)).timestamp()
    done = 0
    for name in set(Folder.objects.values_list("name", flat=True)):
        try:
            with folders.ours(settings.FOLDERS, name, KEPT) as kept:
                done += folders.forget(kept, before)
        except FolderGone:
            continue
    return done
