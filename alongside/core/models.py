"""Core tables: who is let into which record, what happened, who looked, what was refused, and sealing keys."""

from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Either, Mine, Open, OwnOrg, Unsigned

EVERYONE = "select"
EVERY_CALLER = Either((OwnOrg("organisation_id"), Mine("user_id"), Unsigned()))
STAFF = (Realm.HUB, Realm.PROVIDER, Realm.COMMISSIONING, Realm.REFERRER)


class Grant(models.Model):
    """An organisation is let into a record, from when, until when and why. Pending while `since` is empty.

    `handed_at`: when it took the record up from another, or handed it on and reads since then only what stood.
    """

    kind = models.CharField(max_length=20)
    subject = models.UUIDField()
    organisation = models.IntegerField()
    since = models.DateTimeField(null=True)
    until = models.DateTimeField(null=True)
    why = models.CharField(max_length=80)
    handed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "subject"], name="core_grant_subject"),
            models.Index(fields=["organisation"], name="core_grant_former", condition=models.Q(why="former")),
        ]

    class Rows:
        scope = Open("opaque ids alone; no realm may read or write it but through the functions")
        grants = {Realm.WORKER: "select delete"}  # delete: with the record that was erased

    class Privacy:
        retention = "as_subject"
        neutral = ("id", "kind", "subject", "organisation", "since", "until", "why", "handed_at")


class Reach(models.Model):
    """Which tables a grant of a kind reaches. Written by `sync` from the models' declarations."""

    kind = models.CharField(max_length=20)
    table_name = models.CharField(max_length=63)
    key_column = models.CharField(max_length=63)
    person_column = models.CharField(max_length=63, default="", blank=True)
    pk = models.CompositePrimaryKey("kind", "table_name")

    class Rows:
        scope = Open("names of tables")
        grants: dict[Realm, str] = {}

    class Privacy:
        retention = "permanent"
        neutral = ("kind", "table_name", "key_column", "person_column")


class Seat(models.Model):
    """A person at an organisation, by a number for good: what restricted records name them by. Made by a trigger."""

    number = models.AutoField(primary_key=True)
    user_id = models.UUIDField()
    organisation_id = models.IntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "organisation_id"], name="core_seat_once")]

    class Rows:
        scope = Open("numbers of opaque ids, read by sign-in's role alone to say who somebody is")
        grants = {Realm.AUTH: "select", Realm.WORKER: "select"}

    class Privacy:
        retention = "staff"
        neutral = ("number", "user_id", "organisation_id")


class Sealed(models.Model):
    """A record that only the people who are named may open, with the person it is of. Written by functions alone."""

    pk = models.CompositePrimaryKey("kind", "subject")
    kind = models.CharField(max_length=20)
    subject = models.UUIDField()
    person = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["person"], name="core_sealed_person")]

    class Rows:
        scope = Open("opaque ids alone; no realm may read or write it but through the functions")
        grants = {Realm.WORKER: "select delete"}  # delete: with the record that was erased

    class Privacy:
        retention = "as_subject"
        neutral = ("kind", "subject", "person")


class Named(models.Model):
    """Somebody may open a person's sealed records: by the number of their seat, or until a moment by one of its own.

    `breaks`: the seat of whoever broke the seal."""

    person = models.UUIDField()
    number = models.IntegerField()
    organisation = models.IntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    why = models.CharField(max_length=40)
    breaks = models.IntegerField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "number"], name="core_named_once"),
            models.CheckConstraint(
                condition=models.Q(until=None, breaks=None) | models.Q(until__isnull=False, breaks__isnull=False),
                name="core_named_broken_for_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["breaks"], condition=models.Q(breaks__isnull=False), name="core_named_breaks"),
            models.Index(fields=["number"], name="core_named_number"),
        ]

    class Rows:
        scope = Open("opaque ids alone; read by sign-in's role to say which seals somebody has broken")
        grants = {Realm.AUTH: "select", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "as_subject"
        neutral = ("id", "person", "number", "organisation", "since", "until", "why", "breaks")


class Closed(models.Model):
    """A person's records are closed to one user, who knows them: whoever that user works for."""

    user_id = models.UUIDField()
    person = models.UUIDField()
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user_id", "person"], name="core_closed_once")]

    class Rows:
        scope = Open("opaque ids alone; read by sign-in's role to say what is closed to somebody")
        grants = {Realm.AUTH: "select", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "as_subject"
        neutral = ("id", "user_id", "person", "since")


class Event(models.Model):
    """Something happened. One log that is the audit trail and starts jobs. Append-only by grant."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    name = models.CharField(max_length=60)
    subject = models.UUIDField()
    user_id = models.UUIDField(null=True)
    organisation_id = models.IntegerField(null=True)
    realm = models.CharField(max_length=20)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "at"], name="core_event_subject"),
            models.Index(fields=["organisation_id", "at"], name="core_event_organisation"),
        ]

    class Rows:
        scope = Either((OwnOrg("organisation_id"), Mine("user_id")))
        grants = {
            Realm.AUTH: "select insert",
            Realm.PUBLIC: "insert",
            Realm.WORKER: "select insert",
            **dict.fromkeys(STAFF, "select insert"),
        }
        scopes = {Realm.AUTH: Open("sign-in happens before an organisation is known"), Realm.PUBLIC: EVERY_CALLER}

    class Privacy:
        retention = "audit"
        neutral = ("id", "at", "name", "subject", "user_id", "organisation_id", "realm", "details")


class Look(models.Model):
    """A page showed these records to this person. One row a page; append-only by grant."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    organisation_id = models.IntegerField(null=True)
    route = models.CharField(max_length=80)
    subjects: "ArrayField[list[UUID], list[UUID]]" = ArrayField(models.UUIDField())
    fields = models.CharField(max_length=80, default="", blank=True)
    reason = models.CharField(max_length=200)

    class Meta:
        indexes = [
            GinIndex(fields=["subjects"], name="core_look_subjects"),
            models.Index(fields=["user_id", "at"], name="core_look_user"),
        ]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {Realm.WORKER: "select insert", **dict.fromkeys(STAFF, "insert"),
                  **dict.fromkeys((Realm.HUB, Realm.PROVIDER), "select insert")}  # fmt: skip

    class Privacy:
        retention = "audit"
        sensitive = ("reason",)
        neutral = ("id", "at", "user_id", "organisation_id", "route", "subjects", "fields")


class Denial(models.Model):
    """Somebody asked for what they may not have. Written in a transaction of its own."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    at = models.DateTimeField()
    user_id = models.UUIDField(null=True)
    organisation_id = models.IntegerField(null=True)
    route = models.CharField(max_length=80)
    status = models.SmallIntegerField()

    class Rows:
        scope = Open("routes and opaque ids; written by sign-in's role, read by nobody's request")
        grants = {Realm.AUTH: "insert", Realm.WORKER: "select"}

    class Privacy:
        retention = "audit"
        neutral = ("id", "at", "user_id", "organisation_id", "route", "status")


class PersonKey(models.Model):
    """The key that seals one person's identity fields, itself sealed by a master key. Destroying it erases them."""

    person_id = models.UUIDField(primary_key=True)
    master = models.CharField(max_length=20)
    wrapped = models.BinaryField()

    wrapped_key = "wrapped"  # what `alongside keys reseal` seals again

    class Rows:
        scope = Open("keys sealed by a master key that the database never holds")
        grants = {
            Realm.PUBLIC: "select insert",
            Realm.REFERRER: "select insert",
            Realm.PROVIDER: "select insert",
            Realm.HUB: "select insert",
            Realm.WORKER: "select insert update delete",
        }

    class Privacy:
        retention = "as_subject"
        sensitive = ("wrapped",)
        neutral = ("person_id", "master")


class Draft(models.Model):
    """What a member of staff was writing when the session ended: sealed for them alone, gone after a week."""

    id = models.UUIDField(primary_key=True, editable=False)
    user_id = models.UUIDField()
    form = models.CharField(max_length=80)
    body = models.BinaryField()
    saved_at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["user_id", "expires_at"], name="core_draft_user")]

    class Rows:
        scope = Mine()
        grants = {
            Realm.PROVIDER: "select insert update delete",
            Realm.HUB: "select insert update delete",
            Realm.REFERRER: "select insert update delete",
            Realm.WORKER: "select delete",
        }

    class Privacy:
        retention = "unfinished_form"
        identity = ("body",)
        neutral = ("id", "user_id", "form", "saved_at", "expires_at")


class Taken(models.Model):
    """A form that a device had kept without a connection was taken: sent again, it is not taken twice."""

    id = models.UUIDField(primary_key=True, editable=False)
    user_id = models.UUIDField()
    expires_at = models.DateTimeField()

    class Rows:
        scope = Mine()
        grants = {
            Realm.PROVIDER: "select insert delete",
            Realm.HUB: "select insert delete",
            Realm.REFERRER: "select insert delete",
            Realm.WORKER: "select delete",
        }

    class Privacy:
        retention = "unfinished_form"
        neutral = ("id", "user_id", "expires_at")


class Erasure(models.Model):
    """What one night's erasure did, in counts: erased, past its time and waiting, past it soon, kept by what."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    at = models.DateTimeField()
    erased = models.JSONField(default=dict)
    waiting = models.JSONField(default=dict)
    soon = models.JSONField(default=dict)
    kept = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["at"], name="core_erasure_at")]

    class Rows:
        scope = Open("counts by class; no person")
        grants = {Realm.HUB: "select", Realm.COMMISSIONING: "select", Realm.WORKER: "select insert"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "at", "erased", "waiting", "soon", "kept")
