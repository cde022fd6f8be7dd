"""A learning note of an organisation. It is about no case: nothing ties it to a person, nor to who wrote it."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg


class OfOrganisation(models.QuerySet["Lesson"]):
    """First lock: an organisation's own."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)


class Lesson(models.Model):
    """What happened, what would be done differently, and what came of it. Who wrote it is in the log alone."""

    class State(models.TextChoices):
        NEW = "NEW", "To read"
        DONE = "DONE", "Acted on"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation_id = models.IntegerField()
    theme = models.CharField(max_length=40)
    words = models.TextField()
    differently = models.TextField(default="", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    noted_at = models.DateTimeField()
    done_words = models.TextField(default="", blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.UUIDField(null=True, blank=True)

    objects = OfOrganisation.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "noted_at", "id"], name="lessons_lesson_noted")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="DONE", done_at__isnull=False) | models.Q(state="NEW", done_at=None),
                name="lessons_done_at",
            )
        ]  # fmt: skip

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {Realm.PROVIDER: ("state", "done_words", "done_at", "done_by")}

    class Privacy:
        retention = "staff"
        sensitive = ("words", "differently", "done_words")
        neutral = ("id", "organisation_id", "theme", "state", "noted_at", "done_at", "done_by")
