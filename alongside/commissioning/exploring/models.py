"""A view that somebody saved: what was chosen, by codes alone, under a name of their own."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Both, Either, Mine, OwnOrg, When


class OfOffice(models.QuerySet["SavedView"]):
    """First lock: one's own, and what colleagues of one's organisation share."""

    def visible_to(self, actor: Actor) -> Self:
        shared = models.Q(owner=actor.user_id) | models.Q(shared=True)
        return self.filter(shared, organisation_id__in=actor.orgs)


class SavedView(models.Model):
    """What somebody chose to look at. It holds no figure: whoever opens it sees what they themselves may see."""

    class State(models.TextChoices):
        SAVED = "SAVED", "Saved"
        DELETED = "DELETED", "Deleted"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.IntegerField()
    owner = models.UUIDField()
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)
    shared = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.SAVED)
    saved_at = models.DateTimeField()
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = OfOffice.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "owner"], name="exploring_view_owner")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="DELETED", deleted_at__isnull=False)
                | models.Q(state="SAVED", deleted_at=None),
                name="exploring_deleted_at",
            ),
            models.UniqueConstraint(
                fields=["owner", "organisation_id", "name"], condition=models.Q(state="SAVED"),
                name="exploring_name_once",
            ),
        ]  # fmt: skip

    class Rows:
        scope = Either((Both((OwnOrg(), Mine("owner"))), When("shared", OwnOrg())))
        grants = {
            Realm.COMMISSIONING: "select insert update", Realm.PROVIDER: "select insert update",
            Realm.WORKER: "select delete",
        }  # fmt: skip
        update = dict.fromkeys((Realm.COMMISSIONING, Realm.PROVIDER), ("name", "shared", "state", "deleted_at"))

    class Privacy:
        retention = "staff"
        sensitive = ("name",)
        neutral = ("id", "organisation_id", "owner", "query", "shared", "state", "saved_at", "deleted_at")

    def __str__(self) -> str:
        return self.name
