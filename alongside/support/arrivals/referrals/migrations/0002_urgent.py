"""Indexes of the queue: high risk first, and what victims added that nobody has read."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("referrals", "0001_initial")]

    operations = [
        migrations.RemoveIndex(model_name="referral", name="referrals_to_do"),
        migrations.AddIndex(
            model_name="referral",
            index=models.Index(
                fields=["high_risk", "returned", "received_at", "id"],
                name="referrals_urgent",
                condition=models.Q(state__in=["RECEIVED", "IN_TRIAGE"]),
            ),
        ),
        migrations.AddIndex(
            model_name="addition",
            index=models.Index(fields=["ticket"], name="referrals_unread", condition=models.Q(handled_at=None)),
        ),
    ]
