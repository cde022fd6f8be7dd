"""A kept row whose reference stands on a record is of that record's person, whichever came first: seen by whoever may
open the record, and only counted for the rest.
"""

from django.db import migrations

SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
ORGS = "string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[]"
CLOSED = "coalesce(string_to_array(nullif(current_setting('app.closed', true), ''), ',')::uuid[], '{}')"
SAME = (
    "delivery.id = kept.delivery_id AND ours.source = 'police_feed' AND ours.source_organisation = delivery.source_id "
    "AND ours.source_ref = kept.source_ref AND kept.source_ref <> ''"
)

ROW_COMES = f"""
CREATE FUNCTION feeds_whose_rows() RETURNS trigger {SAFE} AS $$
BEGIN
  UPDATE feeds_keptrow kept SET victim_id = ours.victim_id FROM fresh, feeds_delivery delivery, referrals_referral ours
   WHERE kept.id = fresh.id AND {SAME};
  RETURN NULL;
END $$;
CREATE TRIGGER feeds_whose_rows AFTER INSERT ON feeds_keptrow REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION feeds_whose_rows()"""

REFERRAL_COMES = f"""
CREATE FUNCTION feeds_rows_of_arrivals() RETURNS trigger {SAFE} AS $$
BEGIN
  UPDATE feeds_keptrow kept SET victim_id = ours.victim_id FROM fresh ours, feeds_delivery delivery
   WHERE kept.outcome IN ('held', 'rejected') AND kept.victim_id IS NULL AND {SAME};
  RETURN NULL;
END $$;
CREATE TRIGGER feeds_rows_of_arrivals AFTER INSERT ON referrals_referral REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION feeds_rows_of_arrivals()"""

# One that was mended may have become a referral by another reference than it came with.
ROW_TAKEN_IN = f"""
CREATE FUNCTION feeds_whose_row() RETURNS trigger {SAFE} AS $$
BEGIN
  NEW.victim_id := coalesce((SELECT victim_id FROM referrals_referral WHERE id = NEW.referral_id), NEW.victim_id);
  RETURN NEW;
END $$;
CREATE TRIGGER feeds_whose_row BEFORE UPDATE ON feeds_keptrow FOR EACH ROW
  WHEN (NEW.referral_id IS DISTINCT FROM OLD.referral_id) EXECUTE FUNCTION feeds_whose_row()"""

BEHIND_NAMES = f"""
CREATE FUNCTION feeds_behind_names(a_from timestamptz, a_to timestamptz)
RETURNS TABLE (source int, feed varchar, day date, kept bigint) {SAFE} AS $$
BEGIN
  RETURN QUERY SELECT delivery.source_id::int, delivery.feed, (delivery.received_at AT TIME ZONE 'Europe/London')::date, count(*)
    FROM feeds_delivery delivery JOIN feeds_keptrow ours ON ours.delivery_id = delivery.id
   WHERE delivery.hub_id = ANY ({ORGS}) AND delivery.received_at >= a_from AND delivery.received_at < a_to
     AND ours.victim_id IS NOT NULL AND NOT EXISTS (
       SELECT FROM victims_victim victim WHERE victim.id = ours.victim_id AND victim.visible_orgs && {ORGS}
          AND victim.id <> ALL ({CLOSED}))
   GROUP BY 1, 2, 3;
END $$"""

ALREADY_HERE = f"""
UPDATE feeds_keptrow kept SET victim_id = ours.victim_id FROM feeds_delivery delivery, referrals_referral ours
 WHERE {SAME};
UPDATE feeds_keptrow kept SET victim_id = ours.victim_id FROM referrals_referral ours WHERE ours.id = kept.referral_id"""
UNDONE = """
DROP TRIGGER feeds_whose_rows ON feeds_keptrow;
DROP TRIGGER feeds_rows_of_arrivals ON referrals_referral;
DROP TRIGGER feeds_whose_row ON feeds_keptrow;
DROP FUNCTION feeds_whose_rows(), feeds_rows_of_arrivals(), feeds_whose_row();
DROP FUNCTION feeds_behind_names(timestamptz, timestamptz)"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_restricted"),
        ("feeds", "0009_whose_row"),
        ("referrals", "0008_offers_of_a_person"),
    ]

    operations = [
        migrations.RunSQL(";\n".join((ROW_COMES, REFERRAL_COMES, ROW_TAKEN_IN, BEHIND_NAMES)), UNDONE),
        migrations.RunSQL(ALREADY_HERE, migrations.RunSQL.noop),
    ]
