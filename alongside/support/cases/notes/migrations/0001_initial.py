"""Notes come here with their table."""

import django.db.models.deletion
from django.db import migrations, models

import alongside.core.ids
import alongside.core.privacy.fields

NOTE = migrations.CreateModel(
    name="Note",
    fields=[
        ("id", models.UUIDField(default=alongside.core.ids.uuid7, editable=False, primary_key=True, serialize=False)),
        ("victim_id", models.UUIDField()),
        ("words", alongside.core.privacy.fields.SealedField(blank=True, default=b"", owner="victim_id")),
        ("written_at", models.DateTimeField()),
        ("written_by", models.UUIDField(null=True)),
        ("amends", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT,
                                     related_name="amendments", to="notes.note")),
        ("case", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="notes",
                                   to="casework.case")),
    ],
    options={"abstract": False, "db_table": "casework_note"},
)


class Migration(migrations.Migration):
    initial = True
    dependencies = [("casework", "0003_notes_move_out")]
    operations = [migrations.SeparateDatabaseAndState(state_operations=[NOTE])]
