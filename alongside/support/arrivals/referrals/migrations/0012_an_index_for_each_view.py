"""Each view of the queue is served by an index that begins with the hub, the largest hub and the smallest alike."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('referrals', '0011_what_is_due_next'),
        ('victims', '0004_one_set_of_ethnic_groups'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='referral',
            name='referrals_queue',
        ),
        migrations.RemoveIndex(
            model_name='referral',
            name='referrals_received',
        ),
        migrations.RemoveIndex(
            model_name='referral',
            name='referrals_to_do_first',
        ),
        migrations.RemoveIndex(
            model_name='referral',
            name='referrals_calls_due',
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['hub_id', 'received_at', 'id'], name='referrals_all'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(fields=['hub_id', 'state', 'received_at', 'id'], name='referrals_in_state'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('state__in', ['RECEIVED', 'IN_TRIAGE']), ('unread', True), _connector='OR'), fields=['hub_id', 'high_risk', 'unread', 'returned', 'received_at', 'id'], name='referrals_urgent_first'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('state__in', ['RECEIVED', 'IN_TRIAGE']), ('worker', None)), fields=['hub_id', 'received_at', 'id'], name='referrals_not_taken'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('state__in', ['RECEIVED', 'IN_TRIAGE', 'OFFERED']), ('high_risk', True)), fields=['hub_id', 'received_at', 'id'], name='referrals_high_risk'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('state__in', ['RECEIVED', 'IN_TRIAGE']), ('returned', True)), fields=['hub_id', 'received_at', 'id'], name='referrals_returned'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('unread', True)), fields=['hub_id', 'received_at', 'id'], name='referrals_added'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('state__in', ['RECEIVED', 'IN_TRIAGE', 'OFFERED']), ('source', 'third_party_centre')), fields=['hub_id', 'received_at', 'id'], name='referrals_from_centres'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('state__in', ['RECEIVED', 'IN_TRIAGE', 'OFFERED'])), fields=['worker', 'received_at', 'id'], name='referrals_mine'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('due_at__isnull', False)), fields=['hub_id', 'due_at', 'id'], name='referrals_due'),
        ),
        migrations.AddIndex(
            model_name='referral',
            index=models.Index(condition=models.Q(('next_attempt_at__isnull', False)), fields=['hub_id', 'next_attempt_at', 'id'], name='referrals_calls'),
        ),
    ]
