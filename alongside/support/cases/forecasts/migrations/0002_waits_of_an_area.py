"""For a hub: how many wait on each list of its area and how long a new person would, and nothing of anybody."""

from django.db import migrations

WAITS = """
CREATE OR REPLACE FUNCTION forecasts_waits() RETURNS TABLE (
  provider text, service text, modality text, state text, closed_on date, meanwhile text, people bigint,
  told jsonb, told_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF NOT (current_setting('role') LIKE '%\\_hub') THEN
    RAISE EXCEPTION 'not for this role' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY
    SELECT theirs.name::text, service.name::text, list.modality::text, list.state::text, list.closed_on,
           list.meanwhile::text,
           (SELECT count(*) FROM waiting_entry entry
             WHERE entry.list_id = list.id AND entry.state IN ('WAITING', 'PAUSED', 'OFFERED')),
           latest.outcome, latest.asked_at
      FROM waiting_waitinglist list
      JOIN directory_service service ON service.id = list.service_id
      JOIN organisations_organisation theirs ON theirs.id = list.provider_id
      JOIN organisations_organisation mine ON mine.force_id = theirs.force_id AND mine.kind = 'hub'
      LEFT JOIN LATERAL (
        SELECT found.outcome, found.asked_at FROM forecasts_forecast found
         WHERE found.list_id = list.id AND NOT found.own AND found.state = 'DONE'
         ORDER BY found.asked_at DESC LIMIT 1) latest ON true
     WHERE mine.id = ANY (coalesce(
       string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[], '{}'))
     ORDER BY theirs.name, service.name, list.modality;
END $$"""


class Migration(migrations.Migration):

    dependencies = [
        ('forecasts', '0001_initial'),
        ('waiting', '0002_places_of_a_list'),
    ]

    operations = [migrations.RunSQL(WAITS, "DROP FUNCTION forecasts_waits()")]
