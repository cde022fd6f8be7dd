"""Services: what a victim or a referrer asks about each, and what a machine can apply."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import ORGS, OwnOrg, Published
from alongside.foundation.organisations.models import READERS, Council, Organisation


def codes(size: int = 40) -> "ArrayField[list[str], list[str]]":
    """A list of codes, empty by default."""
    return ArrayField(models.CharField(max_length=size), default=list, blank=True)


# What a provider may change of a service: not whose it is, nor where it came from.
SAYS_OF_ITSELF = (
    "name", "summary", "what_happens", "crime_types", "needs", "councils", "languages", "specialisms", "sexes",
    "age_from", "age_to", "takes_unreported", "takes_high_risk", "for_business", "takes_referrals", "phone", "email",
    "web", "hours", "cost", "access_notes", "location_public", "location", "state", "checked_on", "updated_at",
)  # fmt: skip


class OfOwnArea:
    """Rows of providers of the caller's police area, and what is listed from elsewhere."""

    def expression(self, table: str) -> str:
        return (
            f"{table}.provider_id IS NULL OR EXISTS (SELECT FROM organisations_organisation theirs "
            f"JOIN organisations_organisation mine ON mine.force_id = theirs.force_id "
            f"WHERE theirs.id = {table}.provider_id AND mine.id = ANY ({ORGS}))"
        )


class Services(models.QuerySet["Service"]):
    """Services are public; those of one provider for its own manager."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all()

    def managed_by(self, actor: Actor) -> Self:
        """Those that the actor's organisation looks after: a provider its own, a hub its area's and what is
        listed from elsewhere."""
        if actor.realm == Realm.WORKER:
            return self.all()
        if actor.realm != Realm.HUB:
            return self.filter(provider__in=actor.orgs)
        areas = Organisation.objects.filter(pk__in=actor.orgs).values("force")
        return self.filter(models.Q(provider=None) | models.Q(provider__force__in=areas))

    def listed(self) -> Self:
        """Those that came from another directory, adopted here or not."""
        return self.exclude(source="")

    def open(self) -> Self:
        """Those that take people now, at once or from a waiting list."""
        return self.running().exclude(state=Service.State.CLOSED)

    def running(self) -> Self:
        """All but those of an organisation that has ended: nobody is there to answer."""
        return self.filter(models.Q(provider=None) | models.Q(provider__until=None))

    def covering(self, council: str) -> Self:
        """Those that help in a council's area. One of an organisation here that names no council covers its police
        area; what another directory lists has not said."""
        whole = models.Q(councils=[], provider__force__in=Council.objects.filter(pk=council).values("force"))
        return self.filter(models.Q(councils__contains=[council]) | whole)

    def near(self, hub: int, council: str) -> Self:
        """Those of organisations of a hub's own police area, and any that names the council itself."""
        own = Organisation.objects.filter(pk=hub).values("force")
        return self.filter(models.Q(provider__force__in=own) | models.Q(councils__contains=[council]))

    def routable(self) -> Self:
        """Those that referrals may be sent to: run by an organisation that works here."""
        return self.filter(takes_referrals=True, provider__isnull=False, provider__until=None)


class Service(models.Model):
    """A service of a provider. An empty list of crimes, needs, councils or languages means any."""

    class State(models.TextChoices):
        OPEN = "OPEN", "Open to referrals"
        WAITING = "WAITING", "Open, with a waiting list"
        CLOSED = "CLOSED", "Closed to new referrals"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT)
    provider_name = models.CharField(max_length=200, default="", blank=True)
    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    summary = models.TextField(default="", blank=True)
    what_happens = models.TextField(default="", blank=True)
    crime_types = codes()
    needs = codes()
    councils = codes(9)
    languages = codes()
    specialisms = codes()
    sexes = codes()
    age_from = models.PositiveSmallIntegerField(null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(null=True, blank=True)
    takes_unreported = models.BooleanField(default=True)
    takes_high_risk = models.BooleanField(default=False)
    for_business = models.BooleanField(default=False)
    takes_referrals = models.BooleanField(default=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    email = models.CharField(max_length=254, default="", blank=True)
    web = models.CharField(max_length=500, default="", blank=True)
    hours = models.CharField(max_length=300, default="", blank=True)
    cost = models.CharField(max_length=300, default="Free", blank=True)
    access_notes = models.TextField(default="", blank=True)
    location_public = models.BooleanField(default=False)
    location = models.CharField(max_length=300, default="", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    source = models.CharField(max_length=80, default="", blank=True)
    source_id = models.CharField(max_length=120, default="", blank=True)
    source_hash = models.CharField(max_length=64, default="", blank=True)
    oddities = models.JSONField(default=list, blank=True)
    signposted_at = models.DateTimeField(null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField()

    objects = Services.as_manager()

    class Meta:
        ordering = ["name"]
        indexes = [
            GinIndex(fields=["crime_types"], name="directory_service_crimes"),
            GinIndex(fields=["councils"], name="directory_service_councils"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"], condition=~models.Q(source=""),
                name="directory_service_source",
            ),
            models.CheckConstraint(
                condition=models.Q(signposted_at=None) | models.Q(provider=None),
                name="directory_service_signposted",
            ),
        ]  # fmt: skip

    class Rows:
        scope = Published("the public directory; a protected location is never stored in it", OwnOrg("provider_id"))
        scopes = {Realm.HUB: Published("the public directory, looked after by the hub of its area", OfOwnArea())}
        update = {Realm.PROVIDER: SAYS_OF_ITSELF}
        grants = {**READERS, Realm.HUB: "select insert update", Realm.PROVIDER: "select update",
                  Realm.WORKER: "select insert update"}  # fmt: skip

    class Privacy:
        retention = "permanent"
        neutral = ("id", "provider", "provider_name", "code", "name", "summary", "what_happens",
                   "crime_types", "needs", "councils", "languages", "specialisms", "sexes", "age_from",
                   "age_to", "takes_unreported", "takes_high_risk", "for_business", "takes_referrals",
                   "phone", "email", "web", "hours", "cost", "access_notes", "location_public", "location",
                   "state", "source", "source_id", "source_hash", "oddities", "signposted_at",
                   "checked_on", "updated_at")  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def run_by(self) -> str:
        return self.provider.name if self.provider else self.provider_name
