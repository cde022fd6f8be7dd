"""Whether a kept row is of a kind that a record would be restricted for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('feeds', '0010_rows_of_a_person'),
        ('guarded', '0001_named_by_rule'),
    ]

    operations = [
        migrations.AddField('keptrow', 'guarded', models.BooleanField(default=False)),
        migrations.AddField('keptrow', 'guarded_by', models.UUIDField(blank=True, editable=False, null=True)),
    ]
