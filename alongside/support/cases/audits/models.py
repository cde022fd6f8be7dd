"""An audit, the cases that were drawn for it, and what was found of each. A worker sees what was told of their own."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child, OfParent
from alongside.core.rows.scopes import Among, AmongParent, Both, Either, Mine, OwnOrg, Parent, When
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case
from alongside.support.cases.others.models import MANAGED

# Both locks say the same: managers, and of a case a worker what was told of it when it was theirs.
TOLD = When("state = 'TOLD'", Mine("worker"))
RUN = AmongParent("audit_id", "audits_audit", "organisation_id", MANAGED)


class OfManagers(models.QuerySet["Audit"]):
    """First lock: an organisation's own audits, for its managers."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs if actor.may(P.CASE_ASSIGN) else ())


class Audit(models.Model):
    """A sample and how it was drawn. `pool`: every case that was in the hat, with its worker's key and its tickets, so
    that the draw can be made again by anybody from the seed. `counts`: what was found, once it is finished."""

    class State(models.TextChoices):
        OPEN = "OPEN", "Being answered"
        DONE = "DONE", "Finished"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.IntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    seed = models.CharField(max_length=32)
    of_each = models.BooleanField()
    number = models.PositiveSmallIntegerField()
    which = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField()
    weighted = models.BooleanField()
    pool = models.JSONField(default=list)
    left_out = models.PositiveIntegerField()
    questions: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=120), default=list)
    counts = models.JSONField(default=dict)
    drawn_at = models.DateTimeField()
    drawn_by = models.UUIDField(null=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = OfManagers.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "drawn_at"], name="audits_audit_organisation")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="DONE", finished_at__isnull=False) | models.Q(state="OPEN", finished_at=None),
                name="audits_audit_finished",
            )
        ]  # fmt: skip

    class Rows:
        scope = Both(
            (OwnOrg("organisation_id"), Either((Among("organisation_id", MANAGED), Among("id", "audits_told", "uuid"))))
        )
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {Realm.PROVIDER: ("state", "counts", "finished_at")}

    class Privacy:
        retention = "staff"
        sensitive = ("pool", "counts")
        neutral = ("id", "organisation_id", "state", "seed", "of_each", "number", "which", "since", "until", "weighted",
                   "left_out", "questions", "drawn_at", "drawn_by", "finished_at")  # fmt: skip


class OfAudited(OfParent):
    """First lock: for managers; for a worker what was told of cases that were theirs when they were drawn."""

    def visible_to(self, actor: Actor) -> Self:
        seen = super().visible_to(actor)
        if actor.realm == Realm.WORKER or actor.may(P.CASE_ASSIGN):
            return seen
        return seen.filter(worker=actor.user_id, state=Item.State.TOLD)


class Item(Child):
    """A case that was drawn. Its worker sees it once it is told, and answers."""

    class State(models.TextChoices):
        DRAWN = "DRAWN", "Not answered yet"
        BEGUN = "BEGUN", "Begun"
        TOLD = "TOLD", "Told to the worker"

    audit = models.ForeignKey(Audit, on_delete=models.CASCADE, related_name="items")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="audit_items")
    victim_id = models.UUIDField()
    worker = models.UUIDField()
    position = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAWN)
    stamp = models.PositiveIntegerField(default=1)
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.UUIDField(null=True, blank=True)
    reply = SealedField(owner="victim_id")
    replied_at = models.DateTimeField(null=True, blank=True)

    parent_path = "case"
    objects = OfAudited.as_manager()  # type: ignore[misc]  # a stricter manager than the parent's, as Django allows

    class Meta:
        indexes = [models.Index(fields=["worker", "state"], name="audits_item_worker")]
        constraints = [models.UniqueConstraint(fields=["audit", "case"], name="audits_item_once")]

    class Rows:
        scope = Both((Parent("case_id", "casework_case"), Either((RUN, TOLD))))
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("state", "stamp", "told_at", "told_by", "reply", "replied_at")}

    class Privacy:
        retention = "support"
        identity = ("reply",)
        neutral = ("id", "audit", "case", "victim_id", "worker", "position", "state", "stamp", "told_at", "told_by",
                   "replied_at")  # fmt: skip


class Finding(Child):
    """The answer to one question about one case, under the version of the question."""

    class Judged(models.TextChoices):
        GOOD = "good", "Good"
        ENOUGH = "enough", "Enough"
        NEEDS_WORK = "needs_work", "Needs work"
        NOT_APPLICABLE = "not_applicable", "Not applicable"

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="findings")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    victim_id = models.UUIDField()
    question = models.CharField(max_length=60)
    judged = models.CharField(max_length=20, choices=Judged.choices, default="", blank=True)
    comment = SealedField(owner="victim_id")
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "question"], name="audits_finding_once")]

    class Rows:
        scope = Parent("item_id", "audits_item")
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("judged", "comment", "saved_at", "saved_by")}

    class Privacy:
        retention = "support"
        identity = ("comment",)
        sensitive = ("judged",)
        neutral = ("id", "item", "case", "victim_id", "question", "saved_at", "saved_by")
