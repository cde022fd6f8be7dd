"""Whose manager somebody is, and which words of a text are a name of the other party: answered without a name."""

from django.db import migrations

SAFE = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp"
ORGS = "string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[]"
CLOSED = "coalesce(string_to_array(nullif(current_setting('app.closed', true), ''), ',')::uuid[], '{}')"

# The role is the one that assigns cases (accounts.permissions): a test holds the two together.
MANAGED = f"""
CREATE OR REPLACE FUNCTION others_managed(a_user uuid) RETURNS int[] {SAFE} AS $$
BEGIN
  RETURN ARRAY(
    SELECT held.organisation_id::int FROM organisations_membership held
      JOIN accounts_user who ON who.id = held.user_id AND who.is_active
     WHERE held.user_id = a_user AND held.role = 'service_manager' AND held.until IS NULL);
END $$"""

# Of these blind indexes those that stand for a word by which the other party of a case is called. Whoever may open the
# case may ask of a text of it; the names themselves are for its keepers.
SAID = f"""
CREATE OR REPLACE FUNCTION others_said(a_case uuid, a_lookups bytea[]) RETURNS SETOF bytea {SAFE} AS $$
BEGIN
  IF NOT (current_setting('role') LIKE '%\\_worker' OR current_setting('role') = 'none' OR EXISTS (
    SELECT FROM casework_case kept WHERE kept.id = a_case AND kept.visible_orgs && {ORGS}
       AND kept.provider_id = ANY ({ORGS}) AND kept.victim_id <> ALL ({CLOSED}))) THEN
    RETURN;
  END IF;
  RETURN QUERY SELECT DISTINCT held.lookup FROM others_key held
   WHERE held.case_id = a_case AND held.side = 'other' AND held.kind = 'said' AND held.lookup = ANY (a_lookups);
END $$"""


class Migration(migrations.Migration):
    dependencies = [
        ("others", "0001_initial"),
        ("accounts", "0001_initial"),
        ("organisations", "0005_seats"),
    ]

    operations = [
        migrations.RunSQL(MANAGED, "DROP FUNCTION others_managed(uuid)"),
        migrations.RunSQL(SAID, "DROP FUNCTION others_said(uuid, bytea[])"),
    ]
