"""Why a record is restricted, each seal that was broken, and whom somebody who works here knows."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import OwnOrg, Parent
from alongside.support.people.victims.models import Victim

INSIDE = {
    Realm.HUB: "select insert update",
    Realm.PROVIDER: "select insert update",
    Realm.WORKER: "select insert update delete",
}


class Restriction(Child):
    """A person's records are for those who are named, and why. Lifted by two people, never by one."""

    class State(models.TextChoices):
        RESTRICTED = "RESTRICTED", "Restricted"
        LIFT_ASKED = "LIFT_ASKED", "Restricted, and lifting it waits for a second person"
        LIFTED = "LIFTED", "Lifted"

    victim = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="restrictions")
    hub_id = models.IntegerField()
    reason = models.CharField(max_length=40)
    words = SealedField(owner="victim_id")
    state = models.CharField(max_length=12, choices=State.choices, default=State.RESTRICTED)
    restricted_at = models.DateTimeField()
    restricted_by = models.UUIDField(null=True, blank=True)  # nobody: a marker did, by rule
    chosen_at = models.DateTimeField(null=True, blank=True)
    duty_named_at = models.DateTimeField(null=True, blank=True)
    lift_asked_by = models.UUIDField(null=True, blank=True)
    lift_asked_at = models.DateTimeField(null=True, blank=True)
    lift_why = SealedField(owner="victim_id")
    lifted_by = models.UUIDField(null=True, blank=True)
    lifted_at = models.DateTimeField(null=True, blank=True)

    parent_path = "victim"

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["victim"], condition=~models.Q(state="LIFTED"), name="restricted_restriction_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="RESTRICTED", lift_asked_by=None, lifted_by=None)
                | models.Q(state="LIFT_ASKED", lift_asked_by__isnull=False, lifted_by=None)
                | models.Q(state="LIFTED", lift_asked_by__isnull=False, lifted_by__isnull=False),
                name="restricted_restriction_lifted",
            ),
            models.CheckConstraint(
                condition=models.Q(lifted_by=None) | ~models.Q(lifted_by=models.F("lift_asked_by")),
                name="restricted_restriction_two_people",
            ),
        ]
        indexes = [
            models.Index(
                fields=["restricted_at"], condition=models.Q(duty_named_at=None), name="restricted_without_duty"
            ),
            models.Index(fields=["hub_id", "-restricted_at", "-id"], name="restricted_restriction_list"),
        ]

    class Rows:
        scope = Parent("victim_id", "victims_victim")
        grants = INSIDE

    class Privacy:
        retention = "support"
        identity = ("words", "lift_why")
        sensitive = ("reason",)
        neutral = ("id", "victim", "hub_id", "state", "restricted_at", "restricted_by", "chosen_at", "duty_named_at",
                   "lift_asked_by", "lift_asked_at", "lifted_by", "lifted_at")  # fmt: skip


class Breaking(Child):
    """Somebody who was not named opened a restricted record for a while, and what the privacy officer thinks of it.

    Written by a function in the database with the opening itself; it cannot be undone.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "To be looked at"
        JUSTIFIED = "JUSTIFIED", "Justified"
        NOT_JUSTIFIED = "NOT_JUSTIFIED", "Not justified"
        NEEDS_ACTION = "NEEDS_ACTION", "Needs action"

    victim = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="breakings")
    referral_id = models.UUIDField()
    hub_id = models.IntegerField()
    organisation_id = models.IntegerField()
    user_id = models.UUIDField()
    reason = models.CharField(max_length=40)
    words = SealedField(owner="victim_id")
    broken_at = models.DateTimeField()
    until = models.DateTimeField()
    state = models.CharField(max_length=14, choices=State.choices, default=State.WAITING)
    outcome = SealedField(owner="victim_id")
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.UUIDField(null=True, blank=True)

    parent_path = "victim"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="WAITING", reviewed_by=None)
                | (~models.Q(state="WAITING") & models.Q(reviewed_by__isnull=False)),
                name="restricted_breaking_reviewed",
            ),
            models.CheckConstraint(
                condition=~models.Q(reviewed_by=models.F("user_id")), name="restricted_breaking_not_ones_own"
            ),
        ]
        indexes = [models.Index(fields=["hub_id", "state", "broken_at", "id"], name="restricted_breaking_queue")]

    class Rows:
        scope = Parent("victim_id", "victims_victim")
        grants = {
            Realm.HUB: "select update",
            Realm.PROVIDER: "select",
            Realm.WORKER: "select insert update delete",
        }
        update = {Realm.HUB: ("state", "outcome", "reviewed_at", "reviewed_by")}

    class Privacy:
        retention = "support"
        identity = ("words", "outcome")
        sensitive = ("reason",)
        neutral = ("id", "victim", "referral_id", "hub_id", "organisation_id", "user_id", "broken_at", "until", "state",
                   "reviewed_at", "reviewed_by")  # fmt: skip


class Crossing(Child):
    """A message to somebody else that was stopped, since it would have gone to a number or address of this record.

    Whoever asked for it reads that it could not be delivered; that this record is why is for the named alone.
    """

    victim = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="crossings")
    person_id = models.UUIDField()
    message_id = models.UUIDField()
    stopped_at = models.DateTimeField()

    parent_path = "victim"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["victim", "message_id"], name="restricted_crossing_once"),
        ]
        indexes = [models.Index(fields=["person_id"], name="restricted_crossing_person")]

    class Rows:
        scope = Parent("victim_id", "victims_victim")
        grants = {Realm.HUB: "select", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        neutral = ("id", "victim", "person_id", "message_id", "stopped_at")


class Conflicts(models.QuerySet["Conflict"]):
    """First lock: what people of one's own organisation declared, or is said of them."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)


class Conflict(models.Model):
    """Somebody who works here knows a person: the record is closed to them. Or a name, before there is a record."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    organisation_id = models.IntegerField()
    victim_id = models.UUIDField(null=True, blank=True)
    name_key = models.CharField(max_length=210, default="", blank=True, db_collation="C")
    birth_date = models.DateField(null=True, blank=True)
    relation = models.CharField(max_length=40)
    declared_at = models.DateTimeField()
    declared_by = models.UUIDField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.UUIDField(null=True, blank=True)
    lifted_why = models.CharField(max_length=200, default="", blank=True)

    objects = Conflicts.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "organisation_id", "victim_id"],
                condition=models.Q(lifted_at=None, victim_id__isnull=False), name="restricted_conflict_once",
            ),
            models.CheckConstraint(
                condition=models.Q(victim_id=None) ^ models.Q(name_key=""), name="restricted_conflict_with_whom"
            ),
            models.CheckConstraint(
                condition=~models.Q(lifted_by=models.F("user_id")), name="restricted_conflict_not_ones_own"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["organisation_id", "-declared_at", "-id"], name="restricted_conflict_list")]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = INSIDE

    class Privacy:
        retention = "support"
        identity = ("name_key", "birth_date", "lifted_why")
        sensitive = ("relation", "victim_id")
        neutral = ("id", "user_id", "organisation_id", "declared_at", "declared_by", "lifted_at",
                   "lifted_by")  # fmt: skip
