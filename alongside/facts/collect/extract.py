"""What leaves support: one SELECT a table, of codes, days and counts. No name, reference, address or words.

The statements read small tables made for the transaction: the calendar of working days, the age bands, the
census's five ethnic groups, the reasons for closing, and who was judged to be one person. A benchmark runs the measures
over the same statements of live tables.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import connection

from alongside.core.clocks import london_date
from alongside.facts.collect import queries, rules
from alongside.facts.measures.models import TABLES, Table
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.cases.risk.rules import LEVELS
from alongside.support.people.victims.models import SamePerson

FOLDER = Path(__file__).parent / "sql"
_DAY = re.compile(r"DAY\(((?:[^()]|\([^()]*\))*)\)")
_SEEN = r"(CASE WHEN \1 <= :as_at THEN (\1 AT TIME ZONE 'Europe/London')::date END)"
Block = bytes | bytearray | memoryview
SMALL = ("snapshot_band", "snapshot_ending", "snapshot_group")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


@dataclass(frozen=True)
class Source:
    """What the statements ask for besides the tables."""

    as_at: datetime
    police_sources: tuple[str, ...]
    declined: tuple[str, ...]
    outcomes: tuple[str, ...]
    quiet_days: int
    came: tuple[str, ...]
    stayed_away: tuple[str, ...]
    session_kinds: tuple[str, ...]

    @property
    def parameters(self) -> dict[str, Any]:
        return {
            "as_at": self.as_at, "as_at_day": london_date(self.as_at), "calendar_from": rules.CALENDAR_FROM,
            "police_sources": list(self.police_sources), "declined": list(self.declined),
            "outcomes": list(self.outcomes), "quiet_days": self.quiet_days, "came": list(self.came),
            "stayed_away": list(self.stayed_away), "session_kinds": list(self.session_kinds), "levels": list(LEVELS),
        }  # fmt: skip


def source(as_at: datetime) -> Source:
    """The rulebook's part in a snapshot, as it was on that day."""
    on = london_date(as_at)
    marks = rulebook.current("register_marks", on)
    return Source(
        as_at=as_at,
        came=tuple(row.code for row in marks if row.flag("came")),
        # Whoever sent apologies did not stay away: that counts as no attempt to reach them, as in the case itself.
        stayed_away=tuple(row.code for row in marks if not row.flag("came") and row.text("result")),
        session_kinds=tuple(row.code for row in rulebook.current("appointment_kinds", on) if row.flag("session")),
        police_sources=tuple(row.code for row in rulebook.current("sources", on) if row.flag("police")),
        declined=tuple(row.code for row in rulebook.current("closure_reasons", on) if row.text("status") == "declined"),
        outcomes=tuple(row.code for row in rulebook.current("outcomes", on)),
        quiet_days=rulebook.rule("limits", "centre_quiet", on).number("number"),
    )


def prepare(as_at: datetime) -> None:
    """Makes the small tables; they go when the transaction ends."""
    on = london_date(as_at)
    bands = [(row.number("first"), row.number("last"), row.code) for row in rulebook.current("age_bands", on)]
    judged = SamePerson.objects.filter(judgement=SamePerson.Judgement.SAME, ended_at=None, judged_at__lte=as_at)
    same = rules.people(judged.values_list("left_id", "right_id"))
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL work_mem = '256MB'")
    fill("snapshot_calendar", "day date PRIMARY KEY, zero int", rules.calendar(on))
    fill("snapshot_band", "first int, last int, code text", bands)
    endings = [(row.code, row.text("status"), row.flag("planned")) for row in rulebook.current("closure_reasons", on)]
    fill("snapshot_ending", "code text PRIMARY KEY, status text, planned boolean", endings)
    fill("snapshot_group", "code text PRIMARY KEY, name text", queries.ethnic_groups(on).items())
    fill("snapshot_same", "victim uuid PRIMARY KEY, person uuid", same.items())


def fill(name: str, columns: str, rows: Iterable[tuple[object, ...]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{name} CASCADE")
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ({columns}) ON COMMIT DROP")
        with cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute(f"ANALYZE {name}")


def statement(table: Table) -> str:
    """The table's SELECT, with parameters as psycopg writes them. Moments after `as_at` have not happened."""
    text = (FOLDER / f"{table.name}.sql").read_text()
    return _PARAMETER.sub(r"%(\1)s", _DAY.sub(_SEEN, text))


def rows(table: Table, asked: Source) -> Iterator[Block]:
    """The table's rows as CSV, streamed in blocks."""
    with connection.cursor() as cursor:
        copying = f"COPY ({statement(table)}) TO STDOUT (FORMAT csv)"
        with cursor.copy(copying, asked.parameters) as copy:
            yield from copy


def live(asked: Source, step: float) -> None:
    """Views of the live tables under a snapshot's names, until the transaction ends: to compare the two."""
    prepare(asked.as_at)
    moved = "(last_score - first_score) * CASE WHEN higher THEN 1 ELSE -1 END"
    judged = (
        "CASE WHEN NOT applies THEN 'not_applicable' "
        "WHEN first_score IS NULL OR last_score IS NULL THEN 'not_measured' "
        f"WHEN {moved} >= COALESCE(step, {step}) THEN 'improved' "
        f"WHEN {moved} <= -COALESCE(step, {step}) THEN 'worse' ELSE 'same' END"
    )
    with connection.cursor() as cursor:
        for table in TABLES:
            more = f", {judged} AS result" if "result" in table.columns else ""
            cursor.execute(f"DROP VIEW IF EXISTS pg_temp.{table.name}")
            body = f"SELECT told.*{more} FROM ({statement(table)}) told"
            cursor.execute(f"CREATE TEMPORARY VIEW {table.name} AS {body}", asked.parameters)


def version() -> str:
    """A fingerprint of the statements and of the programs that make files of their rows, for the manifest."""
    programs = [FOLDER.parent / name for name in ("extract.py", "parquet.py", "rules.py", "changes.py")]
    texts = "".join(path.read_text() for path in (*sorted(FOLDER.glob("*.sql")), *programs))
    return hashlib.sha256(texts.encode()).hexdigest()[:12]
