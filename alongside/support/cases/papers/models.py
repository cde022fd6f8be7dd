"""A document that whoever referred sent, and that the hub chose for one provider: for nobody else, and not before."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Record
from alongside.core.rows.scopes import Own
from alongside.foundation.office.organisations.models import Organisation

STANDS = models.Q(state__in=["CHOSEN", "PASSED"])
HELD = models.Q(state="PASSED")


class Passed(Record):
    """The hub holds it; the provider is let in once it has accepted. What it holds is copied then, and not before."""

    class State(models.TextChoices):
        CHOSEN = "CHOSEN", "Waits for the service’s answer"
        PASSED = "PASSED", "Passed on"
        TAKEN_BACK = "TAKEN_BACK", "Taken back"
        LAPSED = "LAPSED", "Never shown"

    hub_id = models.IntegerField()
    victim_id = models.UUIDField()
    referral_id = models.UUIDField()
    offer_id = models.UUIDField()
    attachment_id = models.UUIDField()
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.CHOSEN)
    kind = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    came_at = models.DateTimeField()
    what = SealedField(owner="victim_id")
    content = SealedField(owner="victim_id")
    chosen_at = models.DateTimeField()
    chosen_by = models.UUIDField(null=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="papers_passed_orgs"),
            models.Index(fields=["referral_id"], name="papers_passed_referral"),
            models.Index(fields=["offer_id"], name="papers_passed_offer"),
            models.Index(fields=["victim_id"], name="papers_passed_victim"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["attachment_id", "offer_id"], condition=STANDS, name="papers_passed_once"
            ),
            # Its content is there while the provider may open it, and at no other time.
            models.CheckConstraint(
                condition=(HELD & ~models.Q(content=b"")) | (~HELD & models.Q(content=b"")), name="papers_content_held"
            ),
            models.CheckConstraint(
                condition=models.Q(ended_at=None) & STANDS | models.Q(ended_at__isnull=False) & ~STANDS,
                name="papers_ended_at",
            ),
        ]  # fmt: skip

    class Rows:
        scope = Own(kind="paper", holder="hub_id", person="victim_id")
        grants = {Realm.HUB: "select insert update", Realm.PROVIDER: "select",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {Realm.HUB: ("state", "content", "passed_at", "ended_at", "ended_by")}

    class Privacy:
        retention = "support"
        identity = ("what", "content")
        neutral = ("id", "visible_orgs", "hub_id", "victim_id", "referral_id", "offer_id", "attachment_id", "provider",
                   "state", "kind", "size", "came_at", "chosen_at", "chosen_by", "passed_at", "ended_at",
                   "ended_by")  # fmt: skip
