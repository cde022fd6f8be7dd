-- One row a request for practical help. Pence are what was paid less what came back; no fund and no words.
SELECT
  request.id AS request,
  support.id AS case_key,
  coalesce(same.person, support.victim_id) AS person,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  support.crime_type,
  referral.council,
  referral.source,
  request.kind AS help_kind,
  CASE WHEN request.paid_on <= :as_at_day THEN 'paid' WHEN request.ended_at <= :as_at THEN 'ended' ELSE 'open' END AS became,
  DAY(request.asked_at) AS asked_on,
  CASE WHEN request.paid_on <= :as_at_day THEN request.paid_on END AS paid_on,
  CASE WHEN request.paid_on <= :as_at_day THEN request.paid_pence - request.returned_pence ELSE 0 END AS pence
FROM practical_request request
JOIN casework_case support ON support.id = request.case_id
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = support.service_id
LEFT JOIN snapshot_same same ON same.victim = support.victim_id
WHERE request.asked_at <= :as_at
