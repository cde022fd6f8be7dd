"""Appointments on a case, what keeps a worker busy besides, and the address of a worker's calendar."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Mine, OwnOrg, Parent
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case

PLANNED = models.Q(state="PLANNED")


class Appointment(Child):
    """Something planned with somebody: what, when, how long, with whom and at what kind of place; and what came of it.

    `contact_id` is the contact or attempt of casework that was written with it, so that both are counted once.
    """

    class State(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        HELD = "HELD", "It happened"
        MISSED = "MISSED", "It did not happen"
        CANCELLED = "CANCELLED", "Cancelled"
        MOVED = "MOVED", "Moved"

    class Repeats(models.TextChoices):
        WEEKLY = "weekly", "Every week"
        FORTNIGHTLY = "fortnightly", "Every two weeks"
        MONTHLY = "monthly", "Every month"

    class Interpreter(models.TextChoices):
        NONE = "", "Not needed"
        TO_BOOK = "to_book", "To be booked"
        BOOKED = "booked", "Asked for"
        CONFIRMED = "confirmed", "Confirmed"
        CAME = "came", "Came"
        ABSENT = "absent", "Did not come"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="appointments")
    victim_id = models.UUIDField()
    provider_id = models.IntegerField()
    kind = models.CharField(max_length=40)
    kind_ref = models.CharField(max_length=50)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    worker = models.UUIDField(null=True, blank=True)
    place = models.CharField(max_length=40)
    whereabouts = SealedField(owner="victim_id")
    state = models.CharField(max_length=10, choices=State.choices, default=State.PLANNED)
    why = models.CharField(max_length=40, default="", blank=True)
    despite = models.CharField(max_length=40, default="", blank=True)
    note = SealedField(owner="victim_id")
    series = models.UUIDField(null=True, blank=True)
    repeats = models.CharField(max_length=12, choices=Repeats.choices, default="", blank=True)
    replaces = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced_by")
    unplanned = models.BooleanField(default=False)
    interpreter = models.CharField(max_length=10, choices=Interpreter.choices, default="", blank=True)
    language = models.CharField(max_length=40, default="", blank=True)
    booking = SealedField(owner="victim_id")
    way = models.CharField(max_length=20, default="", blank=True)
    minutes = models.PositiveSmallIntegerField(default=0)
    travel_minutes = models.PositiveSmallIntegerField(default=0)
    travel_km = models.PositiveSmallIntegerField(default=0)
    contact_id = models.UUIDField(null=True, blank=True)
    planned_at = models.DateTimeField()
    planned_by = models.UUIDField(null=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    parent_path = "case"

    class Meta:
        indexes = [
            models.Index(fields=["case", "starts_at"], name="appointments_case"),
            models.Index(fields=["worker", "starts_at"], name="appointments_worker"),
            models.Index(fields=["provider_id", "starts_at"], name="appointments_provider"),
            models.Index(fields=["series", "starts_at"], condition=models.Q(series__isnull=False),
                         name="appointments_series"),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="appointments_ends"),
            models.CheckConstraint(
                condition=(PLANNED & models.Q(settled_at=None)) | (~PLANNED & models.Q(settled_at__isnull=False)),
                name="appointments_settled_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="HELD") | models.Q(contact_id__isnull=False), name="appointments_held_counts"
            ),
        ]  # fmt: skip

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {
            Realm.PROVIDER: (
                "kind", "kind_ref", "starts_at", "ends_at", "worker", "place", "whereabouts", "state", "why", "despite",
                "note", "interpreter", "language", "booking", "way", "minutes", "travel_minutes", "travel_km",
                "contact_id", "settled_at", "settled_by", "version",
            )
        }  # fmt: skip

    class Privacy:
        retention = "support"
        identity = ("whereabouts", "note", "booking")
        sensitive = (
            "kind",
            "starts_at",
            "ends_at",
            "place",
            "state",
            "why",
            "despite",
            "interpreter",
            "language",
            "way",
        )
        neutral = ("id", "case", "victim_id", "provider_id", "kind_ref", "worker", "series", "repeats", "replaces",
                   "unplanned", "minutes", "travel_minutes", "travel_km", "contact_id", "planned_at", "planned_by",
                   "settled_at", "settled_by", "version")  # fmt: skip


class Engagements(models.QuerySet["Engagement"]):
    """First lock: those of one's own organisation."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id=actor.organisation_id)


class Engagement(models.Model):
    """What keeps a worker busy and is about no one case, such as a session of a group. Says when, and no more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.IntegerField()
    worker = models.UUIDField()
    kind = models.CharField(max_length=40)
    about = models.UUIDField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = Engagements.as_manager()

    class Meta:
        indexes = [models.Index(fields=["worker", "starts_at"], name="appointments_engaged")]
        constraints = [models.UniqueConstraint(fields=["about", "worker"], name="appointments_engaged_once")]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {Realm.PROVIDER: "select insert update delete", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "organisation_id", "worker", "kind", "about", "starts_at", "ends_at")


class Feeds(models.QuerySet["Feed"]):
    """First lock: one's own."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(user_id=actor.user_id)


class Feed(models.Model):
    """The secret address of a worker's calendar. Only its blind index is kept: a lost one is made anew."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user_id = models.UUIDField()
    organisation_id = models.IntegerField()
    lookup = models.BinaryField(max_length=16, unique=True)
    made_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = Feeds.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user_id", "organisation_id"], condition=models.Q(stopped_at=None), name="appointments_feed_one"
            )
        ]  # fmt: skip

    class Rows:
        scope = Mine()
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {Realm.PROVIDER: ("stopped_at",)}

    class Privacy:
        retention = "staff"
        neutral = ("id", "user_id", "organisation_id", "lookup", "made_at", "stopped_at")
