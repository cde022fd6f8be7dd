"""Connections of other systems with their tokens and calls, and the batches that they sent, sealed until loaded."""

from datetime import datetime
from typing import Any, Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Either, Mine, OwnOrg, Ticket
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds.models import CODE, Delivery, OfHub


class Connections(OfHub):
    """The connections of a hub's sources."""

    def open(self) -> Self:
        return self.filter(closed_at=None)


class Connection(models.Model):
    """A system of a source that may send by API: an OAuth 2 client, named by its id. Its secrets are kept as indexes.

    After a new secret the earlier one works for a while, so that no delivery is missed.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    feed = models.SlugField(max_length=CODE, default="", blank=True, db_index=False)
    name = models.CharField(max_length=60)
    secret = models.BinaryField(max_length=16)
    earlier_secret = models.BinaryField(max_length=16, default=b"", blank=True)
    earlier_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    allowed = models.JSONField(default=list, blank=True)  # networks that may call; none: any
    wrong_tries = models.PositiveIntegerField(default=0)  # wrong secrets since somebody last looked into them
    wrong_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)

    objects = Connections.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(closed_at=None, closed_by=None)
                | models.Q(closed_at__isnull=False, closed_by__isnull=False),
                name="deliveries_connection_closed",
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        scopes = {Realm.AUTH: Ticket("uuid_send(id)")}
        grants = {Realm.HUB: "select insert update", Realm.AUTH: "select update", Realm.WORKER: "select"}
        update = {Realm.AUTH: ("last_used_at", "wrong_tries", "wrong_at"),
                  Realm.HUB: ("secret", "earlier_secret", "earlier_until", "allowed", "wrong_tries", "wrong_at",
                              "closed_at", "closed_by")}  # fmt: skip

    class Privacy:
        retention = "permanent"
        sensitive = ("secret", "earlier_secret")
        neutral = ("id", "hub_id", "source", "feed", "name", "earlier_until", "opened_at", "opened_by", "last_used_at",
                   "allowed", "wrong_tries", "wrong_at", "closed_at", "closed_by")  # fmt: skip

    def __repr__(self) -> str:
        return f"Connection({self.pk})"


class Token(models.Model):
    """A bearer token of a connection, kept as an index; good for a short time, from one network address alone."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lookup = models.BinaryField(max_length=16, unique=True)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="tokens")
    address = models.BinaryField(max_length=16)
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["connection", "given_at"], name="deliveries_token_given")]

    class Rows:
        scope = Either((Ticket("lookup"), Ticket("uuid_send(connection_id)")))
        grants = {Realm.AUTH: "select insert", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "audit"
        sensitive = ("lookup", "address")
        neutral = ("id", "connection", "given_at", "expires_at")


class Calls(models.QuerySet["Call"]):
    """The calls of a connection."""

    def since(self, connection: Any, moment: datetime) -> Self:
        return self.filter(connection=connection, at__gt=moment)


class Call(models.Model):
    """A request of a connection, kept for minutes: how many there were of late."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    objects = Calls.as_manager()

    class Meta:
        indexes = [models.Index(fields=["connection", "at"], name="deliveries_call_at")]

    class Rows:
        scope = Mine("connection_id")
        grants = {Realm.REFERRER: "select insert", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "audit"
        neutral = ("id", "connection", "at")


class Batches(models.QuerySet[Any]):
    """First lock: a source's own batches, and those that came to a hub."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        mine = {Realm.REFERRER: "source_id__in", Realm.HUB: "hub_id__in"}.get(actor.realm)
        return self.filter(**{mine: actor.orgs}) if mine else self.none()


class Batch(models.Model):
    """Referrals that a connection sent, sealed until they are loaded, then what became of each row.

    `key` is the index of the request's own key, by which the same request is known again; `said` that of its body.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "Received"
        LOADED = "LOADED", "Loaded"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="+")
    key = models.BinaryField(max_length=16, null=True)
    said = models.BinaryField(max_length=16)
    rows = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    content = SealedField(owner="id")
    sent_at = models.DateTimeField()
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    receipt = models.JSONField(default=dict, blank=True)

    objects = Batches.as_manager()

    class Meta:
        indexes = [models.Index(fields=["hub_id", "state"], name="deliveries_batch_state")]
        constraints = [
            models.UniqueConstraint(fields=["connection", "key"], name="deliveries_batch_once"),
            models.CheckConstraint(
                condition=models.Q(state="LOADED", delivery__isnull=False, content=b"")
                | models.Q(state="WAITING", delivery=None),
                name="deliveries_batch_settled",
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        scopes = {Realm.REFERRER: OwnOrg("source_id")}
        grants = {Realm.REFERRER: "select insert", Realm.HUB: "select", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "held_row"
        identity = ("content",)
        neutral = ("id", "hub_id", "source", "connection", "key", "said", "rows", "state", "sent_at", "delivery",
                   "receipt")  # fmt: skip


class Folder(models.Model):
    """A folder in which a source leaves files. `seen`: by index of a file's name what was seen of it at the last look.

    Its name is the source's code, and its feed's behind it where that has one, so that nobody types a path.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    feed = models.SlugField(max_length=CODE, default="", blank=True, db_index=False)
    name = models.SlugField(max_length=40 + 1 + CODE)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.UUIDField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    trouble = models.CharField(max_length=200, default="", blank=True)
    seen = models.JSONField(default=dict, blank=True)

    objects = Connections.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["name"], condition=models.Q(closed_at=None), name="deliveries_folder_open_once"
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select update"}
        update = {Realm.HUB: ("closed_at", "closed_by"), Realm.WORKER: ("looked_at", "trouble", "seen")}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "hub_id", "source", "feed", "name", "opened_at", "opened_by", "closed_at", "closed_by",
                   "looked_at", "trouble", "seen")  # fmt: skip
