"""Contact points, sealed, with what is known of their safety; and everything that went out or was refused."""

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Record
from alongside.core.rows.scopes import Follows, Intake, Open, OwnOrg


class ContactPoint(Record):
    """One way to reach a person, kept under an opaque person id: who the person is stays in `victims`."""

    class Kind(models.TextChoices):
        PHONE = "phone", "Telephone"
        EMAIL = "email", "E-mail"
        ADDRESS = "address", "Postal address"

    class Safe(models.TextChoices):
        YES = "yes", "Safe to use"
        NO = "no", "Not safe: never use"
        UNKNOWN = "unknown", "Not known"

    person_id = models.UUIDField()
    recorded_by = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = SealedField(owner="person_id")
    lookup = models.BinaryField(max_length=16, default=b"")
    safe = models.CharField(max_length=10, choices=Safe.choices, default=Safe.UNKNOWN)
    safe_times = models.CharField(max_length=100, default="", blank=True)
    instructions = SealedField(owner="person_id")
    leave_message = models.BooleanField(default=False)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_how = models.CharField(max_length=20, default="", blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    retired_why = models.CharField(max_length=80, default="", blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="messages_contactpoint_orgs"),
            models.Index(fields=["person_id"], name="messages_point_person"),
            models.Index(fields=["lookup"], name="messages_point_lookup"),
        ]

    class Rows:
        scope = Follows(kind="victim", key="person_id", holder="recorded_by", person="person_id")
        scopes = {
            Realm.PUBLIC: Intake("recorded_by", about="person_id"),
            Realm.REFERRER: Intake("recorded_by", about="person_id"),
        }
        grants = {
            Realm.PUBLIC: "insert",
            Realm.REFERRER: "insert",
            Realm.HUB: "select insert update",
            Realm.PROVIDER: "select insert update",
            Realm.WORKER: "select insert update delete",
        }

    class Privacy:
        retention = "support"
        identity = ("value", "lookup")
        sensitive = ("instructions", "safe", "safe_times", "leave_message")
        neutral = ("id", "visible_orgs", "person_id", "recorded_by", "kind", "verified_at", "verified_how",
                   "expires_at", "retired_at", "retired_why", "recorded_at")  # fmt: skip


class Outgoing(Record):
    """One item for one recipient: asked for, then sent, or refused with the reason. Its body names nobody; the link
    that it may go with is gone as soon as it has left, or has been refused."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        SENT = "SENT", "Sent"
        REFUSED = "REFUSED", "Refused"
        FAILED = "FAILED", "Failed"

    person_id = models.UUIDField()
    recorded_by = models.IntegerField()
    contact_point = models.ForeignKey(ContactPoint, null=True, on_delete=models.PROTECT)
    purpose = models.CharField(max_length=40)
    template = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    refused_why = models.CharField(max_length=40, default="", blank=True)
    asked_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    gateway_id = models.CharField(max_length=60, default="", blank=True)
    link = SealedField(owner="person_id")

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="messages_outgoing_orgs"),
            models.Index(fields=["person_id", "asked_at"], name="messages_outgoing_person"),
        ]

    class Rows:
        scope = Follows(kind="victim", key="person_id", holder="recorded_by", person="person_id")
        grants = {
            Realm.HUB: "select insert",
            Realm.PROVIDER: "select insert",
            Realm.WORKER: "select insert update delete",
        }

    class Privacy:
        retention = "message"
        identity = ("link",)
        sensitive = ("purpose", "template")
        neutral = ("id", "visible_orgs", "person_id", "recorded_by", "contact_point", "state", "refused_why",
                   "asked_at", "not_before", "sent_at", "gateway_id")  # fmt: skip


class ContactHold(Record):
    """Nobody contacts this person before a day, and no message leaves: why, as a code of the reasons for a pause."""

    person_id = models.UUIDField()
    recorded_by = models.IntegerField()
    cause_id = models.UUIDField(unique=True)
    reason = models.CharField(max_length=40)
    until = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="messages_hold_orgs"),
            models.Index(fields=["person_id"], condition=models.Q(ended_at=None), name="messages_hold_person"),
        ]

    class Rows:
        scope = Follows(kind="victim", key="person_id", holder="recorded_by", person="person_id")
        grants = {
            Realm.HUB: "select insert update",
            Realm.PROVIDER: "select insert",
            Realm.WORKER: "select insert update delete",
        }
        update = {Realm.HUB: ("ended_at",)}

    class Privacy:
        retention = "support"
        sensitive = ("reason",)
        neutral = ("id", "visible_orgs", "person_id", "recorded_by", "cause_id", "until", "set_at", "set_by",
                   "ended_at")  # fmt: skip


class Barred(Record):
    """A telephone number or e-mail address that is never a way to reach this person, for it is somebody else's: its
    blind index alone. `cause_id`: the record that says whose."""

    person_id = models.UUIDField()
    recorded_by = models.IntegerField()
    cause_id = models.UUIDField()
    lookup = models.BinaryField(max_length=16)
    barred_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="messages_barred_orgs"),
            models.Index(fields=["person_id"], condition=models.Q(ended_at=None), name="messages_barred_person"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["cause_id", "lookup"], condition=models.Q(ended_at=None), name="messages_barred_once"
            )
        ]

    class Rows:
        scope = Follows(kind="victim", key="person_id", holder="recorded_by", person="person_id")
        grants = {
            Realm.HUB: "select",
            Realm.PROVIDER: "select insert update",
            Realm.WORKER: "select insert update delete",
        }
        update = {Realm.PROVIDER: ("ended_at",)}

    class Privacy:
        retention = "support"
        identity = ("lookup",)
        neutral = ("id", "visible_orgs", "person_id", "recorded_by", "cause_id", "barred_at", "ended_at")


class Notice(models.Model):
    """One neutral e-mail to a member of staff at work, once for each thing that it is about. Names no victim."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    about = models.UUIDField()
    template = models.CharField(max_length=40)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_why = models.CharField(max_length=40, default="", blank=True)
    asked_at = models.DateTimeField()
    gateway_id = models.CharField(max_length=60, default="", blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "about"], name="messages_notice_once")]
        indexes = [models.Index(fields=["user_id", "template", "asked_at"], name="messages_notice_lately")]

    class Rows:
        scope = Open("opaque ids of staff and of what happened; the worker alone reads and writes it")
        grants = {Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "notice"
        neutral = ("id", "user_id", "about", "template", "sent_at", "failed_why", "asked_at", "gateway_id")


class Pointers(models.QuerySet[Any]):
    """First lock: what one's own organisation sends."""

    def visible_to(self, actor: Actor) -> Any:
        return self.all() if actor.realm == Realm.WORKER else self.filter(organisation_id__in=actor.orgs)


class Pointer(models.Model):
    """Word to a professional that a page waits for them, or to whoever asked to hear what became of an error that
    they flagged. Whose mailbox and which page is gone once it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.IntegerField()
    template = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=Outgoing.State.choices, default=Outgoing.State.WAITING)
    refused_why = models.CharField(max_length=40, default="", blank=True)
    mailbox = SealedField(owner="id")
    link = SealedField(owner="id")
    asked_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    gateway_id = models.CharField(max_length=60, default="", blank=True)

    objects = Pointers.as_manager()

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {Realm.HUB: "select insert", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "notice"
        identity = ("mailbox", "link")
        neutral = ("id", "organisation_id", "template", "state", "refused_why", "asked_at", "sent_at",
                   "gateway_id")  # fmt: skip
