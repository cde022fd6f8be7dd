"""Every write to what a snapshot is told from leaves the id of the record, with the number of its transaction.

A transaction that is still open while a snapshot is made has a number that the snapshot knows to be unseen, however
late it ends. What is left is a row of two ids a statement and record; nothing is locked and nothing waits.
"""

from django.db import migrations

SAFE = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
TOLD_FROM = {
    "victims_victim": {"victim": ("id",)},
    "victims_sameperson": {"victim": ("left_id", "right_id")},
    "referrals_referral": {"victim": ("victim_id",)},
    "referrals_needsassessment": {"referral": ("referral_id",)},
    "referrals_offer": {"victim": ("victim_id",), "referral": ("referral_id",)},
    "casework_case": {"victim": ("victim_id",), "referral": ("referral_id",)},
    "casework_contact": {"case": ("case_id",)},
    "casework_need": {"case": ("case_id",)},
    "outcomes_assessment": {"case": ("case_id",)},
    "risk_sitting": {"case": ("case_id",)},
    "appointments_appointment": {"case": ("case_id",)},
    "groups_mark": {"case": ("case_id",)},
    "groups_meeting": {"meeting": ("id",)},
    "practical_request": {"case": ("case_id",)},
    "waiting_entry": {"case": ("case_id",)},
}
SEEN = {"INSERT": "fresh", "UPDATE": "gone fresh", "DELETE": "gone"}
NAMES = {"fresh": "NEW TABLE AS fresh", "gone": "OLD TABLE AS gone"}

TOUCH = f"""
CREATE FUNCTION collect_touch() RETURNS trigger {SAFE} AS $$
DECLARE
  part text;
BEGIN
  IF TG_OP = 'TRUNCATE' THEN
    INSERT INTO collect_touched (at_xid, kind) VALUES (pg_current_xact_id()::text::bigint, 'all');
    RETURN NULL;
  END IF;
  FOR place IN 0 .. TG_NARGS / 2 - 1 LOOP
    part := CASE TG_OP WHEN 'INSERT' THEN format('SELECT %I AS record FROM fresh', TG_ARGV[place * 2 + 1])
      WHEN 'DELETE' THEN format('SELECT %I AS record FROM gone', TG_ARGV[place * 2 + 1])
      ELSE format('SELECT %1$I AS record FROM gone UNION SELECT %1$I FROM fresh', TG_ARGV[place * 2 + 1]) END;
    EXECUTE format('INSERT INTO collect_touched (at_xid, kind, record) SELECT DISTINCT pg_current_xact_id()::text::bigint, '
      '%L, record FROM (%s) touched WHERE record IS NOT NULL', TG_ARGV[place * 2], part);
  END LOOP;
  RETURN NULL;
END $$"""


def _triggers() -> str:
    made = []
    for table, kinds in TOLD_FROM.items():
        told = ", ".join(f"'{kind}', '{column}'" for kind, columns in kinds.items() for column in columns)
        for verb, seen in SEEN.items():
            names = " ".join(NAMES[name] for name in seen.split())
            made.append(
                f"CREATE TRIGGER collect_touch_{verb.lower()} AFTER {verb} ON {table} REFERENCING {names} "
                f"FOR EACH STATEMENT EXECUTE FUNCTION collect_touch({told})"
            )
        made.append(
            f"CREATE TRIGGER collect_touch_truncate AFTER TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION collect_touch()"
        )
    return ";\n".join(made)


UNDONE = "DROP FUNCTION collect_touch() CASCADE"


class Migration(migrations.Migration):
    dependencies = [
        ("collect", "0002_what_was_touched"),
        ("appointments", "0002_busy"),
        ("casework", "0003_notes_move_out"),
        ("groups", "0003_names_that_sound_alike"),
        ("outcomes", "0002_tools"),
        ("practical", "0001_initial"),
        ("referrals", "0017_alter_referral_source"),
        ("risk", "0003_answers_before"),
        ("victims", "0007_kinds_of_victim"),
        ("waiting", "0002_places_of_a_list"),
    ]

    operations = [migrations.RunSQL(f"{TOUCH};\n{_triggers()}", UNDONE)]
