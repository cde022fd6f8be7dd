"""Who answers which template, the returns themselves, what was sent each time, and what the office asked back."""

from typing import Any, ClassVar, Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import OwnOrg, Parent
from alongside.foundation.office.organisations.models import Organisation

BETWEEN = {Realm.COMMISSIONING: OwnOrg("office_id"), Realm.PROVIDER: OwnOrg("provider_id")}


class OfBoth(models.QuerySet[Any]):
    """First lock: an office's own, and what a provider answers to it."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        if actor.realm == Realm.COMMISSIONING:
            return self.filter(office_id__in=actor.orgs)
        return self.filter(provider_id__in=actor.orgs)


class OfFiling(models.QuerySet[Any]):
    """First lock of what hangs on a return: seen with it. `way` leads there."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        side = "office" if actor.realm == Realm.COMMISSIONING else "provider"
        return self.filter(**{f"{self.model.way}__{side}__in": actor.orgs})


class Part(models.Model):
    """What hangs on a return."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    way: ClassVar[str] = "filing"

    objects: ClassVar[Any] = OfFiling.as_manager()

    class Meta:
        abstract = True


class Arrangement(models.Model):
    """A provider answers a template for an award of a size, from one quarter on; `until`: the first day of the quarter
    in which it is no longer asked."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=60)
    size = models.CharField(max_length=40)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    objects = OfBoth.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["office", "provider", "template"],
                condition=models.Q(until=None),
                name="returns_one_arrangement",
            )
        ]

    class Rows:
        scope = OwnOrg("office_id")
        scopes = BETWEEN
        grants = {Realm.COMMISSIONING: "select insert update", Realm.PROVIDER: "select", Realm.WORKER: "select"}
        update = {Realm.COMMISSIONING: ("size", "until")}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "office", "provider", "template", "size", "since", "until", "made_at", "made_by")


class Return(models.Model):
    """What a provider says of one quarter, under the version of a template. `round`: how often it was sent; `stamp`
    goes up with every change; `snapshot`: of which its figures were made, empty until there is one."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    arrangement = models.ForeignKey(Arrangement, on_delete=models.PROTECT, related_name="returns")
    office = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    template = models.CharField(max_length=60)
    version = models.PositiveIntegerField()
    size = models.CharField(max_length=40)
    quarter = models.CharField(max_length=6)
    state = models.CharField(max_length=10)
    snapshot = models.CharField(max_length=60, default="", blank=True)
    opened_at = models.DateTimeField()
    due_on = models.DateField()
    round = models.PositiveIntegerField(default=0)
    stamp = models.PositiveIntegerField(default=1)
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.UUIDField(null=True, blank=True)
    certified_at = models.DateTimeField(null=True, blank=True)
    certified_by = models.UUIDField(null=True, blank=True)
    certifier = models.CharField(max_length=200, default="", blank=True)
    post = models.CharField(max_length=200, default="", blank=True)
    locked_at = models.DateTimeField(null=True, blank=True)
    locked_by = models.UUIDField(null=True, blank=True)
    reopened_why = models.TextField(default="", blank=True)

    objects = OfBoth.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["arrangement", "quarter"], name="returns_one_a_quarter")]
        indexes = [models.Index(fields=["office", "quarter"], name="returns_of_quarter")]

    class Rows:
        scope = OwnOrg("office_id")
        scopes = BETWEEN
        grants = {**dict.fromkeys((Realm.COMMISSIONING, Realm.PROVIDER), "select update"),
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {
            Realm.COMMISSIONING: ("state", "stamp", "locked_at", "locked_by", "reopened_why"),
            Realm.PROVIDER: ("state", "stamp", "round", "snapshot", "sent_at", "sent_by", "certified_at",
                             "certified_by", "certifier", "post"),
        }  # fmt: skip

    class Privacy:
        retention = "return"
        identity = ("certifier", "post")
        neutral = ("id", "arrangement", "office", "provider", "template", "version", "size", "quarter", "state",
                   "snapshot", "opened_at", "due_on", "round", "stamp", "sent_at", "sent_by", "certified_at",
                   "certified_by", "locked_at", "locked_by", "reopened_why")  # fmt: skip


class Answer(Part):
    """One question's answer while it is written: the provider's alone, until it is sent (`Round`). `figures` and
    `before` were made from a snapshot, as the office may see them; `said` is what somebody typed: a value, rows,
    another figure and why."""

    filing = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="answers")
    question = models.CharField(max_length=20)
    figures = models.JSONField(default=list)
    before = models.JSONField(default=list)
    said = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    saved_by = models.UUIDField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "question"], name="returns_answer_once")]

    class Rows:
        scope = Parent("filing_id", "returns_return")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "return"
        sensitive = ("said",)
        neutral = ("id", "filing", "question", "figures", "before", "saved_at", "saved_by")


class Round(Part):
    """What was sent, as it was sent: it never changes, so that each sending can be held against the one before."""

    filing = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField()
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)
    snapshot = models.CharField(max_length=60, default="", blank=True)
    answers = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "number"], name="returns_round_once")]

    class Rows:
        scope = Parent("filing_id", "returns_return")
        grants = {Realm.PROVIDER: "select insert", Realm.COMMISSIONING: "select", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "return"
        sensitive = ("answers",)
        neutral = ("id", "filing", "number", "sent_at", "sent_by", "snapshot")


class Query(Part):
    """What the office asks of one answer, until it is settled."""

    filing = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="queries")
    question = models.CharField(max_length=20)
    asked_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Rows:
        scope = Parent("filing_id", "returns_return")
        grants = {Realm.COMMISSIONING: "select insert update", Realm.PROVIDER: "select",
                  Realm.WORKER: "select delete"}  # fmt: skip
        update = {Realm.COMMISSIONING: ("settled_at",)}

    class Privacy:
        retention = "return"
        neutral = ("id", "filing", "question", "asked_at", "settled_at")


class Remark(Part):
    """One thing that was said about a query, by either side."""

    query = models.ForeignKey(Query, on_delete=models.CASCADE, related_name="remarks")
    words = models.TextField()
    said_at = models.DateTimeField()
    said_by = models.UUIDField(null=True)
    said_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    way: ClassVar[str] = "query__filing"

    class Rows:
        scope = Parent("query_id", "returns_query")
        grants = {**dict.fromkeys((Realm.COMMISSIONING, Realm.PROVIDER), "select insert"),
                  Realm.WORKER: "select delete"}  # fmt: skip

    class Privacy:
        retention = "return"
        sensitive = ("words",)
        neutral = ("id", "query", "said_at", "said_by", "said_for")


class Papers(OfFiling):
    """First lock: an office sees a document once the return was sent with it."""

    def visible_to(self, actor: Actor) -> Self:
        seen = super().visible_to(actor)
        return seen.filter(sent_at__lte=models.F("filing__sent_at")) if actor.realm == Realm.COMMISSIONING else seen


class Paper(Part):
    """A document that a provider sends with a return."""

    filing = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="papers")
    question = models.CharField(max_length=20)
    kind = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    content = models.BinaryField()
    sent_at = models.DateTimeField()
    sent_by = models.UUIDField(null=True)

    objects: ClassVar[Any] = Papers.as_manager()

    class Rows:
        scope = Parent("filing_id", "returns_return")
        grants = {Realm.PROVIDER: "select insert delete", Realm.COMMISSIONING: "select", Realm.WORKER: "select delete"}

    class Privacy:
        retention = "return"
        sensitive = ("content",)
        neutral = ("id", "filing", "question", "kind", "size", "sent_at", "sent_by")


class Reminded(Part):
    """That the provider was reminded of a return at one step."""

    filing = models.ForeignKey(Return, on_delete=models.CASCADE, related_name="reminders")
    step = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["filing", "step"], name="returns_reminded_once")]

    class Rows:
        scope = Parent("filing_id", "returns_return")
        grants = {Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "return"
        neutral = ("id", "filing", "step", "at")
