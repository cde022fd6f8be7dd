"""At which providers somebody manages; and a way of contact stopped at once by whoever has their own page open."""

from django.db import migrations

SAFE = "SECURITY DEFINER SET search_path = public, pg_temp"
MANAGED = f"""
CREATE FUNCTION journey_managed(a_user uuid) RETURNS int[] LANGUAGE plpgsql STABLE {SAFE} AS $$
BEGIN
  RETURN ARRAY(
    SELECT m.organisation_id::int FROM organisations_membership m JOIN accounts_user u ON u.id = m.user_id
     WHERE m.user_id = a_user AND m.until IS NULL AND u.is_active AND m.role = 'service_manager');
END $$"""
# Whose it is is read from the page that the request presents; one that is not turned on stops nothing.
STOP = f"""
CREATE FUNCTION journey_stop_using(a_kinds text[]) RETURNS SETOF uuid LANGUAGE plpgsql {SAFE} AS $$
DECLARE v_person uuid;
BEGIN
  SELECT p.victim_id INTO v_person FROM journey_page p
   WHERE p.handle = decode(nullif(current_setting('app.ticket', true), ''), 'hex') AND p.state = 'ON';
  IF v_person IS NULL THEN RETURN; END IF;
  RETURN QUERY
    UPDATE messages_contactpoint c
       SET safe = 'no', verified_at = NULL, verified_how = '', expires_at = NULL, leave_message = false, safe_times = ''
     WHERE c.person_id = v_person AND c.kind = ANY (a_kinds) AND c.kind IN ('phone', 'email')
       AND c.retired_at IS NULL AND c.safe <> 'no'
    RETURNING c.id;
END $$"""


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("journey", "0001_initial"),
        ("messages", "0006_outgoing_link"),
        ("organisations", "0005_seats"),
    ]

    operations = [
        migrations.RunSQL(MANAGED, "DROP FUNCTION journey_managed(uuid)"),
        migrations.RunSQL(STOP, "DROP FUNCTION journey_stop_using(text[])"),
    ]
