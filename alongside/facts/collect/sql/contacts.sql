-- One row a case and quarter in which the victim was reached. Continuing: the same provider had reached them before it.
WITH reached AS (
  SELECT case_id, date_trunc('quarter', DAY(happened_at))::date AS quarter_from, min(DAY(happened_at)) AS first_on,
    count(*) AS contacts
  FROM casework_contact
  WHERE reached AND happened_at <= :as_at
  GROUP BY case_id, date_trunc('quarter', DAY(happened_at))
)
SELECT
  support.id AS case_key,
  coalesce(same.person, support.victim_id) AS person,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  support.crime_type,
  referral.council,
  referral.source,
  coalesce(band.code, 'not_known') AS age_band,
  victim.sex,
  coalesce(census.name, 'not_known') AS ethnicity,
  -- A witness who was not harmed is no victim (Victims and Prisoners Act 2024 s.1).
  victim.kind = 'witness' AS witness,
  -- Of a case that was brought along the contacts before are no rows here, but its first day is known.
  min(least(reached.first_on, DAY(support.first_contact_at)))
    OVER (PARTITION BY coalesce(same.person, support.victim_id), support.provider_id) < reached.quarter_from AS continuing,
  reached.first_on,
  reached.contacts
FROM reached
JOIN casework_case support ON support.id = reached.case_id
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN victims_victim victim ON victim.id = support.victim_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = support.service_id
LEFT JOIN snapshot_group census ON census.code = victim.ethnicity
LEFT JOIN snapshot_band band ON referral.age_at_receipt BETWEEN band.first AND band.last
LEFT JOIN snapshot_same same ON same.victim = support.victim_id
