"""A profile is hidden while its record is restricted, whoever describes it and whenever."""

from django.db import migrations

HIDE = r"""
CREATE FUNCTION matching_hide() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  NEW.hidden := EXISTS (SELECT FROM core_sealed WHERE kind = 'victim' AND subject = NEW.victim_id);
  RETURN NEW;
END $$;
CREATE TRIGGER matching_hide BEFORE INSERT OR UPDATE ON matching_profile FOR EACH ROW EXECUTE FUNCTION matching_hide();

CREATE FUNCTION matching_follow_seal() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  UPDATE matching_profile SET hidden = hidden WHERE victim_id = coalesce(NEW.subject, OLD.subject);
  RETURN NULL;
END $$;
CREATE TRIGGER matching_follow_seal AFTER INSERT OR DELETE ON core_sealed FOR EACH ROW
  EXECUTE FUNCTION matching_follow_seal()"""
UNDONE = """
DROP TRIGGER matching_follow_seal ON core_sealed;
DROP FUNCTION matching_follow_seal();
DROP TRIGGER matching_hide ON matching_profile;
DROP FUNCTION matching_hide()"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_restricted"),
        ("matching", "0003_hidden"),
    ]

    operations = [migrations.RunSQL(HIDE, UNDONE)]
