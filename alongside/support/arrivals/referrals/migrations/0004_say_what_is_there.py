"""What is unread already, and the references that referrers gave, from the rows as they stand."""

from django.db import migrations

UNREAD = """
UPDATE referrals_referral SET unread = true WHERE id IN (
  SELECT ticket.referral_id FROM referrals_addition addition JOIN referrals_ticket ticket ON ticket.id = addition.ticket_id
  WHERE addition.handled_at IS NULL)"""
THEIRS = """
UPDATE referrals_standing standing SET source_ref = referral.source_ref
FROM referrals_referral referral WHERE referral.id = standing.referral_id AND referral.source_ref <> ''"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_attempts_struck_and_read")]

    operations = [
        migrations.RunSQL(UNREAD, migrations.RunSQL.noop),
        migrations.RunSQL(THEIRS, migrations.RunSQL.noop),
    ]
