"""What decides the order of a list, of everybody on it and without who they are: a position counts those too whose
record is closed to the reader."""

from django.db import migrations

STANDING = """
CREATE OR REPLACE FUNCTION waiting_standing(a_list uuid) RETURNS TABLE (
  id uuid, need text, high_risk boolean, joined_on date, state text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT (current_setting('role') LIKE '%\\_provider' OR current_setting('role') LIKE '%\\_worker'
          OR current_setting('role') = 'none') THEN
    RAISE EXCEPTION 'not for this role' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY
    SELECT entry.id, entry.need::text, held.high_risk, entry.joined_on, entry.state::text
      FROM waiting_entry entry
      JOIN casework_case held ON held.id = entry.case_id
      JOIN waiting_waitinglist list ON list.id = entry.list_id
     WHERE entry.list_id = a_list AND entry.state IN ('WAITING', 'PAUSED', 'OFFERED')
       AND (current_setting('role') NOT LIKE '%\\_provider' OR list.provider_id = ANY (coalesce(
         string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[], '{}')));
END $$"""


class Migration(migrations.Migration):

    dependencies = [('waiting', '0001_initial')]

    operations = [migrations.RunSQL(STANDING, "DROP FUNCTION waiting_standing(uuid)")]
