"""A waiting list of one service and one way of helping, the rule of its order, who waits, and places offered."""

from typing import Self

from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import OwnOrg, Parent
from alongside.foundation.local.directory.models import Service, codes
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.cases.casework.models import Case

KEEPS_PLACE = ("WAITING", "PAUSED", "OFFERED")
WAITS = models.Q(state__in=KEEPS_PLACE)
IN_HAND = models.Q(state__in=[*KEEPS_PLACE, "STARTED"])
OPEN_OFFER = models.Q(state="OFFERED")


class Lists(models.QuerySet["WaitingList"]):
    """First lock: those of the actor's own organisation."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.realm == Realm.WORKER else self.filter(provider_id__in=actor.own)


class WaitingList(models.Model):
    """The list of one service and one way of helping. A closed list takes nobody new; who waits keeps their place.

    `workers` and `each`: how many work from it, and how many people each helps at one time; empty where not said.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        CLOSED = "CLOSED", "Closed to new people"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    modality = models.CharField(max_length=40)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    limit_people = models.PositiveSmallIntegerField(null=True, blank=True)
    limit_weeks = models.PositiveSmallIntegerField(null=True, blank=True)
    review_weeks = models.PositiveSmallIntegerField()
    contact_weeks = models.PositiveSmallIntegerField()
    answer_days = models.PositiveSmallIntegerField()
    declines_talk = models.PositiveSmallIntegerField()
    workers = models.PositiveSmallIntegerField(null=True, blank=True)
    each = models.PositiveSmallIntegerField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    closed_why = models.CharField(max_length=300, default="", blank=True)
    meanwhile = models.CharField(max_length=600, default="", blank=True)
    made_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    objects = Lists.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["service", "modality"], name="waiting_list_once"),
            models.CheckConstraint(
                condition=models.Q(state="OPEN", closed_on=None) | models.Q(state="CLOSED", closed_on__isnull=False),
                name="waiting_list_closed_on",
            ),
        ]
        indexes = [models.Index(fields=["provider"], name="waiting_list_provider")]

    class Rows:
        scope = OwnOrg("provider_id")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {
            Realm.PROVIDER: (
                "state", "limit_people", "limit_weeks", "review_weeks", "contact_weeks", "answer_days",
                "declines_talk", "workers", "each", "closed_on", "closed_why", "meanwhile", "version",
            )
        }  # fmt: skip

    class Privacy:
        retention = "permanent"
        neutral = ("id", "provider", "service", "modality", "state", "limit_people", "limit_weeks", "review_weeks",
                   "contact_weeks", "answer_days", "declines_talk", "workers", "each", "closed_on", "closed_why",
                   "meanwhile", "made_at", "version")  # fmt: skip


class Rules(models.QuerySet["PositionRule"]):
    """First lock: those of the actor's own organisation."""

    def visible_to(self, actor: Actor) -> Self:
        return self.all() if actor.realm == Realm.WORKER else self.filter(provider_id__in=actor.own)


class PositionRule(models.Model):
    """One version of what decides the order of a list: points for need and for danger, and for each week of waiting."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    list = models.ForeignKey(WaitingList, on_delete=models.CASCADE, related_name="rules")
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()
    from_on = models.DateField()
    need = models.PositiveSmallIntegerField()
    risk = models.PositiveSmallIntegerField()
    week = models.PositiveSmallIntegerField()
    made_at = models.DateTimeField()
    made_by = models.UUIDField(null=True)

    objects = Rules.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["list", "number"], name="waiting_rule_once")]

    class Rows:
        scope = OwnOrg("provider_id")
        grants = {Realm.PROVIDER: "select insert", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "list", "provider", "number", "from_on", "need", "risk", "week", "made_at", "made_by")


class Entry(Child):
    """Somebody on a list. `joined_on` is theirs for good: no realm may change it. `added_at` is when this row began;
    `follows` the place that they moved from or came back to."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        PAUSED = "PAUSED", "Paused"
        OFFERED = "OFFERED", "Has an offer"
        STARTED = "STARTED", "Has started"
        DONE = "DONE", "Finished"
        LEFT = "LEFT", "Left the list"
        MOVED = "MOVED", "Moved to another list"

    class Decide(models.TextChoices):
        NO_ANSWER = "NO_ANSWER", "They did not answer an offer"
        DECLINES = "DECLINES", "They have said no to several places"

    list = models.ForeignKey(WaitingList, on_delete=models.PROTECT, related_name="entries")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    victim_id = models.UUIDField()
    follows = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    joined_on = models.DateField()
    need = models.CharField(max_length=40)
    wishes = codes()
    paused_why = models.CharField(max_length=40, default="", blank=True)
    paused_until = models.DateField(null=True, blank=True)
    review_due_on = models.DateField()
    contact_due_on = models.DateField()
    reviewed_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    declines = models.PositiveSmallIntegerField(default=0)
    decide = models.CharField(max_length=10, choices=Decide.choices, default="", blank=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True, blank=True)
    worker = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=40, default="", blank=True)
    version = models.PositiveIntegerField(default=1)

    parent_path = "case"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["case", "list"], condition=IN_HAND, name="waiting_entry_once"),
            models.CheckConstraint(
                condition=IN_HAND & models.Q(ended_at=None) | ~IN_HAND & models.Q(ended_at__isnull=False),
                name="waiting_entry_ended",
            ),
            models.CheckConstraint(
                condition=models.Q(state="PAUSED", paused_until__isnull=False)
                | ~models.Q(state="PAUSED") & models.Q(paused_until=None),
                name="waiting_entry_paused",
            ),
        ]
        indexes = [
            models.Index(fields=["list"], condition=IN_HAND, name="waiting_entry_list"),
            models.Index(fields=["list", "ended_at"], name="waiting_entry_flow"),
            models.Index(fields=["case"], name="waiting_entry_case"),
        ]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {
            realm: (
                "state", "need", "wishes", "paused_why", "paused_until", "review_due_on", "contact_due_on",
                "reviewed_at", "contacted_at", "declines", "decide", "started_at", "worker", "ended_at", "ended_why",
                "version",
            )
            for realm in (Realm.PROVIDER, Realm.WORKER)
        }  # fmt: skip

    class Privacy:
        retention = "support"
        sensitive = ("state", "need", "wishes", "paused_why", "declines", "decide", "ended_why")
        neutral = ("id", "list", "case", "victim_id", "follows", "joined_on", "paused_until", "review_due_on",
                   "contact_due_on", "reviewed_at", "contacted_at", "added_at", "added_by", "started_at", "worker",
                   "ended_at", "version")  # fmt: skip


class Place(Child):
    """A place that was offered to somebody: with whom and from when, where they stood then, and their answer."""

    class State(models.TextChoices):
        OFFERED = "OFFERED", "Waits for their answer"
        TAKEN = "TAKEN", "They said yes"
        DECLINED = "DECLINED", "They said no"
        LAPSED = "LAPSED", "No answer in time"
        TAKEN_BACK = "TAKEN_BACK", "Taken back by us"

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="places")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    list = models.ForeignKey(WaitingList, on_delete=models.PROTECT, related_name="+")
    victim_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    worker = models.UUIDField(null=True, blank=True)
    starts_at = models.DateTimeField()
    shared = models.BooleanField(default=False)
    position = models.PositiveIntegerField()
    rule = models.PositiveSmallIntegerField()
    out_of_turn = models.CharField(max_length=40, default="", blank=True)
    answer_by = models.DateTimeField()
    offered_at = models.DateTimeField()
    offered_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=40, default="", blank=True)

    parent_path = "case"

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry"], condition=OPEN_OFFER, name="waiting_place_one_offer"),
            # A place that only one can have is offered to one at a time, whoever offers it; and given once.
            models.UniqueConstraint(
                fields=["list", "worker", "starts_at"], name="waiting_place_once",
                condition=models.Q(state__in=["OFFERED", "TAKEN"], shared=False, worker__isnull=False),
            ),
            models.CheckConstraint(
                condition=OPEN_OFFER & models.Q(ended_at=None) | ~OPEN_OFFER & models.Q(ended_at__isnull=False),
                name="waiting_place_ended",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["answer_by"], condition=OPEN_OFFER, name="waiting_place_late"),
            models.Index(fields=["case"], name="waiting_place_case"),
        ]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
        update = {Realm.PROVIDER: ("state", "ended_at", "reason"), Realm.WORKER: ("state", "ended_at", "reason")}

    class Privacy:
        retention = "support"
        sensitive = ("state", "out_of_turn", "reason")
        neutral = ("id", "entry", "case", "list", "victim_id", "worker", "starts_at", "shared", "position", "rule",
                   "answer_by", "offered_at", "offered_by", "ended_at")  # fmt: skip
