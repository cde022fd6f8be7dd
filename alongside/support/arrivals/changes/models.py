"""A change: a row that came again with other content, passed on to the provider that holds the case."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Record, Records
from alongside.core.rows.scopes import Follows
from alongside.foundation.office.organisations.models import Organisation


class Changes(Records):
    """First lock: of those whose record one is let into, the ones that were passed to one's own organisation."""

    def visible_to(self, actor: Actor) -> Self:
        rows = super().visible_to(actor)
        if actor.realm == Realm.WORKER:
            return rows
        return rows.filter(models.Q(provider_id__in=actor.orgs) | models.Q(hub_id__in=actor.orgs))


class Change(Record):
    """What differs is sealed; what was decided stands beside it, for the worker to do."""

    class State(models.TextChoices):
        OPEN = "OPEN", "To decide"
        DECIDED = "DECIDED", "Decided"
        DONE = "DONE", "Done"

    victim_id = models.UUIDField()
    referral_id = models.UUIDField()
    hub_id = models.IntegerField()
    kept_id = models.UUIDField(unique=True)
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider_id = models.IntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    differences = SealedField(owner="victim_id")
    seen = models.IntegerField()  # the version of the victim's record that the differences are against
    came_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decisions = SealedField(owner="victim_id")
    words = SealedField(owner="victim_id")

    objects: ClassVar[Any] = Changes.as_manager()

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="changes_change_orgs"),
            models.Index(fields=["provider_id", "came_at"], condition=models.Q(state="OPEN"), name="changes_open"),
            models.Index(fields=["victim_id"], name="changes_victim"),
        ]

    class Rows:
        scope = Follows(kind="victim", key="victim_id", holder="hub_id", person="victim_id")
        grants = {
            Realm.HUB: "select update",
            Realm.PROVIDER: "select update",
            Realm.WORKER: "select insert update delete",
        }
        update = {
            Realm.HUB: ("state",),
            Realm.PROVIDER: ("state", "decided_at", "decided_by", "decisions", "words"),
        }

    class Privacy:
        retention = "support"
        identity = ("differences", "decisions", "words")
        neutral = ("id", "visible_orgs", "victim_id", "referral_id", "hub_id", "kept_id", "source", "provider_id",
                   "state", "seen", "came_at", "decided_at", "decided_by")  # fmt: skip
