"""A guarded row stays so, and whoever mended it to such a kind sees it still; it is counted for those who do not."""

from django.db import migrations

SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
ORGS = "string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[]"
CLOSED = "coalesce(string_to_array(nullif(current_setting('app.closed', true), ''), ',')::uuid[], '{}')"
USER = "nullif(current_setting('app.user', true), '')::uuid"

FOR_GOOD = f"""
CREATE FUNCTION feeds_guarded_for_good() RETURNS trigger {SAFE} AS $$
BEGIN
  NEW.guarded_by := CASE WHEN OLD.guarded THEN OLD.guarded_by WHEN NEW.guarded THEN {USER} END;
  NEW.guarded := NEW.guarded OR OLD.guarded;
  RETURN NEW;
END $$;
CREATE TRIGGER feeds_guarded_for_good BEFORE UPDATE ON feeds_keptrow FOR EACH ROW
  WHEN (NEW.guarded OR OLD.guarded) EXECUTE FUNCTION feeds_guarded_for_good()"""

BEHIND_NAMES = f"""
CREATE OR REPLACE FUNCTION feeds_behind_names(a_from timestamptz, a_to timestamptz)
RETURNS TABLE (source int, feed varchar, day date, kept bigint) {SAFE} AS $$
DECLARE named int[] := guarded_hubs({USER});
BEGIN
  RETURN QUERY SELECT delivery.source_id::int, delivery.feed, (delivery.received_at AT TIME ZONE 'Europe/London')::date, count(*)
    FROM feeds_delivery delivery JOIN feeds_keptrow ours ON ours.delivery_id = delivery.id
    LEFT JOIN victims_victim victim ON victim.id = ours.victim_id AND victim.visible_orgs && {ORGS}
          AND victim.id <> ALL ({CLOSED})
   WHERE delivery.hub_id = ANY ({ORGS}) AND delivery.received_at >= a_from AND delivery.received_at < a_to
     AND (ours.victim_id IS NOT NULL OR ours.guarded)
     AND ((ours.victim_id IS NOT NULL AND victim.id IS NULL)
       OR (ours.guarded AND ours.guarded_by IS DISTINCT FROM {USER} AND ours.hub_id <> ALL (named)
           AND (victim.visible_orgs[1] < 0) IS NOT TRUE))
   GROUP BY 1, 2, 3;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0011_guarded")]

    operations = [
        migrations.RunSQL(
            FOR_GOOD,
            "DROP TRIGGER feeds_guarded_for_good ON feeds_keptrow; DROP FUNCTION feeds_guarded_for_good()",
        ),
        migrations.RunSQL(BEHIND_NAMES, migrations.RunSQL.noop),
    ]
