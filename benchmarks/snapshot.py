"""A snapshot of a million referrals and cases: whole, added to after a day's work, and what a caseworker feels of it.

Run `ALONGSIDE_DATABASE=<a copy> python -m benchmarks.snapshot`: it writes to the database that it is given. Make a copy
of the one of `benchmarks.case` (`CREATE DATABASE … TEMPLATE benchcases`), `migrate` it, and drop it afterwards.
The one that was added to is compared with a whole one of the same moment under the same key, file by file. Figures are
made again by another process in another folder, zone and locale, as another machine would.
"""

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from statistics import median, quantiles
from threading import Event, Thread
from typing import Any

os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")
PLACE = os.environ.setdefault("ALONGSIDE_SNAPSHOTS", tempfile.mkdtemp(prefix="bench-snapshots-"))

import django

django.setup()

import psycopg
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.periods import Quarter
from alongside.facts.collect import actions, basis
from alongside.facts.collect.models import Snapshot
from alongside.facts.measures import queries
from alongside.facts.measures.models import EVERYWHERE

TARGETS = {"whole_s": 60, "added_s": 5}
WORK = """
UPDATE referrals_referral SET first_attempt_at = now() - interval '3 hours' WHERE id IN (
  SELECT id FROM referrals_referral WHERE first_attempt_at IS NULL ORDER BY md5(id::text || '{seed}') LIMIT {some});
UPDATE casework_case SET first_contact_at = now() - interval '2 hours' WHERE id IN (
  SELECT id FROM casework_case WHERE state <> 'CLOSED' ORDER BY md5(id::text || '{seed}') LIMIT {some});
UPDATE referrals_referral SET crime_type = 'burglary' WHERE id IN (
  SELECT id FROM referrals_referral ORDER BY md5(id::text || '{seed}') LIMIT {few});
DELETE FROM outcomes_assessment WHERE id IN (
  SELECT id FROM outcomes_assessment ORDER BY md5(id::text || '{seed}') LIMIT {few});
"""
WRITE = "UPDATE casework_case SET high_risk = high_risk WHERE id = %s"


@contextmanager
def still() -> Iterator[None]:
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def write(as_at: datetime | None = None) -> tuple[Snapshot, float, dict[str, float]]:
    """A snapshot, the seconds that it took, and after how many each file was there."""
    at, started, marks = timezone.now(), time.perf_counter(), {}

    def tell(words: str) -> None:
        marks[words.split(":", maxsplit=1)[0]] = round(time.perf_counter() - started, 1)

    with still():
        made = actions.write_snapshot(by=SYSTEM_ACTOR, at=at, as_at=as_at or at, tell=tell)
    return made, round(time.perf_counter() - started, 1), marks


def work(seed: int, size: int) -> None:
    """A day's work on so many records."""
    with connection.cursor() as cursor:
        cursor.execute(WORK.format(seed=seed, some=size // 2 - size // 20, few=size // 20))


def equal(added: Snapshot) -> list[str]:
    """The tables in which the one that was added to differs from a whole one of its moment under its key."""
    found = basis.choose
    basis.choose = lambda *asked, **words: basis.Chosen(whole_why="compared")
    try:
        whole, _, _ = write(added.as_at)
    finally:
        basis.choose = found
    files = whole.manifest["files"]
    return [name for name, one in added.manifest["files"].items() if one["sha256"] != files[name]["sha256"]]


@contextmanager
def caseworker(took: list[float], waiting: list[int]) -> Iterator[None]:
    """Writes to a case fifty times a second by another connection, and looks for locks that anybody waits for."""
    words = connection.get_connection_params()
    told = {name: words[name] for name in ("dbname", "user", "host", "password", "port") if words.get(name)}
    cases, over = cases_of(), Event()

    def run() -> None:
        with psycopg.connect(**told) as one:
            turn = 0
            while not over.wait(0.02):
                started = time.perf_counter()
                one.execute(WRITE, [cases[turn % len(cases)]])
                one.commit()
                took.append((time.perf_counter() - started) * 1000)
                turn += 1
                if turn % 25 == 0:
                    held = one.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone()
                    waiting.append(held[0] if held else 0)

    thread = Thread(target=run)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def cases_of() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM casework_case TABLESAMPLE SYSTEM (0.1) LIMIT 500")
        return [row[0] for row in cursor.fetchall()]


def felt(took: list[float], waiting: list[int]) -> dict[str, float]:
    return {"writes": len(took), "median_ms": round(median(took), 2), "p95_ms": round(quantiles(took, n=20)[-1], 2),
            "longest_ms": round(max(took), 1), "locks_waited_for": max(waiting, default=0)}  # fmt: skip


def figures() -> str:
    """A digest of every integer of every measure and breakdown of the latest quarter that is over."""
    held = queries.snapshot(None)
    quarter = Quarter.containing(held.as_at).previous
    told = [
        (measure.key, by, [(one.group, one.numbers, sorted(one.days.items())) for one in counted])
        for measure in queries.catalogue()
        for by in ((), *((each,) for each in EVERYWHERE))
        for counted in [queries.counted(held.code, measure.key, quarter, by, ())]
    ]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def elsewhere() -> str:
    """The same by another process, in another folder, zone and locale, from a copy of the files."""
    place, var = tempfile.mkdtemp(prefix="bench-elsewhere-"), tempfile.mkdtemp(prefix="bench-var-")
    shutil.copytree(PLACE, f"{place}/copy")
    shutil.copy(settings.KEY_RING_FILE, f"{var}/keys.json")
    code = (
        "from pathlib import Path; from django.conf import settings; import benchmarks.snapshot as s; "
        f"settings.VAR = Path('{var}'); print(s.figures())"
    )
    words = {**os.environ, "ALONGSIDE_SNAPSHOTS": f"{place}/copy", "TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8"}
    said = subprocess.run([sys.executable, "-c", code], env=words, capture_output=True, text=True, check=True)
    return said.stdout.split()[-1]


def main() -> None:
    secrets.token_bytes = lambda nbytes=None: b"b" * (nbytes or 32)  # so that files can be compared
    result: dict[str, Any] = {"targets": TARGETS, "load_before": os.getloadavg()}
    took: list[float] = []
    waits: list[int] = []
    with caseworker(took, waits):
        time.sleep(20)
    result["caseworker alone"] = felt(took, waits)
    took, waits = [], []
    with caseworker(took, waits):
        whole, result["whole_s"], result["whole after"] = write()
    result["caseworker during a whole one"] = felt(took, waits)
    result["rows"] = {name: one["rows"] for name, one in whole.manifest["files"].items()}
    result["megabytes"] = round(sum(one["bytes"] for one in whole.manifest["files"].values()) / 1e6, 1)
    for size in (0, 2000):
        work(size, size)
        took, waits = [], []
        with caseworker(took, waits):
            added, seconds, marks = write()
        result[f"added after {size}"] = {"s": seconds, "after": marks, "of": added.manifest["made_from"] == whole.code,
                                         "why": added.manifest["whole_why"]}  # fmt: skip
        result[f"caseworker during the one after {size}"] = felt(took, waits)
    result["tables that differ from a whole one"] = equal(added)
    result["figures elsewhere are the same"] = figures() == elsewhere()
    result["load_after"] = os.getloadavg()
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
