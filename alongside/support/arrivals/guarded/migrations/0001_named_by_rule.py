"""At which hubs the rulebook names somebody on what is restricted; where it names nobody, everybody there."""

from django.db import migrations

SAFE = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
IN_FORCE = (
    "rule.since <= (now() AT TIME ZONE 'Europe/London')::date "
    "AND (rule.until IS NULL OR rule.until > (now() AT TIME ZONE 'Europe/London')::date)"
)
WORKS = "held.until IS NULL AND EXISTS (SELECT FROM accounts_user who WHERE who.id = held.user_id AND who.is_active)"
NAMED = f"""EXISTS (SELECT FROM rulebook_rule rule WHERE rule.book = 'named_by_rule' AND {IN_FORCE}
       AND rule.body ->> 'role' = held.role AND rule.body ->> 'at' = 'hub')"""

HUBS = f"""
CREATE FUNCTION guarded_hubs(a_user uuid) RETURNS int[] {SAFE} AS $$
BEGIN
  RETURN ARRAY(
    SELECT mine.organisation_id::int FROM organisations_membership mine
      JOIN organisations_organisation place ON place.id = mine.organisation_id AND place.kind = 'hub'
     WHERE mine.user_id = a_user AND mine.until IS NULL AND (
       EXISTS (SELECT FROM organisations_membership held WHERE held.id = mine.id AND {WORKS} AND {NAMED})
       OR NOT EXISTS (SELECT FROM organisations_membership held
                       WHERE held.organisation_id = mine.organisation_id AND {WORKS} AND {NAMED})));
END $$"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("organisations", "0005_seats"),
        ("rulebook", "0001_initial"),
    ]

    operations = [migrations.RunSQL(HUBS, "DROP FUNCTION guarded_hubs(uuid)")]
