"""Writes of organisations: areas, postcodes, bodies and their succession, and who works for whom."""

import csv
from collections.abc import Collection, Iterator
from importlib import resources

from django.db import connection, transaction

from alongside.foundation.organisations.models import Council, Force
from alongside.foundation.organisations.postcodes import postcode_councils

_DATA = resources.files("alongside.foundation.organisations") / "data"


def _shipped(name: str) -> Iterator[dict[str, str]]:
    with (_DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@transaction.atomic
def load_areas() -> None:
    """The police forces and councils that ship with the product. Safe to do again; names follow the files."""
    forces = [Force(slug=row["slug"], name=row["name"]) for row in _shipped("forces.csv")]
    councils = [
        Council(code=row["code"], name=row["name"], force_id=row["force"]) for row in _shipped("councils.csv")
    ]
    Force.objects.bulk_create(forces, update_conflicts=True, unique_fields=["slug"], update_fields=["name"])
    Council.objects.bulk_create(
        councils, update_conflicts=True, unique_fields=["code"], update_fields=["name", "force"]
    )


@transaction.atomic
def load_postcodes(councils: Collection[str] | None = None) -> int:
    """The postcodes of these councils, or of all, made again from the shipped directory. Returns how many."""
    with connection.cursor() as cursor:
        if councils is None:
            cursor.execute("DELETE FROM organisations_postcode")
        else:
            cursor.execute("DELETE FROM organisations_postcode WHERE council = ANY (%s)", [list(councils)])
        cursor.execute("CREATE TEMPORARY TABLE fresh (code text, council text) ON COMMIT DROP")
        with cursor.copy("COPY fresh (code, council) FROM STDIN") as copy:
            for pair in postcode_councils(councils):
                copy.write_row(pair)
        cursor.execute(
            "INSERT INTO organisations_postcode (code, council) "
            "SELECT code, council FROM fresh ON CONFLICT DO NOTHING"
        )
        return int(cursor.rowcount)
