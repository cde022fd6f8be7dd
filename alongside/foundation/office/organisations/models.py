"""Forces, councils and postcodes as they are; organisations, their succession, who works for them, lost sign-ins."""

from datetime import datetime
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Listed, Open, OwnOrg
from alongside.foundation.office.accounts.models import SIGN_IN, User

REFERENCE = Open("public facts: organisations and places, no person")
READERS: dict[Realm, str] = dict.fromkeys(Realm, "select")


class Force(models.Model):
    """A police force area of England and Wales."""

    slug = models.SlugField(primary_key=True, max_length=40)
    name = models.CharField(max_length=80)

    class Rows:
        scope = REFERENCE
        grants = READERS

    class Privacy:
        retention = "permanent"
        neutral = ("slug", "name")


class Councils(models.QuerySet["Council"]):
    """Councils, with the codes that some had before their boundary changed."""

    def current(self) -> Self:
        """Each council once, as it is now: what a list offers."""
        return self.filter(replaced_by="")


class Council(models.Model):
    """A council, by its statistical code, with its police force. `replaced_by`: its code now, where that changed."""

    code = models.CharField(primary_key=True, max_length=9)
    name = models.CharField(max_length=80)
    force = models.ForeignKey(Force, on_delete=models.PROTECT)
    replaced_by = models.CharField(max_length=9, default="", blank=True)

    objects = Councils.as_manager()

    class Rows:
        scope = REFERENCE
        grants = READERS

    class Privacy:
        retention = "permanent"
        neutral = ("code", "name", "force", "replaced_by")


class Postcode(models.Model):
    """A postcode, without its space, and its council."""

    code = models.CharField(primary_key=True, max_length=8)
    council = models.CharField(max_length=9)

    class Rows:
        scope = REFERENCE
        grants = {**READERS, Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "permanent"
        neutral = ("code", "council")


class Organisation(models.Model):
    """A body that people work for. A local policing body is one kind, whatever the law calls it that year."""

    class Kind(models.TextChoices):
        POLICING_BODY = "policing_body", "Local policing body"
        HUB = "hub", "Referral hub"
        FORCE = "force", "Police force"
        PROVIDER = "provider", "Provider"
        PARTNER = "partner", "Partner agency"
        COURT = "court", "Court"

    id = models.AutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    force = models.ForeignKey(Force, on_delete=models.PROTECT)
    phone = models.CharField(max_length=20, blank=True, default="")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    succeeds = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors")

    class Meta:
        ordering = ["name"]

    class Rows:
        scope = REFERENCE
        grants = {**READERS, Realm.AUTH: "select insert update", Realm.HUB: "select insert update",
                  Realm.COMMISSIONING: "select insert update", Realm.WORKER: "select insert update"}  # fmt: skip
        update = dict.fromkeys((Realm.HUB, Realm.COMMISSIONING), ("name", "phone"))  # and in its own area: a trigger

    class Privacy:
        retention = "permanent"
        neutral = ("id", "code", "name", "kind", "force", "phone", "since", "until", "succeeds")

    def __str__(self) -> str:
        return self.name


class Memberships(models.QuerySet["Membership"]):
    """First lock: an organisation's own people."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)

    def current(self) -> Self:
        return self.filter(until=None)


class Membership(models.Model):
    """A person works for an organisation in a role, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=40)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    caseload_limit = models.PositiveSmallIntegerField(null=True, blank=True)

    objects = Memberships.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "organisation", "role"], condition=models.Q(until=None),
                name="organisations_membership_current",
            )
        ]  # fmt: skip

    class Rows:
        scope = OwnOrg("organisation_id")
        scopes = {Realm.AUTH: SIGN_IN}
        grants = {
            Realm.AUTH: "select insert update",
            Realm.WORKER: "select insert update",
            **dict.fromkeys((Realm.HUB, Realm.PROVIDER, Realm.COMMISSIONING, Realm.REFERRER), "select"),
        }

    class Privacy:
        retention = "staff"
        identity = ("user",)
        neutral = ("id", "organisation", "role", "since", "until", "caseload_limit")


class Resets(models.QuerySet["Reset"]):
    """First lock: resets asked for here, or that this organisation may confirm."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(visible_orgs__overlap=list(actor.orgs))

    def waiting_at(self, at: datetime) -> Self:
        return self.filter(state="ASKED", expires_at__gt=at)


class Reset(models.Model):
    """Somebody asks that a lost way of signing in be removed; nothing happens until a second person confirms."""

    class Checked(models.TextChoices):
        SEEN = "seen", "I saw them in person"
        CALLED = "called", "I called them on a number that we already had"
        VIDEO = "video", "I saw and knew them on a video call"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="resets")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="resets")
    state = models.CharField(max_length=10, default="ASKED")
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField()
    asked_checked = models.CharField(max_length=10, choices=Checked.choices)
    expires_at = models.DateTimeField()
    answered_by = models.UUIDField(null=True, blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_checked = models.CharField(max_length=10, choices=Checked.choices, blank=True, default="")
    visible_orgs: "ArrayField[list[int], list[int]]" = ArrayField(models.IntegerField(), default=list)

    objects = Resets.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ASKED", answered_at=None, answered_by=None)
                | models.Q(state__in=["APPROVED", "REFUSED"], answered_at__isnull=False, answered_by__isnull=False),
                name="organisations_reset_answered",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="APPROVED")
                | (~models.Q(answered_by=models.F("asked_by")) & ~models.Q(answered_by=models.F("user_id"))),
                name="organisations_reset_two_people",
            ),
            models.CheckConstraint(
                condition=~models.Q(asked_by=models.F("user_id")), name="organisations_reset_not_ones_own"
            ),
        ]

    class Rows:
        scope = Listed()
        scopes = {Realm.AUTH: SIGN_IN}
        grants = {
            Realm.AUTH: "select insert update",
            **dict.fromkeys((Realm.HUB, Realm.PROVIDER, Realm.COMMISSIONING), "select"),
            Realm.WORKER: "select delete",
        }

    class Privacy:
        retention = "staff"
        identity = ("user",)
        neutral = ("id", "membership", "state", "asked_by", "asked_at", "asked_checked", "expires_at", "answered_by",
                   "answered_at", "answered_checked", "visible_orgs")  # fmt: skip
