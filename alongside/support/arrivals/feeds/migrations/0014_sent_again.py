"""Rows that had been kept when they came again. What a file that came twice counted as rejected once more is counted as
with us already, as such rows are from now on.
"""

import alongside.core.ids
import django.db.models.deletion
from django.db import migrations, models


COUNTED_ONCE = """
UPDATE feeds_delivery again SET duplicate = duplicate + feeds_total(rejected), rejected = '{}'
 WHERE rejected <> '{}' AND EXISTS (
   SELECT FROM feeds_delivery earlier
    WHERE earlier.hub_id = again.hub_id AND earlier.source_id = again.source_id AND earlier.sha256 = again.sha256
      AND earlier.version_id IS NOT DISTINCT FROM again.version_id
      AND (earlier.received_at, earlier.id) < (again.received_at, again.id))"""


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0013_rows_of_the_first'),
        ('victims', '0007_kinds_of_victim'),
    ]

    operations = [
        migrations.CreateModel(
            name='SentAgain',
            fields=[
                ('id', models.UUIDField(default=alongside.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ('hub_id', models.IntegerField()),
                ('line', models.PositiveIntegerField()),
            ],
            options={
                'ordering': ['delivery', 'line'],
            },
        ),
        migrations.AddField(
            model_name='keptrow',
            name='same',
            field=models.BinaryField(default=b'', max_length=16),
        ),
        migrations.AddIndex(
            model_name='keptrow',
            index=models.Index(condition=models.Q(('outcome', 'rejected'), models.Q(('same', b''), _negated=True)), fields=['same'], name='feeds_keptrow_same'),
        ),
        migrations.AddField(
            model_name='sentagain',
            name='delivery',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sent_again', to='feeds.delivery'),
        ),
        migrations.AddField(
            model_name='sentagain',
            name='kept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sent_again', to='feeds.keptrow'),
        ),
        migrations.AddConstraint(
            model_name='sentagain',
            constraint=models.UniqueConstraint(fields=('delivery', 'line'), name='feeds_sentagain_once'),
        ),
        migrations.RunSQL(COUNTED_ONCE, migrations.RunSQL.noop),
    ]
