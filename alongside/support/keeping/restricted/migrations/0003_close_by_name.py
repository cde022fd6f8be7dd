"""A record of a name that somebody has declared is closed to them by the statement that brings it."""

from django.db import migrations

SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
SAME = (
    "known.name_key = {row}.name_key AND (known.birth_date IS NULL OR {row}.birth_date IS NULL "
    "OR known.birth_date = {row}.birth_date)"
)
STANDS = "known.victim_id IS NULL AND known.lifted_at IS NULL AND known.name_key <> ''"
# One that a manager has looked at and lifted stays open.
NOT_LIFTED = (
    "NOT EXISTS (SELECT FROM restricted_conflict before WHERE before.user_id = known.user_id "
    "AND before.victim_id = {row}.id AND before.lifted_at IS NOT NULL)"
)

# The manager of an organisation that is let into the record sees that it is closed to somebody; others learn nothing.
NOTE = """
  INSERT INTO restricted_conflict (id, user_id, organisation_id, victim_id, name_key, relation, declared_at, declared_by,
                                   lifted_why)
  SELECT gen_random_uuid(), known.user_id, known.organisation_id, {row}.id, '', known.relation, now(),
         known.declared_by, ''
    FROM {source}
   WHERE {where} AND EXISTS (
     SELECT FROM core_grant WHERE kind = 'victim' AND subject = {row}.id AND organisation = known.organisation_id
        AND since <= now() AND (until IS NULL OR until > now()))
  ON CONFLICT DO NOTHING;"""
CLOSE = """
  INSERT INTO core_closed (user_id, person, since)
  SELECT known.user_id, {row}.id, now() FROM {source} WHERE {where} ON CONFLICT DO NOTHING;"""


def _both(source: str, row: str, where: str) -> str:
    condition = f"{where} AND {SAME.format(row=row)} AND {NOT_LIFTED.format(row=row)}"
    return "".join(part.format(source=source, row=row, where=condition) for part in (CLOSE, NOTE))


ARRIVES = f"""
CREATE FUNCTION restricted_close_arrivals() RETURNS trigger {SAFE} AS $$
BEGIN
  {_both("restricted_conflict known, fresh", "fresh", STANDS)}
  RETURN NULL;
END $$;
CREATE TRIGGER seal_from_who_knows AFTER INSERT ON victims_victim REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION restricted_close_arrivals()"""

CORRECTED = f"""
CREATE FUNCTION restricted_close_corrected() RETURNS trigger {SAFE} AS $$
BEGIN
  {_both("restricted_conflict known, (SELECT (NEW).*) fresh", "fresh", STANDS)}
  RETURN NULL;
END $$;
CREATE TRIGGER seal_from_who_knows_it_now AFTER UPDATE ON victims_victim FOR EACH ROW
  WHEN (NEW.name_key IS DISTINCT FROM OLD.name_key OR NEW.birth_date IS DISTINCT FROM OLD.birth_date)
  EXECUTE FUNCTION restricted_close_corrected()"""

CLOSE_NAME = f"""
CREATE FUNCTION restricted_close_name(a_conflict uuid) RETURNS void {SAFE} AS $$
BEGIN
  {_both("restricted_conflict known, victims_victim there", "there", f"known.id = a_conflict AND {STANDS}")}
END $$"""
UNDONE = """
DROP TRIGGER seal_from_who_knows ON victims_victim;
DROP TRIGGER seal_from_who_knows_it_now ON victims_victim;
DROP FUNCTION restricted_close_arrivals(), restricted_close_corrected();
DROP FUNCTION restricted_close_name(uuid)"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_restricted"),
        ("restricted", "0002_by_rule_and_by_reference"),
    ]

    operations = [migrations.RunSQL(";\n".join((ARRIVES, CORRECTED, CLOSE_NAME)), UNDONE)]
