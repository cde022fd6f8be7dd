"""A reply to an officer: codes alone, found by the blind index of a secret kept nowhere; and what they answered."""

from typing import Any, ClassVar

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Both, OwnOrg, Parent, Ticket, Unless
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds.models import KeptRow, OfHub
from alongside.support.arrivals.referrals.models import Referral


class Replies(OfHub):
    """First lock: a hub's own replies, of rows and referrals that one may open."""

    def visible_to(self, actor: Any) -> Any:
        rows = super().visible_to(actor)
        if actor.realm == Realm.WORKER:
            return rows
        row = KeptRow.objects.visible_to(actor).filter(pk=models.OuterRef("kept_id"))
        referral = Referral.objects.visible_to(actor).filter(pk=models.OuterRef("referral_id"))
        return rows.filter(models.Exists(row) | models.Exists(referral))


class OfReply(models.QuerySet[Any]):
    """First lock of an answer: seen with what it answers."""

    def visible_to(self, actor: Any) -> Any:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(reply__in=Reply.objects.visible_to(actor).values("pk"))


class Reply(models.Model):
    """One page for one officer. It holds nothing of anybody: a word or a reason, and what may be asked."""

    class Asks(models.TextChoices):
        NOTHING = "nothing", "Nothing"
        CONSENT = "consent", "Whether the victim agrees"
        SAFE_CONTACT = "safe_contact", "A safe way to make contact"
        WORDS = "words", "A few words"

    class Told(models.TextChoices):
        ASKED = "asked", "The officer was written to"
        NO_MAILBOX = "no_mailbox", "There is no mailbox of the police to write to"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kept_id = models.UUIDField(null=True, blank=True)
    referral_id = models.UUIDField(null=True, blank=True)
    lookup = models.BinaryField(max_length=16, unique=True)
    check_ref = models.BinaryField(max_length=16, default=b"")  # empty where the officer gave no reference
    word = models.CharField(max_length=40, default="", blank=True)
    reason = models.CharField(max_length=40, default="", blank=True)
    asks = models.CharField(max_length=20, choices=Asks.choices, default=Asks.NOTHING)
    told = models.CharField(max_length=20, choices=Told.choices)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True, blank=True)
    opens_until = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    browser = models.BinaryField(max_length=16, default=b"")  # the blind index of what the browser that opened it holds
    opened_at = models.DateTimeField(null=True, blank=True)
    read_until = models.DateTimeField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = Replies.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["kept_id"], name="replies_reply_kept"),
            models.Index(fields=["referral_id"], name="replies_reply_referral"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kept_id=None, referral_id__isnull=False)
                | models.Q(kept_id__isnull=False, referral_id=None),
                name="replies_reply_about_one",
            ),
            models.CheckConstraint(
                condition=models.Q(opened_at=None, read_until=None)
                | models.Q(opened_at__isnull=False, read_until__isnull=False),
                name="replies_reply_opened",
            ),
        ]

    class Rows:
        scope = Both((
            OwnOrg("hub_id"),
            Unless("(kept_id IS NOT NULL)", Parent("kept_id", "feeds_keptrow")),
            Unless("(referral_id IS NOT NULL)", Parent("referral_id", "referrals_referral")),
        ))  # fmt: skip
        scopes = {Realm.PUBLIC: Ticket("lookup")}
        grants = {Realm.PUBLIC: "select update", Realm.HUB: "select insert update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {
            Realm.PUBLIC: ("tries", "browser", "opened_at", "read_until", "answered_at"),
            Realm.HUB: ("opens_until", "read_until"),
        }

    class Privacy:
        retention = "support"
        sensitive = ("word", "reason", "asks", "lookup", "check_ref", "browser")
        neutral = ("id", "hub_id", "source", "kept_id", "referral_id", "told", "made_at", "made_by", "opens_until",
                   "tries", "opened_at", "read_until", "answered_at")  # fmt: skip


class Answer(models.Model):
    """What an officer answered on the page, sealed. Nothing of it is taken over by itself: a person reads it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    reply = models.OneToOneField(Reply, on_delete=models.CASCADE, related_name="answer")
    hub_id = models.IntegerField()
    said = SealedField(owner="id")
    answered_at = models.DateTimeField()

    objects: ClassVar[Any] = OfReply.as_manager()

    class Rows:
        scope = Both((OwnOrg("hub_id"), Parent("reply_id", "replies_reply")))
        scopes = {Realm.PUBLIC: Parent("reply_id", "replies_reply")}
        grants = {Realm.PUBLIC: "insert", Realm.HUB: "select", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "held_row"
        identity = ("said",)
        neutral = ("id", "reply", "hub_id", "answered_at")
