-- One row an offer of a referral to a service.
SELECT
  offer.id AS offer,
  offer.referral_id AS referral,
  coalesce(same.person, offer.victim_id) AS person,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  offer.crime_type,
  offer.council,
  referral.source,
  coalesce(band.code, 'not_known') AS age_band,
  offer.high_risk,
  CASE WHEN offer.answered_at <= :as_at THEN offer.state ELSE 'OFFERED' END AS state,
  CASE WHEN offer.answered_at <= :as_at THEN offer.declined_why ELSE '' END AS declined_why,
  DAY(offer.offered_at) AS offered_on,
  DAY(offer.answered_at) AS answered_on
FROM referrals_offer offer
JOIN referrals_referral referral ON referral.id = offer.referral_id
JOIN organisations_organisation hub ON hub.id = offer.hub_id
JOIN organisations_organisation provider ON provider.id = offer.provider_id
JOIN directory_service service ON service.id = offer.service_id
LEFT JOIN snapshot_same same ON same.victim = offer.victim_id
LEFT JOIN snapshot_band band ON referral.age_at_receipt BETWEEN band.first AND band.last
-- What a provider had before it worked here was offered to nobody.
WHERE offer.offered_at <= :as_at AND referral.source <> 'brought_along'
