"""Whether somebody in a group is on the other side of a case: answered as codes, of hidden members too, by blind
indexes alone."""

from django.db import migrations

ORGS = "string_to_array(nullif(current_setting('app.orgs', true), ''), ',')::int[]"
CLOSED = "coalesce(string_to_array(nullif(current_setting('app.closed', true), ''), ',')::uuid[], '{}')"
# Two dates of birth that are both known and differ are those of two people.
SAME_BIRTH = "(mine.born = '' OR theirs.born = '' OR mine.born = theirs.born)"
ALIKE = f"mine.lookup = theirs.lookup AND mine.kind = theirs.kind AND {SAME_BIRTH}"


def meets(mine: str, theirs: str, kinds: str) -> str:
    return (
        f"EXISTS (SELECT FROM others_key mine JOIN others_key theirs ON {ALIKE} WHERE mine.case_id = a_case "
        f"AND mine.side = '{mine}' AND theirs.side = '{theirs}' AND theirs.case_id = ANY (inside) "
        f"AND mine.kind IN ({kinds}))"
    )


AGAINST = f"""
CREATE OR REPLACE FUNCTION groups_against(a_case uuid, a_group uuid) RETURNS text[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE inside uuid[];
BEGIN
  IF NOT (current_setting('role') LIKE '%\\_worker' OR current_setting('role') = 'none' OR (
    EXISTS (SELECT FROM groups_group held WHERE held.id = a_group AND held.provider_id = ANY ({ORGS}))
    AND EXISTS (SELECT FROM casework_case kept WHERE kept.id = a_case AND kept.visible_orgs && {ORGS}
                 AND kept.victim_id <> ALL ({CLOSED})))) THEN
    RETURN '{{}}';
  END IF;
  inside := ARRAY(SELECT member.case_id FROM groups_member member
                   WHERE member.group_id = a_group AND member.state <> 'LEFT' AND member.case_id <> a_case);
  RETURN array_remove(ARRAY[
    CASE WHEN {meets("other", "client", "'name'")} OR {meets("client", "other", "'name'")} THEN 'other_side' END,
    CASE WHEN EXISTS (
      SELECT FROM others_key mine JOIN messages_contactpoint point ON point.lookup = mine.lookup
        JOIN casework_case kept ON kept.victim_id = point.person_id
       WHERE mine.case_id = a_case AND mine.side = 'other' AND mine.kind IN ('phone', 'email')
         AND point.retired_at IS NULL AND kept.id = ANY (inside)) OR EXISTS (
      SELECT FROM others_key theirs JOIN messages_contactpoint point ON point.lookup = theirs.lookup
        JOIN casework_case kept ON kept.victim_id = point.person_id
       WHERE theirs.case_id = ANY (inside) AND theirs.side = 'other' AND theirs.kind IN ('phone', 'email')
         AND point.retired_at IS NULL AND kept.id = a_case) THEN 'other_side' END,
    CASE WHEN {meets("other", "other", "'name', 'phone', 'email'")} THEN 'same_other' END], NULL);
END $$"""


class Migration(migrations.Migration):
    dependencies = [
        ("groups", "0001_initial"),
        ("others", "0001_initial"),
        ("messages", "0001_initial"),
        ("casework", "0001_initial"),
    ]

    operations = [migrations.RunSQL(AGAINST, "DROP FUNCTION groups_against(uuid, uuid)")]
