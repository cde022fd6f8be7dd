"""A source that is being set up: what was said so far. Its sample lies in the spool; what is saved is feeds' own."""

from typing import Any

from django.db import models

from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds.models import CODE, SETTINGS, OfHub, SourceVersion
from alongside.support.arrivals.feeds.rows import Recast


class Draft(models.Model):
    """A set-up that is not saved yet. Holds no cell of the sample but the codes that somebody gave a meaning."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    hub_id = models.IntegerField()
    source = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    feed = models.SlugField(max_length=CODE, default="", blank=True, db_index=False)
    name = models.CharField(max_length=80)
    contact = models.CharField(max_length=200)
    charset = models.CharField(max_length=20, choices=SourceVersion.Charset.choices, default="", blank=True)
    series = models.CharField(max_length=12, default="", blank=True)
    columns = models.JSONField(default=dict)
    codes = models.JSONField(default=dict)
    excluded = models.JSONField(default=list)
    due_days = models.JSONField(default=list, blank=True)
    due_by = models.TimeField(null=True, blank=True)
    least_rows = models.PositiveIntegerField(null=True, blank=True)
    begun_at = models.DateTimeField()
    begun_by = models.UUIDField()

    objects = OfHub.as_manager()

    class Rows:
        scope = OwnOrg("hub_id")
        grants = {Realm.HUB: "select insert update delete", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "unfinished_form"
        identity = ("contact",)
        neutral = ("id", "hub_id", "source", "feed", "name", "charset", "series", "columns", "codes", "excluded",
                   "due_days", "due_by", "least_rows", "begun_at", "begun_by")  # fmt: skip

    @property
    def recast(self) -> Recast:
        return Recast(self.columns, self.codes, self.charset, self.series)

    @property
    def settings(self) -> dict[str, Any]:
        """What a version is saved with."""
        return {name: getattr(self, name) for name in SETTINGS}
