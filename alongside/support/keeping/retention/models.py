"""What keeps a record beyond its time: a legal hold, or a survivor who asked for it."""

from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.people.victims.models import Victim


class Hold(Child):
    """Somebody said why this record must not be erased, and when to look again. It stands until somebody ends it."""

    victim = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=40)
    words = SealedField(owner="victim_id")
    review_on = models.DateField()
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)

    parent_path = "victim"

    class Meta:
        indexes = [models.Index(fields=["review_on"], condition=models.Q(ended_at=None), name="retention_hold_open")]

    class Rows:
        scope = Parent("victim_id", "victims_victim")
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {Realm.HUB: ("ended_at", "ended_by")}

    class Privacy:
        retention = "support"
        identity = ("words",)
        sensitive = ("reason",)
        neutral = ("id", "victim", "review_on", "set_at", "set_by", "ended_at", "ended_by")
