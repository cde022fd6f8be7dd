"""What is due next at the hub stands in one column, for the order of the queue: the database itself reckons it."""

from django.db import migrations, models

RECKON = """
CREATE OR REPLACE FUNCTION referrals_reckon_due() RETURNS trigger
LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
BEGIN
  NEW.due_at := CASE WHEN NEW.state IN ('RECEIVED', 'IN_TRIAGE') THEN
    least(CASE WHEN NEW.first_attempt_at IS NULL THEN NEW.attempt_due_at END,
          CASE WHEN NEW.first_offer_at IS NULL THEN NEW.offer_due_at END) END;
  RETURN NEW;
END $$"""
TRIGGER = """
CREATE OR REPLACE TRIGGER referrals_reckon_due
BEFORE INSERT OR UPDATE OF state, first_attempt_at, first_offer_at, attempt_due_at, offer_due_at, due_at
ON referrals_referral FOR EACH ROW EXECUTE FUNCTION referrals_reckon_due()"""
UNDO = "DROP TRIGGER referrals_reckon_due ON referrals_referral; DROP FUNCTION referrals_reckon_due()"
ALREADY_HERE = "UPDATE referrals_referral SET due_at = NULL WHERE state IN ('RECEIVED', 'IN_TRIAGE')"


class Migration(migrations.Migration):

    dependencies = [
        ("referrals", "0010_centres_and_on_the_spot"),
    ]

    operations = [
        migrations.AddField(
            model_name="referral",
            name="due_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(f"{RECKON};{TRIGGER}", UNDO),
        migrations.RunSQL(ALREADY_HERE, migrations.RunSQL.noop),
    ]
