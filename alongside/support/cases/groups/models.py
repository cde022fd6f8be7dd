"""Groups of a service, places in them, their sessions, and who came. Only a place and a mark are about somebody."""

from typing import Any, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import OwnOrg, Parent
from alongside.foundation.local.directory.models import Service
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case

OWN = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}


class OfProvider(models.QuerySet[Any]):
    """First lock: those of one's own organisation."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(provider_id=actor.organisation_id)


class Group(models.Model):
    """A programme of group work: what kind, under a name that gives nothing away, when, for how many, led by whom.

    `taken` counts the places that are taken, those of restricted records too, which not everybody may see."""

    class State(models.TextChoices):
        RUNNING = "RUNNING", "Running"
        ENDED = "ENDED", "Ended"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider_id = models.IntegerField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)
    kind_ref = models.CharField(max_length=50)
    name = models.CharField(max_length=60)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    places = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    leaders: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField(), default=list, blank=True)
    place = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfProvider.as_manager()

    class Meta:
        indexes = [models.Index(fields=["provider_id", "state", "name"], name="groups_group_list")]
        constraints = [
            models.CheckConstraint(condition=models.Q(taken__lte=models.F("places")), name="groups_group_room"),
            models.CheckConstraint(
                condition=models.Q(state="RUNNING", ended_at=None) | models.Q(state="ENDED", ended_at__isnull=False),
                name="groups_group_ended_at",
            ),
        ]  # fmt: skip

    class Rows:
        scope = OwnOrg("provider_id")
        grants = OWN

    class Privacy:
        retention = "permanent"
        neutral = ("id", "provider_id", "service", "kind", "kind_ref", "name", "starts_on", "ends_on", "places",
                   "taken", "leaders", "place", "state", "made_at", "ended_at", "version")  # fmt: skip


class Meeting(models.Model):
    """A session of a group. Its note is about the session and about no one person; it is erased as what staff write of
    one another is, and that the session was held stays for the figures."""

    class State(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        HELD = "HELD", "Register taken"
        CANCELLED = "CANCELLED", "Cancelled"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="meetings")
    provider_id = models.IntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    note = SealedField(owner="group_id")
    planned_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = OfProvider.as_manager()

    class Meta:
        indexes = [models.Index(fields=["group", "starts_at"], name="groups_meeting_group")]
        constraints = [models.UniqueConstraint(fields=["group", "starts_at"], name="groups_meeting_once")]

    class Rows:
        scope = OwnOrg("provider_id")
        grants = OWN

    class Privacy:
        retention = "staff"
        identity = ("note",)
        neutral = ("id", "group", "provider_id", "starts_at", "ends_at", "minutes", "state", "planned_at", "taken_at",
                   "taken_by", "version")  # fmt: skip


class Member(Child):
    """Somebody's place in a group, or their place on its list of interest; seen with their case, and by nobody else."""

    class State(models.TextChoices):
        WAITING = "WAITING", "On the list"
        IN = "IN", "In the group"
        LEFT = "LEFT", "Left"

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="places")
    victim_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices)
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_why = models.CharField(max_length=40, default="", blank=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["group", "state"], name="groups_member_group")]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "case"], condition=~models.Q(state="LEFT"), name="groups_member_once"
            ),
            models.CheckConstraint(
                condition=models.Q(state="LEFT", left_at__isnull=False)
                | (~models.Q(state="LEFT") & models.Q(left_at=None)),
                name="groups_member_left_at",
            ),
        ]  # fmt: skip

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("state", "joined_at", "left_at", "left_why")}

    class Privacy:
        retention = "support"
        sensitive = ("group", "state", "left_why")
        neutral = ("id", "case", "victim_id", "asked_at", "joined_at", "left_at")


class Mark(Child):
    """One member in the register of one session, and the contact of their case that was written with it."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="marks")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="marks")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="marks")
    victim_id = models.UUIDField()
    mark = models.CharField(max_length=40)
    minutes = models.PositiveSmallIntegerField(default=0)
    note = SealedField(owner="victim_id")
    contact_id = models.UUIDField(null=True, blank=True)
    marked_at = models.DateTimeField()
    marked_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["meeting", "member"], name="groups_mark_once")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("mark", "minutes", "note", "contact_id", "marked_at", "marked_by")}

    class Privacy:
        retention = "support"
        identity = ("note",)
        sensitive = ("mark", "minutes")
        neutral = ("id", "meeting", "member", "case", "victim_id", "contact_id", "marked_at", "marked_by")
