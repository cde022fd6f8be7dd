"""What an organisation still has in hand, as numbers alone, for the role that ends organisations."""

from django.db import migrations

OPEN_WORK = """
CREATE OR REPLACE FUNCTION casework_open_work(a_org int) RETURNS TABLE (
  cases bigint, offers bigint, referrals bigint, additions bigint, held bigint, loading bigint, deliveries bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT (current_setting('role') LIKE '%\\_auth' OR current_setting('role') LIKE '%\\_worker'
          OR current_setting('role') = 'none') THEN
    RAISE EXCEPTION 'not for this role' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY SELECT
    (SELECT count(*) FROM casework_case WHERE a_org IN (provider_id, hub_id) AND state <> 'CLOSED'),
    (SELECT count(*) FROM referrals_offer WHERE a_org IN (provider_id, hub_id) AND state = 'OFFERED'),
    (SELECT count(*) FROM referrals_referral WHERE hub_id = a_org AND state <> 'CLOSED'),
    (SELECT count(*) FROM referrals_addition addition JOIN referrals_ticket ticket ON ticket.id = addition.ticket_id
       JOIN referrals_referral came ON came.id = ticket.referral_id
      WHERE came.hub_id = a_org AND addition.handled_at IS NULL),
    (SELECT count(*) FROM feeds_keptrow WHERE hub_id = a_org AND outcome = 'held' AND settled_at IS NULL),
    (SELECT count(*) FROM feeds_upload WHERE a_org IN (hub_id, source_id) AND state = 'WAITING'),
    (SELECT count(*) FROM feeds_delivery WHERE source_id = a_org);
END $$"""


class Migration(migrations.Migration):

    dependencies = [
        ('casework', '0001_initial'),
        ('feeds', '0002_receipts_add_up'),
        ('referrals', '0001_initial'),
    ]

    operations = [migrations.RunSQL(OPEN_WORK, "DROP FUNCTION casework_open_work(int)")]
