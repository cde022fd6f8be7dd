"""Services: what a victim or a referrer asks about each, what a machine can apply, and how each was worded before."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import ORGS, OwnOrg, Published
from alongside.foundation.office.organisations.models import READERS, Council, Organisation


def codes(size: int = 40) -> "ArrayField[list[str], list[str]]":
    """A list of codes, empty by default."""
    return ArrayField(models.CharField(max_length=size), default=list, blank=True)


# What a provider says of its service from day to day. All else is the hub's to agree to: whoever takes over a
# provider's account must not be able to change where frightened people call.
SAYS_ITSELF = ("state", "places_free", "wait_days", "capacity_on", "closed_on", "checked_on", "updated_at")


class OfArea:
    """Rows of providers of the caller's police area."""

    def expression(self, table: str) -> str:
        return (
            f"EXISTS (SELECT FROM organisations_organisation theirs "
            f"JOIN organisations_organisation mine ON mine.force_id = theirs.force_id "
            f"WHERE theirs.id = {table}.provider_id AND mine.id = ANY ({ORGS}))"
        )


class OfOwnArea(OfArea):
    """The same, and what is listed from elsewhere."""

    def expression(self, table: str) -> str:
        return f"{table}.provider_id IS NULL OR {super().expression(table)}"


class OfService:
    """Rows of services that the caller's hub looks after."""

    def expression(self, table: str) -> str:
        return (
            f"EXISTS (SELECT FROM directory_service its WHERE its.id = {table}.service_id "
            f"AND ({OfOwnArea().expression('its')}))"
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
        """All but those of an organisation that has ended, and those that have not begun: nobody is there to answer."""
        begun = models.Q(opens_on=None) | models.Q(opens_on__lte=timezone.localdate())
        return self.filter(models.Q(provider=None) | models.Q(provider__until=None), begun)

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
    """A service of a provider. An empty list of crimes, needs, councils or languages means any.

    `places`: how many people it is paid to help at one time; `places_free` and `wait_days` are what it said on
    `capacity_on`. `award`: the reference of what pays for it. A protected location is never held, nor any site.
    `moves_to`: who helps its people once it has closed. `listed_by`, `licence`: whose list said it, and on which terms.
    """

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
    made_for = codes()
    criteria = codes()
    modes = codes()
    access = codes()
    posts = models.JSONField(default=list, blank=True)
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
    location_protected = models.BooleanField(default=False)
    location = models.CharField(max_length=300, default="", blank=True)
    sites = models.JSONField(default=list, blank=True)
    places = models.PositiveSmallIntegerField(null=True, blank=True)
    places_free = models.PositiveSmallIntegerField(null=True, blank=True)
    wait_days = models.PositiveSmallIntegerField(null=True, blank=True)
    capacity_on = models.DateField(null=True, blank=True)
    award = models.CharField(max_length=80, default="", blank=True)
    opens_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    moves_to = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="takes_over_from"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    source = models.CharField(max_length=80, default="", blank=True)
    source_id = models.CharField(max_length=120, default="", blank=True)
    source_hash = models.CharField(max_length=64, default="", blank=True)
    oddities = models.JSONField(default=list, blank=True)
    listed_by = models.CharField(max_length=200, default="", blank=True)
    licence = models.CharField(max_length=300, default="", blank=True)
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
            models.CheckConstraint(
                condition=models.Q(location_protected=False) | models.Q(location_public=False, location="", sites=[]),
                name="directory_service_protected",
            ),
            models.CheckConstraint(
                condition=models.Q(moves_to=None) | ~models.Q(moves_to=models.F("id")), name="directory_service_moves"
            ),
        ]  # fmt: skip

    class Rows:
        scope = Published("the public directory; a protected location is never stored in it", OwnOrg("provider_id"))
        scopes = {Realm.HUB: Published("the public directory, looked after by the hub of its area", OfOwnArea())}
        update = {Realm.PROVIDER: SAYS_ITSELF}
        grants = {**READERS, Realm.HUB: "select insert update", Realm.PROVIDER: "select update",
                  Realm.WORKER: "select insert update"}  # fmt: skip

    class Privacy:
        retention = "permanent"
        neutral = ("id", "provider", "provider_name", "code", "name", "summary", "what_happens",
                   "crime_types", "needs", "councils", "languages", "specialisms", "sexes", "age_from",
                   "age_to", "made_for", "criteria", "modes", "access", "posts", "takes_unreported",
                   "takes_high_risk", "for_business", "takes_referrals", "phone", "email", "web", "hours", "cost",
                   "access_notes", "location_public", "location_protected", "location", "sites", "places",
                   "places_free", "wait_days", "capacity_on", "award", "opens_on", "closed_on", "moves_to",
                   "state", "source", "source_id", "source_hash", "oddities", "listed_by", "licence", "signposted_at",
                   "checked_on", "updated_at")  # fmt: skip

    def __str__(self) -> str:
        return self.name

    @property
    def run_by(self) -> str:
        return self.provider.name if self.provider else self.provider_name


class Versions(models.QuerySet["Version"]):
    """How services were worded: as public as the services themselves."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all()


class Version(models.Model):
    """How a service was worded from a moment until the next one: every detail, whole. Never changed afterwards, but
    that the addresses of a service go from all of them once its place must stay secret."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    since = models.DateTimeField()
    details = models.JSONField()
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")

    objects = Versions.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["service", "number"], name="directory_version_number"),
        ]

    class Rows:
        scope = Published("how a public service was worded, for staff; written by the hub of its area", OfService())
        update = dict.fromkeys((Realm.HUB, Realm.WORKER), ("details",))
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select insert update",
                  **dict.fromkeys((Realm.PROVIDER, Realm.REFERRER, Realm.COMMISSIONING), "select")}  # fmt: skip

    class Privacy:
        retention = "permanent"
        neutral = ("id", "service", "number", "since", "details", "organisation")
