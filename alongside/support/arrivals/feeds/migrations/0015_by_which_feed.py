"""By which feed of a force the referrals came that are here already: with a file, or released of it later."""

from django.db import migrations

BY_WHICH_FEED = """
UPDATE referrals_referral ours SET feed = delivery.feed FROM feeds_delivery delivery
 WHERE delivery.feed <> '' AND ours.source = 'police_feed' AND ours.source_organisation = delivery.source_id
   AND ours.received_at = delivery.received_at;
UPDATE referrals_referral ours SET feed = delivery.feed FROM feeds_keptrow kept, feeds_delivery delivery
 WHERE kept.referral_id = ours.id AND delivery.id = kept.delivery_id AND delivery.feed <> ''"""


class Migration(migrations.Migration):
    dependencies = [
        ("feeds", "0014_sent_again"),
        ("referrals", "0016_by_which_feed"),
    ]

    operations = [migrations.RunSQL(BY_WHICH_FEED, migrations.RunSQL.noop)]
