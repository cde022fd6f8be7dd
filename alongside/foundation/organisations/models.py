"""Forces, councils and postcodes as they are; organisations, their succession, and who works for them."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Open, OwnOrg
from alongside.foundation.accounts.models import SIGN_IN, User

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


class Council(models.Model):
    """A council, by its statistical code, with its police force."""

    code = models.CharField(primary_key=True, max_length=9)
    name = models.CharField(max_length=80)
    force = models.ForeignKey(Force, on_delete=models.PROTECT)

    class Rows:
        scope = REFERENCE
        grants = READERS

    class Privacy:
        retention = "permanent"
        neutral = ("code", "name", "force")


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
