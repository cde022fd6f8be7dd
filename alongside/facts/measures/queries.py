"""Reads of measures: the catalogue, and figures of a quarter that carry what they mean."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from alongside.core.clocks import LONDON, london_date
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.facts.measures import catalogue as definitions
from alongside.facts.measures import hiding, snapshots
from alongside.facts.measures.disclosure import MOST_DIMENSIONS, Audience, Method, is_withheld
from alongside.facts.measures.models import DIMENSION_WORDS, Dimension, Manifest
from alongside.facts.measures.rules import (
    Counts,
    Figure,
    Measure,
    Reference,
    Why,
    finish,
    gathered,
    in_force,
    is_open,
    kept_until,
    why_kept,
)
from alongside.foundation.office.rulebook import queries as rulebook

STALE = timedelta(minutes=10)  # a snapshot of which nothing was heard for so long is not being made any more
Where = tuple[tuple[str, str], ...]


def catalogue(quarter: Quarter | None = None) -> tuple[Measure, ...]:
    """The measures of a quarter page in their order, in the versions that were in use in a quarter, or the latest."""
    if quarter is None:
        return definitions.current()
    return tuple(in_force(definitions.versions(each.name), quarter.end) for each in definitions.current())


def of_quarter(name: str, quarter: Quarter) -> Measure:
    """A measure in the version that was in use in a quarter."""
    return in_force(definitions.versions(name), quarter.end)


def measure(name: str) -> Measure:
    """A measure by name. Raises RuleBroken."""
    return definitions.measure(name)


def themes() -> tuple[tuple[str, tuple[Measure, ...]], ...]:
    """Every measure in use, by what it is about."""
    return definitions.themes()


def versions(name: str) -> tuple[Measure, ...]:
    """Every version of a measure, the latest first."""
    return definitions.versions(name)


def is_told(asked: Measure, held: Manifest, by: Sequence[Dimension] = ()) -> bool:
    """Whether a snapshot was written with what a measure counts; an older one may be from before it was asked."""
    there = snapshots.columns(held.code, definitions.table_of(asked))
    return bool(there) and there.issuperset({*asked.asks, *by})


def latest() -> Manifest | None:
    """The snapshot that pages show."""
    return snapshots.latest()


def snapshot(code: str | None) -> Manifest:
    """A snapshot by code, the latest without one. Raises RuleBroken where there is none."""
    found = snapshots.manifest(code) if code else snapshots.latest()
    if found is None:
        raise RuleBroken("There is no snapshot yet. One is written every night, or by `alongside snapshot`.")
    return found


def first_after(quarter: Quarter) -> Manifest | None:
    """The first snapshot that is still there from after a quarter had ended; None while there is none."""
    return snapshots.first_from(datetime.combine(quarter.end, time.min, tzinfo=LONDON))


def every_snapshot() -> Iterator[Manifest]:
    """Every snapshot, the latest first."""
    return snapshots.listed()


@dataclass(frozen=True)
class Kept:
    """A snapshot with the reason for which it is kept, and the day on which it goes; None while it is the latest."""

    manifest: Manifest
    why: Why
    needed: tuple[str, ...]
    until: date | None


def kept(on: date) -> tuple[Kept, ...]:
    """Every snapshot with what keeps it, by the rulebook of that day; the latest first."""
    keep = {code: int(rulebook.rule("retention", code, on).number("keep")) for code in ("snapshot_night", "snapshot")}
    held, now = sorted(snapshots.listed(), key=lambda each: each.code), snapshots.latest()
    found, quarter = [], None
    for each in held:
        first, quarter = Quarter.containing(each.as_at) != quarter, Quarter.containing(each.as_at)
        needed = snapshots.marks(each.code)
        why = why_kept(latest=now is not None and each.code == now.code, first=first, needed=bool(needed))
        found.append(
            Kept(
                each,
                why,
                needed,
                kept_until(why, london_date(each.made_at), nights=keep["snapshot_night"], years=keep["snapshot"]),
            )
        )
    return tuple(reversed(found))


def making(at: datetime) -> tuple[int, int] | None:
    """Of the snapshot that is being made, how many of its files are there and how many there will be."""
    told = snapshots.making()
    if told is None or at - datetime.fromisoformat(told["at"]) > STALE:
        return None
    return int(told["done"]), int(told["of"])


def intact(code: str, name: str, sha256: str) -> Path | None:
    """A file of a snapshot, where it is the very one that was written."""
    return snapshots.intact(code, name, sha256)


def definitions_version() -> str:
    """A fingerprint of every definition, for a manifest."""
    return definitions.version()


def figures(
    name: str,
    *,
    quarter: Quarter,
    by: Sequence[Dimension] = (),
    provider: str | None = None,
    area: str | None = None,
    snapshot_code: str | None = None,
    audience: Audience = Audience.OUTSIDE,
) -> tuple[Figure, ...]:
    """A measure's figures for a quarter, one a group. Without an audience they are protected.

    A provider's audience needs its code; `area` is a police area's slug. A group that disclosure control does not
    tell is left out, as an empty one is. Raises RuleBroken.
    """
    asked, held = measure(name), snapshot(snapshot_code)
    where = _where(provider, area)
    _check(asked, by, audience, where)
    if not is_told(asked, held, by):
        raise RuleBroken(f"{asked.title}: this snapshot is from before that was counted. Later ones tell it.")
    finished = (
        finish(
            asked, counts, by=by, audience=audience, as_at=held.as_at,
            reference=_reference(asked, held, quarter, where, dict(zip(by, counts.group, strict=True))),
        )
        for counts in counted(held.code, asked.key, quarter, tuple(by), where)
    )  # fmt: skip
    return tuple(filter(is_open, finished))


def leaving(
    name: str,
    *,
    quarter: Quarter,
    bys: Sequence[Sequence[Dimension]],
    area: str | None,
    snapshot_code: str,
    method: Method,
    width: int,
) -> tuple[Figure, ...]:
    """A measure's figures as they may leave the office, its total first: rounded, or with small ones hidden so that
    none is known within `width`. Each of `bys` is by one thing at most. Raises RuleBroken."""
    if method == Method.ROUNDING:
        return tuple(
            figure
            for by in ((), *bys)
            for figure in figures(name, quarter=quarter, by=by, area=area, snapshot_code=snapshot_code)
        )
    asked, held, where = measure(name), snapshot(snapshot_code), _where(None, area)
    tables: dict[tuple[str, ...], tuple[Counts, ...]] = {
        tuple(by): counted(held.code, asked.key, quarter, tuple(by), where) for by in ((), *bys)
    }
    may = hiding.shown(asked, tables, width=width)
    return tuple(
        hiding.masked(
            finish(
                asked, counts, by=by, audience=Audience.PROVIDER, as_at=held.as_at,
                reference=_reference(asked, held, quarter, where, dict(zip(by, counts.group, strict=True))),
            ),
            hiding.names_of(by, counts.group, may),
        )
        for by, found in tables.items()
        for counts in found
    )  # fmt: skip


def again(text: str, *, audience: Audience = Audience.OUTSIDE) -> Figure | None:
    """The figure that a reference names, made again; None where its group is empty, or is never told.

    What is never told is decided before anything is counted, so the answer does not depend on what the snapshot holds.
    """
    named = Reference.parse(text)
    where = dict(named.where)
    if is_withheld(where):
        return None
    provider, area = where.pop("only_provider", None), where.pop("area", None)
    key, quarter, by = f"{named.name}@{named.version}", Quarter.parse(named.quarter), [*map(Dimension, where)]
    found = figures(
        key,
        quarter=quarter,
        by=by,
        provider=provider,
        area=area,
        snapshot_code=named.snapshot,
        audience=audience,
    )
    return next((figure for figure in found if dict(figure.group) == where), None)


@dataclass(frozen=True)
class Rows:
    """Some of the pseudonymous rows that a figure was made of, and how many there are in all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    total: int


def rows(text: str, *, start: int = 0, most: int = 50) -> Rows:
    """The rows of a figure by its reference, from `start` on. Raises RuleBroken; for the office's analysts alone.

    A pseudonym holds within one snapshot: it says which rows are one person, and nothing of who that is.
    """
    named = Reference.parse(text)
    asked, held = measure(f"{named.name}@{named.version}"), snapshot(named.snapshot)
    groups, only = dict(named.where), {}
    for name, column in (("only_provider", "provider"), ("area", "area")):
        if name in groups:
            only[column] = groups.pop(name)
    by = [*map(Dimension, groups)]
    if is_withheld(groups) or not is_told(asked, held, by):
        return Rows((), (), 0)
    sql, columns = definitions.row_statement(asked, by, [*only])
    values = {**period(Quarter.parse(named.quarter), held), **asked.fixed, **only,
              **{f"group_{name}": code for name, code in groups.items()}}  # fmt: skip
    cursor = snapshots.cursor(held.code)
    told = definitions.parameters(sql, values)
    counted = cursor.execute(f"SELECT count(*) FROM ({sql})", told).fetchone() or (0,)
    found = cursor.execute(f"{sql} LIMIT {most:d} OFFSET {start:d}", told).fetchall()
    return Rows(columns, tuple(found), int(counted[0]))


def _where(provider: str | None, area: str | None) -> Where:
    pairs = (("provider", provider), ("area", area))
    return tuple((name, code) for name, code in pairs if code is not None)


def _check(asked: Measure, by: Sequence[Dimension], audience: Audience, where: Where) -> None:
    if len(by) > MOST_DIMENSIONS or len(set(by)) != len(by):
        raise RuleBroken(f"Break a figure down by {MOST_DIMENSIONS} things at most, each once.")
    if strange := [DIMENSION_WORDS[each].lower() for each in by if each not in asked.dimensions]:
        raise RuleBroken(f"{asked.title} cannot be broken down by {' or '.join(strange)}.")
    if audience == Audience.PROVIDER and "provider" not in dict(where):
        raise RuleBroken("Exact figures are a provider's own: say which provider.")


def _reference(asked: Measure, held: Manifest, quarter: Quarter, where: Where, group: dict[str, str]) -> Reference:
    only = tuple(("only_provider" if name == "provider" else name, code) for name, code in where)
    return Reference(asked.name, asked.version, held.code, str(quarter), (*only, *group.items()))


@lru_cache(maxsize=4096)
def counted(code: str, key: str, quarter: Quarter, by: tuple[Dimension, ...], where: Where) -> tuple[Counts, ...]:
    """A statement's integers, from memory, disk or the snapshot: it never changes, so nor do they."""
    place = _place(code, key, quarter, by, where)
    if (kept := _kept(place)) is not None:
        return kept
    found = tuple(_run(code, key, quarter, by, where))
    _keep(place, found)
    return found


def _run(code: str, key: str, quarter: Quarter, by: tuple[Dimension, ...], where: Where) -> list[Counts]:
    asked = measure(key)
    sql = definitions.statement(asked, by, [name for name, _ in where])
    values = {**period(quarter, snapshots.manifest(code)), **asked.fixed, **dict(where)}
    cursor = snapshots.cursor(code)
    cursor.execute(sql, definitions.parameters(sql, values))
    names = [column[0] for column in cursor.description or ()]
    found = gathered(asked.kind, len(by), names, cursor.fetchall())
    return found or ([_nothing(asked, names)] if not by else [])


def _nothing(asked: Measure, names: Sequence[str]) -> Counts:
    return Counts((), {**dict.fromkeys(names, 0), "eligible": 0}, {})


def period(quarter: Quarter, held: Manifest) -> dict[str, date]:
    """The days that statements ask about; `moment` is the end of the quarter or of the snapshot's own day."""
    return {
        "start": quarter.start,
        "end": quarter.end,
        "moment": min(quarter.end, london_date(held.as_at) + timedelta(days=1)),
    }


def _place(code: str, key: str, quarter: Quarter, by: tuple[Dimension, ...], where: Where) -> Path:
    sql = definitions.statement(measure(key), by, [name for name, _ in where])
    asked = json.dumps([key, sql, str(quarter), by, where])
    digest = hashlib.sha256(asked.encode()).hexdigest()[:32]
    return Path(settings.VAR) / "cache" / "measures" / code / f"{digest}.json"


def _kept(place: Path) -> tuple[Counts, ...] | None:
    try:
        rows = json.loads(place.read_text())
    except (OSError, ValueError):
        return None
    return tuple(
        Counts(tuple(group), numbers, {int(day): n for day, n in days.items()}) for group, numbers, days in rows
    )


def _keep(place: Path, found: Sequence[Counts]) -> None:
    """Keeps the integers for the next process; a disk that takes nothing only makes that one slower."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fresh = place.with_suffix(".new")
        fresh.write_text(json.dumps([[each.group, each.numbers, each.days] for each in found]))
        fresh.replace(place)
    except OSError:
        return
