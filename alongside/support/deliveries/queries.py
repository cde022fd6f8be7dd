"""Reads for deliveries: who calls, how often of late, what became of a batch, how each source delivers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, present_ticket
from alongside.foundation.accounts.permissions import Permission
from alongside.foundation.organisations.models import Organisation
from alongside.foundation.rulebook import queries as rulebook
from alongside.support.deliveries import rules
from alongside.support.deliveries.models import Batch, Call, Connection, Folder, Token
from alongside.support.feeds import queries as feeds
from alongside.support.feeds.models import Delivery, KeptRow

TOKEN, SECRET, ADDRESS, KEY = "api_token", "api_secret", "api_address", "api_key"
TASK = "deliveries.take_in"


def limit(code: str, at: datetime) -> int:
    """A number of the rulebook's limits."""
    return int(rulebook.rule("limits", code, clocks.london_date(at)).number("number"))


def address_of(request: HttpRequest) -> bytes:
    """A blind index of the network that a request comes from; the address itself is kept nowhere."""
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    proxies = settings.TRUSTED_PROXY_COUNT
    trusted = hops[-proxies].strip() if proxies and len(hops) >= proxies else ""
    return crypt.blind(ADDRESS, rules.network(trusted or request.META.get("REMOTE_ADDR", "")))


def caller_of(request: HttpRequest) -> Actor:
    """The system that a bearer token stands for, or nobody. Asked in sign-in's role, which sees that token alone."""
    found = rules.BEARER.fullmatch(request.headers.get("Authorization", "").strip())
    if not found:
        return PUBLIC_ACTOR
    connection = _holder(crypt.blind(TOKEN, found[1]), address_of(request), timezone.now())
    return actor_for(connection) if connection else PUBLIC_ACTOR


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


def earlier_batch(connection: UUID, key: bytes) -> Batch:
    """The batch that came under this key of a connection."""
    found: Batch = Batch.objects.get(connection=connection, key=key)
    return found


def receipt_of(delivery: Delivery) -> dict[str, Any]:
    """What is told of a delivery to whoever sent it: counts, and the rows that were not simply taken in."""
    held, rejected = sum(delivery.held.values()), sum(delivery.rejected.values())
    kept = [*feeds.kept_of(delivery).filter(outcome=KeptRow.Outcome.HELD), *feeds.rejected_of(delivery)]
    rows = [{"row": one.line, "outcome": one.outcome, "reason": one.reason} for one in kept]
    return {
        "sent": delivery.sent, "accepted": delivery.accepted, "duplicate": delivery.duplicate, "held": held,
        "rejected": rejected, "rows": sorted(rows, key=lambda row: (row["row"], row["reason"])),
    }  # fmt: skip


@dataclass(frozen=True)
class Way:
    """How one source delivers beside the page: the systems that send by API, and its folder."""

    source: Organisation
    connections: Sequence[Connection]
    folder: Folder | None


def ways(actor: Actor) -> list[Way]:
    """The sources of the actor's hub, each with the connections that it has or had."""
    found: dict[int, list[Connection]] = {}
    for one in Connection.objects.visible_to(actor).order_by(F("closed_at").desc(nulls_first=True), "name", "pk"):
        found.setdefault(one.source_id, []).append(one)
    folders = {folder.source_id: folder for folder in Folder.objects.visible_to(actor).open()}
    return [
        Way(source, found.get(source.pk, []), folders.get(source.pk))
        for source in feeds.sources_for(actor).order_by("name")
    ]


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
