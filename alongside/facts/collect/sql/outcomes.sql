-- One row a closed case and outcome, with the first and the last score of one tool, and by what the tool judges a move.
-- The same rule as support.cases.outcomes.rules.judge, which the pages use: a test holds the two together.
WITH sat AS (
  SELECT
    case_id, question_set,
    row_number() OVER wide = 1 AS first_of_tool,
    row_number() OVER (PARTITION BY case_id, question_set ORDER BY assessed_at DESC, id DESC) = 1 AS last_of_tool,
    count(*) OVER (PARTITION BY case_id, question_set) AS times,
    set_version, scores, asked, step, higher, assessed_at, id
  FROM outcomes_assessment
  WHERE assessed_at <= :as_at AND stage <> 'follow_up'
  WINDOW wide AS (PARTITION BY case_id, question_set ORDER BY assessed_at, id)
), tool AS (
  SELECT
    first.case_id, first.question_set, first.assessed_at, first.id, first.times,
    first.set_version AS was_version, first.scores AS was, first.asked AS was_asked,
    last.set_version AS version, last.scores AS became, last.asked, last.step, last.higher
  FROM sat first
  JOIN sat last ON last.case_id = first.case_id AND last.question_set = first.question_set AND last.last_of_tool
  WHERE first.first_of_tool
), part AS (
  SELECT DISTINCT sat.case_id, sat.question_set, part.outcome
  FROM sat CROSS JOIN LATERAL jsonb_object_keys(sat.scores) AS part (outcome)
), held AS (
  SELECT
    tool.case_id, part.outcome, tool.assessed_at, tool.id, tool.step, tool.higher,
    CASE WHEN same THEN (tool.was ->> part.outcome)::numeric END AS first_score,
    CASE WHEN same THEN (tool.became ->> part.outcome)::numeric END AS last_score
  FROM tool
  JOIN part ON part.case_id = tool.case_id AND part.question_set = tool.question_set
  CROSS JOIN LATERAL (
    SELECT tool.times > 1 AND CASE
      WHEN tool.was_asked ->> part.outcome IS NOT NULL AND tool.asked ->> part.outcome IS NOT NULL
      THEN tool.was_asked ->> part.outcome = tool.asked ->> part.outcome
      ELSE tool.was_version = tool.version END AS same
  ) AS compared
), judged AS (
  SELECT DISTINCT ON (case_id, outcome) case_id, outcome, first_score, last_score, step, higher
  FROM held
  ORDER BY case_id, outcome, first_score IS NULL OR last_score IS NULL, assessed_at, id
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
  judged.first_score,
  judged.last_score,
  judged.step,
  COALESCE(judged.higher, true) AS higher,
  judged.case_id IS NOT NULL OR NOT EXISTS (SELECT FROM tool WHERE tool.case_id = support.id) AS applies
FROM casework_case support
CROSS JOIN unnest(CAST(:outcomes AS text[])) AS outcome (code)
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = support.service_id
LEFT JOIN judged ON judged.case_id = support.id AND judged.outcome = outcome.code
WHERE support.closed_at <= :as_at
