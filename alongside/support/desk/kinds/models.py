"""What the hub knows of a bereaved relative or a witness beyond the kind itself. It goes with nothing that is sent."""

from django.db import models

from alongside.core.privacy.fields import SealedField
from alongside.core.rows.realms import Realm
from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.arrivals.referrals.models import HUB_ONLY, Referral


class Part(Child):
    """One person's part in one crime. `death` joins the relatives of one person who died; no key of anybody stands in
    it. For the hub alone: who died is nobody else's to read.
    """

    class Side(models.TextChoices):
        PROSECUTION = "prosecution", "The prosecution"
        DEFENCE = "defence", "The defence"
        NOT_KNOWN = "not_known", "Not known yet"

    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="part")
    victim_id = models.UUIDField()
    relation = models.CharField(max_length=40, default="", blank=True)
    died = SealedField(owner="victim_id")
    death = models.UUIDField(null=True, blank=True)
    side = models.CharField(max_length=12, choices=Side.choices, default="", blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.UUIDField(null=True, blank=True)

    parent_path = "referral"

    class Meta:
        indexes = [models.Index(fields=["death"], name="kinds_part_death", condition=models.Q(death__isnull=False))]

    class Rows:
        scope = Parent("referral_id", "referrals_referral")
        grants = {Realm.HUB: HUB_ONLY[Realm.HUB], Realm.WORKER: "select delete"}

    class Privacy:
        retention = "support"
        identity = ("died",)
        sensitive = ("relation", "side", "death")
        neutral = ("id", "referral", "victim_id", "recorded_at", "recorded_by")
