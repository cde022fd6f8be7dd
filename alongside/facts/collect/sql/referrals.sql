-- One row a referral. The provider is the one that accepted it or, before that, the last that was asked.
WITH place AS (
  SELECT DISTINCT ON (offer.referral_id) offer.referral_id, provider.code AS provider, service.code AS service
  FROM referrals_offer offer
  JOIN organisations_organisation provider ON provider.id = offer.provider_id
  JOIN directory_service service ON service.id = offer.service_id
  WHERE offer.offered_at <= :as_at
  ORDER BY offer.referral_id, (offer.state = 'ACCEPTED' AND offer.answered_at <= :as_at) DESC, offer.offered_at DESC
), met AS (
  SELECT referral_id, min(first_contact_at) AS first_contact_at
  FROM casework_case WHERE first_contact_at <= :as_at GROUP BY referral_id
), assessed AS (
  SELECT referral_id, min(assessed_at) AS assessed_at FROM referrals_needsassessment
  WHERE assessed_at <= :as_at GROUP BY referral_id
), sat AS (
  SELECT support.referral_id, min(told.at) AS first_at
  FROM (
    SELECT case_id, starts_at AS at FROM appointments_appointment
    WHERE state = 'HELD' AND settled_at <= :as_at AND kind = ANY (:session_kinds)
    UNION ALL
    SELECT mark.case_id, meeting.starts_at AS at
    FROM groups_mark mark JOIN groups_meeting meeting ON meeting.id = mark.meeting_id
    WHERE mark.marked_at <= :as_at AND mark.mark = ANY (:came)
  ) told
  JOIN casework_case support ON support.id = told.case_id
  GROUP BY support.referral_id
), seen AS (
  SELECT referral.id, referral.victim_id, referral.hub_id, referral.source, referral.source_organisation,
    referral.crime_type, referral.council, referral.age_at_receipt, referral.high_risk, referral.reported,
    referral.why_not_reported,
    lag(DAY(referral.received_at)) OVER (
      PARTITION BY coalesce(same.person, referral.victim_id), referral.closed_why IN ('duplicate', 'sent_in_error')
      ORDER BY referral.received_at, referral.id
    ) AS before_on,
    DAY(referral.reported_at) AS reported_on, DAY(referral.received_at) AS received_on,
    DAY(referral.first_attempt_at) AS first_attempt_on, DAY(referral.first_offer_at) AS first_offer_on,
    DAY(referral.accepted_at) AS accepted_on, DAY(referral.closed_at) AS closed_on,
    DAY(least(referral.first_contact_at, met.first_contact_at)) AS first_contact_on,
    CASE WHEN referral.closed_at <= :as_at THEN referral.closed_why ELSE '' END AS closed_why
  FROM referrals_referral referral
  LEFT JOIN met ON met.referral_id = referral.id
  LEFT JOIN snapshot_same same ON same.victim = referral.victim_id
  -- What a provider had before it worked here came to nobody as a referral.
  WHERE referral.received_at <= :as_at AND referral.source <> 'brought_along'
)
SELECT
  seen.id AS referral,
  coalesce(same.person, seen.victim_id) AS person,
  hub.force_id AS area,
  coalesce(place.provider, '') AS provider,
  coalesce(place.service, '') AS service,
  seen.crime_type,
  seen.council,
  seen.source,
  coalesce(band.code, 'not_known') AS age_band,
  seen.high_risk,
  victim.sex,
  coalesce(census.name, 'not_known') AS ethnicity,
  -- A witness who was not harmed is no victim (Victims and Prisoners Act 2024 s.1).
  victim.kind = 'witness' AS witness,
  -- Neither yes nor no where it is not known.
  CASE WHEN seen.why_not_reported <> 'not_known' THEN seen.reported END AS reported,
  seen.reported AND (seen.source = ANY (:police_sources) OR coalesce(sender.kind = 'force', false)) AS from_police,
  seen.closed_why,
  coalesce(ending.status, '') AS closed_as,
  CASE WHEN NOT seen.reported THEN seen.why_not_reported ELSE '' END AS why_not_reported,
  -- Referred before for another crime, by whatever way, in the year before.
  coalesce(seen.before_on >= seen.received_on - interval '1 year', false) AS repeated,
  seen.reported_on,
  seen.received_on,
  seen.first_attempt_on,
  seen.first_contact_on,
  DAY(assessed.assessed_at) AS assessed_on,
  coalesce(seen.first_offer_on, CASE WHEN seen.closed_why = ANY (:declined) THEN seen.closed_on END) AS offered_on,
  seen.accepted_on,
  DAY(sat.first_at) AS first_session_on,
  seen.closed_on,
  CASE WHEN seen.reported_on IS NOT NULL THEN greatest(0, received.zero - reported.zero) END AS working_days_to_receipt,
  CASE WHEN seen.first_attempt_on IS NOT NULL THEN greatest(0, attempted.zero - received.zero) END AS working_days_to_attempt,
  CASE WHEN seen.first_attempt_on IS NULL THEN greatest(0, untried.zero - received.zero) END AS working_days_unattempted,
  CASE WHEN seen.first_contact_on IS NOT NULL THEN greatest(0, seen.first_contact_on - seen.received_on) END
    AS days_to_first_contact
FROM seen
JOIN organisations_organisation hub ON hub.id = seen.hub_id
JOIN victims_victim victim ON victim.id = seen.victim_id
LEFT JOIN organisations_organisation sender ON sender.id = seen.source_organisation
LEFT JOIN snapshot_ending ending ON ending.code = seen.closed_why
LEFT JOIN snapshot_group census ON census.code = victim.ethnicity
LEFT JOIN assessed ON assessed.referral_id = seen.id
LEFT JOIN sat ON sat.referral_id = seen.id
LEFT JOIN place ON place.referral_id = seen.id
LEFT JOIN snapshot_same same ON same.victim = seen.victim_id
LEFT JOIN snapshot_band band ON seen.age_at_receipt BETWEEN band.first AND band.last
LEFT JOIN snapshot_calendar received ON received.day = seen.received_on
LEFT JOIN snapshot_calendar reported ON reported.day
  = CASE WHEN seen.reported_on < :calendar_from THEN :calendar_from ELSE seen.reported_on END
LEFT JOIN snapshot_calendar attempted ON attempted.day = seen.first_attempt_on
LEFT JOIN snapshot_calendar untried ON untried.day = coalesce(seen.closed_on, :as_at_day)
