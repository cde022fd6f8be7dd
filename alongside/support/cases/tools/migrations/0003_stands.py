"""How the case of the questions that a request presents stands, for the public's realm, which reads no case."""

from django.db import migrations

STANDS = """
CREATE FUNCTION tools_stands() RETURNS text LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_person uuid; v_state text;
BEGIN
  SELECT s.victim_id, c.state INTO v_person, v_state FROM tools_sending s JOIN casework_case c ON c.id = s.case_id
   WHERE s.lookup = decode(nullif(current_setting('app.ticket', true), ''), 'hex');
  IF EXISTS (SELECT FROM messages_contacthold h
              WHERE h.person_id = v_person AND h.reason = 'died' AND h.ended_at IS NULL) THEN RETURN 'DIED'; END IF;
  RETURN coalesce(v_state, '');
END $$"""


class Migration(migrations.Migration):

    dependencies = [
        ("casework", "0002_open_work"),
        ("messages", "0006_outgoing_link"),
        ("tools", "0002_sending"),
    ]

    operations = [migrations.RunSQL(STANDS, "DROP FUNCTION tools_stands()")]
