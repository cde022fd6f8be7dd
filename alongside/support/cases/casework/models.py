"""A case: one provider's support of one victim, with its contacts, needs, plan and notes."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child, Record
from alongside.core.rows.scopes import Own, Parent
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.people.victims.models import Victim

PROVIDER_ONLY = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select insert update delete"}
PROVIDER_ADDS = {Realm.PROVIDER: "select insert", Realm.WORKER: "select insert update delete"}
NOT_CLOSED = ~models.Q(state="CLOSED")
NOBODYS = models.Q(worker__isnull=True)
UNTRIED = models.Q(first_attempt_at__isnull=True)


class Case(Record):
    """A provider's support of a victim, from acceptance to close. The hub sees this shell and nothing inside it."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting to start"
        OPEN = "OPEN", "Being supported"
        CLOSED = "CLOSED", "Closed"

    reference = models.CharField(max_length=12)
    # Its own index would tempt the planner away from those that keep the order.
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+", db_index=False)
    hub_id = models.IntegerField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="cases")
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="cases")
    offer_id = models.UUIDField(unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    crime_type = models.CharField(max_length=40)
    high_risk = models.BooleanField(default=False)
    worker = models.UUIDField(null=True, blank=True)
    cover = models.UUIDField(null=True, blank=True)
    cover_until = models.DateField(null=True, blank=True)
    accepted_at = models.DateTimeField()
    contact_due_at = models.DateTimeField(null=True, blank=True)
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    last_contact_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=40, default="", blank=True)
    unmeasured_why = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        # The hub reads by acceptance alone, a provider within its own; most readers want what is not closed.
        indexes = [
            GinIndex(fields=["visible_orgs"], name="casework_case_orgs"),
            models.Index(fields=["accepted_at", "id"], name="casework_case_accepted"),
            models.Index(fields=["accepted_at", "id"], condition=NOT_CLOSED, name="casework_case_not_closed"),
            models.Index(fields=["provider", "accepted_at", "id"], name="casework_case_provider"),
            models.Index(fields=["provider", "accepted_at", "id"], condition=NOT_CLOSED, name="casework_case_current"),
            models.Index(fields=["reference"], name="casework_case_reference"),
            models.Index(fields=["worker", "state"], name="casework_case_worker"),
            models.Index(fields=["cover"], condition=models.Q(cover__isnull=False), name="casework_case_cover"),
            models.Index(fields=["provider"], condition=NOT_CLOSED & NOBODYS, name="casework_case_nobodys"),
            models.Index(
                fields=["provider", "contact_due_at"], condition=NOT_CLOSED & UNTRIED, name="casework_case_untried"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="CLOSED", closed_at__isnull=False)
                | (~models.Q(state="CLOSED") & models.Q(closed_at=None)), name="casework_closed_at",
            )
        ]  # fmt: skip

    class Rows:
        scope = Own(kind="case", holder="provider_id", person="victim_id")
        grants = {**PROVIDER_ONLY, Realm.HUB: "select"}
        update = {
            Realm.PROVIDER: (
                "state", "worker", "cover", "cover_until", "first_attempt_at", "first_contact_at", "started_at",
                "last_contact_at", "closed_at", "closed_why", "unmeasured_why", "high_risk",
            )
        }  # fmt: skip

    class Privacy:
        retention = "support"
        sensitive = ("crime_type", "high_risk", "state", "closed_why", "unmeasured_why")
        neutral = ("id", "visible_orgs", "reference", "provider", "hub_id", "service", "referral", "victim",
                   "offer_id", "worker", "cover", "cover_until", "accepted_at", "contact_due_at", "first_attempt_at",
                   "first_contact_at", "started_at", "last_contact_at", "closed_at")  # fmt: skip


class Contact(Child):
    """An attempt or a contact: how, how long, what came of it."""

    class Channel(models.TextChoices):
        PHONE = "phone", "Phone call"
        IN_PERSON = "in_person", "In person"
        VIDEO = "video", "Video call"
        TEXT = "text", "Text message"
        EMAIL = "email", "E-mail"
        LETTER = "letter", "Letter"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="contacts")
    victim_id = models.UUIDField()
    channel = models.CharField(max_length=20, choices=Channel.choices)
    result = models.CharField(max_length=40)
    reached = models.BooleanField()
    minutes = models.PositiveSmallIntegerField(default=0)
    note = SealedField(owner="victim_id")
    happened_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "happened_at"], name="casework_contact_case")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ADDS

    class Privacy:
        retention = "support"
        identity = ("note",)
        sensitive = ("channel", "result", "reached", "minutes", "happened_at")
        neutral = ("id", "case", "victim_id", "recorded_at", "recorded_by")


class Need(Child):
    """One of the eight needs in this case, with the goal in the victim's words and whether it was met."""

    class State(models.TextChoices):
        OPEN = "OPEN", "Working on it"
        MET = "MET", "Met"
        NOT_MET = "NOT_MET", "Not met"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="needs")
    victim_id = models.UUIDField()
    code = models.CharField(max_length=40)
    goal = SealedField(owner="victim_id")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    found_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    parent_path = "case"

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "code"], name="casework_need_once")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY

    class Privacy:
        retention = "support"
        identity = ("goal",)
        sensitive = ("code", "state")
        neutral = ("id", "case", "victim_id", "found_at", "settled_at", "version")


class Step(Child):
    """A step of the support plan: what, who does it, by when, done when."""

    class Who(models.TextChoices):
        WORKER = "worker", "The worker"
        VICTIM = "victim", "The person we support"
        OTHER = "other", "Somebody else"

    need = models.ForeignKey(Need, on_delete=models.CASCADE, related_name="steps")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    victim_id = models.UUIDField()
    what = SealedField(owner="victim_id")
    who = models.CharField(max_length=10, choices=Who.choices, default=Who.WORKER)
    due_on = models.DateField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    parent_path = "case"

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY

    class Privacy:
        retention = "support"
        identity = ("what",)
        sensitive = ("who", "due_on", "done_at")
        neutral = ("id", "need", "case", "victim_id", "added_at", "version")
