"""One record and those of its blocks in one question: what a page asks, planned once by each connection."""

from django.db import migrations

AROUND = """
CREATE FUNCTION matching_around(a_record uuid, a_most int)
RETURNS TABLE (place bigint, victim_id uuid, given text, family text, born text, sex text, phone bytea, email bytea,
  address bytea, postcode bytea)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE own matching_profile;
BEGIN
  SELECT * INTO own FROM matching_profile WHERE victim_id = a_record;
  IF NOT FOUND THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT 0::bigint, own.victim_id, own.given::text, own.family::text, own.born::text, own.sex::text,
    own.phone, own.email, own.address, own.postcode;
  RETURN QUERY SELECT near.* FROM matching_near(
    ARRAY[own.given::text], ARRAY[own.family::text], ARRAY[own.born::text], ARRAY[own.phone], ARRAY[own.email],
    ARRAY[own.address], ARRAY[own.postcode], own.hub_id, own.kind, a_most) AS near WHERE near.victim_id <> a_record;
END $$"""


class Migration(migrations.Migration):
    dependencies = [("matching", "0004_follow_the_seal")]

    operations = [migrations.RunSQL(AROUND, "DROP FUNCTION matching_around(uuid, int)")]
