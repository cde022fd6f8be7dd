"""Something due on a case: what kind, about which record of its domain, and when. Codes alone, never words."""

from django.db import models

from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.casework.models import Case

KEPT = {Realm.PROVIDER: "select insert update delete", Realm.WORKER: "select insert update delete"}


class Item(Child):
    """One thing due. Made from another record and thrown away with what made it due: history is the event log's."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="agenda")
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    due_at = models.DateTimeField()
    all_day = models.BooleanField()
    details = models.JSONField(default=dict)
    put_at = models.DateTimeField()

    parent_path = "case"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "kind", "about"], name="agenda_item_once")]
        indexes = [models.Index(fields=["case", "due_at"], name="agenda_item_case")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = KEPT

    class Privacy:
        retention = "support"
        sensitive = ("kind", "due_at", "all_day", "details")
        neutral = ("id", "case", "about", "put_at")
