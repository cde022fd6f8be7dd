"""How long people would wait on a list, as it was reckoned once: what was assumed, from what, and what came out."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.cases.waiting.models import WaitingList


class Forecasts(models.QuerySet["Forecast"]):
    """First lock: those of the actor's own organisation."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.realm == Realm.WORKER else self.filter(provider_id__in=actor.own)


class Forecast(models.Model):
    """One reckoning. The same seed, facts and assumptions give the same outcome. `facts` are counts and weeks of a
    list, without anybody's identity; `own`: somebody changed what is assumed, so it says nothing of the list as it is.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", "Being reckoned"
        DONE = "DONE", "Reckoned"
        UNKNOWN = "UNKNOWN", "Too little to go on"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(WaitingList, on_delete=models.CASCADE, related_name="forecasts")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    own = models.BooleanField(default=False)
    seed = models.PositiveIntegerField()
    runs = models.PositiveIntegerField()
    played = models.PositiveIntegerField(default=0)
    facts = models.JSONField(default=dict)
    assumed = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    more = models.JSONField(default=dict)
    why_not = models.CharField(max_length=300, default="", blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = Forecasts.as_manager()

    class Meta:
        indexes = [models.Index(fields=["list", "-asked_at"], name="forecasts_latest")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ASKED", done_at=None)
                | ~models.Q(state="ASKED") & models.Q(done_at__isnull=False),
                name="forecasts_done",
            )
        ]

    class Rows:
        scope = OwnOrg("provider_id")
        grants = {Realm.PROVIDER: "select insert", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "forecast"
        neutral = ("id", "list", "provider", "state", "own", "seed", "runs", "played", "facts", "assumed", "outcome",
                   "more", "why_not", "asked_at", "asked_by", "done_at")  # fmt: skip
