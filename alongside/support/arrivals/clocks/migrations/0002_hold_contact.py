"""Pauses that hold contact and were in force before there were holds hold it from now on. Safe to run again."""

from django.db import migrations

TODAY = "(now() AT TIME ZONE 'Europe/London')::date"

# A rulebook that is older than the holds does not say yet which reason stops contact: the police's did, and no other.
HOLD = f"""
WITH held AS (
  INSERT INTO messages_contacthold (id, visible_orgs, person_id, recorded_by, cause_id, reason, until, set_at, set_by)
  SELECT gen_random_uuid(), '{{}}', pause.victim_id, referral.hub_id, pause.id, pause.reason, pause.until, now(),
         pause.paused_by
    FROM clocks_pause pause JOIN referrals_referral referral ON referral.id = pause.referral_id
   WHERE pause.resumed_on IS NULL AND pause.since <= {TODAY} AND pause.until > {TODAY}
     AND NOT EXISTS (SELECT FROM messages_contacthold there WHERE there.cause_id = pause.id)
     AND coalesce((
       SELECT (rule.body ->> 'stops_contact')::boolean FROM rulebook_rule rule
        WHERE rule.book = 'pause_reasons' AND rule.code = pause.reason AND rule.since <= {TODAY}
          AND (rule.until IS NULL OR rule.until > {TODAY})
        ORDER BY rule.version DESC LIMIT 1), pause.reason = 'police_hold')
  RETURNING id, recorded_by, reason, until)
INSERT INTO core_event (id, at, name, subject, organisation_id, realm, details)
SELECT gen_random_uuid(), now(), 'contact.held', id, recorded_by, 'worker',
       jsonb_build_object('reason', reason, 'until', until, 'by', 'migration')
  FROM held"""


class Migration(migrations.Migration):
    dependencies = [
        ("clocks", "0001_pauses"),
        ("core", "0004_restricted"),
        ("messages", "0004_contact_holds"),
        ("referrals", "0001_initial"),
        ("rulebook", "0001_initial"),
    ]

    operations = [migrations.RunSQL(HOLD, migrations.RunSQL.noop)]
