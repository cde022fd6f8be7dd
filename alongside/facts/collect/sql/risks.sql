-- One row a finished sitting of risk questions, with the level of the first one of that kind in the case.
WITH told AS (
  SELECT id, case_id, kind, level, done_at,
    first_value(level) OVER across AS was,
    row_number() OVER across AS place,
    count(*) OVER (PARTITION BY case_id, kind) AS places
  FROM risk_sitting
  WHERE state = 'DONE' AND done_at <= :as_at
  WINDOW across AS (PARTITION BY case_id, kind ORDER BY done_at, id)
)
SELECT
  told.id AS sitting,
  support.id AS case_key,
  coalesce(same.person, support.victim_id) AS person,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  support.crime_type,
  referral.council,
  referral.source,
  told.kind AS risk_kind,
  told.level,
  told.was,
  told.place = 1 AS first,
  told.place = told.places AS latest,
  array_position(CAST(:levels AS text[]), CAST(told.level AS text))
    - array_position(CAST(:levels AS text[]), CAST(told.was AS text)) AS risen,
  DAY(told.done_at) AS done_on,
  DAY(support.closed_at) AS closed_on
FROM told
JOIN casework_case support ON support.id = told.case_id
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = support.service_id
LEFT JOIN snapshot_same same ON same.victim = support.victim_id
