"""Ethnic groups are the census's, as the rulebook names them; police codes that were stored as they came become those."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# The rulebook's book of police codes as it shipped on this day: a migration reads no book.
GROUPS = {
    "W1": "white_british", "W2": "white_irish", "W3": "white_gypsy_traveller", "W9": "white_other",
    "M1": "mixed_caribbean", "M2": "mixed_african", "M3": "mixed_asian", "M9": "mixed_other",
    "A1": "asian_indian", "A2": "asian_pakistani", "A3": "asian_bangladeshi", "A4": "asian_chinese",
    "A9": "asian_other", "B1": "black_caribbean", "B2": "black_african", "B9": "black_other",
    "O1": "asian_chinese", "O2": "other_arab", "O9": "other_any", "NS": "not_said",
}  # fmt: skip


def forwards(apps: Apps, schema_editor: BaseDatabaseSchemaEditor | None) -> None:
    victims = apps.get_model("victims", "Victim")
    for code, group in GROUPS.items():
        victims.objects.filter(ethnicity=code).update(ethnicity=group)


class Migration(migrations.Migration):
    dependencies = [("victims", "0003_corrections")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
