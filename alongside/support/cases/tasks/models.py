"""A task on a case: what, by which day, and what was done. All who work on the case read it."""

from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case


class Task(Child):
    """What somebody asked to be done on a case. `source`: the record of another domain that it came of, by its key."""

    class State(models.TextChoices):
        OPEN = "OPEN", "To do"
        DONE = "DONE", "Done"
        DROPPED = "DROPPED", "Not wanted any more"

    class Why(models.TextChoices):
        AUDIT = "audit", "Case audit"
        SUPERVISION = "supervision", "Agreed with a manager"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tasks")
    victim_id = models.UUIDField()
    why = models.CharField(max_length=20, choices=Why.choices)
    source = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    words = SealedField(owner="victim_id")
    due_on = models.DateField()
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    said = SealedField(owner="victim_id")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["source"], name="tasks_task_source")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="OPEN", settled_at=None)
                | (~models.Q(state="OPEN") & models.Q(settled_at__isnull=False)),
                name="tasks_task_settled",
            )
        ]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("state", "said", "settled_at", "settled_by")}

    class Privacy:
        retention = "support"
        identity = ("words", "said")
        sensitive = ("why", "due_on", "state")
        neutral = ("id", "case", "victim_id", "source", "asked_at", "asked_by", "settled_at", "settled_by")
