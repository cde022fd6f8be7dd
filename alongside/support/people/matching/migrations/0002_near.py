"""The records of their blocks, for all that ask at once: one statement whose plan each connection makes once."""

from django.db import migrations

COLUMNS = (
    "near.given::text, near.family::text, near.born::text, near.sex::text, near.phone, near.email, near.address, "
    "near.postcode"
)
BLOCKS = (
    ("phone",), ("email",), ("address",), ("given", "born"), ("family", "born"), ("given", "family"),
    ("postcode", "born"),
)  # fmt: skip
TURNED = "near.given = asked.family AND near.family = asked.given"
TESTS = (*(" AND ".join(f"near.{column} = asked.{column}" for column in block) for block in BLOCKS), TURNED)

BLOCK = f"""
  (SELECT asked.place, found.* FROM asked CROSS JOIN LATERAL (
    SELECT near.victim_id, {COLUMNS} FROM matching_profile AS near
    WHERE {{test}} AND near.hub_id = a_hub AND near.kind = a_kind LIMIT a_most) AS found)"""

NEAR = f"""
CREATE FUNCTION matching_near(
  a_given text[], a_family text[], a_born text[], a_phone bytea[], a_email bytea[], a_address bytea[],
  a_postcode bytea[], a_hub int, a_kind text, a_most int
) RETURNS TABLE (place bigint, victim_id uuid, given text, family text, born text, sex text, phone bytea, email bytea,
  address bytea, postcode bytea)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH asked AS MATERIALIZED (
    SELECT * FROM unnest(a_given, a_family, a_born, a_phone, a_email, a_address, a_postcode) WITH ORDINALITY
      AS asked (given, family, born, phone, email, address, postcode, place))
  {" UNION ".join(BLOCK.format(test=test) for test in TESTS)};
END $$"""


class Migration(migrations.Migration):

    dependencies = [("matching", "0001_initial")]

    operations = [
        migrations.RunSQL(
            NEAR,
            "DROP FUNCTION matching_near(text[], text[], text[], bytea[], bytea[], bytea[], bytea[], int, text, int)",
        )
    ]
