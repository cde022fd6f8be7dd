"""The measures as they are defined, one YAML file each; and a measure's statement with its slots filled."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from alongside.core.errors import RuleBroken
from alongside.facts.measures.models import EVERYWHERE, TABLES, Dimension
from alongside.facts.measures.rules import Kind, Measure
from alongside.foundation.office.rulebook.rules import NEVER_BY_COUNCIL

FOLDER = Path(__file__).parent / "definitions"
ORDER = (
    "referrals_received", "referred_within_two_working_days", "hub_first_attempt_within_two_working_days",
    "victims_offered_support", "victims_supported", "days_to_first_contact", "waiting_now", "improved_health",
    "improved_coping", "improved_safety", "improved_informed", "witnesses_referred",
)  # fmt: skip
# Every measure in use, by what it is about, in the order in which it is read.
THEMES = (
    ("Coming in", ("referrals_received", "not_reported_to_police", "referred_within_two_working_days",
                   "days_report_to_referral", "repeat_victims", "witnesses_referred")),
    ("Reaching people", ("hub_first_attempt_within_two_working_days", "days_to_first_contact", "could_not_be_reached",
                         "days_contact_to_assessment", "victims_offered_support", "offers_accepted",
                         "offers_declined")),
    ("Support", ("victims_supported", "cases_opened", "caseload", "contacts_made", "sessions_held", "attendance",
                 "days_referral_to_first_session")),
    ("Waiting", ("waiting_now", "on_waiting_lists", "days_waited_so_far", "days_waited_to_start",
                 "left_waiting_list")),
    ("Need and risk", ("needs_identified", "needs_addressed", "risk_assessments", "high_risk", "risk_lowered")),
    ("Practical help", ("practical_help_given", "victims_helped_practically")),
    ("Endings and outcomes", ("cases_closed", "planned_endings", "outcomes_measured", "improved_health",
                              "improved_coping", "improved_safety", "improved_informed")),
    ("Reporting centres", ("reports_received", "working_days_to_answer_a_report", "centres_open", "centres_quiet")),
)  # fmt: skip
_TABLE = re.compile(r"\bFROM (\w+)")
_COUNTED = re.compile(r"sum\(CASE WHEN (.*) THEN 1 ELSE 0 END\) AS numerator")
_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")


def _read(raw: dict[str, Any]) -> Iterator[Measure]:
    variants = raw.pop("variants", [{}])
    blank = {"denominator": "", "coverage": "", "better": "", "parts": {}, "fixed": {}, "also": (), "asks": ()}
    for variant in variants:
        words = {**blank, **raw, **variant}
        made = {"kind": Kind(words["kind"]), "since": str(words["since"]), "asks": tuple(words["asks"]),
                "also": tuple(map(Dimension, words["also"]))}  # fmt: skip
        yield Measure(**{**words, **made})


@lru_cache(maxsize=1)
def every() -> dict[str, Measure]:
    """Every version of every measure by `name@version`: an old figure can always be made again."""
    found: dict[str, Measure] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for measure in _read(yaml.safe_load(path.read_text())):
            if measure.key in found:
                raise ValueError(f"{measure.key} is defined twice")
            found[measure.key] = measure
    return found


@lru_cache(maxsize=1)
def current() -> tuple[Measure, ...]:
    """The latest version of each measure, in the order of a quarter page."""
    return tuple(latest()[name] for name in ORDER)


@lru_cache(maxsize=1)
def themes() -> tuple[tuple[str, tuple[Measure, ...]], ...]:
    """The latest version of every measure in use, by what it is about."""
    return tuple((theme, tuple(latest()[name] for name in names)) for theme, names in THEMES)


def versions(name: str) -> tuple[Measure, ...]:
    """Every version of a measure, the latest first."""
    found = [measure for measure in every().values() if measure.name == name]
    return tuple(sorted(found, key=lambda one: one.version, reverse=True))


@lru_cache(maxsize=1)
def latest() -> dict[str, Measure]:
    """The latest version of every measure by its name, of those that are read apart too."""
    return {measure.name: measure for measure in sorted(every().values(), key=lambda found: found.version)}


def measure(name: str) -> Measure:
    """A measure by its name, or by `name@version`."""
    if not (found := latest().get(name) or every().get(name)):
        raise RuleBroken(f"There is no measure called “{name}”. `alongside measures list` shows them all.")
    return found


def version() -> str:
    """A fingerprint of all definitions, for the manifest."""
    texts = "".join(path.read_text() for path in sorted(FOLDER.glob("*.yaml")))
    return hashlib.sha256(texts.encode()).hexdigest()[:12]


def statement(measure: Measure, by: Sequence[Dimension], only: Sequence[str], *, mark: str = "${}") -> str:
    """The measure's SQL. `by` and `only` are our own columns; `mark` is how the engine writes a parameter."""
    columns = ", ".join(map(_column, by))
    listed = f"{columns}," if columns else ""
    narrowed = "".join(f" AND {name} = :{name}" for name in only)
    filled = measure.sql.format(by=listed, groups=columns or "()", groups_and=listed, only=narrowed)
    return _PARAMETER.sub(lambda found: mark.format(found[1]), filled)


def table_of(measure: Measure) -> str:
    """The table of a snapshot that a measure counts."""
    named = _TABLE.search(measure.sql)
    if named is None:
        raise ValueError(f"{measure.key} counts no table")
    return named[1]


def _column(dimension: Dimension) -> str:
    """A column as figures are grouped by it: what is too rare to be placed has no council, as if none were known."""
    if dimension != Dimension.COUNCIL:
        return dimension
    rare = ", ".join(f"'{code}'" for code in sorted(NEVER_BY_COUNCIL))
    return f"CASE WHEN council IS NULL OR crime_type IN ({rare}) THEN '' ELSE council END"


def row_statement(measure: Measure, groups: Sequence[Dimension], only: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """The rows that a measure counts, and their columns: a pseudonym, whether it is in the numerator, and no more of
    each row than the statement itself reads, with what every figure is broken down by."""
    table = next(each for each in TABLES if each.name == table_of(measure))
    read = [each for each in table.columns if each in groups or re.search(rf"\b{each}\b", measure.sql)]
    shown, placed = tuple(dict.fromkeys([*EVERYWHERE, *read])), _column(Dimension.COUNCIL)
    columns = ", ".join(f"{placed} AS council" if each == Dimension.COUNCIL else each for each in shown)
    counted = found[1] if (found := _COUNTED.search(measure.sql)) else "true"
    keys = "person" if "person" in table.keys else table.keys[0]
    clause = re.split(r"\bGROUP BY\b", measure.sql.split(f"FROM {table.name}", 1)[1])[0]
    narrowed = "".join(f" AND {name} = :{name}" for name in only)
    narrowed += "".join(f" AND coalesce({_column(name)}, '') = :group_{name}" for name in groups)
    body = f"FROM {table.name} {clause.format(only=narrowed)}"
    sql = f"SELECT {keys}, ({counted}), {columns} {body} ORDER BY {table.order}, {table.keys[0]}"
    return _PARAMETER.sub(r"$\1", sql), ("pseudonym", "counted", *shown)


def parameters(sql: str, values: dict[str, object]) -> dict[str, object]:
    """The values that a statement of DuckDB asks for, and no others."""
    return {name: value for name, value in values.items() if re.search(rf"\${name}\b", sql)}
