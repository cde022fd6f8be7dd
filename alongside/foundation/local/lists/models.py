"""Lists of other directories: how each is read, every reading, what differs, and the services that they are here."""

from typing import Any, ClassVar, Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg, Parent
from alongside.foundation.local.directory.models import Service, codes
from alongside.foundation.office.organisations.models import Organisation

OFFICE = (Realm.HUB, Realm.WORKER)
EMPTY = list  # a field called `list` hides the type
PARENT = Parent("list_id", "lists_list")


class Lists(models.QuerySet["List"]):
    """First lock: a hub's own lists."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.realm == Realm.WORKER else self.filter(hub__in=actor.orgs)


class OfList(models.QuerySet[Any]):
    """First lock: what belongs to a hub's own lists."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.realm == Realm.WORKER else self.filter(list__hub__in=actor.orgs)


class List(models.Model):
    """A list of another directory. `code` is the source of the services that came from it. `address` empty: its files
    are uploaded. `rhythm`: how often to look again, a code of the rulebook. `councils`: those that its services cover.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    code = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    publisher = models.CharField(max_length=200, default="", blank=True)
    licence = models.CharField(max_length=300, default="", blank=True)
    address = models.CharField(max_length=500, default="", blank=True)
    rhythm = models.CharField(max_length=40, default="never")
    councils = codes(9)
    paused_at = models.DateTimeField(null=True, blank=True)
    added_by = models.UUIDField(null=True, blank=True)
    added_at = models.DateTimeField()

    objects = Lists.as_manager()

    class Meta:
        ordering = ["name"]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select insert update"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "hub", "code", "name", "publisher", "licence", "address", "rhythm", "councils", "paused_at",
                   "added_by", "added_at")  # fmt: skip


class Reading(models.Model):
    """Once that a list was read: what came, how far it is, why it failed. It publishes nothing.

    `file` empty: it is fetched. `mends`: what was odd, by kind and field, with ids of some. `unused`: paths without a
    place here. `known`: differences that were rejected before and are not asked again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="readings")
    state = models.CharField(max_length=10)
    file = models.CharField(max_length=120, default="", blank=True)
    asked_by = models.UUIDField(null=True, blank=True)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=400, default="", blank=True)
    sha256 = models.CharField(max_length=64, default="", blank=True)
    pages = models.PositiveIntegerField(default=0)
    pages_said = models.PositiveIntegerField(null=True, blank=True)
    services = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    gone = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0)
    mends = models.JSONField(default=EMPTY, blank=True)
    unused = models.JSONField(default=dict, blank=True)

    objects: ClassVar[Any] = OfList.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["list"], condition=models.Q(state="WAITING"), name="lists_reading_one"),
        ]

    class Rows:
        scope = PARENT
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select insert update"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "list", "state", "file", "asked_by", "asked_at", "done_at", "why", "sha256", "pages",
                   "pages_said", "services", "added", "changed", "gone", "unchanged", "known", "mends",
                   "unused")  # fmt: skip


class Tie(models.Model):
    """Under which service an entry of a list is held here, and what the list said when somebody last took it over.

    `own`: the service came from this list; otherwise it was here already, and somebody said that it is this one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="ties")
    source_id = models.CharField(max_length=120)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    own = models.BooleanField(default=True)
    digest = models.CharField(max_length=64, default="", blank=True)
    told = models.JSONField(default=dict)
    gone_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = OfList.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["list", "source_id"], name="lists_tie_entry"),
            models.UniqueConstraint(fields=["list", "service"], name="lists_tie_service"),
        ]

    class Rows:
        scope = PARENT
        grants = dict.fromkeys(OFFICE, "select insert update delete")

    class Privacy:
        retention = "permanent"
        neutral = ("id", "list", "source_id", "service", "own", "digest", "told", "gone_at")


class Difference(models.Model):
    """Something in a list that is not so here, for the office to accept or reject.

    `told`: what the list says of the service; `changes`: what of it is different since it was last taken over.
    `crimes` and `heard`: crime types that its words speak of, and those words. `likely`: a service held already that it
    may be, `alike` by what; `apart`: those that somebody said it is not. `undo`: what was before it was accepted.
    """

    class Kind(models.TextChoices):
        NEW = "NEW", "New"
        CHANGED = "CHANGED", "Changed"
        GONE = "GONE", "Gone"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(List, on_delete=models.CASCADE, related_name="differences")
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="differences")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10)
    source_id = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    run_by = models.CharField(max_length=200, default="", blank=True)
    told = models.JSONField(default=dict)
    changes = models.JSONField(default=dict)
    oddities = models.JSONField(default=EMPTY, blank=True)
    crimes = codes()
    heard = models.JSONField(default=EMPTY, blank=True)
    councils = codes(9)
    likely = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    alike = models.JSONField(default=EMPTY, blank=True)
    apart = models.JSONField(default=EMPTY, blank=True)
    refused_before = models.BooleanField(default=False)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    undo = models.JSONField(default=dict, blank=True)

    objects: ClassVar[Any] = OfList.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [models.Index(fields=["list", "state", "name", "id"], name="lists_difference_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["list", "source_id"], condition=models.Q(state="OPEN"), name="lists_difference_one"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="NEW") | models.Q(service__isnull=False), name="lists_difference_of"
            ),
        ]

    class Rows:
        scope = PARENT
        grants = dict.fromkeys(OFFICE, "select insert update delete")

    class Privacy:
        retention = "permanent"
        neutral = ("id", "list", "reading", "kind", "state", "source_id", "digest", "service", "name", "run_by", "told",
                   "changes", "oddities", "crimes", "heard", "councils", "likely", "alike", "apart", "refused_before",
                   "decided_by", "decided_at", "undo")  # fmt: skip
