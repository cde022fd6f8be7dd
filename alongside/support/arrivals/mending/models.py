"""Mends of a kept row: each is the whole row as somebody put it right, sealed with the row's own key."""

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Both, OwnOrg, Parent
from alongside.support.arrivals.feeds.models import KeptRow, OfKept


class Mend(models.Model):
    """One mend. The row as it was sent stays with the kept row, and every mend stays beside it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kept = models.ForeignKey(KeptRow, on_delete=models.CASCADE, related_name="mends")
    hub_id = models.IntegerField()
    number = models.PositiveSmallIntegerField()
    cells = SealedField(owner="kept_id")
    mended_at = models.DateTimeField()
    mended_by = models.UUIDField(null=True)

    objects = OfKept.as_manager()
    parent_path = "kept__victim"

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["kept", "number"], name="mending_mend_once")]

    class Rows:
        scope = Both((OwnOrg("hub_id"), Parent("kept_id", "feeds_keptrow")))
        grants = {Realm.HUB: "select insert", Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "held_row"
        identity = ("cells",)
        neutral = ("id", "kept", "hub_id", "number", "mended_at", "mended_by")
