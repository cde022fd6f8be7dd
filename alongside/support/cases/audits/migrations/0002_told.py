"""Audits of which something was told to somebody: a worker reads the questions of what was found of a case of theirs."""

from django.db import migrations

TOLD = """
CREATE FUNCTION audits_told(a_user uuid) RETURNS uuid[] LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  RETURN ARRAY(SELECT DISTINCT audit_id FROM audits_item WHERE worker = a_user AND state = 'TOLD');
END $$"""


class Migration(migrations.Migration):

    dependencies = [("audits", "0001_initial"), ("others", "0002_functions")]

    operations = [migrations.RunSQL(TOLD, "DROP FUNCTION audits_told(uuid)")]
