"""What matching compares, kept apart from the record, and the trained models that weigh it. For the hub alone."""

from typing import Self

from django.db import models
from django.db.models import Q

from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.core.rows.scopes import Both, Open, OwnOrg, Parent, Unless
from alongside.support.people.victims.models import BOTH_SEEN, Victim

# Records are compared when they share all the columns of any of these. `("given", "family")` is also tried turned.
BLOCKS: tuple[tuple[str, ...], ...] = (
    ("phone",), ("email",), ("address",), ("given", "born"), ("family", "born"), ("given", "family"),
    ("postcode", "born"),
)  # fmt: skip


class Hubs(models.QuerySet["Profile"]):
    """First lock: the hub's own records, and nobody else's."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.realm == Realm.WORKER:
            return self.all()
        seen = self.filter(Q(hidden=False) | Q(victim__visible_orgs__overlap=list(actor.orgs)))
        own = seen.filter(hub_id__in=actor.orgs).exclude(victim__in=actor.closed)
        return own if actor.realm == Realm.HUB else self.none()


class Profile(models.Model):
    """One victim as records are compared: names as they are compared, ways of contact and address blind.

    No provider's role is granted this table: a provider can learn nothing here of whom another one holds.
    """

    victim = models.OneToOneField(Victim, on_delete=models.CASCADE, primary_key=True, related_name="+")
    hub_id = models.IntegerField()
    kind = models.CharField(max_length=10)
    given = models.CharField(max_length=100, null=True, db_collation="C")
    family = models.CharField(max_length=200, null=True, db_collation="C")
    born = models.CharField(max_length=10, null=True, db_collation="C")
    sex = models.CharField(max_length=20, null=True)
    phone = models.BinaryField(null=True)
    email = models.BinaryField(null=True)
    address = models.BinaryField(null=True)
    postcode = models.BinaryField(null=True)
    described_at = models.DateTimeField()
    hidden = models.BooleanField(default=False, editable=False)  # the record is restricted; by a trigger

    objects = Hubs.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=list(block), name=f"matching_by_{'_'.join(block)}",
                condition=models.Q(**{f"{column}__isnull": False for column in block}),
            )
            for block in BLOCKS
        ]  # fmt: skip

    class Rows:
        scope = Both((OwnOrg("hub_id", person="victim_id"), Unless("hidden", Parent("victim_id", "victims_victim"))))
        grants = {Realm.HUB: "select", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        identity = ("given", "family", "born", "phone", "email", "address", "postcode")
        sensitive = ("sex",)
        neutral = ("victim", "hub_id", "kind", "described_at", "hidden")


class TrainedModel(models.Model):
    """A model as Splink trained it: its settings with every m and u, on how much of which data, and when."""

    number = models.PositiveIntegerField(primary_key=True)
    settings = models.JSONField()
    records = models.PositiveIntegerField()
    data_hash = models.CharField(max_length=64)
    made_with = models.CharField(max_length=40)
    floor = models.FloatField()
    trained_at = models.DateTimeField()
    in_use = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["in_use"], condition=models.Q(in_use=True), name="matching_one_in_use")
        ]

    class Rows:
        scope = Open("Weights and counts of a whole county: nobody's personal data.")
        grants = {Realm.HUB: "select", Realm.WORKER: "select insert update"}

    class Privacy:
        retention = "permanent"
        neutral = ("number", "settings", "records", "data_hash", "made_with", "floor", "trained_at", "in_use")


class NameShare(models.Model):
    """How common a name is among the records that a model was trained on; only names that several people bear."""

    model = models.ForeignKey(TrainedModel, on_delete=models.CASCADE, related_name="shares")
    field = models.CharField(max_length=10)
    name = models.CharField(max_length=200, db_collation="C")
    share = models.FloatField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model", "field", "name"], name="matching_share_once")]

    class Rows:
        scope = Open("Names that several people bear, with how many in a thousand: nobody's personal data.")
        grants = {Realm.HUB: "select", Realm.WORKER: "select insert delete"}

    class Privacy:
        retention = "permanent"
        neutral = ("id", "model", "field", "name", "share")


class Pairs(models.QuerySet["Pair"]):
    """First lock: the hub's own records, and nobody else's."""

    def visible_to(self, actor: Actor) -> Self:
        """Pairs both of whose records the actor may open."""
        seen = self.filter(
            left__visible_orgs__overlap=list(actor.orgs), right__visible_orgs__overlap=list(actor.orgs),
            hub_id__in=actor.orgs,
        )  # fmt: skip
        return (
            seen.exclude(Q(left__in=actor.closed) | Q(right__in=actor.closed))
            if actor.realm == Realm.HUB
            else self.none()
        )


class Pair(models.Model):
    """Two records of a hub that the model took for one person when everything was last linked. Judged by people."""

    hub_id = models.IntegerField()
    left = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="+")
    right = models.ForeignKey(Victim, on_delete=models.CASCADE, related_name="+")
    weight = models.FloatField()
    model = models.PositiveIntegerField()
    found_at = models.DateTimeField()

    objects = Pairs.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["left", "right"], name="matching_pair_once")]
        indexes = [models.Index(fields=["hub_id", "-weight", "-id"], name="matching_pair_list")]

    class Rows:
        scope = BOTH_SEEN
        grants = {Realm.HUB: "select", Realm.WORKER: "select insert update delete"}

    class Privacy:
        retention = "support"
        sensitive = ("left", "right", "weight")
        neutral = ("id", "hub_id", "model", "found_at")
