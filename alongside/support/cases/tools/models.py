"""The tools that an office is writing; and what was sent to somebody to answer on their own phone."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import OwnOrg, Parent, Ticket
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case


class Drafts(models.QuerySet["Draft"]):
    """First lock: an organisation's own drafts."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)


class Draft(models.Model):
    """A tool that an office is writing, of which nothing is asked yet: one for each tool and each office that writes.

    `body`: as the rulebook has it; `seen`: the version that it began from; `stamp` goes up each time it is written.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="+")
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    body = models.JSONField()
    source = models.CharField(max_length=200)
    seen = models.PositiveIntegerField()
    stamp = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.UUIDField(null=True)

    objects = Drafts.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organisation", "code"], name="tools_draft_one")]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = dict.fromkeys((Realm.HUB, Realm.COMMISSIONING), "select insert update delete")

    class Privacy:
        retention = "permanent"
        neutral = ("id", "organisation", "code", "title", "body", "source", "seen", "stamp", "changed_at",
                   "changed_by")  # fmt: skip


class Sending(Child):
    """One link by which somebody answers one tool on their own phone, once. Of the link only a blind index is kept.

    The public's realm finds it by that index alone, reads no case, and writes the answers; the worker that runs jobs
    makes an assessment of them.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="tools_sent")
    victim_id = models.UUIDField()
    tool = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    stage = models.CharField(max_length=10)
    language = models.CharField(max_length=10, default="", blank=True)
    lookup = models.BinaryField(max_length=16, unique=True)
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    answers = models.JSONField(default=dict)
    answered_at = models.DateTimeField(null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "sent_at"], name="tools_sending_case")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        scopes = {Realm.PUBLIC: Ticket("lookup")}
        grants = {**PROVIDER_ONLY, Realm.PUBLIC: "select update"}
        update = {Realm.PUBLIC: ("opened_at", "answers", "answered_at"), Realm.PROVIDER: ("ended_at",)}

    class Privacy:
        retention = "support"
        special = ("answers",)
        sensitive = ("tool", "language", "lookup", "expires_at", "ended_at", "opened_at", "answered_at", "kept_at")
        neutral = ("id", "case", "victim_id", "version", "stage", "sent_at", "sent_by")
