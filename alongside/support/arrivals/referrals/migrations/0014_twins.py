"""A police reference may stand on a second referral, taken by somebody who may not open the first."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [('referrals', '0013_a_call_that_they_asked_for')]

    operations = [
        migrations.AddField('referral', 'twin', models.PositiveSmallIntegerField(default=0, editable=False)),
        migrations.RemoveConstraint('referral', 'referrals_source_ref'),
        migrations.AddConstraint(
            'referral',
            models.UniqueConstraint(
                fields=['source_organisation', 'source_ref', 'twin'],
                condition=models.Q(('source', 'police_feed')), name='referrals_source_ref',
            ),
        ),
    ]
