"""Notes are a domain of their own: their table stays where it is."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("casework", "0002_open_work")]
    operations = [migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel(name="Note")])]
