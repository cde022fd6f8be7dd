-- One row a closed case and outcome, with the first and the last score of one question set.
WITH first AS (
  SELECT DISTINCT ON (case_id) case_id, id, question_set, scores
  FROM outcomes_assessment WHERE assessed_at <= :as_at ORDER BY case_id, assessed_at, id
), last AS (
  SELECT DISTINCT ON (case_id) case_id, id, question_set, scores
  FROM outcomes_assessment WHERE assessed_at <= :as_at ORDER BY case_id, assessed_at DESC, id DESC
), pair AS (
  SELECT first.case_id, first.scores AS was, last.scores AS became
  FROM first JOIN last ON last.case_id = first.case_id
  WHERE first.id <> last.id AND first.question_set = last.question_set
)
SELECT
  support.id AS case_key,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  support.crime_type,
  referral.council,
  referral.source,
  outcome.code AS outcome,
  DAY(support.closed_at) AS closed_on,
  (pair.was ->> outcome.code)::numeric AS first_score,
  (pair.became ->> outcome.code)::numeric AS last_score
FROM casework_case support
CROSS JOIN unnest(CAST(:outcomes AS text[])) AS outcome (code)
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = support.service_id
LEFT JOIN pair ON pair.case_id = support.id
WHERE support.closed_at <= :as_at
