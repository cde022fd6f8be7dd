"""Events at which referrals are taken, the key that opens what was taken, phones, and entries on their way in."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Both, Listed, OwnOrg, Parent, Ticket, Unless
from alongside.support.arrivals.guarded.models import NAMED_HERE, Guarded, named_here


class Occasions(models.QuerySet["Occasion"]):
    """First lock: events of one's own hub, or at which one's own organisation works."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_orgs__overlap=list(actor.orgs))


class Occasion(models.Model):
    """A match day, a station, an airport operation: where, from when until when, and which organisations work there.

    Phones seal what they take to its public key; the private one is apart, and the worker's role alone reads it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    visible_orgs: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField(), default=list)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    place = models.CharField(max_length=200)
    council = models.CharField(max_length=9)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    services: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    public_key = models.BinaryField(max_length=65)

    objects = Occasions.as_manager()

    class Meta:
        indexes = [models.Index(fields=["hub_id", "starts_at", "id"], name="onthespot_occasion_list")]
        constraints = [
            models.CheckConstraint(condition=models.Q(ends_at__gt=models.F("starts_at")), name="onthespot_ends_after")
        ]

    class Rows:
        scope = Listed()
        scopes = {Realm.HUB: OwnOrg("hub_id")}
        grants = {Realm.HUB: "select insert update", Realm.PROVIDER: "select", Realm.WORKER: "select insert update"}
        update = {Realm.HUB: ("name", "kind", "place", "council", "starts_at", "ends_at", "services", "visible_orgs")}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "hub_id", "visible_orgs", "name", "kind", "place", "council", "starts_at", "ends_at",
                   "services", "public_key")  # fmt: skip


class Key(models.Model):
    """The private key of an event, sealed. Destroyed when no phone may send any more and nothing waits."""

    occasion = models.OneToOneField(Occasion, primary_key=True, on_delete=models.CASCADE, related_name="key")
    hub_id = models.IntegerField()
    private = SealedField(owner="occasion_id")

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "insert", Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "unfinished_form"
        sensitive = ("private",)
        neutral = ("occasion", "hub_id")


class Phones(models.QuerySet["Phone"]):
    """First lock: a hub's events' phones; a worker's organisation sees its own."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.HUB:
            return self.filter(hub_id__in=actor.orgs)
        return self.filter(organisation_id__in=actor.orgs)


class Phone(models.Model):
    """A phone that a worker took to an event. Its token sends entries of this event, for a time, and opens nothing."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, related_name="phones")
    hub_id = models.IntegerField()
    organisation_id = models.IntegerField()
    user_id = models.UUIDField()
    lookup = models.BinaryField(max_length=16, unique=True)
    taken_at = models.DateTimeField()
    sends_until = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_why = models.CharField(max_length=10, default="", blank=True)

    objects = Phones.as_manager()

    class Meta:
        indexes = [models.Index(fields=["occasion", "taken_at"], name="onthespot_phone_occasion")]

    class Rows:
        scope = OwnOrg("hub_id")
        scopes = {Realm.PROVIDER: OwnOrg("organisation_id"), Realm.PUBLIC: Ticket("lookup")}
        grants = {Realm.HUB: "select insert update", Realm.PROVIDER: "select insert",
                  Realm.PUBLIC: "select update", Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = dict.fromkeys((Realm.HUB, Realm.PUBLIC), ("stopped_at", "stopped_why"))

    class Privacy:
        retention = "staff"
        neutral = ("id", "occasion", "hub_id", "organisation_id", "user_id", "lookup", "taken_at", "sends_until",
                   "stopped_at", "stopped_why")  # fmt: skip


class Entries(models.QuerySet["Entry"]):
    """First lock: entries that came to one's own hub; of those that wait and are guarded, the ones the rule opens."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm != Realm.HUB:
            return self.none()
        waits = models.Q(guarded=True, settled_at=None)
        return self.filter(~waits | named_here(actor), hub_id__in=actor.orgs)


class Entry(Guarded):
    """One referral as a phone sent it, under a key that the phone made, so that sending again makes no second.

    Opened, nothing of it is kept here: the referral names this entry as its source's own reference. What could not be
    taken in is kept whole, with the reason, until somebody at the hub mends it or sets it aside.
    """

    class State(models.TextChoices):
        WAITING = "WAITING", "On its way in"
        TAKEN_IN = "TAKEN_IN", "Taken in"
        QUARANTINED = "QUARANTINED", "Waits for a person"
        SET_ASIDE = "SET_ASIDE", "Set aside"

    id = models.UUIDField(primary_key=True, editable=False)
    occasion = models.ForeignKey(Occasion, on_delete=models.PROTECT, related_name="entries")
    phone = models.ForeignKey(Phone, null=True, on_delete=models.PROTECT, related_name="entries")
    hub_id = models.IntegerField()
    envelope = models.BinaryField(default=b"")
    plain = SealedField(owner="id")
    state = models.CharField(max_length=12, choices=State.choices, default=State.WAITING)
    why = models.CharField(max_length=20, default="", blank=True)
    taken_at = models.DateTimeField()
    arrived_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)

    looks_are_logged = True
    objects = Entries.as_manager()

    class Meta:
        indexes = [models.Index(fields=["occasion", "state", "taken_at"], name="onthespot_entry_occasion")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="WAITING", settled_at=None)
                | models.Q(state="QUARANTINED", settled_at=None) & ~models.Q(why="")
                | models.Q(state__in=["TAKEN_IN", "SET_ASIDE"], settled_at__isnull=False, envelope=b"", plain=b""),
                name="onthespot_entry_settled",
            )
        ]  # fmt: skip

    class Rows:
        scope = Both((OwnOrg("hub_id"), Unless("(guarded AND settled_at IS NULL)", NAMED_HERE)))
        scopes = {Realm.PUBLIC: Parent("phone_id", "onthespot_phone")}
        grants = {Realm.PUBLIC: "insert", Realm.HUB: "select insert update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {Realm.HUB: ("state", "why", "envelope", "plain", "settled_at", "settled_by")}

    class Privacy:
        retention = "held_row"
        identity = ("envelope", "plain")
        sensitive = ("guarded",)
        neutral = ("id", "occasion", "phone", "hub_id", "state", "why", "taken_at", "arrived_at", "settled_at",
                   "settled_by")  # fmt: skip
