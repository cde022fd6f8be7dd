-- One row a reporting centre: an organisation, and no person. Quiet: open, and no report for so many days.
WITH lately AS (
  SELECT centre_id, max(DAY(received_at)) AS last_on FROM centres_report WHERE received_at <= :as_at GROUP BY centre_id
)
SELECT
  centre.id AS centre,
  hub.force_id AS area,
  '' AS provider,
  '' AS service,
  '' AS crime_type,
  '' AS council,
  'centre-' || body.code AS source,
  (centre.until IS NULL OR centre.until > :as_at_day)
    AND :as_at_day - greatest(centre.since, coalesce(lately.last_on, centre.since)) >= :quiet_days AS quiet,
  centre.since AS since_on,
  centre.until AS until_on
FROM centres_centre centre
JOIN organisations_organisation body ON body.id = centre.organisation_id
JOIN organisations_organisation hub ON hub.id = centre.hub_id
LEFT JOIN lately ON lately.centre_id = centre.id
WHERE centre.since <= :as_at_day
