"""Whether rows of a table changed since they were read, asked of the rows themselves."""

from django.db import connection, models
from psycopg import sql

Stamp = tuple[int, ...]
# Where each row stands and which transaction wrote it: every change of a row changes one of the two.
_ONE = "(SELECT count(*) + coalesce(sum(hashtidextended(ctid, xmin::text::bigint)::numeric), 0) FROM {})"


def stamp(*tables: type[models.Model]) -> Stamp:
    """One number a table, another whenever a row that the caller may read came, went or changed, whoever wrote it.

    Reads every row without its contents: about 1 ms for 5,000. For small tables that are read much more often than
    they change."""
    ones = [sql.SQL(_ONE).format(sql.Identifier(table._meta.db_table)) for table in tables]
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT {}").format(sql.SQL(", ").join(ones)))
        return tuple(int(one) for one in cursor.fetchone())
