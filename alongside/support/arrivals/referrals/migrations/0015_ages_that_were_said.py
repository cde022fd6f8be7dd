"""An age that was typed where nobody knew the date of birth is the age at receipt too."""

from django.db import migrations

SAID = """
UPDATE referrals_referral referral
   SET age_at_receipt = victim.age_said + extract(year FROM age(
         (referral.received_at AT TIME ZONE 'Europe/London')::date, victim.age_said_on))::int
  FROM victims_victim victim
 WHERE victim.id = referral.victim_id AND referral.age_at_receipt IS NULL AND victim.birth_date IS NULL
   AND victim.age_said IS NOT NULL AND victim.age_said_on IS NOT NULL
   AND victim.age_said_on <= (referral.received_at AT TIME ZONE 'Europe/London')::date"""


class Migration(migrations.Migration):
    dependencies = [("referrals", "0014_twins"), ("victims", "0006_an_age_that_was_said")]

    operations = [migrations.RunSQL(SAID, migrations.RunSQL.noop)]
