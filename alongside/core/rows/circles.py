"""The SQL functions of restricted records: seen by people who are named, by negative numbers, not by organisations.

A person's records are sealed together. Whoever is named sees those of them that their organisation is let into, and no
others: the grants stay as they are beneath the seal, and count again when it is lifted.
"""

from collections.abc import Iterator

from alongside.core.rows.scopes import CLOSED, LENT, ORGS, OWN, USER, Follows, Own

_SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

# What a row of this subject carries: the organisations let in, or the numbers of those of their people who are named.
VISIBLE = """
CREATE OR REPLACE FUNCTION rows_visible(a_kind text, a_subject uuid) RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH let_in AS (
    SELECT DISTINCT organisation FROM core_grant
    WHERE kind = a_kind AND subject = a_subject AND since <= now() AND (until IS NULL OR until > now())
  ), seal AS (SELECT person FROM core_sealed WHERE kind = a_kind AND subject = a_subject)
  SELECT coalesce(CASE WHEN EXISTS (SELECT FROM seal) THEN (
    SELECT array_agg(DISTINCT named.number) FROM core_named named JOIN seal USING (person)
      JOIN let_in USING (organisation) WHERE named.until IS NULL OR named.until > now())
  ELSE (SELECT array_agg(organisation) FROM let_in) END, '{}')
$$"""

# Everything of a person again, as it stands now.
_SPREAD_PERSON = f"""
CREATE OR REPLACE FUNCTION rows_spread_person(a_person uuid) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_spread(kind, subject) FROM core_sealed WHERE person = a_person;
END $$"""

# Names somebody by their work at an organisation, whatever is sealed; for the functions below.
_PUT_NAME = f"""
CREATE OR REPLACE FUNCTION rows_put_name(a_person uuid, a_user uuid, a_org int, a_why text) RETURNS void {_SAFE} AS $$
BEGIN
  INSERT INTO core_named (person, number, organisation, since, why)
  SELECT a_person, -seat.number, seat.organisation_id, now(), a_why FROM core_seat seat
   WHERE seat.user_id = a_user AND seat.organisation_id = a_org ON CONFLICT DO NOTHING;
END $$"""

# Seals every record of a person. Somebody must be named before: a record that nobody may open is lost.
_PUT_SEAL = f"""
CREATE OR REPLACE FUNCTION rows_put_seal(a_person uuid) RETURNS void {_SAFE} AS $$
DECLARE reached record;
BEGIN
  FOR reached IN SELECT * FROM core_reach WHERE person_column <> '' LOOP
    EXECUTE format('INSERT INTO core_sealed (kind, subject, person) SELECT %L, %I, $1 FROM %I WHERE %I = $1 '
                   'ON CONFLICT DO NOTHING', reached.kind, reached.key_column, reached.table_name,
                   reached.person_column) USING a_person;
  END LOOP;
  PERFORM rows_somebody(a_person);
  PERFORM rows_spread_person(a_person);
END $$"""

_SOMEBODY = f"""
CREATE OR REPLACE FUNCTION rows_somebody(a_person uuid) RETURNS void {_SAFE} AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM core_named named JOIN core_grant let_in USING (organisation)
    WHERE named.person = a_person AND named.until IS NULL AND let_in.kind = 'victim' AND let_in.subject = a_person
      AND let_in.since <= now() AND (let_in.until IS NULL OR let_in.until > now())) THEN
    RAISE EXCEPTION 'somebody must be named' USING ERRCODE = '23514';
  END IF;
END $$"""

# On a record that is sealed, only who is in it may name, take from the names, seal or lift.
_NAME = f"""
CREATE OR REPLACE FUNCTION rows_name(a_person uuid, a_user uuid, a_org int, a_why text) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may_change('victim', a_person);
  PERFORM rows_put_name(a_person, a_user, a_org, a_why);
  PERFORM rows_spread_person(a_person);
END $$"""

_UNNAME = f"""
CREATE OR REPLACE FUNCTION rows_unname(a_person uuid, a_user uuid, a_org int) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may_change('victim', a_person);
  DELETE FROM core_named named USING core_seat seat
   WHERE named.person = a_person AND seat.user_id = a_user AND seat.organisation_id = a_org
     AND named.number = -seat.number;
  PERFORM rows_somebody(a_person);
  PERFORM rows_spread_person(a_person);
END $$"""

_SEAL = f"""
CREATE OR REPLACE FUNCTION rows_seal(a_person uuid) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may_change('victim', a_person);
  PERFORM rows_put_seal(a_person);
END $$"""

_UNSEAL = f"""
CREATE OR REPLACE FUNCTION rows_unseal(a_person uuid) RETURNS void {_SAFE} AS $$
DECLARE freed record;
BEGIN
  PERFORM rows_may_change('victim', a_person);
  DELETE FROM core_named WHERE person = a_person;
  FOR freed IN DELETE FROM core_sealed WHERE person = a_person RETURNING kind, subject LOOP
    PERFORM rows_spread(freed.kind, freed.subject);
  END LOOP;
END $$"""

# Shows a sealed record for a time to somebody whose organisation is let into it, by a number of its own which their
# requests carry until then and no longer. No realm may call it: `rows_break` is for functions that log and tell.
_BREAK = f"""
CREATE OR REPLACE FUNCTION rows_break(a_kind text, a_subject uuid, a_until timestamptz) RETURNS uuid {_SAFE} AS $$
DECLARE whose uuid; place int;
BEGIN
  SELECT seal.person, let_in.organisation INTO whose, place FROM core_sealed seal
    JOIN core_grant let_in USING (kind, subject)
   WHERE seal.kind = a_kind AND seal.subject = a_subject AND let_in.organisation = ANY ({ORGS})
     AND let_in.since <= now() AND (let_in.until IS NULL OR let_in.until > now())
     AND EXISTS (SELECT FROM core_seat WHERE user_id = {USER} AND organisation_id = let_in.organisation)
     AND NOT EXISTS (SELECT FROM core_closed WHERE user_id = {USER} AND person = seal.person) LIMIT 1;
  IF whose IS NULL THEN RETURN NULL; END IF;
  INSERT INTO core_named (person, number, organisation, since, until, why, breaks)
  SELECT whose, -nextval(pg_get_serial_sequence('core_seat', 'number')), place, now(), a_until, 'seal', seat.number
    FROM core_seat seat WHERE seat.user_id = {USER} AND seat.organisation_id = place;
  PERFORM rows_spread_person(whose);
  RETURN whose;
END $$"""

# Who is named on a record, for those who are in it.
_NAMED = f"""
CREATE OR REPLACE FUNCTION rows_named(a_person uuid)
RETURNS TABLE (user_id uuid, organisation int, since timestamptz, until timestamptz, why text) {_SAFE} AS $$
BEGIN
  PERFORM rows_may('victim', a_person);
  RETURN QUERY SELECT seat.user_id, named.organisation, named.since, named.until, named.why::text
    FROM core_named named JOIN core_seat seat ON seat.number = coalesce(named.breaks, -named.number)
   WHERE named.person = a_person AND (named.until IS NULL OR named.until > now())
   ORDER BY named.until IS NOT NULL, named.since, seat.number;
END $$"""

# Closes a person's records to one user, wherever that user works: to oneself, or to a colleague.
_CLOSE = f"""
CREATE OR REPLACE FUNCTION rows_close(a_person uuid, a_user uuid) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may('victim', a_person);
  IF current_setting('role') NOT LIKE '%\\_worker' AND NOT EXISTS (
    SELECT FROM core_seat WHERE user_id = a_user AND organisation_id = ANY ({ORGS})) THEN
    RAISE EXCEPTION 'not for somebody of another organisation' USING ERRCODE = '42501';
  END IF;
  INSERT INTO core_closed (user_id, person, since) VALUES (a_user, a_person, now()) ON CONFLICT DO NOTHING;
END $$"""

_REOPEN = f"""
CREATE OR REPLACE FUNCTION rows_reopen(a_person uuid, a_user uuid) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may_change('victim', a_person);
  IF a_user IS NOT DISTINCT FROM {USER} THEN RAISE EXCEPTION 'not for oneself' USING ERRCODE = '42501'; END IF;
  DELETE FROM core_closed WHERE user_id = a_user AND person = a_person;
END $$"""

# Of these people those whose records a colleague may open for good: let in, named where they are sealed, not closed.
_OPEN_TO = f"""
CREATE OR REPLACE FUNCTION rows_open_to(a_people uuid[], a_user uuid, a_org int) RETURNS SETOF uuid {_SAFE} AS $$
DECLARE all_seen boolean := current_setting('role') LIKE '%\\_worker' OR current_setting('role') = 'none';
  theirs int[] := ARRAY[a_org] || ARRAY(
    SELECT -seat.number FROM core_seat seat WHERE seat.user_id = a_user AND seat.organisation_id = a_org);
BEGIN
  IF NOT all_seen AND a_org <> ALL ({ORGS}) THEN
    RAISE EXCEPTION 'not for somebody of another organisation' USING ERRCODE = '42501';
  END IF;
  RETURN QUERY SELECT asked.key FROM unnest(a_people) AS asked(key)
   WHERE rows_visible('victim', asked.key) && theirs
     AND NOT EXISTS (SELECT FROM core_closed shut WHERE shut.user_id = a_user AND shut.person = asked.key)
     AND (all_seen OR (rows_visible('victim', asked.key) && {ORGS} AND asked.key <> ALL ({CLOSED})));
END $$"""

FUNCTIONS = (VISIBLE, _SPREAD_PERSON, _SOMEBODY, _PUT_NAME, _PUT_SEAL, _NAME, _UNNAME, _SEAL, _UNSEAL, _BREAK, _NAMED,
             _CLOSE, _REOPEN, _OPEN_TO)  # fmt: skip


# Nothing is added to a person whose record is only lent by a broken seal.
_ONLY_READ = (
    f"IF {LENT} AND EXISTS (SELECT {{joined}} WHERE NOT rows_visible('victim', seal.person) && {OWN}) THEN "
    "RAISE EXCEPTION 'only read under a broken seal' USING ERRCODE = '42501'; END IF; "
)


def inherit_sql(table: str, scope: Own | Follows) -> Iterator[str]:
    """A record added later to a sealed person is sealed with the rest; what hangs on a sealed record is too, whoever
    writes it and whatever the row says.
    """
    if isinstance(scope, Own) and scope.person == scope.key:
        return
    name = f"rows_sealed_{table}"  # triggers go by their names: after `rows_open`, which makes the first grant
    kind, key = ("victim", scope.person) if isinstance(scope, Own) else (scope.kind, scope.key)
    joined = f"FROM fresh JOIN core_sealed seal ON seal.kind = '{kind}' AND seal.subject = fresh.{key}"
    only_read = _ONLY_READ.format(joined=joined)
    adds = (
        f"INSERT INTO core_sealed (kind, subject, person) SELECT '{scope.kind}', fresh.{scope.key}, seal.person "
        f"{joined} ON CONFLICT DO NOTHING; "
        if isinstance(scope, Own)
        else ""
    )
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {_SAFE} AS $$ BEGIN {only_read}{adds}"
        f"PERFORM rows_spread('{scope.kind}', fresh.{scope.key}) {joined}; RETURN NULL; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )
