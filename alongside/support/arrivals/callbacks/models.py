"""A call that somebody asked for: when it may be made, when it is due, and what became of it."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.arrivals.referrals.models import Referral


class CallBack(Child):
    """One asking. `day`, `hours` and `never` (weekdays, Monday is 0) are as they asked, empty for any; `starts_at` and
    `ends_at` when to call now; `due_at` when it is late."""

    class Ended(models.TextChoices):
        CALLED = "CALLED", "They were called"
        CHANGED = "CHANGED", "They chose another time"
        STOPPED = "STOPPED", "They asked us to stop"
        LEFT = "LEFT", "No longer with the hub"
        NOT_SAFE = "NOT_SAFE", "No hour that they asked for is safe any more"

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="call_backs")
    victim_id = models.UUIDField()
    hub_id = models.IntegerField()
    day = models.DateField(null=True, blank=True)
    hours = models.CharField(max_length=11, default="", blank=True)
    never: "ArrayField[list[int], list[int]]" = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    due_at = models.DateTimeField()
    missed = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    ended = models.CharField(max_length=10, choices=Ended.choices, default="", blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    parent_path = "referral"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=models.Q(ended_at=None), name="callbacks_callback_open_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ended="", ended_at=None) | (~models.Q(ended="") & models.Q(ended_at__isnull=False)),
                name="callbacks_callback_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="callbacks_callback_window"
            ),
        ]
        indexes = [
            models.Index(fields=["hub_id", "starts_at"], name="callbacks_open", condition=models.Q(ended_at=None)),
            models.Index(fields=["ends_at"], name="callbacks_ends", condition=models.Q(ended_at=None)),
        ]

    class Rows:
        scope = Parent("referral_id", "referrals_referral")
        grants = {Realm.HUB: "select", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        sensitive = ("day", "hours", "never", "starts_at", "ends_at")
        neutral = ("id", "referral", "victim_id", "hub_id", "due_at", "missed", "asked_at", "ended", "ended_at")
