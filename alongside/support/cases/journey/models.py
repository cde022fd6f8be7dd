"""A victim's own page: what it shows, the ways to open it, what was said there. It reads no table of a case."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Among, Both, Parent, Ticket
from alongside.support.cases.casework.models import PROVIDER_ONLY, Case


class Page(Child):
    """One victim's page: the parts that are shown, and what they say, written out by whoever may read the case.

    The public's realm finds it by its `handle` alone, which only a way to open it tells, and reads no case.
    """

    class State(models.TextChoices):
        OFF = "OFF", "Not turned on"
        ON = "ON", "Turned on"
        ENDED = "ENDED", "Ended"

    case = models.OneToOneField(Case, on_delete=models.CASCADE, related_name="own_page")
    victim_id = models.UUIDField()
    provider_id = models.IntegerField()
    handle = models.BinaryField(max_length=16, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFF)
    parts: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=20), default=list)
    called = models.CharField(max_length=40, default="", blank=True)
    called_for = models.UUIDField(null=True, blank=True)
    words = SealedField(owner="victim_id")
    content = SealedField(owner="victim_id")
    decoy = models.CharField(max_length=40, default="", blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    decoy_opened_at = models.DateTimeField(null=True, blank=True)
    heeded_at = models.DateTimeField(null=True, blank=True)
    turned_on_at = models.DateTimeField(null=True, blank=True)
    written_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    parent_path = "case"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="ENDED", ended_at__isnull=False)
                | (~models.Q(state="ENDED") & models.Q(ended_at=None)), name="journey_page_ended_at",
            )
        ]  # fmt: skip

    @property
    def warns(self) -> bool:
        """Whether somebody opened the decoy and nobody has thought of what that means yet."""
        opened, heeded = self.decoy_opened_at, self.heeded_at
        return opened is not None and (heeded is None or heeded < opened)

    class Rows:
        scope = Parent("case_id", "casework_case")
        scopes = {Realm.PUBLIC: Ticket("handle")}
        grants = {**PROVIDER_ONLY, Realm.PUBLIC: "select update"}
        update = {Realm.PUBLIC: ("opened_at", "decoy_opened_at")}

    class Privacy:
        retention = "support"
        identity = ("words", "content")
        sensitive = ("parts", "called", "decoy", "opened_at", "decoy_opened_at", "heeded_at", "state")
        neutral = ("id", "case", "victim_id", "provider_id", "handle", "called_for", "turned_on_at", "written_at",
                   "ended_at", "version")  # fmt: skip


class Key(Child):
    """One way to open a page: four words with the reference, a link that works once, or words that open a decoy.

    Of the words and the link only a blind index is kept.
    """

    class Kind(models.TextChoices):
        PHRASE = "phrase", "Four words"
        DECOY = "decoy", "Words for the other page"
        LINK = "link", "A link that works once"
        FEEDBACK = "feedback", "A link to say how it was"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="keys")
    victim_id = models.UUIDField()
    handle = models.BinaryField(max_length=16)
    kind = models.CharField(max_length=10, choices=Kind.choices)
    lookup = models.BinaryField(max_length=16, unique=True)
    given_at = models.DateTimeField()
    given_by = models.UUIDField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    parent_path = "page__case"

    class Meta:
        indexes = [models.Index(fields=["page", "kind"], name="journey_key_page")]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "kind"], condition=models.Q(kind__in=("phrase", "decoy"), ended_at=None),
                name="journey_key_one_stands",
            )
        ]  # fmt: skip

    class Rows:
        scope = Parent("page_id", "journey_page")
        scopes = {Realm.PUBLIC: Ticket("lookup")}
        grants = {**PROVIDER_ONLY, Realm.PUBLIC: "select update"}
        update = {Realm.PUBLIC: ("used_at",), Realm.PROVIDER: ("ended_at",)}

    class Privacy:
        retention = "support"
        sensitive = ("kind", "lookup", "expires_at", "used_at", "ended_at")
        neutral = ("id", "page", "victim_id", "handle", "given_at", "given_by")


class Said(Child):
    """Something that a victim told their worker on their page. The public's realm writes it and cannot read it."""

    class Kind(models.TextChoices):
        WORDS = "words", "Something to tell you"
        ASK = "ask", "They ask for something else"
        CONTACT = "contact", "A change in what is safe"
        STOP = "stop", "They ask us to stop"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="said")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    victim_id = models.UUIDField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    words = SealedField(owner="victim_id")
    said_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    read_by = models.UUIDField(null=True, blank=True)

    parent_path = "page__case"

    class Meta:
        indexes = [models.Index(fields=["page", "said_at"], name="journey_said_page")]

    class Rows:
        scope = Parent("page_id", "journey_page")
        grants = {Realm.PUBLIC: "insert", Realm.PROVIDER: "select update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {Realm.PROVIDER: ("read_at", "read_by")}

    class Privacy:
        retention = "support"
        identity = ("words",)
        sensitive = ("kind",)
        neutral = ("id", "page", "case", "victim_id", "said_at", "read_at", "read_by")


class Voice(Child):
    """A complaint, or how it was: for those who manage the service and never for the worker, in the database too."""

    class Kind(models.TextChoices):
        COMPLAINT = "complaint", "A complaint"
        FEEDBACK = "feedback", "How it was"

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="voices")
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    victim_id = models.UUIDField()
    provider_id = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    body = SealedField(owner="victim_id")
    said_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True, blank=True)
    outcome = SealedField(owner="victim_id")

    parent_path = "page__case"

    class Meta:
        indexes = [models.Index(fields=["provider_id", "said_at"], name="journey_voice_provider")]

    class Rows:
        scope = Both((Among("provider_id", "journey_managed"), Parent("page_id", "journey_page")))
        scopes = {Realm.PUBLIC: Parent("page_id", "journey_page")}
        grants = {Realm.PUBLIC: "insert", Realm.PROVIDER: "select update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip
        update = {Realm.PROVIDER: ("taken_at", "settled_at", "settled_by", "outcome")}

    class Privacy:
        retention = "support"
        identity = ("body", "outcome")
        sensitive = ("kind",)
        neutral = ("id", "page", "case", "victim_id", "provider_id", "said_at", "due_at", "taken_at", "settled_at",
                   "settled_by")  # fmt: skip
