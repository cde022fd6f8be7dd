"""When somebody who works on cases is away. Why is nobody's business here."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg


class OfOrganisation(models.QuerySet["Absence"]):
    """First lock: an organisation's own people."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)


class Absence(models.Model):
    """Somebody is away from `since` to `until`, both days included. `back_on`: when they came back early."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.IntegerField()
    user_id = models.UUIDField()
    since = models.DateField()
    until = models.DateField()
    back_on = models.DateField(null=True, blank=True)
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True, blank=True)

    objects = OfOrganisation.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "until"], name="day_absence_ahead")]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="day_absence_ends_after"),
        ]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {Realm.PROVIDER: ("until", "back_on")}

    class Privacy:
        retention = "staff"
        sensitive = ("since", "until", "back_on")
        neutral = ("id", "organisation_id", "user_id", "set_at", "set_by")
