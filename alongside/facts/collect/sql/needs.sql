-- One row a need of a case, found at first or later, and what became of it.
SELECT
  need.id AS need_key,
  support.id AS case_key,
  coalesce(same.person, support.victim_id) AS person,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  support.crime_type,
  referral.council,
  referral.source,
  need.code AS need,
  CASE WHEN need.settled_at <= :as_at THEN lower(need.state) ELSE 'open' END AS became,
  DAY(need.found_at) AS found_on,
  DAY(need.settled_at) AS settled_on,
  DAY(support.closed_at) AS closed_on
FROM casework_need need
JOIN casework_case support ON support.id = need.case_id
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = support.service_id
LEFT JOIN snapshot_same same ON same.victim = support.victim_id
WHERE need.found_at <= :as_at
