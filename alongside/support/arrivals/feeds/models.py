"""Files uploaded, deliveries of a police feed with their receipts, and the rows held or rejected, sealed."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Both, Either, Mine, OwnOrg, Parent, SealedParent, Unless
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds.rows import Recast
from alongside.support.arrivals.guarded.models import NAMED_HERE, NOBODY, Guarded, named_here
from alongside.support.people.victims.models import Victim

# All that somebody says of how a force's feed is read and when it is due.
SETTINGS = ("name", "contact", "charset", "series", "columns", "codes", "excluded", "due_days", "due_by", "least_rows")
CODE = 20  # letters by which a feed of a force is known among its others


@dataclass(frozen=True)
class Feed:
    """One feed of a force. The first has no code and needs no setting up; any other has both a code and a version."""

    source: Organisation
    code: str = ""
    name: str = ""

    @property
    def key(self) -> str:
        """By which a form or an address names it."""
        return f"{self.source.pk}-{self.code}" if self.code else str(self.source.pk)

    @property
    def title(self) -> str:
        return f"{self.source.name}: {self.name}" if self.name else self.source.name

    @property
    def folder(self) -> str:
        """The name of the folder in which it is left."""
        return f"{self.source.code}-{self.code}" if self.code else self.source.code


class OfHub(models.QuerySet[Any]):
    """First lock: a hub's own deliveries and rows."""

    def visible_to(self, actor: Any) -> Any:
        return self.all() if actor.realm == Realm.WORKER else self.filter(hub_id__in=actor.orgs)


class Total(models.Func):
    """The sum of the numbers in a JSON object; the function is made by a migration."""

    function = "feeds_total"
    output_field = models.BigIntegerField()


class Versions(OfHub):
    """The versions of a hub's sources."""

    def in_force(self, source: Organisation, hub_id: int, feed: str = "") -> "SourceVersion | None":
        """How a force's feed is read now, if somebody set that up."""
        of_feed = self.filter(source=source, hub_id=hub_id, feed=feed)
        found: SourceVersion | None = of_feed.order_by("-number").first()
        return found

    def newest(self) -> Self:
        """Of each feed the version in force."""
        order = ("source__name", "source_id", "feed")
        return self.order_by(*order, "-number").distinct(*order)

    def feeds(self, sources: Iterable[Organisation]) -> list[Feed]:
        """Every feed of these forces, the first one of each first, under its name in force."""
        names = {(one.source_id, one.feed): one.name for one in self.newest()}
        return [
            Feed(source, code, names.get((source.pk, code), ""))
            for source in sources
            for code in sorted({"", *(code for key, code in names if key == source.pk)})
        ]


class SourceVersion(models.Model):
    """How a force's feed is read from a moment on: its columns, codes and charset. Never changed; the newest counts."""

    class Charset(models.TextChoices):
        FOUND_OUT = "", "Found out from each file"
        UTF_8 = "utf-8", "UTF-8"
        WINDOWS_1252 = "windows-1252", "Windows-1252"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    feed = models.SlugField(max_length=CODE, default="", blank=True, db_index=False)  # which of the force's feeds
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=80)
    contact = models.CharField(max_length=200)
    charset = models.CharField(max_length=20, choices=Charset.choices, default="", blank=True)
    series = models.CharField(max_length=12, default="", blank=True)  # put before references of a series of their own
    columns = models.JSONField()
    codes = models.JSONField(default=dict)
    excluded = models.JSONField(default=list)
    due_days = models.JSONField(default=list, blank=True)  # on which a file is due: 0 is Monday
    due_by = models.TimeField(null=True, blank=True)  # in London
    least_rows = models.PositiveIntegerField(null=True, blank=True)  # fewer than these are fewer than usual
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField(null=True)

    objects = Versions.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub_id", "source", "feed", "number"], name="feeds_sourceversion_once"),
            models.CheckConstraint(
                condition=models.Q(due_days=[], due_by=None) | (~models.Q(due_days=[]) & ~models.Q(due_by=None)),
                name="feeds_sourceversion_due",
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert", Realm.WORKER: "select"}

    class Privacy:
        retention = "permanent"
        identity = ("contact",)
        neutral = ("id", "hub_id", "source", "feed", "number", "name", "charset", "series", "columns", "codes",
                   "excluded", "due_days", "due_by", "least_rows", "saved_at", "saved_by")  # fmt: skip

    @property
    def recast(self) -> Recast:
        return Recast(self.columns, self.codes, self.charset, self.series)

    @property
    def settings(self) -> dict[str, Any]:
        """What it was saved with."""
        return {name: getattr(self, name) for name in SETTINGS}


class Delivery(models.Model):
    """One file from one source, with its receipt: sent is always the sum of what became of each row."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    feed = models.SlugField(max_length=CODE, default="", blank=True, db_index=False)
    version = models.ForeignKey(SourceVersion, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    file = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    charset = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    loaded_by = models.UUIDField(null=True)
    sent = models.PositiveIntegerField()
    accepted = models.PositiveIntegerField()
    duplicate = models.PositiveIntegerField()
    held = models.JSONField(default=dict)
    rejected = models.JSONField(default=dict)
    warnings = models.JSONField(default=dict)
    forgotten = models.JSONField(default=dict)  # how the rows ended that are not kept any more

    objects = OfHub.as_manager()

    class Meta:
        ordering = ["-received_at"]
        indexes = [
            models.Index(fields=["source", "sha256"], name="feeds_delivery_file"),
            models.Index(fields=["hub_id", "received_at", "id"], name="feeds_delivery_page"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    sent=models.F("accepted") + models.F("duplicate") + Total("held") + Total("rejected")
                ),
                name="feeds_delivery_adds_up",
            )
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "hub_id", "source", "feed", "version", "file", "sha256", "charset", "received_at", "loaded_by",
                   "sent", "accepted", "duplicate", "held", "rejected", "warnings", "forgotten")  # fmt: skip

    @property
    def sender(self) -> str:
        """Who sent it, and which of its feeds it is."""
        return Feed(self.source, self.feed, self.version.name if self.version else "").title


class KeptRows(OfHub):
    """First lock: a hub's own rows; of those whose person is on record, the ones whose record one may open; of those
    that are guarded and not behind that record's own names, the ones that the rule opens, or that one marked oneself.
    """

    def visible_to(self, actor: Any) -> Any:
        rows = super().visible_to(actor)
        if actor.realm == Realm.WORKER:
            return rows
        seen = Victim.objects.visible_to(actor).filter(pk=models.OuterRef("victim_id"))
        rows = rows.filter(models.Q(victim=None) | models.Exists(seen))
        sealed = models.Exists(seen.filter(visible_orgs__0__lt=0))
        mine = models.Q(guarded_by=actor.user_id or NOBODY)
        return rows.filter(models.Q(guarded=False) | mine | sealed | named_here(actor))


class OfKept(models.QuerySet[Any]):
    """First lock of what hangs on a kept row: seen with it."""

    def visible_to(self, actor: Any) -> Any:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(kept__in=KeptRow.objects.visible_to(actor).values("pk"))


class KeptRow(Guarded):
    """A row that was held or rejected, sealed whole, until it is dealt with or its time is over.

    `victim`: whose record its reference stands on, once there is one; `guarded_by`: who mended it to a kind that is
    guarded, and sees it still. Both are written by triggers alone. `same`: by which the very same cells of one feed are
    known again.
    """

    class Outcome(models.TextChoices):
        HELD = "held", "Held"
        REJECTED = "rejected", "Rejected"

    class Settled(models.TextChoices):
        RELEASED = "released", "Taken in"
        APPLIED = "applied", "New details taken"
        RETURNED = "returned", "Returned to the officer"
        CLOSED = "closed", "Closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="kept")
    hub_id = models.IntegerField()
    line = models.PositiveIntegerField()
    source_ref = models.CharField(max_length=60, default="", blank=True)
    content_hash = models.BinaryField(max_length=32, default=b"")
    same = models.BinaryField(max_length=16, default=b"")
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=80)
    content = SealedField(owner="id")
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_how = models.CharField(max_length=40, choices=Settled.choices, default="", blank=True)
    settled_by = models.UUIDField(null=True, blank=True)
    settled_why = models.CharField(max_length=40, default="", blank=True)  # of the rulebook, where it is one
    settled_words = SealedField(owner="id")
    referral_id = models.UUIDField(null=True, blank=True)
    guarded_by = models.UUIDField(null=True, blank=True, editable=False)
    victim = models.ForeignKey(
        Victim, null=True, blank=True, editable=False, db_constraint=False, db_index=False, related_name="+",
        on_delete=models.DO_NOTHING,
    )  # fmt: skip

    objects = KeptRows.as_manager()
    looks_are_logged = True
    parent_path = "victim"

    class Meta:
        ordering = ["delivery", "line"]
        indexes = [
            models.Index(fields=["victim"], condition=~models.Q(victim=None), name="feeds_keptrow_victim"),
            models.Index(
                fields=["source_ref"],
                condition=models.Q(outcome="rejected") & ~models.Q(source_ref=""),
                name="feeds_keptrow_rejected",
            ),
            models.Index(
                fields=["same"],
                condition=models.Q(outcome="rejected") & ~models.Q(same=b""),
                name="feeds_keptrow_same",
            ),
            models.Index(fields=["hub_id", "outcome", "settled_at"], name="feeds_keptrow_open"),
            models.Index(fields=["source_ref"], condition=models.Q(outcome="held"), name="feeds_keptrow_ref"),
            models.Index(fields=["expires_at"], name="feeds_keptrow_expires"),
        ]

    class Rows:
        scope = Both((
            OwnOrg("hub_id"), Unless("(victim_id IS NOT NULL)", Parent("victim_id", "victims_victim")),
            Unless("guarded", Either((
                Mine("guarded_by"), NAMED_HERE, SealedParent("victim_id", "victims_victim"),
            ))),
        ))  # fmt: skip
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {
            Realm.HUB: ("settled_at", "settled_how", "settled_by", "settled_why", "settled_words", "referral_id",
                        "guarded"),
        }  # fmt: skip

    class Privacy:
        retention = "held_row"
        identity = ("content", "source_ref", "same", "settled_words")
        sensitive = ("reason", "guarded")
        neutral = ("id", "delivery", "hub_id", "line", "content_hash", "outcome", "expires_at", "settled_at",
                   "settled_how", "settled_by", "settled_why", "referral_id", "victim", "guarded_by")  # fmt: skip


class Repeats(OfKept):
    """Rows that came again."""

    def whole(self) -> Self:
        """Each with the row that was kept, in the order of their file."""
        return self.select_related("kept__delivery__source").order_by("line", "id")

    def rejected(self) -> Self:
        return self.filter(kept__outcome=KeptRow.Outcome.REJECTED)

    def ways(self) -> dict[str, int]:
        """How many of the kept rows were settled how; under nothing those that wait."""
        found = self.order_by().values_list("kept__settled_how").annotate(many=models.Count("pk"))
        return dict(found.order_by("-many", "kept__settled_how"))


class SentAgain(models.Model):
    """A row that had been kept when it came again: a duplicate, counted so, that goes the way of the kept one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="sent_again")
    hub_id = models.IntegerField()
    line = models.PositiveIntegerField()
    kept = models.ForeignKey(KeptRow, on_delete=models.CASCADE, related_name="sent_again")

    objects = Repeats.as_manager()
    parent_path = "kept__victim"

    class Meta:
        ordering = ["delivery", "line"]
        constraints = [models.UniqueConstraint(fields=["delivery", "line"], name="feeds_sentagain_once")]

    class Rows:
        scope = Both((OwnOrg("hub_id"), Parent("kept_id", "feeds_keptrow")))
        grants = {Realm.HUB: "select", Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "held_row"
        neutral = ("id", "delivery", "hub_id", "line", "kept")


class Upload(models.Model):
    """A file that somebody sent by the page, from when it is put by until it is loaded or refused."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Loading"
        LOADED = "LOADED", "Loaded"
        REFUSED = "REFUSED", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    feed = models.SlugField(max_length=CODE, default="", blank=True, db_index=False)
    file = models.CharField(max_length=120)
    lines = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    refused_why = models.CharField(max_length=400, default="", blank=True)
    delivery = models.ForeignKey(Delivery, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    uploaded_at = models.DateTimeField()
    uploaded_by = models.UUIDField()
    noted_at = models.DateTimeField(null=True, blank=True)  # when somebody had read why it was refused

    objects = OfHub.as_manager()

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {Realm.HUB: ("state", "refused_why", "noted_at")}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "hub_id", "source", "feed", "file", "lines", "state", "refused_why", "delivery", "uploaded_at",
                   "uploaded_by", "noted_at")  # fmt: skip
