"""Whoever is said to have done it, as a case keeps them: behind a lock of its own, and compared without being read."""

from collections.abc import Mapping
from typing import ClassVar, Self
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child, OfParent
from alongside.core.rows.scopes import Among, Both, KeeperOf, Parent
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.cases.casework.models import PROVIDER_ADDS, PROVIDER_ONLY, Case

RETENTION = "other_party"
MANAGED = "others_managed"
KEPT = KeeperOf(
    "case_id", "casework_case", holder="worker", stand_in="cover", until="cover_until", organisation="provider_id",
    managed=MANAGED,
)  # fmt: skip


class Today(models.Func):
    """The day in London, by the database's clock: the same that row security reads."""

    template = "(now() AT TIME ZONE 'Europe/London')::date"
    output_field = models.DateField()


def keepers(actor: Actor, of: str = "") -> models.Q:
    """Cases whose other party is for the actor: those that they work on or cover today; all of theirs for a manager.
    `of`: the way to the case from other rows."""
    stands_in = models.Q(**{f"{of}cover": actor.user_id, f"{of}cover_until__gte": Today()})
    kept = models.Q(**{f"{of}worker": actor.user_id}) | stands_in
    if actor.may(P.CASE_ASSIGN):
        kept |= models.Q(**{f"{of}provider_id": actor.organisation_id})
    return kept


class OfKeepers(OfParent):
    """First lock: seen with the case by whoever works on it or covers it, and by their manager."""

    def visible_to(self, actor: Actor) -> Self:
        seen = super().visible_to(actor)
        return seen if actor.realm == Realm.WORKER else seen.filter(keepers(actor, "case__"))


class OfManagers(OfParent):
    """First lock: seen with the case by managers of the organisation that has it."""

    def visible_to(self, actor: Actor) -> Self:
        seen = super().visible_to(actor)
        if actor.realm == Realm.WORKER:
            return seen
        return seen.filter(case__provider_id=actor.organisation_id) if actor.may(P.CASE_ASSIGN) else seen.none()


class Kept(Child):
    """A row behind the lock."""

    victim_id = models.UUIDField()

    objects = OfKeepers.as_manager()  # type: ignore[misc]  # a stricter manager than the parent's, as Django allows

    parent_path = "case"

    class Meta:
        abstract = True


class Party(Kept):
    """One version of what is known of one other party, sealed under the victim's key. The newest stands.

    `piece` is the same through all its versions. A version that takes them off the case is `gone` and holds no words.
    """

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="others")
    piece = models.UUIDField(default=uuid7)
    number = models.PositiveIntegerField(default=1)
    name = SealedField(owner="victim_id")
    aliases = SealedField(owner="victim_id")
    born = SealedField(owner="victim_id")
    description = SealedField(owner="victim_id")
    vehicle = SealedField(owner="victim_id")
    phones = SealedField(owner="victim_id")
    emails = SealedField(owner="victim_id")
    warning = SealedField(owner="victim_id")
    relation = models.CharField(max_length=40)
    lives = models.CharField(max_length=40)
    knows: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    gone = models.BooleanField(default=False)
    why = models.CharField(max_length=40, default="", blank=True)
    written_at = models.DateTimeField()
    written_by = models.UUIDField(null=True)
    superseded_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["case", "piece", "number"], name="others_party_case")]
        constraints = [
            models.UniqueConstraint(fields=["piece", "number"], name="others_party_number"),
            models.UniqueConstraint(
                fields=["piece"], condition=models.Q(superseded_at=None), name="others_party_one_stands"
            ),
        ]

    class Rows:
        scope = KEPT
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("superseded_at",)}

    class Privacy:
        retention = RETENTION
        identity = ("name", "aliases", "born", "description", "vehicle", "phones", "emails", "warning")
        sensitive = ("relation", "lives", "knows", "why")
        neutral = ("id", "case", "victim_id", "piece", "number", "gone", "written_at", "written_by", "superseded_at")


class Condition(Kept):
    """An order or a condition on the other party, and the day on which it ends."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="conditions")
    piece = models.UUIDField()
    kind = models.CharField(max_length=40)
    words = SealedField(owner="victim_id")
    until = models.DateField(null=True, blank=True)
    added_at = models.DateTimeField()
    added_by = models.UUIDField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=40, default="", blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["case"], name="others_condition_case"),
            models.Index(fields=["until"], condition=models.Q(ended_at=None), name="others_condition_until"),
        ]

    class Rows:
        scope = KEPT
        grants = PROVIDER_ONLY
        update = {Realm.PROVIDER: ("ended_at", "ended_why")}

    class Privacy:
        retention = RETENTION
        identity = ("words",)
        sensitive = ("kind", "until", "ended_why")
        neutral = ("id", "case", "victim_id", "piece", "added_at", "added_by", "ended_at")


class Key(Kept):
    """A blind index of a name, of how it sounds, of a telephone number or a mailbox: of the other party, or of the
    client of a case. Two are compared and neither is read. `born`: the same of the date of birth, where it is known;
    beside a sound, of its year."""

    class Side(models.TextChoices):
        OTHER = "other", "The other party"
        CLIENT = "client", "The client"

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="+")
    provider_id = models.IntegerField()
    piece = models.UUIDField()
    side = models.CharField(max_length=10, choices=Side.choices)
    kind = models.CharField(max_length=10)
    lookup = models.BinaryField(max_length=16)
    born = models.BinaryField(max_length=16, default=b"")

    class Meta:
        indexes = [
            models.Index(fields=["case", "side", "kind"], name="others_key_case"),
            models.Index(fields=["provider_id", "lookup"], name="others_key_lookup"),
        ]

    class Rows:
        scope = KEPT
        grants = {Realm.PROVIDER: "select insert delete", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = RETENTION
        identity = ("lookup", "born")
        neutral = ("id", "case", "victim_id", "provider_id", "piece", "side", "kind")


class Danger(Child):
    """What makes a visit dangerous, as codes: for everybody who may open the case, so that nobody goes alone."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="dangers")
    victim_id = models.UUIDField()
    piece = models.UUIDField()
    codes: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    set_at = models.DateTimeField()
    set_by = models.UUIDField(null=True)

    parent_path = "case"

    class Meta:
        indexes = [models.Index(fields=["case", "piece", "set_at"], name="others_danger_case")]

    class Rows:
        scope = Parent("case_id", "casework_case")
        grants = PROVIDER_ADDS

    class Privacy:
        retention = RETENTION
        sensitive = ("codes",)
        neutral = ("id", "case", "victim_id", "piece", "set_at", "set_by")


class Clash(Child):
    """The other party of one case may be the client of another of the same organisation. For its managers alone; each
    of the two cases has a row."""

    class What(models.TextChoices):
        OTHER_IS_CLIENT = "other_is_client", "The other party of this case may be supported here"
        CLIENT_IS_OTHER = "client_is_other", "Whom this case supports may be the other party of another"
        SOUNDS_LIKE_CLIENT = "sounds_like_client", "The other party has a name like that of somebody supported here"
        CLIENT_SOUNDS_LIKE = "client_sounds_like", "Whom this case supports has a name like an other party's"
        SAME_GROUP = "same_group", "They may be in one group"

    MIRRORED: ClassVar[Mapping[str, What]] = {
        What.OTHER_IS_CLIENT: What.CLIENT_IS_OTHER, What.CLIENT_IS_OTHER: What.OTHER_IS_CLIENT,
        What.SOUNDS_LIKE_CLIENT: What.CLIENT_SOUNDS_LIKE, What.CLIENT_SOUNDS_LIKE: What.SOUNDS_LIKE_CLIENT,
    }  # fmt: skip

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="clashes")
    victim_id = models.UUIDField()
    provider_id = models.IntegerField()
    against_id: "models.UUIDField[UUID, UUID]" = models.UUIDField()
    what = models.CharField(max_length=20, choices=What.choices)
    words = SealedField(owner="victim_id")
    found_at = models.DateTimeField()
    answer = models.CharField(max_length=40, default="", blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.UUIDField(null=True)

    parent_path = "case"
    objects = OfManagers.as_manager()  # type: ignore[misc]  # a stricter manager than the parent's, as Django allows

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "against_id", "what"], name="others_clash_once")]

    class Rows:
        scope = Both((Parent("case_id", "casework_case"), Among("provider_id", MANAGED)))
        grants = {Realm.PROVIDER: "select update", Realm.WORKER: "select insert update delete"}
        update = {Realm.PROVIDER: ("words", "answer", "settled_at", "settled_by")}

    class Privacy:
        retention = RETENTION
        identity = ("words",)
        sensitive = ("what", "answer")
        neutral = ("id", "case", "victim_id", "provider_id", "against_id", "found_at", "settled_at", "settled_by")
