"""Drafts of the office's words on what to do, and the specialist leads of a police area, by name."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import ORGS, OwnOrg
from alongside.foundation.office.organisations.models import Organisation

STAFF = (Realm.PROVIDER, Realm.REFERRER, Realm.COMMISSIONING)


class OfArea:
    """Rows of the hub of the caller's police area."""

    def expression(self, table: str) -> str:
        return (
            f"EXISTS (SELECT FROM organisations_organisation its "
            f"JOIN organisations_organisation mine ON mine.force_id = its.force_id "
            f"WHERE its.id = {table}.hub_id AND mine.id = ANY ({ORGS}))"
        )


class Drafts(models.QuerySet["Draft"]):
    """First lock: an organisation's own drafts."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)


class Draft(models.Model):
    """Words of a pathway that are not shown yet: one for each pathway and each organisation that writes.

    `body`: the columns of the book; `since`: the day from which it would be shown; `seen`: the version that it began
    from; `stamp` goes up each time that it is written.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    source = models.CharField(max_length=200)
    since = models.DateField()
    seen = models.PositiveIntegerField()
    stamp = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)

    objects = Drafts.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="pathways_draft_one")]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = dict.fromkeys((Realm.HUB, Realm.COMMISSIONING), "select insert update delete")

    class Privacy:
        retention = "permanent"
        neutral = ("id", "organisation", "code", "title", "body", "source", "since", "seen", "stamp", "changed_at",
                   "changed_by")  # fmt: skip


class Leads(models.QuerySet["Lead"]):
    """First lock: a hub's own; for other staff those of the hub of their police area; for the public none."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        if actor.realm == Realm.HUB:
            return self.filter(hub__in=actor.orgs)
        areas = Organisation.objects.filter(pk__in=actor.orgs).values("force")
        return self.filter(hub__force__in=areas) if actor.realm in STAFF else self.none()


class Lead(models.Model):
    """Somebody who knows most about some crimes here, such as the lead for FGM of a hospital. No crime types: any.

    Kept by the hub, shown to staff of its police area and never to the public. Whoever leaves is deleted, not ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=120)
    works_for = models.CharField(max_length=120)
    phone = models.CharField(max_length=40, default="", blank=True)
    email = models.CharField(max_length=254, default="", blank=True)
    crime_types = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    checked_on = models.DateField()

    objects = Leads.as_manager()

    class Meta:
        ordering = ["works_for", "name"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(phone="", email=""), name="pathways_lead_reached"),
        ]

    class Rows:
        scope = OfArea()
        scopes = {Realm.HUB: OwnOrg("hub_id")}
        grants = {
            Realm.HUB: "select insert update delete",
            Realm.WORKER: "select update delete",
            **dict.fromkeys(STAFF, "select"),
        }
        update = {Realm.WORKER: ("checked_on",)}  # to hold a row while it is deleted

    class Privacy:
        retention = "staff"
        identity = ("name", "phone", "email")
        neutral = ("id", "hub", "role", "works_for", "crime_types", "checked_on")

    def __str__(self) -> str:
        return f"lead {self.pk}"
