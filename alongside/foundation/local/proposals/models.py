"""Proposed changes to services: what would be different, who proposes it, what the hub said, from which day."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg
from alongside.foundation.local.directory.models import OfArea, Service
from alongside.foundation.office.organisations.models import Organisation


class Proposals(models.QuerySet["Proposal"]):
    """First lock: a provider's own, and a hub's those of its area."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        if actor.realm == Realm.HUB:
            areas = Organisation.objects.filter(pk__in=actor.orgs).values("force")
            return self.filter(provider__force__in=areas)
        return self.filter(provider__in=actor.orgs)


class Proposal(models.Model):
    """A change to a service, or a new one (`service` empty until it is in the directory), or one that closes.

    `changes`: the details that would be different, by name, as JSON holds them; `before`: the same details as they were
    when it went live. `stamp` goes up with every change of its words. `applies_on`: from which day; empty is at once.
    """

    class Kind(models.TextChoices):
        CHANGE = "CHANGE", "Change"
        NEW = "NEW", "New service"
        CLOSE = "CLOSE", "Closing"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="proposals")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    state = models.CharField(max_length=10)
    changes = models.JSONField(default=dict)
    before = models.JSONField(default=dict)
    applies_on = models.DateField(null=True, blank=True)
    moves_to = models.ForeignKey(Service, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(default="", blank=True)
    answer = models.TextField(default="", blank=True)
    stamp = models.PositiveIntegerField(default=1)
    begun_by = models.UUIDField(null=True)
    begun_for = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    live_at = models.DateTimeField(null=True, blank=True)

    objects = Proposals.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["service", "kind"], condition=models.Q(state__in=["DRAFT", "SENT", "RETURNED"]),
                name="proposals_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(kind="NEW") | models.Q(service__isnull=False), name="proposals_of_a_service"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["state", "applies_on"], name="proposals_due")]

    class Rows:
        scope = OwnOrg("provider_id")
        scopes = {Realm.HUB: OfArea()}
        grants = {
            Realm.PROVIDER: "select insert update",
            Realm.HUB: "select insert update",
            Realm.WORKER: "select update",
        }

    class Privacy:
        retention = "permanent"
        neutral = ("id", "service", "provider", "kind", "state", "changes", "before", "applies_on", "moves_to", "words",
                   "answer", "stamp", "begun_by", "begun_for", "begun_at", "changed_at", "sent_at", "decided_by",
                   "decided_at", "live_at")  # fmt: skip

    @property
    def name(self) -> str:
        """What the service is called, or would be."""
        return str(self.changes.get("name") or (self.service.name if self.service else "A new service"))
