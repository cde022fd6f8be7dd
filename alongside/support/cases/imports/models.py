"""A caseload that a provider brings along: the file, its rows, what the organisation said of its words, and of each
case that came of it what the file had said."""

from typing import Any, ClassVar, Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Among, Both, Either, Mine, OwnOrg, Parent
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.guarded.models import Guarded
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others.models import MANAGED

GRANTS = {Realm.PROVIDER: "select insert update delete", Realm.WORKER: "select insert update delete"}
NONE = list


class Own(models.QuerySet[Any]):
    """First lock: those of the actor's own organisation."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.realm == Realm.WORKER else self.filter(provider_id__in=actor.own)


class Files(models.QuerySet[Any]):
    """First lock: files that the actor sent in; for a manager all of their own organisation."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        own = self.filter(provider_id__in=actor.own)
        return own if actor.may(P.CASE_ASSIGN) else own.filter(uploaded_by=actor.user_id)


class OfBatch(models.QuerySet[Any]):
    """First lock: rows of the files that the actor sees, but those whose case is not theirs to open."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        files, seen = Batch.objects.visible_to(actor).values("pk"), Case.objects.visible_to(actor).values("pk")
        rows = self.filter(batch__in=files)
        return rows.filter(~models.Q(state=Row.State.BROUGHT) | models.Q(case_id__in=seen))


class Batch(models.Model):
    """A file with a caseload, sealed until it is erased; for whoever sent it in and for managers. `plan`: how it is
    understood. `remarks`: codes of what its sender should know. `done`: rows brought in so far, of `asked`;
    `moved_at`: when the worker last got on; `kept`: those that an undoing left."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider_id = models.IntegerField()
    state = models.CharField(max_length=10)
    file = SealedField(owner="id")
    name = SealedField(owner="id")
    plan = SealedField(owner="id")
    remarks: Any = models.JSONField(default=NONE)
    sheet = models.PositiveSmallIntegerField(default=0)
    heading_row = models.PositiveIntegerField(default=1)
    rows = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)
    undone = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField()
    uploaded_by = models.UUIDField(null=True)
    brought_at = models.DateTimeField(null=True, blank=True)
    brought_by = models.UUIDField(null=True, blank=True)
    moved_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    looks_are_logged = True
    objects: ClassVar[Any] = Files.as_manager()

    class Meta:
        indexes = [models.Index(fields=["provider_id", "uploaded_at"], name="imports_batch_provider")]

    class Rows:
        scope = Both((OwnOrg("provider_id"), Either((Mine("uploaded_by"), Among("provider_id", MANAGED)))))
        grants = GRANTS

    class Privacy:
        retention = "brought_file"
        identity = ("file", "name", "plan")
        neutral = ("id", "provider_id", "state", "remarks", "sheet", "heading_row", "rows", "asked", "done", "kept",
                   "undone", "uploaded_at", "uploaded_by", "brought_at", "brought_by", "moved_at",
                   "version")  # fmt: skip


class Row(Guarded):
    """A row of a file. `content`: its cells by what they hold, and what was mended. `faults`: what is wrong, by field.
    `twin`: somebody of the organisation that it may be; `twin_row`: another row of the file. `guarded`: the record that
    comes of it is restricted by rule."""

    class State(models.TextChoices):
        READY = "READY", "Ready"
        MEND = "MEND", "Needs mending"
        TWIN = "TWIN", "Perhaps the same person"
        HERE = "HERE", "Already here"
        CHANGED = "CHANGED", "Already here, and changed"
        LEFT_OUT = "LEFT_OUT", "Left out"
        BROUGHT = "BROUGHT", "Brought in"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="lines")
    owner_id = models.UUIDField()
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices)
    content = SealedField(owner="owner_id")
    faults: Any = models.JSONField(default=dict)
    lookup = models.BinaryField(max_length=16, default=b"")
    twin = models.UUIDField(null=True, blank=True)
    twin_row = models.PositiveIntegerField(null=True, blank=True)
    apart = models.BooleanField(default=False)
    left_out = models.BooleanField(default=False)
    case_id = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    looks_are_logged = True
    objects: ClassVar[Any] = OfBatch.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="imports_row_once")]
        indexes = [
            models.Index(fields=["batch", "state", "number"], name="imports_row_page"),
            models.Index(fields=["case_id"], name="imports_row_case", condition=models.Q(case_id__isnull=False)),
        ]

    class Rows:
        scope = Parent("batch_id", "imports_batch")
        grants = GRANTS

    class Privacy:
        retention = "brought_file"
        identity = ("content", "lookup", "twin")
        sensitive = ("guarded",)
        neutral = ("id", "batch", "owner_id", "number", "state", "faults", "twin_row", "apart", "left_out", "case_id",
                   "version")  # fmt: skip


class Understood(models.Model):
    """How an organisation's headings and words were understood the last time. One row an organisation."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider_id = models.IntegerField(unique=True)
    plan = SealedField(owner="id")
    said_at = models.DateTimeField()

    objects: ClassVar[Any] = Own.as_manager()

    class Rows:
        scope = OwnOrg("provider_id")
        grants = GRANTS

    class Privacy:
        retention = "permanent"
        sensitive = ("plan",)
        neutral = ("id", "provider_id", "said_at")


class Origin(Child):
    """Of a case that was brought along: its provider's own reference, and what the file said, for the next file."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="+")
    victim_id = models.UUIDField()
    provider_id = models.IntegerField()
    batch_id = models.UUIDField()
    lookup = models.BinaryField(max_length=16)
    told = SealedField(owner="victim_id")
    brought_at = models.DateTimeField()

    parent_path = "case"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["provider_id", "lookup"], name="imports_origin_once")]
        indexes = [models.Index(fields=["batch_id"], name="imports_origin_batch")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = {Realm.PROVIDER: "select", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        identity = ("told", "lookup")
        neutral = ("id", "case", "victim_id", "provider_id", "batch_id", "brought_at")
