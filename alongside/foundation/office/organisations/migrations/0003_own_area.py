"""Who manages organisations does so in their own police area, whatever a statement says."""

from django.db import migrations

OWN_AREA = r"""
CREATE OR REPLACE FUNCTION organisations_own_area() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT FROM organisations_organisation mine WHERE mine.force_id = NEW.force_id
       AND mine.id = ANY (string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[]))
    OR (TG_OP = 'INSERT' AND NEW.kind IN ('hub', 'policing_body') AND current_setting('role') LIKE '%\_hub')
  THEN RAISE EXCEPTION 'not for this role' USING ERRCODE = '42501'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER organisations_own_area BEFORE INSERT OR UPDATE ON organisations_organisation FOR EACH ROW
  WHEN (current_setting('role') LIKE '%\_hub' OR current_setting('role') LIKE '%\_commissioning')
  EXECUTE FUNCTION organisations_own_area()"""
UNDONE = """
DROP TRIGGER organisations_own_area ON organisations_organisation;
DROP FUNCTION organisations_own_area()"""


class Migration(migrations.Migration):
    dependencies = [
        ("organisations", "0002_resets"),
    ]

    operations = [migrations.RunSQL(OWN_AREA, UNDONE)]
