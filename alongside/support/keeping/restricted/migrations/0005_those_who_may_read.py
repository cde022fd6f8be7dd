"""Where an office names no role, those of the hub are named who may read records at all: not whoever opens groups alone."""

from importlib import import_module

from django.db import migrations

BEFORE = import_module("alongside.support.keeping.restricted.migrations.0002_by_rule_and_by_reference")
READ_RECORDS = "ARRAY['triage_officer', 'hub_manager', 'privacy_officer']"
OLD = "WHERE organisation_id = a_hub AND until IS NULL;"
NEW = f"WHERE organisation_id = a_hub AND until IS NULL AND role = ANY ({READ_RECORDS});"


def replaced(function: str) -> str:
    return function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


assert OLD in BEFORE.NAME_BY_RULE


class Migration(migrations.Migration):
    dependencies = [("restricted", "0004_crossing")]

    operations = [
        migrations.RunSQL(replaced(BEFORE.NAME_BY_RULE.replace(OLD, NEW)), replaced(BEFORE.NAME_BY_RULE)),
    ]
