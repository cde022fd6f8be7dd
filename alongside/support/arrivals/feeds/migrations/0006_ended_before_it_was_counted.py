"""Rows that were forgotten before it was counted how they ended: their number, so that every receipt still adds up."""

from django.db import migrations

OVER = """
UPDATE feeds_delivery SET forgotten = jsonb_build_object('over', gone.rows) FROM (
  SELECT delivery.id, feeds_total(delivery.held)
         + CASE WHEN EXISTS (
             SELECT FROM feeds_delivery first
              WHERE first.hub_id = delivery.hub_id AND first.source_id = delivery.source_id
                AND first.sha256 = delivery.sha256 AND first.version_id IS NOT DISTINCT FROM delivery.version_id
                AND (first.received_at, first.id) < (delivery.received_at, delivery.id)
           ) THEN 0 ELSE feeds_total(delivery.rejected) END
         - (SELECT count(*) FROM feeds_keptrow kept WHERE kept.delivery_id = delivery.id) AS rows
    FROM feeds_delivery delivery
) gone WHERE gone.id = feeds_delivery.id AND gone.rows > 0"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0005_how_rows_ended")]

    operations = [migrations.RunSQL(OVER, migrations.RunSQL.noop)]
