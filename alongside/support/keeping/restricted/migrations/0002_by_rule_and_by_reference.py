"""Records are restricted in the very statement that brings them; a seal is broken by one function that notes it."""

from django.db import migrations

SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
IN_FORCE = (
    "rule.since <= (now() AT TIME ZONE 'Europe/London')::date "
    "AND (rule.until IS NULL OR rule.until > (now() AT TIME ZONE 'Europe/London')::date)"
)

# Who is named where nobody has chosen: those of the rulebook, and who works on it now. Where that is nobody at the
# hub, everybody there: a record must not be lost because a role is empty.
NAME_BY_RULE = f"""
CREATE FUNCTION restricted_name_by_rule(a_person uuid, a_hub int) RETURNS void {SAFE} AS $$
BEGIN
  PERFORM rows_put_name(a_person, held.user_id, held.organisation_id, 'by_rule')
    FROM organisations_membership held JOIN organisations_organisation place ON place.id = held.organisation_id
    JOIN rulebook_rule rule ON rule.book = 'named_by_rule' AND {IN_FORCE}
     AND rule.body ->> 'role' = held.role AND rule.body ->> 'at' = place.kind
   WHERE held.until IS NULL AND held.organisation_id IN (
     SELECT organisation FROM core_grant WHERE kind = 'victim' AND subject = a_person AND since <= now()
        AND (until IS NULL OR until > now()));
  PERFORM rows_put_name(a_person, worker, hub_id, 'works_on_it') FROM referrals_referral
   WHERE victim_id = a_person AND worker IS NOT NULL AND state <> 'CLOSED';
  PERFORM rows_put_name(a_person, one, provider_id, 'works_on_it')
    FROM casework_case, unnest(ARRAY[worker, cover]) one
   WHERE victim_id = a_person AND one IS NOT NULL AND state <> 'CLOSED';
  IF NOT EXISTS (SELECT FROM core_named WHERE person = a_person AND organisation = a_hub) THEN
    PERFORM rows_put_name(a_person, user_id, organisation_id, 'nobody_else') FROM organisations_membership
     WHERE organisation_id = a_hub AND until IS NULL;
  END IF;
END $$"""

BY_RULE = f"""
CREATE FUNCTION restricted_by_rule(a_person uuid, a_hub int, a_reason text) RETURNS void {SAFE} AS $$
BEGIN
  IF EXISTS (SELECT FROM restricted_restriction WHERE victim_id = a_person AND state <> 'LIFTED') THEN RETURN; END IF;
  PERFORM restricted_name_by_rule(a_person, a_hub);
  IF current_setting('role') LIKE '%\\_hub' THEN
    PERFORM rows_put_name(a_person, nullif(current_setting('app.user', true), '')::uuid, a_hub, 'took_it');
  END IF;
  IF NOT EXISTS (SELECT FROM core_named WHERE person = a_person) THEN RETURN; END IF;  -- nobody works there at all
  INSERT INTO restricted_restriction (id, victim_id, hub_id, reason, words, state, restricted_at, lift_why)
  VALUES (gen_random_uuid(), a_person, a_hub, a_reason, '', 'RESTRICTED', now(), '');
  INSERT INTO core_event (id, at, name, subject, organisation_id, realm, details)
  VALUES (gen_random_uuid(), now(), 'record.restricted', a_person, a_hub, 'worker',
          jsonb_build_object('reason', a_reason, 'by', 'rule'));
  PERFORM rows_put_seal(a_person);
END $$"""

# The restricted markers, and the crime types that always carry one of them.
CODES = f"""
  SELECT array_agg(rule.code::text) INTO codes FROM rulebook_rule rule
   WHERE rule.book = 'markers' AND rule.body -> 'restricted' = 'true' AND {IN_FORCE};
  SELECT coalesce(jsonb_object_agg(rule.code, found.marker), '{{}}') INTO crimes
    FROM rulebook_rule rule, LATERAL (
      SELECT marker FROM jsonb_array_elements_text(rule.body -> 'markers') marker WHERE marker = ANY (codes)
      ORDER BY marker DESC LIMIT 1) found
   WHERE rule.book = 'crime_types' AND {IN_FORCE};"""
WHY = (
    "coalesce((SELECT marker FROM unnest({row}.markers::text[]) marker WHERE marker = ANY (codes) LIMIT 1), "
    "crimes ->> {row}.crime_type)"
)

# Named so that it goes after `rows_open`, which makes the first grant.
AT_ARRIVAL = f"""
CREATE FUNCTION restricted_at_arrival() RETURNS trigger {SAFE} AS $$
DECLARE codes text[]; crimes jsonb; one record;
BEGIN
  {CODES}
  FOR one IN SELECT DISTINCT ON (fresh.victim_id) fresh.victim_id, fresh.hub_id, {WHY.format(row="fresh")} AS why
    FROM fresh WHERE fresh.markers::text[] && codes OR crimes ? fresh.crime_type LOOP
    PERFORM restricted_by_rule(one.victim_id, one.hub_id, one.why);
  END LOOP;
  RETURN NULL;
END $$;
CREATE TRIGGER seal_at_arrival AFTER INSERT ON referrals_referral REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION restricted_at_arrival()"""

WHEN_MARKED = f"""
CREATE FUNCTION restricted_when_marked() RETURNS trigger {SAFE} AS $$
DECLARE codes text[]; crimes jsonb; why text;
BEGIN
  {CODES}
  why := {WHY.format(row="NEW")};
  IF why IS NOT NULL THEN PERFORM restricted_by_rule(NEW.victim_id, NEW.hub_id, why); END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER seal_when_marked AFTER UPDATE ON referrals_referral FOR EACH ROW
  WHEN (NEW.crime_type IS DISTINCT FROM OLD.crime_type OR NOT NEW.markers <@ OLD.markers)
  EXECUTE FUNCTION restricted_when_marked()"""

# By the exact reference alone, for somebody whose organisation is let in: what opens the record notes that it did.
# For what is not restricted, not theirs or not there at all, nothing comes back.
BREAK = f"""
CREATE FUNCTION restricted_break(a_reference text, a_reason text, a_minutes int)
RETURNS TABLE (breaking uuid, referral uuid, victim uuid) {SAFE} AS $$
DECLARE found record; whose uuid; made uuid := gen_random_uuid();
  ends timestamptz := now() + make_interval(mins => least(greatest(a_minutes, 1), 240));
  who uuid := nullif(current_setting('app.user', true), '')::uuid;
BEGIN
  SELECT ours.id, ours.hub_id INTO found FROM referrals_referral ours WHERE ours.reference = a_reference;
  whose := rows_break('referral', found.id, ends);
  IF whose IS NULL THEN RETURN; END IF;
  INSERT INTO restricted_breaking (id, victim_id, referral_id, hub_id, organisation_id, user_id, reason, words,
                                   broken_at, until, state, outcome)
  SELECT made, whose, found.id, found.hub_id, named.organisation, who, a_reason, '', now(), ends, 'WAITING', ''
    FROM core_named named JOIN core_seat seat ON seat.number = named.breaks
   WHERE named.person = whose AND seat.user_id = who AND named.until = ends LIMIT 1;
  RETURN QUERY SELECT made, found.id, whose;
END $$"""

# Whoever broke it adds, in the same moment, why in their own words, sealed; once, and nobody else ever.
SAY = f"""
CREATE FUNCTION restricted_say(a_breaking uuid, a_words bytea) RETURNS void {SAFE} AS $$
BEGIN
  UPDATE restricted_breaking SET words = a_words WHERE id = a_breaking AND words = '' AND broken_at = now()
     AND user_id = nullif(current_setting('app.user', true), '')::uuid;
  IF NOT FOUND THEN RAISE EXCEPTION 'no such record' USING ERRCODE = '42501'; END IF;
END $$"""

ALL = (NAME_BY_RULE, BY_RULE, AT_ARRIVAL, WHEN_MARKED, BREAK, SAY)
UNDONE = """
DROP TRIGGER seal_at_arrival ON referrals_referral;
DROP TRIGGER seal_when_marked ON referrals_referral;
DROP FUNCTION restricted_at_arrival(), restricted_when_marked();
DROP FUNCTION restricted_break(text, text, int);
DROP FUNCTION restricted_say(uuid, bytea);
DROP FUNCTION restricted_by_rule(uuid, int, text);
DROP FUNCTION restricted_name_by_rule(uuid, int)"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0002_open_work"),
        ("core", "0004_restricted"),
        ("organisations", "0005_seats"),
        ("referrals", "0008_offers_of_a_person"),
        ("restricted", "0001_initial"),
        ("rulebook", "0001_initial"),
    ]

    operations = [migrations.RunSQL(";\n".join(ALL), UNDONE)]
