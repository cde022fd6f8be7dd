"""How the case of the page that a request presents stands, for the public's realm, which reads no case.

A page shuts with the transaction that closes its case or notes a death, and not with the job that clears it later.
"""

from django.db import migrations

STANDS = """
CREATE FUNCTION journey_stands() RETURNS text LANGUAGE plpgsql STABLE
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_person uuid; v_state text;
BEGIN
  SELECT p.victim_id, c.state INTO v_person, v_state FROM journey_page p JOIN casework_case c ON c.id = p.case_id
   WHERE p.handle = decode(nullif(current_setting('app.ticket', true), ''), 'hex');
  IF EXISTS (SELECT FROM messages_contacthold h
              WHERE h.person_id = v_person AND h.reason = 'died' AND h.ended_at IS NULL) THEN RETURN 'DIED'; END IF;
  RETURN coalesce(v_state, '');
END $$"""


class Migration(migrations.Migration):

    dependencies = [
        ("casework", "0002_open_work"),
        ("journey", "0002_functions"),
        ("messages", "0006_outgoing_link"),
    ]

    operations = [migrations.RunSQL(STANDS, "DROP FUNCTION journey_stands()")]
