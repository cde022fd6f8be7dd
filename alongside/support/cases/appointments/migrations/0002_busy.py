"""When the worker of a calendar's address is busy, for whoever presents the address: two times each, and no more."""

from django.db import migrations

# The first row says that there is such an address; without one there is none.
BUSY = """
CREATE FUNCTION appointments_busy(a_lookup bytea, a_from timestamptz, a_until timestamptz)
RETURNS TABLE (key uuid, starts timestamptz, ends timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE v_who uuid; v_org int;
BEGIN
  SELECT f.user_id, f.organisation_id INTO v_who, v_org
    FROM appointments_feed f JOIN accounts_user u ON u.id = f.user_id AND u.is_active
   WHERE f.lookup = a_lookup AND f.stopped_at IS NULL
     AND EXISTS (SELECT FROM organisations_membership m
                  WHERE m.user_id = f.user_id AND m.organisation_id = f.organisation_id AND m.until IS NULL);
  IF v_who IS NULL THEN RETURN; END IF;
  RETURN QUERY
    SELECT NULL::uuid, NULL::timestamptz, NULL::timestamptz
    UNION ALL
    SELECT a.id, a.starts_at, a.ends_at FROM appointments_appointment a
     WHERE a.worker = v_who AND a.provider_id = v_org AND a.state IN ('PLANNED', 'HELD')
       AND a.starts_at >= a_from AND a.starts_at < a_until
    UNION ALL
    SELECT e.about, e.starts_at, e.ends_at FROM appointments_engagement e
     WHERE e.worker = v_who AND e.organisation_id = v_org AND e.starts_at >= a_from AND e.starts_at < a_until;
END $$"""


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0001_initial"),
        ("appointments", "0001_initial"),
        ("organisations", "0005_seats"),
    ]

    operations = [migrations.RunSQL(BUSY, "DROP FUNCTION appointments_busy(bytea, timestamptz, timestamptz)")]
