"""Notes of a case, and counselling notes, which only those read who are named. No row is ever changed.

A change within the time for it is a further row that replaces the last; an amendment is one that names the first.
"""

from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child, OfParent
from alongside.core.rows.scopes import Parent, ReaderOf
from alongside.support.cases.casework.models import PROVIDER_ADDS, PROVIDER_ONLY, Case

FILED = ("id", "case", "victim_id", "root", "amends", "replaces", "written_at", "written_by", "changed_at")


class Page(Child):
    """One writing: the first, a change of it, or an amendment. `root`: the first writing of a changed one."""

    victim_id = models.UUIDField()
    words = SealedField(owner="victim_id")
    root = models.UUIDField(null=True, blank=True)
    amends = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="amendments")
    replaces = models.OneToOneField("self", null=True, blank=True, on_delete=models.PROTECT, related_name="replaced")
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    changed_at = models.DateTimeField(null=True, blank=True)

    parent_path = "case"

    class Meta:
        abstract = True

    @property
    def first(self) -> UUID:
        """The key of the first writing, which its changes and amendments name."""
        return self.root or self.pk


class Note(Page):
    """A note that everybody who works on the case reads."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="notes")

    class Meta:
        db_table = "casework_note"

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ADDS

    class Privacy:
        retention = "support"
        identity = ("words",)
        neutral = FILED


class Cabinet(Child):
    """Where the counselling notes of a case are kept: who may read them. That it is there is for all who work on it."""

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="cabinet")
    readers: "ArrayField[list[object], list[object]]" = ArrayField(models.UUIDField(), default=list)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)

    parent_path = "case"

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("readers",)}

    class Privacy:
        retention = "support"
        neutral = ("id", "case", "readers", "opened_at", "opened_by")


class OfReaders(OfParent):
    """First lock of counselling notes: seen by those who are named in the cabinet alone."""

    def visible_to(self, actor: Actor) -> Self:
        seen = super().visible_to(actor)
        return seen if actor.realm == Realm.WORKER else seen.filter(cabinet__readers__contains=[actor.user_id])


class Counsel(Page):
    """A counselling note."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="counsels")
    cabinet = models.ForeignKey(Cabinet, on_delete=models.CASCADE, related_name="notes")

    objects = OfReaders.as_manager()  # type: ignore[misc]  # a stricter manager than the parent's, as Django allows

    class Meta:
        indexes = [models.Index(fields=["case", "written_at"], name="notes_counsel_case")]

    class Rows:
        scope = ReaderOf("cabinet_id", "notes_cabinet", "readers")
        grants = PROVIDER_ADDS

    class Privacy:
        retention = "support"
        identity = ("words",)
        neutral = (*FILED, "cabinet")


class Presence(Child):
    """Somebody has a page of this case open now, and may be writing. Minutes old, it means nothing."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    user_id = models.UUIDField()
    writing = models.BooleanField(default=False)
    at = models.DateTimeField()

    parent_path = "case"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "user_id"], name="notes_presence_once")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = {Realm.PROVIDER: "select insert update delete", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        neutral = ("id", "case", "user_id", "writing", "at")
