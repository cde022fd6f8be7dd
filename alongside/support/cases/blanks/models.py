"""That something was asked and not answered, or is left for later. What was answered stands where it belongs."""

from django.db import models

from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.cases.agenda.models import KEPT
from alongside.support.cases.casework.models import Case


class Asked(Child):
    """What came of asking for one thing that a case does not say. `again_on`: when it counts as not said once more."""

    class Came(models.TextChoices):
        NOT_KNOWN = "not_known", "Asked, and not known"
        NOT_SAID = "not_said", "Did not want to say"
        NONE = "none", "Asked, and there is nothing"
        LATER = "later", "Left for later"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="asked")
    victim_id = models.UUIDField()
    code = models.CharField(max_length=60)
    rule = models.CharField(max_length=120)
    came = models.CharField(max_length=10, choices=Came.choices)
    again_on = models.DateField(null=True, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="blanks_asked_once")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = KEPT

    class Privacy:
        retention = "support"
        sensitive = ("code", "came")
        neutral = ("id", "case", "victim_id", "rule", "again_on", "asked_at", "asked_by")
