"""Whether an entry that waits is of a kind that a record would be restricted for."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('guarded', '0001_named_by_rule'),
        ('onthespot', '0001_initial'),
    ]

    operations = [migrations.AddField('entry', 'guarded', models.BooleanField(default=False))]
