"""Who supervises whom, when they met, and what was written. That they met is for managers; the words for readers alone.

No words are ever changed: a later writing of the same topic stands in place of the one before.
"""

from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child, OfParent
from alongside.core.rows.scopes import Among, Both, Either, OwnOrg, Parent, ReaderOf, Reads
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.casework.models import Case
from alongside.support.cases.others.models import MANAGED

KEPT = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
ADDED = {Realm.PROVIDER: "select insert", Realm.WORKER: "select insert update delete"}
READ_BY = ReaderOf("bond_id", "supervision_bond", "readers")
OWN, MANAGERS = OwnOrg("organisation_id"), Among("organisation_id", MANAGED)


class OfReaders(models.QuerySet["Bond"]):
    """First lock: those who are named. `of_team`: dates alone, for every manager of the organisation."""

    def visible_to(self, actor: Actor) -> Self:
        own = self.filter(organisation_id__in=actor.orgs)
        return own if actor.realm == Realm.WORKER else own.filter(readers__contains=[actor.user_id])

    def of_team(self, actor: Actor) -> Self:
        return self.filter(organisation_id=actor.organisation_id if actor.may(P.CASE_ASSIGN) else None)


class Bond(models.Model):
    """A worker and the manager who supervises them, until one of the two changes. `readers`: both, and a second manager
    where one is named."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.IntegerField()
    worker = models.UUIDField()
    manager = models.UUIDField()
    second = models.UUIDField(null=True, blank=True)
    readers: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), default=list)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = OfReaders.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation_id", "worker"], condition=models.Q(ended_at=None), name="supervision_bond_one"
            ),
            models.CheckConstraint(condition=~models.Q(worker=models.F("manager")), name="supervision_bond_two"),
        ]

    class Rows:
        scope = Both((OWN, Either((Reads("readers"), MANAGERS))))
        grants = KEPT
        update = {Realm.PROVIDER: ("second", "readers", "ended_at")}

    class Privacy:
        retention = "staff"
        neutral = (
            "id",
            "organisation_id",
            "worker",
            "manager",
            "second",
            "readers",
            "begun_at",
            "begun_by",
            "ended_at",
        )


class OfBond(models.QuerySet["Meeting"]):
    """First lock of what hangs on a bond."""

    def visible_to(self, actor: Actor) -> Self:
        own = self.filter(bond__organisation_id__in=actor.orgs)
        return own if actor.realm == Realm.WORKER else own.filter(bond__readers__contains=[actor.user_id])


class Meeting(models.Model):
    """That the two met, and who has signed what was written. It holds no words."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    bond = models.ForeignKey(Bond, on_delete=models.CASCADE, related_name="meetings")
    organisation_id = models.IntegerField()
    met_on = models.DateField()
    next_on = models.DateField(null=True, blank=True)
    stamp = models.PositiveIntegerField(default=1)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    worker_signed_at = models.DateTimeField(null=True, blank=True)
    manager_signed_at = models.DateTimeField(null=True, blank=True)

    objects = OfBond.as_manager()

    class Meta:
        indexes = [models.Index(fields=["bond", "met_on"], name="supervision_meeting_bond")]

    class Rows:
        scope = Both((OWN, Either((READ_BY, MANAGERS))))
        grants = KEPT
        update = {Realm.PROVIDER: ("met_on", "next_on", "stamp", "worker_signed_at", "manager_signed_at")}

    class Privacy:
        retention = "staff"
        sensitive = ("met_on", "next_on")
        neutral = ("id", "bond", "organisation_id", "stamp", "written_at", "written_by", "worker_signed_at",
                   "manager_signed_at")  # fmt: skip

    @property
    def signed(self) -> bool:
        return self.worker_signed_at is not None and self.manager_signed_at is not None


class Writing(models.Model):
    """What was written of one topic, or an amendment (no topic). The highest number of a topic stands."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="writings")
    bond = models.ForeignKey(Bond, on_delete=models.CASCADE, related_name="+")
    topic = models.CharField(max_length=60, default="", blank=True)
    number = models.PositiveIntegerField()
    words = SealedField(owner="bond_id")
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    objects = OfBond.as_manager()

    class Rows:
        scope = READ_BY
        grants = ADDED

    class Privacy:
        retention = "staff"
        identity = ("words",)
        neutral = ("id", "meeting", "bond", "topic", "number", "written_at", "written_by")


class OfCaseToo(OfParent):
    """First lock of what was said of a case: for readers who may open the case as well."""

    def visible_to(self, actor: Actor) -> Self:
        seen = super().visible_to(actor)
        return seen if actor.realm == Realm.WORKER else seen.filter(bond__readers__contains=[actor.user_id])


class Talked(Child):
    """A case that was talked about, and what was said of it. The highest number stands; `gone`: it was taken out."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="talked")
    bond = models.ForeignKey(Bond, on_delete=models.CASCADE, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    victim_id = models.UUIDField()
    number = models.PositiveIntegerField()
    words = SealedField(owner="victim_id")
    gone = models.BooleanField(default=False)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)

    parent_path = "case"
    objects = OfCaseToo.as_manager()  # type: ignore[misc]  # a stricter manager than the parent's, as Django allows

    class Rows:
        scope = Both((READ_BY, Parent("case_id", "casework_case")))
        grants = ADDED

    class Privacy:
        retention = "support"
        identity = ("words",)
        neutral = ("id", "meeting", "bond", "case", "victim_id", "number", "gone", "written_at", "written_by")


class Decision(models.Model):
    """Something that the two agreed, about no case, with who does it by when."""

    class Who(models.TextChoices):
        WORKER = "worker", "The worker"
        MANAGER = "manager", "The manager"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    bond = models.ForeignKey(Bond, on_delete=models.CASCADE, related_name="+")
    words = SealedField(owner="bond_id")
    who = models.CharField(max_length=10, choices=Who.choices)
    due_on = models.DateField()
    decided_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.UUIDField(null=True, blank=True)

    objects = OfBond.as_manager()

    class Rows:
        scope = READ_BY
        grants = KEPT
        update = {Realm.PROVIDER: ("done_at", "done_by")}

    class Privacy:
        retention = "staff"
        identity = ("words",)
        sensitive = ("due_on", "who")
        neutral = ("id", "meeting", "bond", "decided_at", "decided_by", "done_at", "done_by")
