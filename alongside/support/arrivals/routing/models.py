"""Lists of rules as dated versions, the list that is being written, and what the rules said of each referral."""

from typing import Any, Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import OwnOrg, Parent
from alongside.foundation.local.directory.models import Service
from alongside.support.arrivals.referrals.models import HUB_ONLY, Referral


class OfHub(models.QuerySet[Any]):
    """First lock: a hub's own lists."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.realm == Realm.WORKER else self.filter(hub_id__in=actor.orgs)


class Version(models.Model):
    """A whole list in its order, in force from `since` until the next. Never changed; withdrawn before it began."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    number = models.PositiveIntegerField()
    rules = models.JSONField(default=list)
    reason = models.CharField(max_length=300)
    since = models.DateTimeField()
    made_live_at = models.DateTimeField()
    made_live_by = models.UUIDField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.UUIDField(null=True, blank=True)

    objects = OfHub.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["hub_id", "number"], name="routing_version_number"),
            models.CheckConstraint(
                condition=models.Q(withdrawn_at=None) | models.Q(withdrawn_at__lt=models.F("since")),
                name="routing_version_withdrawn_before",
            ),
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select"}
        update = {Realm.HUB: ("withdrawn_at", "withdrawn_by")}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "hub_id", "number", "rules", "reason", "since", "made_live_at", "made_live_by",
                   "withdrawn_at", "withdrawn_by")  # fmt: skip


class Draft(models.Model):
    """The list that a hub is writing: one at a time. `stamp` tells a page that somebody else changed it meanwhile."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField(unique=True)
    rules = models.JSONField(default=list)
    stamp = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField()
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField()

    objects = OfHub.as_manager()

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select"}

    class Privacy:
        retention = "unfinished_form"
        neutral = ("id", "hub_id", "rules", "stamp", "begun_at", "begun_by", "changed_at", "changed_by")


class Preview(models.Model):
    """A draft held against the referrals of a period: counts alone. The referrals stand in `Moved` for some days."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        DONE = "DONE", "Done"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    rules = models.JSONField(default=list)
    first_on = models.DateField()
    last_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField()
    done_at = models.DateTimeField(null=True, blank=True)
    found = models.JSONField(default=dict)

    objects = OfHub.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="WAITING", done_at=None) | models.Q(state="DONE", done_at__isnull=False),
                name="routing_preview_done_at",
            )
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select update delete"}

    class Privacy:
        retention = "unfinished_form"
        neutral = ("id", "hub_id", "rules", "first_on", "last_on", "state", "asked_at", "asked_by", "done_at", "found")


class Moved(Child):
    """A referral that a draft would have sent elsewhere: from where to where, by the codes of the preview's table."""

    preview = models.ForeignKey(Preview, on_delete=models.CASCADE, related_name="moved")
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    received_at = models.DateTimeField()
    went = models.CharField(max_length=60)
    goes = models.CharField(max_length=60)
    rule = models.CharField(max_length=36)

    parent_path = "referral"

    class Meta:
        indexes = [models.Index(fields=["preview", "received_at", "id"], name="routing_moved_preview")]

    class Rows:
        scope = Parent("referral_id", "referrals_referral")
        grants = {Realm.HUB: "select insert delete", Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "support"
        sensitive = ("went", "goes", "rule")
        neutral = ("id", "preview", "referral", "received_at")


class Decision(Child):
    """What the list in force when a referral came says of it, and what was done. What is known later makes a new one.

    `held`: why something that goes at once waits for a person."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="routings")
    hub_id = models.IntegerField()
    version = models.ForeignKey(Version, on_delete=models.PROTECT, related_name="+")
    rule = models.CharField(max_length=36, default="", blank=True)
    name = models.CharField(max_length=80, default="", blank=True)
    does = models.CharField(max_length=10)
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    route = models.CharField(max_length=40, default="", blank=True)
    reads = models.CharField(max_length=600, default="", blank=True)
    alone = models.BooleanField(default=False)
    held = models.CharField(max_length=20, default="", blank=True)
    offered_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField()
    superseded_at = models.DateTimeField(null=True, blank=True)
    tell = models.BooleanField(default=False)
    noted_at = models.DateTimeField(null=True, blank=True)
    noted_by = models.UUIDField(null=True, blank=True)

    parent_path = "referral"

    class Meta:
        indexes = [
            models.Index(
                fields=["hub_id", "decided_at", "id"],
                name="routing_decision_to_tell",
                condition=models.Q(tell=True, noted_at=None),
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["referral"], condition=models.Q(superseded_at=None), name="routing_decision_once"
            )
        ]  # fmt: skip

    class Rows:
        scope = Parent("referral_id", "referrals_referral")
        grants = HUB_ONLY

    class Privacy:
        retention = "support"
        sensitive = ("rule", "name", "does", "service", "route", "reads", "alone", "held")
        neutral = ("id", "referral", "hub_id", "version", "offered_at", "decided_at", "superseded_at", "tell",
                   "noted_at", "noted_by")  # fmt: skip


class Override(Child):
    """An officer chose another service than the rule's, and why: a code of the rulebook, and words."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    victim_id = models.UUIDField()
    decision = models.ForeignKey(Decision, on_delete=models.CASCADE, related_name="overrides")
    offer_id = models.UUIDField()
    chosen = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    why = models.CharField(max_length=40)
    words = SealedField(owner="victim_id")
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    parent_path = "referral"

    class Rows:
        scope = Parent("referral_id", "referrals_referral")
        grants = HUB_ONLY

    class Privacy:
        retention = "support"
        identity = ("words",)
        sensitive = ("chosen", "why")
        neutral = ("id", "referral", "victim_id", "decision", "offer_id", "made_at", "made_by")
