"""The identity record of a victim, what was agreed, the lawful basis, and records judged to be one person."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child, Record
from alongside.core.rows.scopes import Both, Intake, Own, OwnOrg, Parent

SUPPORT = {
    Realm.HUB: "select insert update",
    Realm.PROVIDER: "select insert update",
    Realm.WORKER: "select insert update delete",
}
ARRIVING = {Realm.PUBLIC: "insert", Realm.REFERRER: "insert"}
# What is said of two records tells that both are there: it is for those who may open both.
BOTH_SEEN = Both((OwnOrg("hub_id"), Parent("left_id", "victims_victim"), Parent("right_id", "victims_victim")))


class Victim(Record):
    """Who a person is. One record for each arrival; records of one person are linked, never merged."""

    # A relative bereaved by the crime is a victim, and so is whoever was harmed by seeing it (Victims and Prisoners Act
    # 2024 s.1). A witness is somebody whom it did not harm: no victim, and counted apart.
    class Kind(models.TextChoices):
        PERSON = "person", "A person"
        BUSINESS = "business", "A business"
        BEREAVED = "bereaved", "A bereaved relative"
        WITNESS = "witness", "A witness"

    hub_id = models.IntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.PERSON)
    title = models.CharField(max_length=35, default="", blank=True)
    given_name = models.CharField(max_length=100, default="", blank=True)
    family_name = models.CharField(max_length=100, default="", blank=True)
    # Compared byte by byte, so that an index finds names by their beginning.
    name_key = models.CharField(max_length=210, default="", blank=True, db_collation="C")
    business_name = models.CharField(max_length=200, default="", blank=True)
    birth_date = models.DateField(null=True, blank=True)
    # Where nobody gave a date of birth: the age that was said, on which day; or that they are younger than this.
    age_said = models.PositiveSmallIntegerField(null=True, blank=True)
    age_said_on = models.DateField(null=True, blank=True)
    said_under = models.PositiveSmallIntegerField(null=True, blank=True)
    sex = models.CharField(max_length=20, default="", blank=True)
    ethnicity = models.CharField(max_length=40, default="", blank=True)
    language = models.CharField(max_length=20, default="", blank=True)
    interpreter = models.CharField(max_length=10, default="unknown", blank=True)
    access_needs = SealedField(owner="id")
    council = models.CharField(max_length=9, default="", blank=True)
    location_protected = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            GinIndex(fields=["visible_orgs"], name="victims_victim_orgs"),
            models.Index(fields=["name_key", "birth_date"], name="victims_victim_name"),
        ]

    class Rows:
        scope = Own(kind="victim", holder="hub_id", person="id")
        scopes = {Realm.PUBLIC: Intake("hub_id"), Realm.REFERRER: Intake("hub_id")}
        grants = {**SUPPORT, **ARRIVING}

    class Privacy:
        retention = "support"
        identity = ("title", "given_name", "family_name", "name_key", "business_name", "birth_date")
        special = ("ethnicity", "access_needs")
        sensitive = ("sex", "language", "interpreter", "council", "location_protected", "age_said", "said_under")
        neutral = ("id", "visible_orgs", "hub_id", "kind", "created_at", "version", "age_said_on")

    @property
    def full_name(self) -> str:
        return self.name_of(self.kind, self.business_name, self.title, self.given_name, self.family_name)

    @staticmethod
    def name_of(kind: str, business_name: str, *parts: str) -> str:
        """The name of a person or a business, from the columns that hold it."""
        if kind == Victim.Kind.BUSINESS:
            return business_name
        return " ".join(part for part in parts if part) or "Name not given"


class Agreement(Child):
    """One of three agreements: to be supported, to be contacted (by channel), to share with a body."""

    class About(models.TextChoices):
        SUPPORT = "support", "To be supported"
        CONTACT = "contact", "To be contacted"
        SHARE = "share", "To share with a named body"

    victim = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="agreements")
    about = models.CharField(max_length=10, choices=About.choices)
    channel = models.CharField(max_length=10, default="", blank=True)
    with_organisation = models.IntegerField(null=True, blank=True)
    purpose = models.CharField(max_length=60, default="", blank=True)
    given = models.BooleanField()
    how = models.CharField(max_length=40, default="", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    parent_path = "victim"

    class Rows:
        scope = Parent("victim_id", "victims_victim", changed="withdrawn_at")
        grants = {Realm.HUB: "select insert update", Realm.PROVIDER: "select insert update",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip

    class Privacy:
        retention = "support"
        sensitive = ("about", "channel", "with_organisation", "purpose", "given", "how", "withdrawn_at")
        neutral = ("id", "victim", "recorded_at", "recorded_by")


class Basis(Child):
    """The lawful basis for one purpose: the article, the condition, and why it is necessary."""

    victim = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="bases")
    purpose = models.CharField(max_length=60)
    basis = models.CharField(max_length=60)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True, blank=True)
    review_on = models.DateField(null=True, blank=True)

    parent_path = "victim"

    class Rows:
        scope = Parent("victim_id", "victims_victim")
        grants = {Realm.HUB: "select insert", Realm.PROVIDER: "select insert",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip

    class Privacy:
        retention = "support"
        sensitive = ("purpose", "basis")
        neutral = ("id", "victim", "recorded_at", "recorded_by", "review_on")


class Correction(Child):
    """What a record said before it was put right, sealed, and why. Of special categories only that they changed."""

    victim = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="corrections")
    changed: "ArrayField[list[str], list[str]]" = ArrayField(models.CharField(max_length=40))
    before = SealedField(owner="victim_id")
    reason = models.CharField(max_length=40)
    corrected_at = models.DateTimeField()
    corrected_by = models.UUIDField(null=True, blank=True)
    organisation_id = models.IntegerField(null=True, blank=True)

    parent_path = "victim"

    class Rows:
        scope = Parent("victim_id", "victims_victim")
        grants = {Realm.HUB: "select insert", Realm.PROVIDER: "select insert",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip

    class Privacy:
        retention = "support"
        identity = ("before",)
        sensitive = ("changed", "reason")
        neutral = ("id", "victim", "corrected_at", "corrected_by", "organisation_id")


class Responsible(Child):
    """The adult with responsibility for a child, and whether a worker judged that the child may be contacted directly.
    The latest counts.
    """

    victim = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="responsible")
    name = SealedField(owner="victim_id")
    relation = models.CharField(max_length=40, default="", blank=True)
    judged = models.BooleanField(default=False)
    why = SealedField(owner="victim_id")
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True, blank=True)

    parent_path = "victim"

    class Rows:
        scope = Parent("victim_id", "victims_victim")
        grants = {Realm.HUB: "select insert", Realm.PROVIDER: "select insert",
                  Realm.WORKER: "select insert update delete"}  # fmt: skip

    class Privacy:
        retention = "support"
        identity = ("name", "why")
        sensitive = ("relation", "judged")
        neutral = ("id", "victim", "recorded_at", "recorded_by")


class SamePerson(models.Model):
    """A person's judgement on two records: same, not same, or not sure. Reversible; for the hub alone."""

    class Judgement(models.TextChoices):
        SAME = "same", "The same person"
        NOT_SAME = "not_same", "Not the same person"
        NOT_SURE = "not_sure", "Not sure"

    id = models.UUIDField(primary_key=True)
    hub_id = models.IntegerField()
    left = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="+")
    judgement = models.CharField(max_length=10, choices=Judgement.choices)
    judged_by = models.UUIDField()
    judged_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["left", "right"], condition=models.Q(ended_at=None), name="victims_sameperson_once"
            )
        ]

    class Rows:
        scope = BOTH_SEEN
        grants = {Realm.HUB: "select insert update", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        sensitive = ("left", "right", "judgement")
        neutral = ("id", "hub_id", "judged_by", "judged_at", "ended_at")
