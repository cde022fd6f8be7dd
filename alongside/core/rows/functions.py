"""The SQL functions that alone write who sees what: one table of grants, and triggers that carry it to the rows.

A grant is *pending* while `since` is null: a provider that is offered a record takes it up or gives it back.
"""

from collections.abc import Iterator

from alongside.core.rows import circles
from alongside.core.rows.declared import Table
from alongside.core.rows.scopes import CLOSED, HANDED_ON, ORGS, OWN, Follows, Own

_SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"

# Who has stepped back from a record: they see it as it was, and nothing that is hung on it from then on.
_FORMER = """
CREATE OR REPLACE FUNCTION rows_former(a_kind text, a_subject uuid) RETURNS int[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  WITH gone AS (
    SELECT organisation FROM core_grant WHERE kind = a_kind AND subject = a_subject AND since <= now()
      AND (until IS NULL OR until > now()) GROUP BY organisation HAVING bool_and(why = 'former')
  ), numbers AS (
    SELECT organisation AS number FROM gone
    UNION ALL SELECT -seat.number FROM core_seat seat JOIN gone ON seat.organisation_id = gone.organisation
  ) SELECT coalesce(array_agg(number), '{}') FROM numbers
$$"""

# Whether all that lets the caller into a record is what is left to those who have stepped back.
_STEPPED_BACK = f"""
CREATE OR REPLACE FUNCTION rows_stepped_back(a_kind text, a_subject uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(bool_and(why = 'former'), false) FROM core_grant WHERE kind = a_kind AND subject = a_subject
     AND organisation = ANY ({ORGS}) AND since <= now() AND (until IS NULL OR until > now())
$$"""

# Whether a row that hangs on a record stood when all that lets the caller in was handed on: its key tells when it was
# made (RFC 9562: the first 48 bits), `a_changed` when it was changed last.
_STOOD = f"""
CREATE OR REPLACE FUNCTION rows_stood(a_kind text, a_subject uuid, a_key uuid, a_changed timestamptz)
RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT NOT coalesce(bool_and(why = 'former'), false) OR (
      left(replace(a_key::text, '-', ''), 12) COLLATE "C"
        < lpad(to_hex(floor(extract(epoch FROM max(handed_at)) * 1000)::bigint), 12, '0')
      AND coalesce(a_changed < max(handed_at), true))
    FROM core_grant WHERE kind = a_kind AND subject = a_subject
     AND organisation = ANY ({ORGS}) AND since <= now() AND (until IS NULL OR until > now())
$$"""

# The few records that the caller's organisations have handed on and still read. Policies ask it once a statement.
_HANDED_ON = f"""
CREATE OR REPLACE FUNCTION rows_handed_on(a_kind text) RETURNS uuid[]
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT subject), '{{}}') FROM core_grant
   WHERE why = 'former' AND organisation = ANY ({ORGS}) AND kind = a_kind AND until > now()
$$"""

_SPREAD = f"""
CREATE OR REPLACE FUNCTION rows_spread(a_kind text, a_subject uuid) RETURNS void {_SAFE} AS $$
DECLARE reached record; orgs int[] := rows_visible(a_kind, a_subject); gone int[] := rows_former(a_kind, a_subject);
BEGIN
  FOR reached IN SELECT * FROM core_reach WHERE kind = a_kind LOOP
    IF gone <> '{{}}' AND reached.key_column <> 'id' THEN
      EXECUTE format('UPDATE %I SET visible_orgs = ARRAY(SELECT one FROM unnest($1) one WHERE one <> ALL ($3) '
                     'OR one = ANY (visible_orgs)) WHERE %I = $2', reached.table_name, reached.key_column)
        USING orgs, a_subject, gone;
      CONTINUE;
    END IF;
    EXECUTE format('UPDATE %I SET visible_orgs = $1 WHERE %I = $2 AND visible_orgs IS DISTINCT FROM $1',
                   reached.table_name, reached.key_column) USING orgs, a_subject;
  END LOOP;
END $$"""

# A caller may let others in only where it is in already; the worker may everywhere.
_MAY = f"""
CREATE OR REPLACE FUNCTION rows_may(a_kind text, a_subject uuid) RETURNS void {_SAFE} AS $$
BEGIN
  IF current_setting('role') LIKE '%\\_worker' OR current_setting('role') = 'none' THEN RETURN; END IF;
  IF NOT coalesce(rows_visible(a_kind, a_subject) && {ORGS}, false) OR a_subject = ANY ({CLOSED}) THEN
    RAISE EXCEPTION 'no such record' USING ERRCODE = '42501';
  END IF;
END $$"""

# To change something of a record takes more than a broken seal, or than having handed it on: both lend reading alone.
_MAY_CHANGE = f"""
CREATE OR REPLACE FUNCTION rows_may_change(a_kind text, a_subject uuid) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may(a_kind, a_subject);
  IF current_setting('role') LIKE '%\\_worker' OR current_setting('role') = 'none' THEN RETURN; END IF;
  IF NOT coalesce(rows_visible(a_kind, a_subject) && {OWN}, false) THEN
    RAISE EXCEPTION 'only read under a broken seal' USING ERRCODE = '42501';
  END IF;
  IF rows_stepped_back(a_kind, a_subject) THEN
    RAISE EXCEPTION 'only read by a former holder' USING ERRCODE = '42501';
  END IF;
END $$"""

_SHARE = f"""
CREATE OR REPLACE FUNCTION rows_share(a_kind text, a_subject uuid, a_org int, a_why text, a_until timestamptz)
RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may_change(a_kind, a_subject);
  INSERT INTO core_grant (kind, subject, organisation, since, until, why)
  VALUES (a_kind, a_subject, a_org, now(), a_until, a_why);
  PERFORM rows_spread(a_kind, a_subject);
END $$"""

_OFFER = f"""
CREATE OR REPLACE FUNCTION rows_offer(a_kind text, a_subject uuid, a_org int, a_why text) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may_change(a_kind, a_subject);
  INSERT INTO core_grant (kind, subject, organisation, since, until, why)
  VALUES (a_kind, a_subject, a_org, NULL, NULL, a_why);
END $$"""

_TAKE_UP = f"""
CREATE OR REPLACE FUNCTION rows_take_up(a_kind text, a_subject uuid) RETURNS void {_SAFE} AS $$
BEGIN
  UPDATE core_grant SET since = now(), handed_at = CASE why WHEN 'transfer' THEN clock_timestamp() END
   WHERE kind = a_kind AND subject = a_subject AND since IS NULL
    AND until IS NULL AND organisation = ANY ({ORGS});
  IF NOT FOUND THEN RAISE EXCEPTION 'no such record' USING ERRCODE = '42501'; END IF;
  PERFORM rows_spread(a_kind, a_subject);
END $$"""

_GIVE_BACK = f"""
CREATE OR REPLACE FUNCTION rows_give_back(a_kind text, a_subject uuid) RETURNS void {_SAFE} AS $$
BEGIN
  UPDATE core_grant SET until = now() WHERE kind = a_kind AND subject = a_subject
    AND (until IS NULL OR until > now()) AND organisation = ANY ({ORGS});
  PERFORM rows_spread(a_kind, a_subject);
END $$"""

_WITHDRAW = f"""
CREATE OR REPLACE FUNCTION rows_withdraw(a_kind text, a_subject uuid, a_org int) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may_change(a_kind, a_subject);
  UPDATE core_grant SET until = now() WHERE kind = a_kind AND subject = a_subject
    AND (until IS NULL OR until > now()) AND organisation = a_org;
  PERFORM rows_spread(a_kind, a_subject);
END $$"""

# What is handed on from one provider to another is taken back while nobody has answered, and nothing else.
_TAKE_BACK = f"""
CREATE OR REPLACE FUNCTION rows_take_back(a_kind text, a_subject uuid, a_org int) RETURNS void {_SAFE} AS $$
BEGIN
  PERFORM rows_may_change(a_kind, a_subject);
  UPDATE core_grant SET until = now() WHERE kind = a_kind AND subject = a_subject AND organisation = a_org
    AND until IS NULL AND (since IS NULL OR a_kind = 'transfer');
  PERFORM rows_spread(a_kind, a_subject);
END $$"""

# An organisation steps back from a record that it has handed on: until a day it sees what was there when another took
# it up, and no more.
_STEP_BACK = f"""
CREATE OR REPLACE FUNCTION rows_step_back(a_kind text, a_subject uuid, a_org int, a_until timestamptz)
RETURNS void {_SAFE} AS $$
BEGIN
  UPDATE core_grant SET why = 'former', until = a_until, handed_at = coalesce((
    SELECT max(handed_at) FROM core_grant taken WHERE taken.kind = a_kind AND taken.subject = a_subject
       AND taken.organisation <> a_org AND taken.since IS NOT NULL), clock_timestamp())
   WHERE kind = a_kind AND subject = a_subject
    AND organisation = a_org AND since IS NOT NULL AND (until IS NULL OR until > now());
END $$"""

# Who somebody is or where they live has changed: whoever handed their records on sees none of them any more.
_END_FORMER = f"""
CREATE OR REPLACE FUNCTION rows_end_former(a_person uuid) RETURNS void {_SAFE} AS $$
DECLARE reached record; ended record;
BEGIN
  PERFORM rows_may_change('victim', a_person);
  FOR reached IN SELECT * FROM core_reach WHERE person_column <> '' LOOP
    FOR ended IN EXECUTE format(
      'UPDATE core_grant let_in SET until = now() FROM %I held WHERE let_in.kind = %L AND let_in.subject = held.%I '
      'AND held.%I = $1 AND let_in.why = ''former'' AND let_in.until > now() RETURNING let_in.kind, let_in.subject',
      reached.table_name, reached.kind, reached.key_column, reached.person_column) USING a_person LOOP
      PERFORM rows_spread(ended.kind, ended.subject);
    END LOOP;
  END LOOP;
END $$"""

# Grants whose time is over leave the rows; run by a periodic job, which may be two days late and still be right.
_EXPIRE = f"""
CREATE OR REPLACE FUNCTION rows_expire() RETURNS int {_SAFE} AS $$
DECLARE ended record; done int := 0;
BEGIN
  FOR ended IN SELECT DISTINCT kind, subject FROM core_grant
    WHERE until <= now() AND until > now() - interval '2 days' LOOP
    PERFORM rows_spread(ended.kind, ended.subject);
    done := done + 1;
  END LOOP;
  FOR ended IN DELETE FROM core_named WHERE core_named.until <= now() RETURNING person LOOP
    PERFORM rows_spread_person(ended.person);
  END LOOP;
  RETURN done;
END $$"""

# Who looked at a record, for those who are let into it.
_LOOKS = f"""
CREATE OR REPLACE FUNCTION rows_looks(a_kind text, a_subject uuid)
RETURNS TABLE (at timestamptz, user_id uuid, organisation_id int, route text, reason text) {_SAFE} AS $$
BEGIN
  PERFORM rows_may(a_kind, a_subject);
  RETURN QUERY SELECT look.at, look.user_id, look.organisation_id, look.route::text, look.reason::text
    FROM core_look look WHERE look.subjects @> ARRAY[a_subject]
     AND (NOT rows_stepped_back(a_kind, a_subject) OR look.organisation_id = ANY ({ORGS}))
   ORDER BY look.at DESC LIMIT 500;
END $$"""

# Whether a record was made by this very transaction: then nobody was let into it before.
_FRESH = """
CREATE OR REPLACE FUNCTION rows_fresh(a_kind text, a_subject uuid) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
  SELECT count(*) > 0 AND bool_and(since IS NOT DISTINCT FROM now()) FROM core_grant
  WHERE kind = a_kind AND subject = a_subject
$$"""

# The logs are append-only for every role. What is past its time goes through here alone, and never a year's worth of
# the latest; nothing goes that is about a record which somebody holds.
_FORGET_LOGS = f"""
CREATE OR REPLACE FUNCTION rows_forget_logs(a_before timestamptz, a_kept uuid[]) RETURNS bigint {_SAFE} AS $$
DECLARE number bigint; total bigint := 0; until timestamptz := least(a_before, now() - interval '1 year');
BEGIN
  DELETE FROM core_event WHERE at < until AND subject <> ALL (a_kept);
  GET DIAGNOSTICS number = ROW_COUNT; total := total + number;
  DELETE FROM core_look WHERE at < until AND NOT subjects && a_kept;
  GET DIAGNOSTICS number = ROW_COUNT; total := total + number;
  DELETE FROM core_denial WHERE at < until;
  GET DIAGNOSTICS number = ROW_COUNT;
  RETURN total + number;
END $$"""

FUNCTIONS = (*circles.FUNCTIONS, _FRESH, _FORMER, _STEPPED_BACK, _STOOD, _HANDED_ON, _SPREAD, _MAY, _MAY_CHANGE,
             _SHARE, _OFFER, _TAKE_UP, _GIVE_BACK, _WITHDRAW, _TAKE_BACK, _STEP_BACK, _END_FORMER, _EXPIRE, _LOOKS,
             _FORGET_LOGS)  # fmt: skip


def trigger_sql(table: Table) -> Iterator[str]:
    """The triggers that fill `visible_orgs`, whatever an INSERT says, and open the first grant."""
    scope = table.shared
    if scope is None:
        return
    body = _first(scope) if isinstance(scope, Own) else _following(scope)
    name = f"rows_see_{table.name}"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {_SAFE} AS $$ "
        f"BEGIN {body} RETURN NEW; END $$"
    )  # fmt: skip
    yield (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE INSERT ON {table.name} "
        f"FOR EACH ROW WHEN ({_unless_right(scope)}) EXECUTE FUNCTION {name}()"
    )  # fmt: skip
    if isinstance(scope, Own):
        yield from _grant_on_insert(table.name, scope)
    elif scope.kind in HANDED_ON:
        yield from _hide_what_changes(table.name, scope)
    yield from circles.inherit_sql(table.name, scope)


def _unless_right(scope: Own | Follows) -> str:
    """A row that names its holder alone is right already where the trigger would say the same.

    Of a row that follows a record the worker is believed: the most that a mistake could do is to show too little.
    """
    other = f"NEW.visible_orgs IS DISTINCT FROM ARRAY[NEW.{scope.holder}]"
    return other if isinstance(scope, Own) else f"{other} OR right(current_setting('role'), 7) <> '_worker'"


def _first(scope: Own) -> str:
    return f"NEW.visible_orgs := ARRAY[NEW.{scope.holder}];"


def _following(scope: Follows) -> str:
    return (
        f"NEW.visible_orgs := ARRAY(SELECT one FROM unnest(rows_visible('{scope.kind}', NEW.{scope.key})) one "
        f"WHERE one <> ALL (rows_former('{scope.kind}', NEW.{scope.key})) OR one = NEW.{scope.holder}); "
        f"IF NEW.visible_orgs = '{{}}' THEN NEW.visible_orgs := ARRAY[NEW.{scope.holder}]; END IF;"
    )


def _hide_what_changes(table: str, scope: Follows) -> Iterator[str]:
    """A row that is changed is new to whoever has stepped back, and they recorded what it said before, if at all."""
    name, record = f"rows_hide_{table}", f"'{scope.kind}', NEW.{scope.key}"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {_SAFE} AS $$ BEGIN "
        f"IF NOT rows_stepped_back({record}) THEN NEW.visible_orgs := ARRAY("
        f"SELECT one FROM unnest(NEW.visible_orgs) one WHERE one <> ALL (rows_former({record})));"
        " END IF; RETURN NEW; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW "
        f"WHEN (NEW.visible_orgs = OLD.visible_orgs) EXECUTE FUNCTION {name}()"
    )


def _grant_on_insert(table: str, scope: Own) -> Iterator[str]:
    name = f"rows_open_{table}"
    yield (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger {_SAFE} AS $$ BEGIN "
        "INSERT INTO core_grant (kind, subject, organisation, since, until, why) "
        f"SELECT '{scope.kind}', {scope.key}, {scope.holder}, now(), NULL, 'holds it' FROM fresh; "
        "RETURN NULL; END $$"
    )
    yield (
        f"CREATE OR REPLACE TRIGGER {name} AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {name}()"
    )
