"""A visit of somebody without an account, sealed under their browser's secret; and forms that were sent."""

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg, Ticket


class Visit(models.Model):
    """What a visitor has typed so far. Nobody else can open it; it is gone when they send, leave or are away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lookup = models.BinaryField(max_length=16, unique=True)
    body = models.BinaryField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["seen_at"], name="intake_visit_seen")]

    class Rows:
        scope = Ticket("lookup")
        grants = {Realm.PUBLIC: "select insert update delete", Realm.WORKER: "select delete"}
        update = {Realm.PUBLIC: ("body", "seen_at")}

    class Privacy:
        retention = "unfinished_form"
        identity = ("body",)
        neutral = ("id", "lookup", "started_at", "seen_at")


class Sent(models.Model):
    """A form of a referrer that was sent: its token, so that sending it twice makes one referral."""

    token = models.UUIDField(primary_key=True)
    organisation_id = models.IntegerField()
    reference = models.CharField(max_length=12)
    sent_at = models.DateTimeField()

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {Realm.REFERRER: "select insert", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "unfinished_form"
        neutral = ("token", "organisation_id", "reference", "sent_at")
