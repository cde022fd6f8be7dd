"""`name__begins="smi"`: text by its beginning with `^@`, which row security lets an index serve, unlike LIKE."""

from typing import Any

from django.db.models import Lookup


class Begins(Lookup):
    """Exact beginning, byte by byte under the column's own collation; nothing in the text is a wildcard."""

    lookup_name = "begins"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} ^@ {right}", (*left_values, *right_values)
