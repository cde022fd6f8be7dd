"""Who looks after a service, which reminders went out, what anyone flagged, and where to tell them what was done."""

from typing import Any, ClassVar, Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import ORGS, Open
from alongside.foundation.local.directory.models import OfService, Service
from alongside.foundation.office.organisations.models import Organisation


class OfOwnService:
    """Rows of services that the caller's organisation runs."""

    def expression(self, table: str) -> str:
        return (
            f"EXISTS (SELECT FROM directory_service its WHERE its.id = {table}.service_id "
            f"AND its.provider_id = ANY ({ORGS}))"
        )


class OfListed:
    """Rows that anyone leaves about a service of the directory, and cannot read."""

    def expression(self, table: str) -> str:
        return f"EXISTS (SELECT FROM directory_service its WHERE its.id = {table}.service_id)"


class OfManaged(models.QuerySet[Any]):
    """First lock: of the services that the actor's organisation looks after."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(service__in=Service.objects.managed_by(actor))


class Keeper(models.Model):
    """The person who looks after a service: of the organisation that runs it, or of the hub."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.OneToOneField(Service, on_delete=models.CASCADE, related_name="keeper")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    user_id = models.UUIDField()
    named_by = models.UUIDField(null=True, blank=True)
    named_at = models.DateTimeField()

    objects: ClassVar[Any] = OfManaged.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user_id"], name="freshness_keeper_user")]

    class Rows:
        scope = OfOwnService()
        scopes = {Realm.HUB: OfService()}
        grants = {**dict.fromkeys((Realm.PROVIDER, Realm.HUB), "select insert update delete"),
                  Realm.WORKER: "select delete"}  # fmt: skip

    class Privacy:
        retention = "staff"
        identity = ("user_id",)
        neutral = ("id", "service", "organisation", "named_by", "named_at")


class Reminder(models.Model):
    """One step of the rulebook's reminders of one service's check date, told to one person. Never told again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    user_id = models.UUIDField()
    due_on = models.DateField()
    step = models.CharField(max_length=40)
    asked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "user_id", "due_on", "step"], name="freshness_reminder_once")
        ]

    class Rows:
        scope = Open("opaque ids of staff and of public services; the worker alone reads and writes it")
        grants = {Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "notice"
        neutral = ("id", "service", "user_id", "due_on", "step", "asked_at")


class Flag(models.Model):
    """Somebody says that what the directory says of a service is wrong. Nothing is kept of who: not even that they
    came by the same connection as somebody else. `wrong` and `answer` are codes; `words` are sealed, since people
    write what they were not asked for. `hears`: they left an address, which staff never see."""

    class Answer(models.TextChoices):
        MENDED = "MENDED", "You were right, and it is put right"
        RIGHT = "RIGHT", "We checked, and what it says is right"
        CANNOT_SAY = "CANNOT_SAY", "We could not find out"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="flags")
    wrong = models.CharField(max_length=40)
    words = SealedField(owner="id")
    hears = models.BooleanField(default=False)
    state = models.CharField(max_length=10)
    sent_at = models.DateTimeField()
    answer = models.CharField(max_length=12, choices=Answer.choices, default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    answered_for = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[Any] = OfManaged.as_manager()

    class Meta:
        indexes = [models.Index(fields=["state", "sent_at"], name="freshness_flag_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="WAITING", answer="", answered_at=None)
                | (models.Q(state="ANSWERED", answered_at__isnull=False) & ~models.Q(answer="")),
                name="freshness_flag_answered",
            )
        ]

    class Rows:
        scope = OfOwnService()
        scopes = {Realm.HUB: OfService(), Realm.PUBLIC: OfListed()}
        grants = {**dict.fromkeys((Realm.PROVIDER, Realm.HUB), "select update"), Realm.PUBLIC: "insert",
                  Realm.WORKER: "select delete"}  # fmt: skip
        update = dict.fromkeys(
            (Realm.PROVIDER, Realm.HUB), ("state", "answer", "answered_at", "answered_by", "answered_for_id")
        )

    class Privacy:
        retention = "flag"
        sensitive = ("words",)
        neutral = ("id", "service", "wrong", "hears", "state", "sent_at", "answer", "answered_at", "answered_by",
                   "answered_for")  # fmt: skip


class HearBack(models.Model):
    """Where somebody hears what became of their flag: written by them, used once by the worker, and then erased."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    flag = models.OneToOneField(Flag, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="+")
    mailbox = SealedField(owner="id")
    left_at = models.DateTimeField()

    class Rows:
        scope = OfListed()
        grants = {Realm.PUBLIC: "insert", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "flag_address"
        identity = ("mailbox",)
        neutral = ("id", "flag", "service", "left_at")
