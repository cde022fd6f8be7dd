"""The hub's rota, as dated rows: who is on duty on a weekday, or on one day; and who is away, and who covers."""

from typing import Any, Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg

WEEKDAY = models.Q(weekday__isnull=False, day__isnull=True)
ONE_DAY = models.Q(weekday__isnull=True, day__isnull=False)


class OfHub(models.QuerySet[Any]):
    """First lock: the rota of one's own hub."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(hub_id__in=actor.orgs)


class Turn(models.Model):
    """Somebody answers on every such weekday from `since` to the day before `until`, or on one `day`."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    user_id = models.UUIDField()
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True, blank=True)

    objects = OfHub.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hub_id", "weekday"], condition=models.Q(until=None) & WEEKDAY, name="duty_turn_weekday_once"
            ),
            models.UniqueConstraint(
                fields=["hub_id", "day"], condition=models.Q(until=None) & ONE_DAY, name="duty_turn_day_once"
            ),
            models.CheckConstraint(
                condition=(WEEKDAY & models.Q(weekday__lt=7)) | ONE_DAY, name="duty_turn_weekday_or_day"
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="duty_turn_ends_after"
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select"}

    class Privacy:
        retention = "staff"
        identity = ("user_id",)
        neutral = ("id", "hub_id", "weekday", "day", "since", "until", "set_at", "set_by")


class Absence(models.Model):
    """Somebody is away from `since` to `until`, both days included; why is nobody's business here.

    `back_on`: the day on which they came back early; on the first day or before it, they were never away."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    user_id = models.UUIDField()
    cover_id = models.UUIDField(null=True, blank=True)
    since = models.DateField()
    until = models.DateField()
    back_on = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True, blank=True)

    objects = OfHub.as_manager()

    class Meta:
        indexes = [models.Index(fields=["hub_id", "until"], name="duty_absence_ahead")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="duty_absence_ends_after"),
            models.CheckConstraint(
                condition=models.Q(cover_id=None) | ~models.Q(cover_id=models.F("user_id")), name="duty_absence_cover"
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select"}

    class Privacy:
        retention = "staff"
        identity = ("user_id", "cover_id")
        neutral = ("id", "hub_id", "since", "until", "back_on", "set_at", "set_by")
