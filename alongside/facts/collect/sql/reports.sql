-- One row a report through a third-party reporting centre. No strand, no place and nothing that was said; the source is the centre.
SELECT
  report.id AS report,
  hub.force_id AS area,
  '' AS provider,
  '' AS service,
  '' AS crime_type,
  '' AS council,
  'centre-' || body.code AS source,
  DAY(report.received_at) AS received_on,
  DAY(report.answered_at) AS answered_on,
  CASE WHEN report.answered_at <= :as_at THEN greatest(0, answered.zero - received.zero) END AS working_days_to_answer
FROM centres_report report
JOIN centres_centre centre ON centre.id = report.centre_id
JOIN organisations_organisation body ON body.id = centre.organisation_id
JOIN organisations_organisation hub ON hub.id = report.hub_id
LEFT JOIN snapshot_calendar received ON received.day = DAY(report.received_at)
LEFT JOIN snapshot_calendar answered ON answered.day = DAY(report.answered_at)
WHERE report.received_at <= :as_at
