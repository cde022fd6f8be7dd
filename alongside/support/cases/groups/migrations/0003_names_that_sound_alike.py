"""A name that only sounds like one on the other side asks for the manager too."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("alongside.support.cases.groups.migrations.0002_against")
NOW = BEFORE.AGAINST
for mine, theirs in (("other", "client"), ("client", "other")):
    NOW = NOW.replace(BEFORE.meets(mine, theirs, "'name'"), BEFORE.meets(mine, theirs, "'name', 'sound'"))


class Migration(migrations.Migration):
    dependencies = [("groups", "0002_against"), ("others", "0003_names_that_sound_alike")]

    operations = [migrations.RunSQL(NOW, BEFORE.AGAINST)]
