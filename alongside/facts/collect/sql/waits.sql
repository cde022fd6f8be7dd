-- One row a place on a waiting list.
SELECT
  entry.id AS entry,
  support.id AS case_key,
  coalesce(same.person, support.victim_id) AS person,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  support.crime_type,
  referral.council,
  referral.source,
  list.modality,
  entry.joined_on,
  DAY(entry.started_at) AS started_on,
  DAY(entry.ended_at) AS ended_on
FROM waiting_entry entry
JOIN waiting_waitinglist list ON list.id = entry.list_id
JOIN casework_case support ON support.id = entry.case_id
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = list.service_id
LEFT JOIN snapshot_same same ON same.victim = support.victim_id
WHERE entry.added_at <= :as_at
