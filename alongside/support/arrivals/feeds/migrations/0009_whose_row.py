"""Whose record a kept row is about, once there is one."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0008_several_feeds'),
        ('victims', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='keptrow',
            name='victim',
            field=models.ForeignKey(
                blank=True, db_constraint=False, db_index=False, editable=False, null=True,
                on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='victims.victim',
            ),
        ),
        migrations.AddIndex(
            model_name='keptrow',
            index=models.Index(
                condition=models.Q(('victim', None), _negated=True), fields=['victim'], name='feeds_keptrow_victim',
            ),
        ),
        migrations.AddIndex(
            model_name='keptrow',
            index=models.Index(
                condition=models.Q(('outcome', 'rejected'), models.Q(('source_ref', ''), _negated=True)),
                fields=['source_ref'], name='feeds_keptrow_rejected',
            ),
        ),
    ]
