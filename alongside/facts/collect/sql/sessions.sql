-- One row a session with one person that was to be: an appointment that was settled, or a mark in a group's register.
WITH told AS (
  SELECT id, case_id, kind, DAY(starts_at) AS held_on, minutes,
    CASE state WHEN 'HELD' THEN 'held' WHEN 'MISSED' THEN 'missed' ELSE 'cancelled' END AS went
  FROM appointments_appointment
  WHERE state IN ('HELD', 'MISSED', 'CANCELLED') AND settled_at <= :as_at
  UNION ALL
  SELECT mark.id, mark.case_id, 'group' AS kind, DAY(meeting.starts_at) AS held_on, mark.minutes,
    CASE WHEN mark.mark = ANY (:came) THEN 'held' WHEN mark.mark = ANY (:stayed_away) THEN 'missed' ELSE 'cancelled' END AS went
  FROM groups_mark mark JOIN groups_meeting meeting ON meeting.id = mark.meeting_id
  WHERE mark.marked_at <= :as_at
)
SELECT
  told.id AS session,
  support.id AS case_key,
  coalesce(same.person, support.victim_id) AS person,
  hub.force_id AS area,
  provider.code AS provider,
  service.code AS service,
  support.crime_type,
  referral.council,
  referral.source,
  told.kind,
  told.went,
  told.kind = ANY (:session_kinds) AS counted,
  told.held_on,
  told.minutes
FROM told
JOIN casework_case support ON support.id = told.case_id
JOIN referrals_referral referral ON referral.id = support.referral_id
JOIN organisations_organisation hub ON hub.id = support.hub_id
JOIN organisations_organisation provider ON provider.id = support.provider_id
JOIN directory_service service ON service.id = support.service_id
LEFT JOIN snapshot_same same ON same.victim = support.victim_id
