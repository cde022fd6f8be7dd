"""A table that left: what it showed cell by cell, by which rule, by whom, and what it was held against."""

from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg
from alongside.facts.measures.rules import Method


class OfOffice(models.QuerySet["Publication"]):
    """First lock: an office's own."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)


class Publication(models.Model):
    """Protected figures that left the office. Written once and never changed.

    `cells` are as they were shown; a table that shows the same as one before holds none, and `same_as` names that one.
    `held` are the breakdowns that stayed. `checked` are the tables that it was held against.
    """

    class Kind(models.TextChoices):
        QUARTER = "quarter", "Figures of a quarter"
        CENTRES = "centres", "Reporting centres"
        EXPLORED = "explored", "What was explored"

    class Method(models.TextChoices):
        ROUNDING = Method.ROUNDING.value, "Rounded"
        SUPPRESSION = Method.SUPPRESSION.value, "Small numbers hidden"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    quarter = models.CharField(max_length=6)
    quarters = ArrayField(models.CharField(max_length=6))
    area = models.CharField(max_length=60, default="", blank=True)
    snapshot = models.CharField(max_length=40)
    as_at = models.DateTimeField()
    method = models.CharField(max_length=12, choices=Method.choices)
    width = models.PositiveSmallIntegerField()
    rule_version = models.PositiveIntegerField()
    measures = ArrayField(models.CharField(max_length=80))
    cells = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    same_as = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    held = models.JSONField(default=list)
    checked = ArrayField(models.UUIDField())
    made_at = models.DateTimeField()
    made_by = models.UUIDField()

    objects = OfOffice.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "made_at", "id"], name="publications_made"),
            models.Index(fields=["organisation_id", "digest"], name="publications_digest"),
        ]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {Realm.COMMISSIONING: "select insert", Realm.WORKER: "select"}

    class Privacy:
        retention = "permanent"
        neutral = (
            "id", "organisation_id", "kind", "quarter", "quarters", "area", "snapshot", "as_at", "method", "width",
            "rule_version", "measures", "cells", "digest", "same_as", "held", "checked", "made_at", "made_by",
        )  # fmt: skip
