"""Every write of deliveries: connections are opened and closed, tokens given, batches sent and taken in."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any

from django.db import IntegrityError, transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.core.rows.realms import Realm
from alongside.foundation.organisations.models import Organisation
from alongside.foundation.organisations.queries import hub_for_force
from alongside.support.deliveries import queries, reading, rules
from alongside.support.deliveries.models import Batch, Call, Connection, Token
from alongside.support.deliveries.queries import KEY, SECRET, TOKEN, limit
from alongside.support.feeds import actions as feeds
from alongside.support.feeds.queries import sources_for

MOST_OPEN = 10  # connections of one source
NO_HUB = "No hub receives what this force sends at present. Nothing was taken."


@transaction.atomic
def open_connection(*, by: Actor, at: datetime, source: Organisation, name: str) -> tuple[Connection, str]:
    """Lets a system of a source send by API. Returns the connection and its secret, which is kept nowhere."""
    assert by.organisation_id is not None and by.user_id is not None
    _check_source(by, source)
    known = Connection.objects.open().filter(hub_id=by.organisation_id, source=source)
    if known.filter(name=name).exists():
        raise RuleBroken("A connection of this source has this name already.", "name")
    if known.count() >= MOST_OPEN:
        raise RuleBroken(f"A source has {MOST_OPEN} connections at most. Close one first.", "name")
    secret = _fresh()
    made = Connection(
        hub_id=by.organisation_id, source=source, name=name, secret=crypt.blind(SECRET, secret), opened_at=at,
        opened_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    events.record("connection.opened", made.pk, by=by, at=at, source=source.code)
    return made, secret


def _check_source(by: Actor, source: Organisation) -> None:
    if not sources_for(by).filter(pk=source.pk).exists():
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
def give_token(said: rules.Credentials, *, at: datetime, address: bytes) -> tuple[str, int]:
    """A bearer token for whoever knows a connection's secret, and how many seconds it lasts. Raises GrantRefused."""
    connection = queries.open_connection(said.connection)
    if connection is None or not _knows(connection, said.secret, at):
        raise rules.unknown()
    if wait := rules.retry_after(queries.tokens_of_late(connection, at), limit("api_calls", at), at):
        raise rules.TooMany(wait)
    token, lasts = _fresh(), timedelta(minutes=limit("api_token_lasts", at))
    Token.objects.create(
        lookup=crypt.blind(TOKEN, token), connection=connection, address=address, given_at=at, expires_at=at + lasts
    )
    connection.last_used_at = at
    connection.save(update_fields=["last_used_at"])
    events.record("connection.token_given", connection.pk, by=queries.actor_for(connection), at=at)
    return token, int(lasts.total_seconds())


def _knows(connection: Connection, secret: str, at: datetime) -> bool:
    """Both are compared in any case, so that the time tells nothing."""
    index = crypt.blind(SECRET, secret)
    now = compare_digest(bytes(connection.secret), index)
    before = compare_digest(bytes(connection.earlier_secret), index)
    return now or (before and connection.earlier_until is not None and at < connection.earlier_until)


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
    if found is None:
        raise RuleBroken(NO_HUB, "no_hub")
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
        lambda recast: reading.Sent(text, name, recast), source=batch.source, by=by, at=at, name=name
    )
    batch.state, batch.receipt, batch.content = Batch.State.LOADED, queries.receipt_of(batch.delivery), b""
    batch.save(update_fields=["state", "delivery", "receipt", "content"])
    PersonKey.objects.filter(person_id=batch.pk).delete()


@transaction.atomic
def forget(*, at: datetime) -> int:
    """Forgets calls and tokens that are over and keys past their time. Returns how many keys."""
    Call.objects.filter(at__lt=at - 10 * rules.MINUTE).delete()
    Token.objects.filter(expires_at__lt=at).delete()
    return int(queries.past_keys(at).update(key=None))
