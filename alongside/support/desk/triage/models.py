"""Views of the queue that people saved, what each opens on, and what was allocated in one go, for taking it back."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Mine, OwnOrg


class SavedViews(models.QuerySet["SavedView"]):
    """First lock: one's own, and those that were shared with one's own hub."""

    def visible_to(self, actor: Actor) -> Self:
        mine = models.Q(owner_id=actor.user_id) | models.Q(shared=True)
        return self.filter(mine, hub_id__in=actor.orgs)


class SavedView(models.Model):
    """A view under a name: one of the fixed views with filters and an order. Never words that somebody searched for."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    owner_id = models.UUIDField()
    name = models.CharField(max_length=40)
    view = models.CharField(max_length=20)
    filters = models.JSONField(default=dict)
    sort = models.CharField(max_length=20, default="", blank=True)
    shared = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    objects = SavedViews.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["hub_id", "owner_id", "name"], condition=models.Q(shared=False), name="triage_own_name_once"
            ),
            models.UniqueConstraint(
                fields=["hub_id", "name"], condition=models.Q(shared=True), name="triage_shared_name_once"
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select"}

    class Privacy:
        retention = "staff"
        identity = ("owner_id",)
        neutral = ("id", "hub_id", "name", "view", "filters", "sort", "shared", "saved_at")


class Desks(models.QuerySet["Desk"]):
    """First lock: one's own."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(user_id=actor.user_id, hub_id__in=actor.orgs)


class Desk(models.Model):
    """What the queue opens on for one person at one hub: the code of a fixed view, or the key of a saved one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    user_id = models.UUIDField()
    opens_on = models.CharField(max_length=40)

    objects = Desks.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["hub_id", "user_id"], name="triage_desk_once")]

    class Rows:
        scope = Mine()
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select"}

    class Privacy:
        retention = "staff"
        identity = ("user_id",)
        neutral = ("id", "hub_id", "opens_on")


class Batches(models.QuerySet["Batch"]):
    """First lock: one's own."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(user_id=actor.user_id, hub_id__in=actor.orgs)


class Batch(models.Model):
    """Referrals that one person gave out, took or put back in one go, and how each was before. Gone after a day."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    user_id = models.UUIDField()
    done_at = models.DateTimeField()
    worker = models.UUIDField(null=True, blank=True)
    before = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = Batches.as_manager()

    class Meta:
        indexes = [models.Index(fields=["user_id", "done_at"], name="triage_batch_latest")]

    class Rows:
        scope = Mine()
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "unfinished_form"
        identity = ("user_id", "worker")
        neutral = ("id", "hub_id", "done_at", "before", "refused", "undone_at")
