"""Reporting centres; reports of hate, kept apart from referrals; and what whoever made one may come back to."""

from datetime import date
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Intake, OwnOrg, Parent, Ticket
from alongside.foundation.office.organisations.models import Organisation


class Centres(models.QuerySet["Centre"]):
    """First lock: a hub's own centres; for a centre's worker, their own."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(models.Q(hub_id__in=actor.orgs) | models.Q(organisation_id__in=actor.orgs))

    def open_on(self, day: date) -> Self:
        return self.filter(since__lte=day).filter(models.Q(until=None) | models.Q(until__gt=day))


class Centre(models.Model):
    """A place where people report hate to somebody they trust. Its poster's code opens the form for its visitors."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.OneToOneField(Organisation, on_delete=models.PROTECT, related_name="+")
    hub_id = models.IntegerField()
    kind = models.CharField(max_length=40)
    address = models.CharField(max_length=200)
    council = models.CharField(max_length=9)
    hours = models.CharField(max_length=120, default="", blank=True)
    contact_name = models.CharField(max_length=100, default="", blank=True)
    contact_phone = models.CharField(max_length=40, default="", blank=True)
    contact_email = models.CharField(max_length=254, default="", blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    poster = models.CharField(max_length=8)
    lookup = models.BinaryField(max_length=16, unique=True)
    poster_since = models.DateTimeField()

    objects = Centres.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gt=models.F("since")), name="centres_centre_until"
            )
        ]

    class Rows:
        scope = OwnOrg("hub_id")
        scopes = {Realm.REFERRER: OwnOrg("organisation_id"), Realm.PUBLIC: Ticket("lookup")}
        grants = {Realm.HUB: "select insert update", Realm.REFERRER: "select", Realm.PUBLIC: "select",
                  Realm.WORKER: "select insert update"}  # fmt: skip

    class Privacy:
        retention = "staff"
        identity = ("contact_name", "contact_phone", "contact_email")
        neutral = ("id", "organisation", "hub_id", "kind", "address", "council", "hours", "since", "until", "poster",
                   "lookup", "poster_since")  # fmt: skip

    def is_open(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


class OfHub(models.QuerySet["Report"]):
    """First lock: reports that came to one's own hub."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(hub_id__in=actor.orgs) if actor.realm == Realm.HUB else self.none()


class Report(models.Model):
    """What somebody reported. No name where none was given; who asked for support has a referral, and no words here.

    Of an anonymous report the day is kept and not the hour, and its key says nothing of when it was made.
    """

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", "Not looked at"
        IN_HAND = "IN_HAND", "Being looked at"
        CLOSED = "CLOSED", "Answered"

    class Via(models.TextChoices):
        POSTER = "poster", "The poster, on their own phone"
        WORKER = "worker", "A worker of the centre"

    class Police(models.TextChoices):
        NO = "no", "Not to the police"
        WITHOUT_NAME = "without_name", "To the police, without a name"
        WITH_NAME = "with_name", "To the police, with their name"

    id = models.UUIDField(primary_key=True, editable=False)
    reference = models.CharField(max_length=12, unique=True)
    hub_id = models.IntegerField()
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="reports")
    via = models.CharField(max_length=10, choices=Via.choices)
    typed_by = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    received_at = models.DateTimeField()
    strands: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40), default=list)
    kind = models.CharField(max_length=10)
    whose = models.CharField(max_length=10)
    named = models.BooleanField()
    support = models.BooleanField()
    police = models.CharField(max_length=14, choices=Police.choices)
    danger = models.BooleanField(default=False)
    council = models.CharField(max_length=9, default="", blank=True)
    place = models.CharField(max_length=40, default="", blank=True)
    happened = models.CharField(max_length=10, default="", blank=True)
    words = SealedField(owner="id")
    perception = SealedField(owner="id")
    near = SealedField(owner="id")
    who = SealedField(owner="id")
    taken_by = models.UUIDField(null=True, blank=True)
    answer = models.CharField(max_length=40, default="", blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    passed_at = models.DateTimeField(null=True, blank=True)
    passed_by = models.UUIDField(null=True, blank=True)
    passed_how = models.CharField(max_length=20, default="", blank=True)
    police_ref = models.CharField(max_length=40, default="", blank=True)
    warned_at = models.DateTimeField(null=True, blank=True)  # when the hub was told that its time is nearly over

    looks_are_logged = True
    objects = OfHub.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["hub_id", "received_at", "id"], name="centres_report_list"),
            models.Index(fields=["centre", "received_at"], name="centres_report_centre"),
            models.Index(
                fields=["hub_id", "received_at", "id"], name="centres_report_to_do",
                condition=~models.Q(state="CLOSED"),
            ),
            models.Index(
                fields=["hub_id", "received_at", "id"], name="centres_report_to_pass",
                condition=~models.Q(police="no") & models.Q(passed_at=None),
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="CLOSED", answered_at__isnull=False)
                | (~models.Q(state="CLOSED") & models.Q(answered_at=None)), name="centres_report_answered",
            ),
            models.CheckConstraint(
                condition=models.Q(named=True) | models.Q(who=b"", support=False), name="centres_report_nameless"
            ),
            models.CheckConstraint(
                condition=models.Q(support=False) | models.Q(who=b"", words=b"", perception=b"", near=b""),
                name="centres_report_with_referral",
            ),
            models.CheckConstraint(
                condition=models.Q(passed_at=None) | ~models.Q(police="no"), name="centres_report_passed_on"
            ),
        ]  # fmt: skip

    class Rows:
        scope = OwnOrg("hub_id")
        scopes = {Realm.PUBLIC: Intake("hub_id"), Realm.REFERRER: Intake("hub_id")}
        grants = {Realm.PUBLIC: "insert", Realm.REFERRER: "insert", Realm.HUB: "select update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {Realm.HUB: ("state", "taken_by", "answer", "answered_at", "answered_by", "passed_at", "passed_by",
                              "passed_how", "police_ref")}  # fmt: skip

    class Privacy:
        retention = "report"
        identity = ("words", "perception", "near", "who", "police_ref")
        special = ("strands",)
        sensitive = ("kind", "whose", "police", "danger", "council", "place", "happened", "support")
        neutral = ("id", "reference", "hub_id", "centre", "via", "typed_by", "state", "received_at", "named",
                   "taken_by", "answer", "answered_at", "answered_by", "passed_at", "passed_by",
                   "passed_how", "warned_at")  # fmt: skip


class Slips(models.QuerySet["Slip"]):
    """First lock: what workers of one's own centre sent."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(organisation_id__in=actor.orgs)


class Slip(models.Model):
    """Where a report stands, for whoever made it: found by the blind index of its reference and four words alone.

    The centre sees it of what its own workers sent; what came by the poster is not the centre's to follow.
    """

    id = models.UUIDField(primary_key=True)
    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="slip")
    hub_id = models.IntegerField()
    organisation_id = models.IntegerField(null=True, blank=True)
    reference = models.CharField(max_length=12)
    lookup = models.BinaryField(max_length=16, unique=True)
    state = models.CharField(max_length=10, choices=Report.State.choices, default=Report.State.RECEIVED)
    answer = models.CharField(max_length=40, default="", blank=True)
    since = models.DateTimeField()
    received_at = models.DateTimeField()

    objects = Slips.as_manager()

    class Meta:
        indexes = [models.Index(fields=["organisation_id", "received_at", "id"], name="centres_slip_org")]

    class Rows:
        scope = Parent("report_id", "centres_report")
        scopes = {Realm.PUBLIC: Ticket("lookup"), Realm.REFERRER: OwnOrg("organisation_id")}
        grants = {Realm.PUBLIC: "select insert", Realm.REFERRER: "select insert", Realm.HUB: "select update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {Realm.HUB: ("state", "answer", "since")}

    class Privacy:
        retention = "report"
        sensitive = ("lookup", "state", "answer")
        neutral = ("id", "report", "hub_id", "organisation_id", "reference", "since", "received_at")


class OfReport(models.QuerySet["Added"]):
    """First lock: seen with its report."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(report__in=Report.objects.visible_to(actor))


class Added(models.Model):
    """Something that whoever made a report added when they came back."""

    id = models.UUIDField(primary_key=True, editable=False)
    slip = models.ForeignKey(Slip, on_delete=models.CASCADE, related_name="added")
    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="added")
    words = SealedField(owner="report_id")
    added_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    objects = OfReport.as_manager()

    class Meta:
        indexes = [models.Index(fields=["report", "added_at"], name="centres_added_report")]

    class Rows:
        scope = Parent("report_id", "centres_report")
        scopes = {Realm.PUBLIC: Parent("slip_id", "centres_slip")}
        grants = {Realm.PUBLIC: "insert", Realm.HUB: "select update", Realm.WORKER: "select insert update delete"}
        update = {Realm.HUB: ("read_at",)}

    class Privacy:
        retention = "report"
        identity = ("words",)
        neutral = ("id", "slip", "report", "added_at", "read_at")
