"""Pauses of a referral's clocks: why, from which day, until which, and who said so."""

from django.db import models

from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.arrivals.referrals.models import Referral, codes


class Pause(Child):
    """The clocks stand still from `since` to the day before `until`; `resumed_on`, where somebody ended it early."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="pauses")
    victim_id = models.UUIDField()
    reason = models.CharField(max_length=40)
    clocks = codes()
    since = models.DateField()
    until = models.DateField()
    paused_at = models.DateTimeField()
    paused_by = models.UUIDField(null=True, blank=True)
    resumed_on = models.DateField(null=True, blank=True)
    resumed_by = models.UUIDField(null=True, blank=True)

    parent_path = "referral"

    class Meta:
        indexes = [models.Index(fields=["until"], name="clocks_pause_open", condition=models.Q(resumed_on=None))]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="clocks_pause_ends_after"),
            models.CheckConstraint(
                condition=models.Q(resumed_on=None) | models.Q(resumed_on__gte=models.F("since")),
                name="clocks_pause_resumed_after",
            ),
        ]

    class Rows:
        scope = Parent("referral_id", "referrals_referral")
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        sensitive = ("reason",)
        neutral = ("id", "referral", "victim_id", "clocks", "since", "until", "paused_at", "paused_by", "resumed_on",
                   "resumed_by")  # fmt: skip
