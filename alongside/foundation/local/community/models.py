"""Community groups, the people to ask for there, what each needs, talks with them, and consortia with their members."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import ORGS, Parent
from alongside.foundation.local.directory.models import codes
from alongside.foundation.office.organisations.models import Force, Organisation

INACTIVE = "INACTIVE"
LEAD = "lead"
KEPT = {Realm.HUB: "select insert update delete", Realm.COMMISSIONING: "select"}


class OfForce:
    """Rows of the caller's police area."""

    def expression(self, table: str) -> str:
        return (
            f"EXISTS (SELECT FROM organisations_organisation mine WHERE mine.force_id = {table}.force_id "
            f"AND mine.id = ANY ({ORGS}))"
        )


class OfForceActive(OfForce):
    """The same, but for groups that are no longer active."""

    def expression(self, table: str) -> str:
        return f"{table}.stage <> '{INACTIVE}' AND {super().expression(table)}"


def forces_of(actor: Actor) -> models.QuerySet[Organisation, Any]:
    return Organisation.objects.filter(pk__in=actor.orgs).values("force")


class Groups(models.QuerySet["Group"]):
    """First lock: the hub and the office of the area; its providers those that are active; nobody else."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        if actor.realm not in (*KEPT, Realm.PROVIDER):
            return self.none()
        found = self.filter(force__in=forces_of(actor))
        return found.exclude(stage=INACTIVE) if actor.realm == Realm.PROVIDER else found


class Group(models.Model):
    """A small group that people trust and that is no service: nobody is referred there, and no public page names it.

    `meets_at` is a place that anyone may know, never a home. `stage` is how far it is with us. `organisation`: what it
    became here, a link alone.
    """

    class Has(models.TextChoices):
        YES = "yes", "Yes"
        NO = "no", "No"
        NOT_KNOWN = "not_known", "Not known"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200)
    what = models.TextField(default="", blank=True)
    activities = codes()
    reaches = codes()
    hears = codes()
    councils = codes(9)
    languages = codes()
    legal_form = models.CharField(max_length=40, default="", blank=True)
    turnover = models.CharField(max_length=40, default="", blank=True)
    paid = models.CharField(max_length=40, default="", blank=True)
    volunteers = models.CharField(max_length=40, default="", blank=True)
    safeguarding = models.CharField(max_length=10, choices=Has.choices, default=Has.NOT_KNOWN)
    insurance = models.CharField(max_length=10, choices=Has.choices, default=Has.NOT_KNOWN)
    checks = models.CharField(max_length=10, choices=Has.choices, default=Has.NOT_KNOWN)
    meets_at = models.CharField(max_length=300, default="", blank=True)
    postcode = models.CharField(max_length=8, default="", blank=True)
    phone = models.CharField(max_length=40, default="", blank=True)
    email = models.CharField(max_length=254, default="", blank=True)
    web = models.CharField(max_length=500, default="", blank=True)
    stage = models.CharField(max_length=12)
    registered_itself = models.BooleanField(default=False)
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    last_contact_on = models.DateField(null=True, blank=True)
    next_contact_on = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True, blank=True)
    updated_at = models.DateTimeField()

    objects = Groups.as_manager()

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["force", "name_key"], name="community_group_name"),
            models.Index(fields=["force", "next_contact_on"], name="community_group_due"),
            GinIndex(fields=["councils"], name="community_group_councils"),
        ]

    class Rows:
        scope = OfForce()
        scopes = {Realm.PROVIDER: OfForceActive()}
        grants = {**KEPT, Realm.PROVIDER: "select", Realm.WORKER: "select"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "force", "name", "name_key", "what", "activities", "reaches", "hears", "councils", "languages",
                   "legal_form", "turnover", "paid", "volunteers", "safeguarding", "insurance", "checks", "meets_at",
                   "postcode", "phone", "email", "web", "stage", "registered_itself", "organisation",
                   "last_contact_on", "next_contact_on", "added_at", "added_by", "updated_at")  # fmt: skip

    def __str__(self) -> str:
        return self.name


class OfGroups(models.QuerySet[Any]):
    """First lock: with their group, for the hub; what the office may read says so by its grant."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(group__in=Group.objects.visible_to(actor))


class OfGroupsKept(OfGroups):
    """For the hub that keeps them and for nobody else: they are about people."""

    def visible_to(self, actor: Actor) -> Self:
        return super().visible_to(actor) if actor.realm in (Realm.HUB, Realm.WORKER) else self.none()


class ContactPerson(models.Model):
    """Whom to ask for at a group: often a volunteer with their own phone, at home. The hub alone reads it, each look is
    logged, and it is deleted, not ended. The indexes tell that a number was given before, without saying which."""

    looks_are_logged = True

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="people")
    name = SealedField(owner="id")
    role = SealedField(owner="id")
    phone = SealedField(owner="id")
    email = SealedField(owner="id")
    address = SealedField(owner="id")
    how = SealedField(owner="id")
    phone_index = models.BinaryField(default=b"", blank=True)
    email_index = models.BinaryField(default=b"", blank=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True, blank=True)

    objects: ClassVar[Any] = OfGroupsKept.as_manager()

    class Meta:
        ordering = ["id"]

    class Rows:
        scope = Parent("group_id", "community_group")
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "group_contact"
        identity = ("name", "phone", "email", "address")
        sensitive = ("role", "how", "phone_index", "email_index")
        neutral = ("id", "group", "added_at", "added_by")


class Need(models.Model):
    """Something that a group needs, as a code of the rulebook, and since when it is as it is."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="needs")
    code = models.CharField(max_length=40)
    state = models.CharField(max_length=10)
    since = models.DateField()
    changed_on = models.DateField()

    objects: ClassVar[Any] = OfGroups.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="community_need_once")]

    class Rows:
        scope = Parent("group_id", "community_group")
        grants = {**KEPT, Realm.WORKER: "select"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "group", "code", "state", "since", "changed_on")


class Contact(models.Model):
    """A talk with a group: when, how, what about, who of us. The note is sealed: people are named in it."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="contacts")
    on = models.DateField()
    way = models.CharField(max_length=40)
    purpose = models.CharField(max_length=40)
    answered = models.BooleanField(default=True)
    note = SealedField(owner="id")
    by_user = models.UUIDField(null=True, blank=True)
    written_at = models.DateTimeField()

    objects: ClassVar[Any] = OfGroupsKept.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        indexes = [models.Index(fields=["group", "-on"], name="community_contact_latest")]

    class Rows:
        scope = Parent("group_id", "community_group")
        grants = {Realm.HUB: "select insert delete", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "group_contact"
        sensitive = ("note",)
        neutral = ("id", "group", "on", "way", "purpose", "answered", "by_user", "written_at")


class Consortia(models.QuerySet["Consortium"]):
    """First lock: the hub and the office of the area."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(force__in=forces_of(actor)) if actor.realm in KEPT else self.none()


class Consortium(models.Model):
    """Groups and organisations that bid or work together. Who leads is one of its members."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    force = models.ForeignKey(Force, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    purpose = models.TextField(default="", blank=True)
    formed_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    updated_at = models.DateTimeField()

    objects = Consortia.as_manager()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on=None) | models.Q(ended_on__gte=models.F("formed_on")),
                name="community_consortium_days",
            )
        ]

    class Rows:
        scope = OfForce()
        grants = {**KEPT, Realm.HUB: "select insert update", Realm.WORKER: "select"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "force", "name", "purpose", "formed_on", "ended_on", "updated_at")

    def __str__(self) -> str:
        return self.name


class Members(models.QuerySet["Member"]):
    """First lock: with their consortium."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(consortium__in=Consortium.objects.visible_to(actor))

    def current(self) -> Self:
        return self.filter(until=None)


class Member(models.Model):
    """A group or an organisation in a consortium, in a role of the rulebook, from when until when."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    consortium = models.ForeignKey(Consortium, on_delete=models.CASCADE, related_name="members")
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships")
    organisation = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = Members.as_manager()

    class Meta:
        ordering = ["since", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(group=None, organisation__isnull=False)
                | models.Q(group__isnull=False, organisation=None),
                name="community_member_is_one",
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")), name="community_member_days"
            ),
            *(
                models.UniqueConstraint(
                    fields=["consortium", kind], condition=models.Q(until=None), name=f"community_member_{kind}"
                )
                for kind in ("group", "organisation")
            ),
            models.UniqueConstraint(
                fields=["consortium"], condition=models.Q(until=None, role=LEAD), name="community_one_lead"
            ),
        ]

    class Rows:
        scope = Parent("consortium_id", "community_consortium")
        grants = {**KEPT, Realm.WORKER: "select"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "consortium", "group", "organisation", "role", "since", "until")

    @property
    def called(self) -> str:
        return self.group.name if self.group else self.organisation.name if self.organisation else ""
