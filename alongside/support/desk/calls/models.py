"""What somebody recorded last of a call, so that they can take it back."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Mine


class Lasts(models.QuerySet["Last"]):
    """First lock: one's own."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(user_id=actor.user_id, hub_id__in=actor.orgs)


class Last(models.Model):
    """The last outcome that one person recorded at one hub. Gone after a day."""

    user_id = models.UUIDField(primary_key=True)
    hub_id = models.IntegerField()
    attempt_id = models.UUIDField()
    recorded_at = models.DateTimeField()

    objects = Lasts.as_manager()

    class Meta:
        indexes = [models.Index(fields=["recorded_at"], name="calls_last_at")]

    class Rows:
        scope = Mine()
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "unfinished_form"
        identity = ("user_id",)
        neutral = ("hub_id", "attempt_id", "recorded_at")
