"""The steps that were taken on an offer that nobody answered. Which steps there are, the rulebook says."""

from django.db import models

from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.arrivals.referrals.models import Offer


class Step(Child):
    """One step, once an offer: `does` as the rulebook had it. `held`: why it was not sent on to another service."""

    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="steps")
    hub_id = models.IntegerField()
    referral_id = models.UUIDField()
    code = models.CharField(max_length=60)
    does = models.CharField(max_length=20)
    taken_at = models.DateTimeField()
    next_offer_id = models.UUIDField(null=True, blank=True)
    held = models.CharField(max_length=20, default="", blank=True)

    parent_path = "offer"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["offer", "code"], name="stalled_step_once")]
        indexes = [models.Index(fields=["referral_id"], name="stalled_step_referral")]

    class Rows:
        scope = Parent("offer_id", "referrals_offer")
        grants = {Realm.HUB: "select", Realm.PROVIDER: "select", Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "support"
        sensitive = ("code", "does", "held")
        neutral = ("id", "offer", "hub_id", "referral_id", "taken_at", "next_offer_id")
