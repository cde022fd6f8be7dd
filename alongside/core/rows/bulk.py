"""Many rows at once: COPY to a temporary table, then INSERT … SELECT, since row security refuses COPY alone."""

from collections.abc import Iterable, Mapping

from django.db import connection
from django.db.models import AutoField, Field, Model

NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def text(value: str) -> str:
    """A text as COPY takes it."""
    return value if value.isalnum() else value.translate(_ESCAPES)


def octets(value: bytes) -> str:
    """Bytes as COPY takes them."""
    return "\\\\x" + value.hex()


class Staging:
    """A temporary table of this transaction. `columns` maps names to PostgreSQL types, in the order of the cells."""

    def __init__(self, name: str, columns: Mapping[str, str]) -> None:
        self.name = name
        described = ", ".join(f"{column} {kind}" for column, kind in columns.items())
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE TEMPORARY TABLE {name} ({described}) ON COMMIT DROP")

    def fill(self, lines: Iterable[str]) -> None:
        """Adds rows; a line is cells joined by tabs, each cell made by `text`, `octets` or `NULL`."""
        block = "\n".join(lines)
        if block:
            with connection.cursor() as cursor, cursor.copy(f"COPY {self.name} FROM STDIN") as copy:
                copy.write(f"{block}\n".encode())

    def empty(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {self.name}")

    def drop(self) -> None:
        """Before the transaction ends, which would do it too."""
        with connection.cursor() as cursor:
            cursor.execute(f"DROP TABLE {self.name}")

    def insert(
        self, model: type[Model], columns: Mapping[str, str], *, where: str = "true", **constants: object
    ) -> int:
        """Inserts a row of the model for each row here and says how many. IntegrityError if one is there already.

        `columns`: SQL by field; a field without is filled from `constants`, or else from its default.
        """
        fields = [field for field in model._meta.concrete_fields if _is_written(field, columns)]
        given = [field for field in fields if field.attname not in columns]
        cells = ", ".join(columns.get(field.attname) or f"%s::{field.db_type(connection)}" for field in fields)
        names = ", ".join(str(field.column) for field in fields)
        values = [
            field.get_db_prep_save(constants.get(field.attname, field.get_default()), connection) for field in given
        ]
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {model._meta.db_table} ({names}) SELECT {cells} FROM {self.name} WHERE {where}",
                values,
            )
            return int(cursor.rowcount)


def _is_written(field: "Field[object, object]", columns: Mapping[str, str]) -> bool:
    return bool(field.column) and (field.attname in columns or not isinstance(field, AutoField))
