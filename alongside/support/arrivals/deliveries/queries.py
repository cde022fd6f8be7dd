"""Reads for deliveries: who calls, how often of late, what became of a batch, how each source delivers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, present_ticket
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.deliveries import rules
from alongside.support.arrivals.deliveries.models import Batch, Call, Connection, Folder, Token
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import Delivery, Feed

TOKEN, SECRET, ADDRESS, KEY = "api_token", "api_secret", "api_address", "api_key"
TASK = "deliveries.take_in"


def limit(code: str, at: datetime) -> int:
    """A number of the rulebook's limits."""
    return int(rulebook.rule("limits", code, clocks.london_date(at)).number("number"))


def origin_of(request: HttpRequest) -> str:
    """The address that a request comes from; it is kept nowhere."""
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.TRUSTED_PROXY_COUNT
    trusted = hops[-proxies].strip() if proxies and len(hops) >= proxies else ""
    return trusted or request.META.get("REMOTE_ADDR", "")


def index_of(origin: str) -> bytes:
    """A blind index of the network of an address."""
    return crypt.blind(ADDRESS, rules.network(origin))


def caller_of(request: HttpRequest) -> Actor:
    """The system that a bearer token stands for, or nobody. Asked in sign-in's role, which sees that token alone."""
    found = rules.BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if not found:
        return PUBLIC_ACTOR
    origin = origin_of(request)
    connection = _holder(crypt.blind(TOKEN, found[1]), index_of(origin), timezone.now())
    allowed = connection is not None and rules.comes_from(origin, connection.allowed)
    return actor_for(connection) if connection and allowed else PUBLIC_ACTOR


def _holder(lookup: bytes, address: bytes, at: datetime) -> Connection | None:
    present_ticket(lookup)
    token = Token.objects.filter(lookup=lookup, address=address, expires_at__gt=at).first()
    return open_connection(token.connection_id) if token else None


def open_connection(key: UUID) -> Connection | None:
    """A connection that may be used, by its id: neither it nor its source has ended."""
    present_ticket(key.bytes)
    return Connection.objects.open().filter(pk=key, source__until=None).select_related("source").first()


def actor_for(connection: Connection) -> Actor:
    """A system at work: for its force, in the referrers' realm, and able to send and nothing else."""
    return Actor(
        realm=Realm.REFERRER, user_id=connection.pk, organisation_id=connection.source_id,
        permissions=frozenset({str(Permission.FEED_SEND)}), name=connection.name,
        organisation=connection.source.name, second_factor=True,
    )  # fmt: skip


def calls_of_late(connection: UUID, at: datetime) -> list[datetime]:
    """When a connection called in the last minute, the earliest first."""
    found = Call.objects.since(connection, at - rules.MINUTE)
    return list(found.order_by("at").values_list("at", flat=True)[: 2 * limit("api_calls", at)])


def tokens_of_late(connection: Connection, at: datetime) -> list[datetime]:
    found = Token.objects.filter(connection=connection, given_at__gt=at - rules.MINUTE).order_by("given_at")
    return list(found.values_list("given_at", flat=True))


def wrong_of_late(who: str, at: datetime) -> int:
    """How many wrong secrets a connection or an address brought this hour; it is known by an index alone."""
    return int(cache.get(wrong_key(who, at), 0))


def wait_turn(origin: str) -> None:
    """Tries of one address wait for each other until their transaction ends: otherwise many at once count as few."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"api-wrong-{index_of(origin).hex()}"])


def wrong_key(who: str, at: datetime) -> str:
    return f"api-wrong-{crypt.blind('api-wrong', f'{rules.hour_of(at)}|{who}').hex()}"


def tried_wrongly(actor: Actor, at: datetime) -> "QuerySet[Connection]":
    """Connections whose secret was tried wrongly so often that somebody should look into it."""
    often = limit("api_wrong_told", at)
    found: QuerySet[Connection] = Connection.objects.visible_to(actor).open().filter(wrong_tries__gte=often)
    return found


def earlier_batch(connection: UUID, key: bytes) -> Batch:
    """The batch that came under this key of a connection."""
    found: Batch = Batch.objects.get(connection=connection, key=key)
    return found


def receipt_of(delivery: Delivery) -> dict[str, Any]:
    """What is told of a delivery to whoever sent it: counts, and the rows that were not simply taken in."""
    held, rejected = sum(delivery.held.values()), sum(delivery.rejected.values())
    rows = [{"row": one.line, "outcome": one.outcome, "reason": one.reason} for one in feeds.kept_of(delivery)]
    before = delivery.sent_again.rejected().whole()
    rows += [{"row": one.line, "outcome": "duplicate", "reason": one.kept.reason} for one in before]
    return {
        "sent": delivery.sent, "accepted": delivery.accepted, "duplicate": delivery.duplicate, "held": held,
        "rejected": rejected, "rows": sorted(rows, key=lambda row: (row["row"], row["reason"])),
    }  # fmt: skip


@dataclass(frozen=True)
class Way:
    """How one feed is delivered beside the page: the systems that send it by API, and its folder."""

    feed: Feed
    connections: Sequence[Connection]
    folder: Folder | None


def ways(actor: Actor) -> list[Way]:
    """The feeds of the actor's hub, each with the connections that it has or had."""
    found: dict[tuple[int, str], list[Connection]] = {}
    for one in Connection.objects.visible_to(actor).order_by(F("closed_at").desc(nulls_first=True), "name", "pk"):
        found.setdefault((one.source_id, one.feed), []).append(one)
    folders = {(folder.source_id, folder.feed): folder for folder in Folder.objects.visible_to(actor).open()}
    return [
        Way(feed, found.get(place, []), folders.get(place))
        for feed in feeds.feeds_for(actor) for place in [(feed.source.pk, feed.code)]
    ]  # fmt: skip


def feed_in(actor: Actor, folder: str) -> Feed | None:
    """The feed of the actor's hub that is left in this folder."""
    return next((one for one in feeds.feeds_for(actor) if one.folder == folder), None)


def waiting(actor: Actor) -> "QuerySet[Batch]":
    """Batches that were received and are not loaded yet."""
    found = Batch.objects.visible_to(actor).filter(state=Batch.State.WAITING)
    return found.select_related("source", "connection").order_by("sent_at")[:50]


def latest(connection: Connection) -> "QuerySet[Batch]":
    """What a connection sent last."""
    return Batch.objects.filter(connection=connection).order_by("-sent_at")[:10]


def past_keys(at: datetime) -> "QuerySet[Batch]":
    """Batches whose request is not known again any more."""
    until = at - timedelta(days=limit("api_key_kept", at))
    return Batch.objects.filter(key__isnull=False, sent_at__lt=until)


def words_for_rows(receipt: Mapping[str, Any], words: feeds.Words) -> list[dict[str, Any]]:
    """The rows of a receipt with their reasons in the rulebook's words for a sender."""
    return [{**row, "words": _words(row["reason"], words)} for row in receipt.get("rows", ())]


def _words(reason: str, words: feeds.Words) -> str:
    column, _, why = reason.partition(":")
    if not why:
        return words.officer.get(reason, words.held.get(reason, reason))
    said = words.rejected.get(why, "{field} cannot be read.")
    return said.replace("{field}", column)
