"""How many entries of an event wait for the named alone, for whoever is not one of them."""

from django.db import migrations

SAFE = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
ORGS = "string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[]"
USER = "nullif(current_setting('app.user', true), '')::uuid"

BEHIND_NAMES = f"""
CREATE FUNCTION onthespot_behind_names(a_occasion uuid) RETURNS bigint {SAFE} AS $$
BEGIN
  RETURN (SELECT count(*) FROM onthespot_entry WHERE occasion_id = a_occasion AND hub_id = ANY ({ORGS}) AND guarded
             AND settled_at IS NULL AND hub_id <> ALL (guarded_hubs({USER})));
END $$"""


class Migration(migrations.Migration):
    dependencies = [("onthespot", "0002_guarded")]

    operations = [migrations.RunSQL(BEHIND_NAMES, "DROP FUNCTION onthespot_behind_names(uuid)")]
