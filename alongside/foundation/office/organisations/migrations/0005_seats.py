"""Everybody who works for an organisation has a number there, by which restricted records name them."""

from django.db import migrations

SEATS = r"""
CREATE FUNCTION organisations_take_seat() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  INSERT INTO core_seat (user_id, organisation_id) VALUES (NEW.user_id, NEW.organisation_id) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER organisations_take_seat AFTER INSERT ON organisations_membership FOR EACH ROW
  EXECUTE FUNCTION organisations_take_seat();
INSERT INTO core_seat (user_id, organisation_id)
  SELECT DISTINCT user_id, organisation_id FROM organisations_membership ON CONFLICT DO NOTHING"""
UNDONE = """
DROP TRIGGER organisations_take_seat ON organisations_membership;
DROP FUNCTION organisations_take_seat()"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_restricted"),
        ("organisations", "0004_councils_that_were_replaced"),
    ]

    operations = [migrations.RunSQL(SEATS, UNDONE)]
