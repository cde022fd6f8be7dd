"""An offer tells what makes it harder for the victim, how the crime is marked, and that they asked us to stop."""

import django.contrib.postgres.fields
from django.db import migrations, models


def codes() -> "django.contrib.postgres.fields.ArrayField[list[str], list[str]]":
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=40), blank=True, default=list, size=None
    )


class Migration(migrations.Migration):
    dependencies = [("referrals", "0004_say_what_is_there")]

    operations = [
        migrations.AddField("offer", "vulnerability", codes()),
        migrations.AddField("offer", "markers", codes()),
        migrations.AddField("offer", "stopped_at", models.DateTimeField(blank=True, null=True)),
    ]
