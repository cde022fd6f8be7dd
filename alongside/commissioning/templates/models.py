"""The return templates that an office is writing."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg
from alongside.foundation.office.organisations.models import Organisation


class Drafts(models.QuerySet["Draft"]):
    """First lock: an office's own drafts."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(office_id__in=actor.orgs)


class Draft(models.Model):
    """A template that an office is writing, of which nothing is asked yet: one for each template and each office.

    `body`: as the rulebook has it; `seen`: the version that it began from; `stamp` goes up each time it is written.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    office = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    seen = models.PositiveIntegerField()
    stamp = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)

    objects = Drafts.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["office", "code"], name="templates_draft_one")]

    class Rows:
        scope = OwnOrg("office_id")
        grants = {Realm.COMMISSIONING: "select insert update delete"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "office", "code", "title", "body", "seen", "stamp", "changed_at", "changed_by")
