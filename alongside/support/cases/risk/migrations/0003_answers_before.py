"""What was acted on before managers marked it as seen stays where it was: off their list."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("risk", "0002_answer_seen")]

    operations = [
        migrations.RunSQL(
            "UPDATE risk_alert SET answer_seen_at = answered_at WHERE state = 'ANSWERED'", migrations.RunSQL.noop
        ),
    ]
