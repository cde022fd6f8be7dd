-- One row a case: one provider's support of one victim.
WITH tally AS (
  SELECT case_id, count(*) FILTER (WHERE reached) AS contacts, count(*) FILTER (WHERE NOT reached) AS attempts
  FROM casework_contact WHERE happened_at <= :as_at GROUP BY case_id
)
SELECT
  support.id AS case_key,
  support.referral_id AS referral,
  coalesce(same.person, support.victim_id) AS person,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  support.crime_type,
  referral.council,
  referral.source,
  coalesce(band.code, 'not_known') AS age_band,
  support.high_risk,
  victim.sex,
  coalesce(census.name, 'not_known') AS ethnicity,
  -- A witness who was not harmed is no victim (Victims and Prisoners Act 2024 s.1).
  victim.kind = 'witness' AS witness,
  CASE WHEN support.closed_at <= :as_at THEN support.closed_why ELSE '' END AS closed_why,
  support.closed_at <= :as_at AND ending.planned AS planned,
  DAY(support.accepted_at) AS accepted_on,
  DAY(support.first_contact_at) AS first_contact_on,
  DAY(support.started_at) AS started_on,
  DAY(support.closed_at) AS closed_on,
  coalesce(tally.contacts, 0) AS contacts,
  coalesce(tally.attempts, 0) AS attempts
FROM casework_case support
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN victims_victim victim ON victim.id = support.victim_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = support.service_id
LEFT JOIN snapshot_ending ending ON ending.code = support.closed_why
LEFT JOIN snapshot_group census ON census.code = victim.ethnicity
LEFT JOIN tally ON tally.case_id = support.id
LEFT JOIN snapshot_same same ON same.victim = support.victim_id
LEFT JOIN snapshot_band band ON referral.age_at_receipt BETWEEN band.first AND band.last
WHERE support.accepted_at <= :as_at
