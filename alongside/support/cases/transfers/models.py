"""A transfer: the summary that another provider sees before it answers, and apart from it what goes along."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Record
from alongside.core.rows.scopes import Own
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Organisation


def codes() -> "ArrayField[list[str], list[str]]":
    return ArrayField(models.CharField(max_length=40), default=list, blank=True)


class Transfer(Record):
    """One case offered to another provider. It holds codes and days: no name, no address, no words of anybody's.

    `waits`: since which day they wait for which way of helping. `pieces`: what goes along once it is accepted.
    """

    class State(models.TextChoices):
        OFFERED = "OFFERED", "Waiting for an answer"
        ACCEPTED = "ACCEPTED", "Accepted"
        DECLINED = "DECLINED", "Declined"
        TAKEN_BACK = "TAKEN_BACK", "Taken back"

    case_id = models.UUIDField()
    referral_id = models.UUIDField()
    victim_id = models.UUIDField()
    sender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    why = models.CharField(max_length=40)
    crime_type = models.CharField(max_length=40)
    council = models.CharField(max_length=9, default="", blank=True)
    age_band = models.CharField(max_length=20, default="", blank=True)
    language = models.CharField(max_length=20, default="", blank=True)
    interpreter = models.CharField(max_length=10, default="unknown", blank=True)
    access_needs = codes()
    needs = codes()
    vulnerability = codes()
    markers = codes()
    high_risk = models.BooleanField(default=False)
    waits = models.JSONField(default=dict, blank=True)
    pieces = codes()
    offered_at = models.DateTimeField()
    offered_by = models.UUIDField(null=True)
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    declined_why = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="transfers_transfer_orgs"),
            models.Index(fields=["case_id"], name="transfers_transfer_case"),
            models.Index(fields=["victim_id"], name="transfers_transfer_victim"),
            models.Index(fields=["receiver", "state", "offered_at"], name="transfers_transfer_receiver"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["case_id"], condition=models.Q(state="OFFERED"), name="transfers_transfer_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="OFFERED", answered_at=None)
                | (~models.Q(state="OFFERED") & models.Q(answered_at__isnull=False)), name="transfers_answered_at",
            ),
        ]  # fmt: skip

    class Rows:
        scope = Own(kind="transfer", holder="sender_id", person="victim_id")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {Realm.PROVIDER: ("state", "answered_at", "answered_by", "declined_why")}

    class Privacy:
        retention = "support"
        special = ("vulnerability", "markers", "access_needs")
        sensitive = ("why", "crime_type", "council", "age_band", "language", "interpreter", "needs", "high_risk",
                     "waits", "pieces", "state", "declined_why")  # fmt: skip
        neutral = ("id", "visible_orgs", "case_id", "referral_id", "victim_id", "sender", "receiver", "service",
                   "offered_at", "offered_by", "due_at", "answered_at", "answered_by")  # fmt: skip

    @property
    def reaches(self) -> tuple[tuple[str, UUID], ...]:
        """The records that it opens where it is accepted: kinds and keys."""
        return ("referral", self.referral_id), ("victim", self.victim_id), ("transfer_pack", self.pk)


class Pack(Record):
    """What goes along, in the words of the day on which it was offered; its key is its transfer's. Never changed."""

    victim_id = models.UUIDField()
    sender_id = models.IntegerField()
    content = SealedField(owner="victim_id")
    packed_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="transfers_pack_orgs"),
            models.Index(fields=["victim_id"], name="transfers_pack_victim"),
        ]

    class Rows:
        scope = Own(kind="transfer_pack", holder="sender_id", person="victim_id")
        grants = {Realm.PROVIDER: "select insert", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        identity = ("content",)
        neutral = ("id", "visible_orgs", "victim_id", "sender_id", "packed_at")
