"""A referral from receipt to close: attempts, assessment, offers to providers, and what others may see."""

from typing import Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child, Record
from alongside.core.rows.scopes import Intake, Own, OwnOrg, Parent
from alongside.core.rows.scopes import Ticket as PresentedTicket
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.people.victims.models import ARRIVING, Victim

HUB_ONLY = {Realm.HUB: "select insert update", Realm.WORKER: "select insert update delete"}
STATES_TO_DO, UNREAD = ["RECEIVED", "IN_TRIAGE"], models.Q(unread=True)
TO_DO, WITH_HUB = models.Q(state__in=STATES_TO_DO), models.Q(state__in=[*STATES_TO_DO, "OFFERED"])
ARRIVED = ("hub_id", "received_at", "id")


def _by(name: str, *columns: str, only: models.Q | None = None) -> models.Index:
    return models.Index(fields=columns, name=f"referrals_{name}", condition=only)


def codes() -> "ArrayField[list[str], list[str]]":
    """A list of rulebook codes."""
    return ArrayField(models.CharField(max_length=40), default=list, blank=True)


class Referral(Record):
    """One victim in one crime, or in need without one. States and moves are in `lifecycle`."""

    class State(models.TextChoices):
        RECEIVED = "RECEIVED", "Received"
        IN_TRIAGE = "IN_TRIAGE", "In triage"
        OFFERED = "OFFERED", "Offered"
        ACCEPTED = "ACCEPTED", "Accepted"
        CLOSED = "CLOSED", "Closed"

    class Source(models.TextChoices):
        POLICE_FEED = "police_feed", "Police feed"
        PARTNER = "partner", "Partner agency"
        SELF = "self", "Self-referral"
        CENTRE = "third_party_centre", "Reporting centre"
        ON_THE_SPOT = "on_the_spot", "On the spot"
        BROUGHT = "brought_along", "Brought along by the provider"

    reference = models.CharField(max_length=12, unique=True)
    hub_id = models.IntegerField()
    victim = models.ForeignKey(Victim, on_delete=models.PROTECT, related_name="referrals")
    source = models.CharField(max_length=20, choices=Source.choices)
    source_organisation = models.IntegerField(null=True, blank=True)
    feed = models.CharField(max_length=20, default="", blank=True)  # of a force with several, which it came by
    source_ref = models.CharField(max_length=60, default="", blank=True)
    twin = models.PositiveSmallIntegerField(default=0, editable=False)  # taken by somebody who may not open the first
    content_hash = models.BinaryField(max_length=32, default=b"")
    referred_by = models.UUIDField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.RECEIVED)
    returned = models.BooleanField(default=False)
    unread = models.BooleanField(default=False, editable=False)  # by a trigger: see migration 0003
    consent = models.CharField(max_length=10, default="unknown", blank=True)
    reported = models.BooleanField(default=True)
    why_not_reported = models.CharField(max_length=60, default="", blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    attempt_due_at = models.DateTimeField()
    offer_due_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, editable=False)  # what is due next, by a trigger: see migration 0011
    occurred_from = models.DateField(null=True, blank=True)
    offence_code = models.CharField(max_length=20, default="", blank=True)
    crime_type = models.CharField(max_length=40)
    markers = codes()
    hate_strands = codes()
    council = models.CharField(max_length=9, default="", blank=True)
    age_at_receipt = models.PositiveSmallIntegerField(null=True, blank=True)
    high_risk = models.BooleanField(default=False)
    vulnerable = models.CharField(max_length=10, default="unknown", blank=True)
    intimidated = models.CharField(max_length=10, default="unknown", blank=True)
    repeat = models.CharField(max_length=10, default="unknown", blank=True)
    entitlements = codes()
    needs = codes()
    worker = models.UUIDField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    first_attempt_at = models.DateTimeField(null=True, blank=True)
    first_contact_at = models.DateTimeField(null=True, blank=True)
    first_offer_at = models.DateTimeField(null=True, blank=True)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    next_attempt_until = models.DateTimeField(null=True, blank=True)
    taken_up_again_at = models.DateTimeField(null=True, blank=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_why = models.CharField(max_length=40, default="", blank=True)
    information_left = models.BooleanField(default=False)
    officer = SealedField(owner="victim_id")
    notes = SealedField(owner="victim_id")

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="referrals_referral_orgs"),
            _by("own_reference", "source_ref"), _by("worker", "worker", "state"),
            # One for each view of a hub's queue, so that neither a large nor a small hub reads past others' rows.
            _by("all", *ARRIVED), _by("in_state", "hub_id", "state", *ARRIVED[1:]),
            _by("urgent_first", "hub_id", "high_risk", "unread", "returned", *ARRIVED[1:], only=TO_DO | UNREAD),
            _by("not_taken", *ARRIVED, only=TO_DO & models.Q(worker=None)), _by("added", *ARRIVED, only=UNREAD),
            _by("high_risk", *ARRIVED, only=WITH_HUB & models.Q(high_risk=True)),
            _by("returned", *ARRIVED, only=TO_DO & models.Q(returned=True)),
            _by("from_centres", *ARRIVED, only=WITH_HUB & models.Q(source="third_party_centre")),
            _by("mine", "worker", *ARRIVED[1:], only=WITH_HUB),
            _by("due", "hub_id", "due_at", "id", only=models.Q(due_at__isnull=False)),
            _by("calls", "hub_id", "next_attempt_at", "id", only=models.Q(next_attempt_at__isnull=False)),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(
                fields=["source_organisation", "source_ref", "twin"],
                condition=models.Q(source="police_feed"), name="referrals_source_ref",
            ),
            models.CheckConstraint(
                condition=models.Q(state="CLOSED", closed_at__isnull=False)
                | (~models.Q(state="CLOSED") & models.Q(closed_at=None)), name="referrals_closed_at",
            ),
            models.CheckConstraint(
                condition=models.Q(next_attempt_at=None, next_attempt_until=None)
                | models.Q(
                    state__in=STATES_TO_DO, next_attempt_at__isnull=False, next_attempt_until__isnull=False,
                    next_attempt_until__gt=models.F("next_attempt_at"),
                ),
                name="referrals_next_attempt",
            ),
        ]  # fmt: skip

    class Rows:
        scope = Own(kind="referral", holder="hub_id", person="victim_id")
        scopes = {
            Realm.PUBLIC: Intake("hub_id", about="victim_id"),
            Realm.REFERRER: Intake("hub_id", about="victim_id"),
        }
        grants = {Realm.HUB: "select insert update", Realm.PROVIDER: "select update",
                  Realm.WORKER: "select insert update delete", **ARRIVING}  # fmt: skip
        update = {Realm.PROVIDER: ("state", "accepted_at", "returned", "closed_at", "closed_why")}

    class Privacy:
        retention = "support"
        identity = ("source_ref", "officer", "notes")
        special = ("hate_strands", "entitlements")
        sensitive = ("crime_type", "offence_code", "markers", "council", "age_at_receipt", "high_risk", "vulnerable",
                     "intimidated", "repeat", "needs", "why_not_reported", "occurred_from", "consent")  # fmt: skip
        neutral = ("id", "visible_orgs", "reference", "hub_id", "victim", "source", "source_organisation",
                   "feed", "twin", "content_hash", "referred_by", "state", "returned", "unread", "reported",
                   "reported_at", "received_at", "attempt_due_at", "offer_due_at", "due_at", "worker", "taken_at",
                   "first_attempt_at", "first_contact_at", "first_offer_at", "next_attempt_at", "next_attempt_until",
                   "taken_up_again_at", "accepted_at", "closed_at", "closed_why", "information_left")  # fmt: skip


class Attempt(Child):
    """The hub tried to reach the victim: how, and what came of it (a code). A wrong one is struck out, not deleted."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="attempts")
    victim_id = models.UUIDField()
    channel = models.CharField(max_length=10)
    result = models.CharField(max_length=40)
    reached = models.BooleanField()
    note = SealedField(owner="victim_id")
    attempted_at = models.DateTimeField()
    attempted_by = models.UUIDField(null=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    struck_at = models.DateTimeField(null=True, blank=True)
    struck_by = models.UUIDField(null=True, blank=True)
    struck_why = SealedField(owner="victim_id")

    parent_path = "referral"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(struck_at__isnull=False) | models.Q(struck_by=None, struck_why=b""),
                name="referrals_attempt_struck",
            )
        ]

    class Rows:
        scope = Parent("referral_id", "referrals_referral", changed="struck_at")
        grants = {**HUB_ONLY, Realm.PROVIDER: "select"}

    class Privacy:
        retention = "support"
        identity = ("note", "struck_why")
        sensitive = ("channel", "result", "reached")
        neutral = ("id", "referral", "victim_id", "attempted_at", "attempted_by", "recorded_at", "struck_at",
                   "struck_by")  # fmt: skip


class NeedsAssessment(Child):
    """Needs, vulnerability and enhanced entitlement as assessed once, with reasons."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="assessments")
    victim_id = models.UUIDField()
    needs = codes()
    vulnerability = codes()
    entitlements = codes()
    access_needs = codes()
    high_risk = models.BooleanField(default=False)
    reason = SealedField(owner="victim_id")
    assessed_at = models.DateTimeField()
    assessed_by = models.UUIDField(null=True)

    parent_path = "referral"

    class Rows:
        scope = Parent("referral_id", "referrals_referral")
        grants = {**HUB_ONLY, Realm.PROVIDER: "select"}

    class Privacy:
        retention = "support"
        identity = ("reason",)
        special = ("vulnerability", "entitlements", "access_needs")
        sensitive = ("needs", "high_risk")
        neutral = ("id", "referral", "victim_id", "assessed_at", "assessed_by")


class Offer(Record):
    """A referral offered to a service. Until it accepts, the provider sees this summary and no identity."""

    class State(models.TextChoices):
        OFFERED = "OFFERED", "Waiting for an answer"
        ACCEPTED = "ACCEPTED", "Accepted"
        DECLINED = "DECLINED", "Declined"
        WITHDRAWN = "WITHDRAWN", "Called back"

    referral_id = models.UUIDField()
    victim_id = models.UUIDField()
    hub_id = models.IntegerField()
    service = models.ForeignKey(Service, on_delete=models.PROTECT)
    provider = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    crime_type = models.CharField(max_length=40)
    council = models.CharField(max_length=9, default="", blank=True)
    age_band = models.CharField(max_length=20, default="", blank=True)
    language = models.CharField(max_length=20, default="", blank=True)
    interpreter = models.CharField(max_length=10, default="unknown", blank=True)
    access_needs = codes()
    needs = codes()
    vulnerability = codes()
    markers = codes()
    high_risk = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    stopped_at = models.DateTimeField(null=True, blank=True)
    offered_at = models.DateTimeField()
    offered_by = models.UUIDField(null=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.UUIDField(null=True, blank=True)
    declined_why = models.CharField(max_length=40, default="", blank=True)
    recalled_why = models.CharField(max_length=40, default="", blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="referrals_offer_orgs"),
            models.Index(fields=["referral_id"], name="referrals_offer_referral"),
            models.Index(fields=["victim_id"], name="referrals_offer_victim"),
            models.Index(fields=["provider", "state", "offered_at"], name="referrals_offer_provider"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["referral_id"], condition=models.Q(state="OFFERED"), name="referrals_offer_open_once"
            )
        ]

    class Rows:
        scope = Own(kind="offer", holder="hub_id", person="victim_id")
        grants = {Realm.HUB: "select insert update", Realm.PROVIDER: "select update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {Realm.PROVIDER: ("state", "answered_at", "answered_by", "declined_why", "seen_at")}

    class Privacy:
        retention = "support"
        special = ("vulnerability", "markers", "access_needs")
        sensitive = ("crime_type", "council", "age_band", "language", "interpreter", "needs", "high_risk", "reasons",
                     "stopped_at", "declined_why", "recalled_why")  # fmt: skip
        neutral = ("id", "visible_orgs", "referral_id", "victim_id", "hub_id", "service", "provider", "state",
                   "offered_at", "offered_by", "answered_at", "answered_by", "seen_at")  # fmt: skip

    @property
    def reaches(self) -> tuple[tuple[str, UUID], ...]:
        """The records that it opens: kinds and keys, the offer itself last."""
        return ("referral", self.referral_id), ("victim", self.victim_id), ("offer", self.pk)


class Standings(models.QuerySet["Standing"]):
    """First lock: what one's own organisation referred; for a hub, what came to it."""

    def visible_to(self, actor: Actor) -> Self:
        return self.filter(models.Q(organisation_id__in=actor.orgs) | models.Q(hub_id__in=actor.orgs))


class Standing(models.Model):
    """What a referrer may know of its own referral: our reference and its own, a status word and when."""

    id = models.UUIDField(primary_key=True)
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="standing")
    hub_id = models.IntegerField()
    organisation_id = models.IntegerField()
    reference = models.CharField(max_length=12)
    source_ref = models.CharField(max_length=60, default="", blank=True)
    word = models.CharField(max_length=40)
    since = models.DateTimeField()
    received_at = models.DateTimeField()

    objects = Standings.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["organisation_id", "received_at"], name="referrals_standing_org"),
            models.Index(fields=["organisation_id", "source_ref"], name="referrals_standing_own"),
        ]

    class Rows:
        scope = Parent("referral_id", "referrals_referral", changed="since")
        scopes = {Realm.REFERRER: OwnOrg("organisation_id")}
        grants = {Realm.REFERRER: "select insert", Realm.HUB: "select insert update",
                  Realm.PROVIDER: "select update", Realm.WORKER: "select insert update delete"}  # fmt: skip

    class Privacy:
        retention = "support"
        identity = ("source_ref",)
        sensitive = ("word",)
        neutral = ("id", "referral", "hub_id", "organisation_id", "reference", "since", "received_at")


class Ticket(models.Model):
    """What a victim sees who comes back with reference and phrase. Found by their blind index alone."""

    id = models.UUIDField(primary_key=True)
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="ticket")
    hub_id = models.IntegerField()
    victim_id = models.UUIDField()
    lookup = models.BinaryField(max_length=16, unique=True)
    word = models.CharField(max_length=40)
    since = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Rows:
        scope = Parent("referral_id", "referrals_referral", changed="since")
        scopes = {Realm.PUBLIC: PresentedTicket()}
        grants = {Realm.PUBLIC: "select insert update", Realm.HUB: "select update",
                  Realm.PROVIDER: "select update", Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {
            Realm.PUBLIC: ("withdrawn_at",),
            Realm.HUB: ("word", "since"),
            Realm.PROVIDER: ("word", "since"),
        }

    class Privacy:
        retention = "support"
        sensitive = ("lookup", "word", "withdrawn_at")
        neutral = ("id", "referral", "hub_id", "victim_id", "since")


class Addition(models.Model):
    """Something that a victim who came back added: words, a change of what is safe, or a wish to stop."""

    class Kind(models.TextChoices):
        WORDS = "words", "More to tell"
        CONTACT = "contact", "A change in what is safe"
        WITHDRAW = "withdraw", "Please stop"

    id = models.UUIDField(primary_key=True)
    ticket = models.ForeignKey(Ticket, on_delete=models.CASCADE, related_name="additions")
    victim_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = SealedField(owner="victim_id")
    added_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True, blank=True)
    handled_by = models.UUIDField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["ticket"], name="referrals_unread", condition=models.Q(handled_at=None)),
        ]

    class Rows:
        scope = Parent("ticket_id", "referrals_ticket")
        grants = {
            Realm.PUBLIC: "insert",
            Realm.HUB: "select update",
            Realm.PROVIDER: "select",
            Realm.WORKER: "select insert update delete",
        }
        update = {Realm.HUB: ("handled_at", "handled_by")}

    class Privacy:
        retention = "support"
        identity = ("words",)
        sensitive = ("kind",)
        neutral = ("id", "ticket", "victim_id", "added_at", "handled_at", "handled_by")
