"""Groups that registered themselves: what they sent, sealed whole until somebody of the hub has looked at it."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.foundation.local.community.models import Group, OfForce, forces_of
from alongside.foundation.office.organisations.models import Force, Organisation


class OfServed:
    """Rows that anyone leaves for an area with a hub, and cannot read."""

    def expression(self, table: str) -> str:
        return (
            f"EXISTS (SELECT FROM organisations_organisation hub WHERE hub.force_id = {table}.force_id "
            f"AND hub.kind = 'hub' AND hub.until IS NULL)"
        )


class Registrations(models.QuerySet["Registration"]):
    """First lock: the hub of the area."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        return self.filter(force__in=forces_of(actor)) if actor.realm == Realm.HUB else self.none()


class Registration(models.Model):
    """A group makes itself known. `once` is made by the page, so that what is sent twice comes once.

    What was sent is one sealed text, since a volunteer writes of themselves, and is erased when it is decided: what a
    group takes over is with the group. `hears`: they want one email.
    """

    looks_are_logged = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    once = models.UUIDField(unique=True)
    content = SealedField(owner="id")
    hears = models.BooleanField(default=False)
    state = models.CharField(max_length=10)
    sent_at = models.DateTimeField()
    reason = models.CharField(max_length=40, default="", blank=True)
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_for = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = Registrations.as_manager()

    class Meta:
        indexes = [models.Index(fields=["force", "state", "sent_at"], name="registrations_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="WAITING", decided_at=None)
                | (~models.Q(state="WAITING") & models.Q(decided_at__isnull=False)),
                name="registrations_decided",
            )
        ]

    class Rows:
        scope = OfForce()
        scopes = {Realm.PUBLIC: OfServed()}
        grants = {Realm.HUB: "select update", Realm.PUBLIC: "insert", Realm.WORKER: "select update delete"}
        update = {
            Realm.HUB: ("state", "reason", "group_id", "decided_at", "decided_by", "decided_for_id"),
            Realm.WORKER: ("content",),
        }

    class Privacy:
        retention = "registration"
        identity = ("content",)
        neutral = ("id", "force", "once", "hears", "state", "sent_at", "reason", "group", "decided_at", "decided_by",
                   "decided_for")  # fmt: skip
