"""Attempts that may be struck out; what is unread, for the order of the queue; references of those who refer."""

import alongside.core.privacy.fields
import django.db.models.functions.text
from django.db import migrations, models


UNREAD = """
CREATE OR REPLACE FUNCTION referrals_note_unread() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE a_ticket uuid := coalesce(NEW.ticket_id, OLD.ticket_id);
BEGIN
  UPDATE referrals_referral referral
  SET unread = EXISTS (SELECT 1 FROM referrals_addition WHERE ticket_id = a_ticket AND handled_at IS NULL)
  FROM referrals_ticket ticket WHERE ticket.id = a_ticket AND referral.id = ticket.referral_id;
  RETURN NULL;
END $$"""
TRIGGER = """
CREATE OR REPLACE TRIGGER referrals_note_unread AFTER INSERT OR DELETE OR UPDATE OF handled_at ON referrals_addition
FOR EACH ROW EXECUTE FUNCTION referrals_note_unread()"""
UNDO = "DROP TRIGGER referrals_note_unread ON referrals_addition; DROP FUNCTION referrals_note_unread()"


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0002_urgent'),
        ('victims', '0004_one_set_of_ethnic_groups'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='referral',
            name='referrals_urgent',
        ),
        migrations.AddField(
            model_name='attempt',
            name='recorded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='struck_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='struck_by',
            field=models.UUIDField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='attempt',
            name='struck_why',
            field=alongside.core.privacy.fields.SealedField(blank=True, default=b'', owner='victim_id'),
        ),
        migrations.AddField(
            model_name='referral',
            name='unread',
            field=models.BooleanField(default=False, editable=False),
        ),
        migrations.AddField(
            model_name='standing',
            name='source_ref',
            field=models.CharField(blank=True, default='', max_length=60),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('state__in', ['RECEIVED', 'IN_TRIAGE']), ('unread', True), _connector='OR'), fields=['high_risk', 'unread', 'returned', 'received_at', 'id'], name='referrals_to_do_first'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(django.db.models.functions.text.Upper('source_ref'), name='referrals_theirs'),
        ),
        migrations.AddIndex(
            model_name='standing',
            index=models.Index(models.F('organisation_id'), django.db.models.functions.text.Upper('source_ref'), name='referrals_standing_theirs'),
        ),
        migrations.AddConstraint(
            model_name='attempt',
            constraint=models.CheckConstraint(condition=models.Q(('struck_at__isnull', False), models.Q(('struck_by', None), ('struck_why', b'')), _connector='OR'), name='referrals_attempt_struck'),
        ),
        # Who came back may add and not change the referral: the database itself says that something is unread.
        migrations.RunSQL(UNREAD + ";" + TRIGGER, UNDO),
    ]
