"""A row that comes under a reference that stands on two referrals is of the first one's person."""

from django.db import migrations

SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

ROW_COMES = f"""
CREATE OR REPLACE FUNCTION feeds_whose_rows() RETURNS trigger {SAFE} AS $$
BEGIN
  UPDATE feeds_keptrow kept SET victim_id = ours.victim_id FROM fresh, feeds_delivery delivery, referrals_referral ours
   WHERE kept.id = fresh.id AND delivery.id = kept.delivery_id AND ours.source = 'police_feed'
     AND ours.source_organisation = delivery.source_id AND ours.source_ref = kept.source_ref AND ours.twin = 0
     AND kept.source_ref <> '';
  RETURN NULL;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0012_guarded_for_good"), ("referrals", "0014_twins")]

    operations = [migrations.RunSQL(ROW_COMES, migrations.RunSQL.noop)]
