"""How a referral that the hub took down came: kept once, so that sending the page twice makes one referral."""

from django.db import models

from alongside.core.rows.records import Child
from alongside.core.rows.scopes import Parent
from alongside.support.arrivals.referrals.models import HUB_ONLY, Referral


class TakenDown(Child):
    """One referral as it was taken down. `token`: of the page that it was written on."""

    class Channel(models.TextChoices):
        PHONE = "phone", "By telephone"
        VISIT = "visit", "In person"
        WRITTEN = "written", "By letter, e-mail or web chat"

    class Caller(models.TextChoices):
        SELF = "self", "The person who needs support"
        OTHER = "other", "Somebody who knows them"
        PROFESSIONAL = "professional", "A professional"

    token = models.UUIDField(unique=True)
    referral = models.OneToOneField(Referral, on_delete=models.CASCADE, related_name="taken_down")
    channel = models.CharField(max_length=10, choices=Channel.choices)
    caller = models.CharField(max_length=20, choices=Caller.choices)
    taken_at = models.DateTimeField()
    taken_by = models.UUIDField(null=True)

    parent_path = "referral"

    class Rows:
        scope = Parent("referral_id", "referrals_referral")
        grants = HUB_ONLY

    class Privacy:
        retention = "support"
        neutral = ("id", "token", "referral", "channel", "caller", "taken_at", "taken_by")
