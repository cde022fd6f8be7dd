"""A fund with its ledger, in which nobody has a name, and requests for its money, each on a case."""

from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import OwnOrg, Parent
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case

INTO, OUT_OF = ("put_in", "written_back", "returned"), ("taken_out", "promised", "paid")


class OfOrganisation(models.QuerySet[Any]):
    """First lock: an organisation's own funds and what is in their ledgers."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        path = "organisation__in" if self.model is Fund else "fund__organisation__in"
        return self.filter(**{path: list(actor.orgs)})


class Fund(models.Model):
    """Money for small sums, in pence. `balance` is what may still be promised: the sum of the ledger, never below zero.

    `approvers` empty: every manager. A limit that is not set: the rulebook's alone.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        CLOSED = "CLOSED", "Closed"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    kinds: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40), default=list)
    single_most = models.PositiveIntegerField(null=True, blank=True)
    case_most = models.PositiveIntegerField(null=True, blank=True)
    second_above = models.PositiveIntegerField(null=True, blank=True)
    approvers: "ArrayField[list[Any], list[Any]]" = ArrayField(models.UUIDField(), default=list, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    balance = models.BigIntegerField(default=0)
    last_entry = models.PositiveIntegerField(default=0)
    last_request = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OfOrganisation.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["organisation", "name"], name="practical_fund_name"),
            models.CheckConstraint(condition=models.Q(balance__gte=0), name="practical_fund_not_overspent"),
            models.CheckConstraint(
                condition=models.Q(state="CLOSED", closed_at__isnull=False) | models.Q(state="OPEN", closed_at=None),
                name="practical_fund_closed_at",
            ),
        ]

    class Rows:
        scope = OwnOrg("organisation_id")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select"}
        update = {
            Realm.PROVIDER: (
                "name", "kinds", "single_most", "case_most", "second_above", "approvers", "state", "balance",
                "last_entry", "last_request", "version", "closed_at",
            )
        }  # fmt: skip

    class Privacy:
        retention = "permanent"
        neutral = ("id", "organisation", "name", "kinds", "single_most", "case_most", "second_above", "approvers",
                   "state", "balance", "last_entry", "last_request", "version", "opened_at", "closed_at")  # fmt: skip


class Entry(models.Model):
    """A line of a ledger, never changed but for the day on which a bank statement showed it.

    It names nobody and no case: a request stands in it by its number. What comes in is above zero, what goes out below.
    """

    class Kind(models.TextChoices):
        PUT_IN = "put_in", "Put in"
        TAKEN_OUT = "taken_out", "Taken out"
        PROMISED = "promised", "Promised"
        WRITTEN_BACK = "written_back", "Promise ended"
        PAID = "paid", "Paid"
        RETURNED = "returned", "Money back"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="entries")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    pence = models.BigIntegerField()
    on = models.DateField()
    source = models.CharField(max_length=100, default="", blank=True)
    request_number = models.CharField(max_length=12, default="", blank=True)
    spends = models.CharField(max_length=40, default="", blank=True)
    how = models.CharField(max_length=40, default="", blank=True)
    entered_at = models.DateTimeField()
    entered_by = models.UUIDField(null=True)
    seen_on = models.DateField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    seen_by = models.UUIDField(null=True, blank=True)

    objects = OfOrganisation.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="practical_entry_number"),
            models.CheckConstraint(
                condition=models.Q(kind__in=INTO, pence__gt=0) | models.Q(kind__in=OUT_OF, pence__lt=0),
                name="practical_entry_sign",
            ),
        ]

    class Rows:
        scope = Parent("fund_id", "practical_fund")
        grants = {Realm.PROVIDER: "select insert update", Realm.WORKER: "select"}
        update = {Realm.PROVIDER: ("seen_on", "seen_at", "seen_by")}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "fund", "number", "kind", "pence", "on", "source", "request_number", "spends", "how",
                   "entered_at", "entered_by", "seen_on", "seen_at", "seen_by")  # fmt: skip


class Request(Child):
    """Money asked for on a case: what for, in sealed words; who asked, approved, paid; the receipt. No bank details."""

    class State(models.TextChoices):
        ASKED = "ASKED", "Waits for approval"
        SECOND = "SECOND", "Waits for a second approval"
        APPROVED = "APPROVED", "Approved, to be paid"
        PAID = "PAID", "Paid"
        REFUSED = "REFUSED", "Refused"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="help_requests")
    victim_id = models.UUIDField()
    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="requests")
    number = models.CharField(max_length=12)
    kind = models.CharField(max_length=40)
    rule = models.CharField(max_length=70)
    pence = models.PositiveIntegerField()
    how = models.CharField(max_length=40)
    what = SealedField(owner="victim_id")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    asked_by = models.UUIDField(null=True)
    first_at = models.DateTimeField(null=True, blank=True)
    first_by = models.UUIDField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.UUIDField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.UUIDField(null=True, blank=True)
    refused_why = models.CharField(max_length=40, default="", blank=True)
    paid_pence = models.PositiveIntegerField(default=0)
    paid_on = models.DateField(null=True, blank=True)
    paid_by = models.UUIDField(null=True, blank=True)
    returned_pence = models.PositiveIntegerField(default=0)
    receipt = SealedField(owner="victim_id")
    receipt_at = models.DateTimeField(null=True, blank=True)
    receipt_by = models.UUIDField(null=True, blank=True)
    file_kind = models.CharField(max_length=10, default="", blank=True)
    file = SealedField(owner="victim_id")

    parent_path = "case"

    class Meta:
        indexes = [
            models.Index(fields=["case", "asked_at"], name="practical_request_case"),
            models.Index(
                fields=["fund", "asked_at"],
                condition=models.Q(state__in=["ASKED", "SECOND", "APPROVED"]),
                name="practical_request_open",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["fund", "number"], name="practical_request_number"),
            models.CheckConstraint(condition=models.Q(pence__gt=0), name="practical_request_sum"),
            models.CheckConstraint(
                condition=models.Q(paid_pence__lte=models.F("pence"), returned_pence__lte=models.F("paid_pence")),
                name="practical_request_paid_within",
            ),
            models.CheckConstraint(
                condition=models.Q(state="PAID", paid_on__isnull=False)
                | ~models.Q(state="PAID") & models.Q(paid_on=None),
                name="practical_request_paid_on",
            ),
        ]  # fmt: skip

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ONLY
        update = {
            Realm.PROVIDER: (
                "state", "first_at", "first_by", "approved_at", "approved_by", "ended_at", "ended_by", "refused_why",
                "paid_pence", "paid_on", "paid_by", "returned_pence", "receipt", "receipt_at", "receipt_by",
                "file_kind", "file",
            )
        }  # fmt: skip

    class Privacy:
        retention = "support"
        identity = ("what", "receipt", "file")
        sensitive = ("kind", "pence", "how", "state", "refused_why", "paid_pence", "paid_on", "returned_pence")
        neutral = ("id", "case", "victim_id", "fund", "number", "rule", "asked_at", "asked_by", "first_at", "first_by",
                   "approved_at", "approved_by", "ended_at", "ended_by", "paid_by", "receipt_at", "receipt_by",
                   "file_kind")  # fmt: skip
