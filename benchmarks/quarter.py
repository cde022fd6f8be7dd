"""A snapshot and the quarter page at one million referrals; the same statements in DuckDB and on the live tables.

Run `python -m benchmarks.quarter`. It uses the database of `benchmarks.pages` and writes its snapshot to a folder
of its own. Cold is a new process with nothing kept on disk; warm is the same page again. Integers must agree.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("ALONGSIDE_DATABASE", "bench")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")
PLACE = os.environ.setdefault("ALONGSIDE_SNAPSHOTS", tempfile.mkdtemp(prefix="bench-snapshots-"))

import django

django.setup()

from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.periods import Quarter
from alongside.facts.collect import actions, extract
from alongside.facts.collect import queries as collected
from alongside.facts.measures import catalogue, queries, snapshots
from alongside.facts.measures.models import EVERYWHERE, Dimension, Manifest
from alongside.facts.measures.rules import gathered
from alongside.foundation.office.accounts.models import User

TARGETS = {"snapshot_s": 60, "cold_s": 1.5, "warm_ms": 200, "times_postgresql": 2.5}
BREAKDOWNS: tuple[tuple[Dimension, ...], ...] = ((), *((each,) for each in EVERYWHERE))
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def write() -> dict[str, Any]:
    """One snapshot of everything, as of now."""
    at, started = timezone.now(), time.perf_counter()
    with transaction.atomic():
        made = actions.write_snapshot(by=SYSTEM_ACTOR, at=at, as_at=at)
    took = time.perf_counter() - started
    rows = {name: file["rows"] for name, file in made.manifest["files"].items()}
    size = sum(file["bytes"] for file in made.manifest["files"].values())
    return {"snapshot_s": round(took, 1), "rows": rows, "megabytes": round(size / 1e6, 1)}


def page() -> list[float]:
    """Seconds of the quarter page, in this process, three times."""
    settings.VAR = Path(tempfile.mkdtemp(prefix="bench-cache-"))
    officer = User.objects.get(email="commissioner@alongside.example")
    client = Client()
    client.force_login(officer, backend=BACKEND)
    session = client.session
    session["second_factor"] = True
    session.save()
    assert client.get("/measures/").status_code == 200
    took = []
    for _ in range(4):
        started = time.perf_counter()
        response = client.get("/quarter/")
        took.append(time.perf_counter() - started)
        assert response.status_code == 200, response.status_code
    return took


def cold_and_warm() -> dict[str, float]:
    """Three new processes: the median of their first page and of their later ones."""
    code = "import json; from benchmarks.quarter import page; print(json.dumps(page()))"
    runs = []
    for _ in range(3):
        said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        runs.append(json.loads(said.stdout.splitlines()[-1]))
    later = [took for run in runs for took in run[1:]]
    return {"cold_s": round(median(run[0] for run in runs), 2), "warm_ms": round(median(later) * 1000)}


def compared(manifest: Manifest) -> dict[str, Any]:
    """Every measure and breakdown of one quarter in both engines: seconds, ratio, and whether integers agree."""
    quarter, spent, unequal = Quarter.containing(manifest.as_at).previous, {"duckdb": 0.0, "postgresql": 0.0}, []
    cursor = snapshots.cursor(manifest.code)
    with transaction.atomic():
        extract.live(extract.source(manifest.as_at), collected.improvement_step(manifest.as_at.date()))
        for measure in queries.catalogue():
            values: dict[str, Any] = {**queries.period(quarter, manifest), **measure.fixed}
            for by in BREAKDOWNS:
                sql, started = catalogue.statement(measure, by, []), time.perf_counter()
                cursor.execute(sql, catalogue.parameters(sql, values))
                names = [column[0] for column in cursor.description or ()]
                ours = gathered(measure.kind, len(by), names, cursor.fetchall())
                spent["duckdb"] += time.perf_counter() - started
                started = time.perf_counter()
                with connection.cursor() as live:
                    live.execute(catalogue.statement(measure, by, [], mark="%({})s"), values)
                    theirs = gathered(measure.kind, len(by), names, live.fetchall())
                spent["postgresql"] += time.perf_counter() - started
                if ours != theirs:
                    unequal.append(f"{measure.name} by {by}")
    ratio = spent["postgresql"] / spent["duckdb"]
    seconds = {f"{engine}_s": round(took, 2) for engine, took in spent.items()}
    return {**seconds, "times_postgresql": round(ratio, 1), "unequal": unequal}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--no-live", action="store_true", help="leave out the comparison, which takes minutes")
    words = parser.parse_args()
    found = write()
    manifest = queries.snapshot(None)
    found |= cold_and_warm()
    if not words.no_live:
        found |= compared(manifest)
        assert not found["unequal"], found["unequal"]
    print(json.dumps({"targets": TARGETS, **found}, indent=1))


if __name__ == "__main__":
    main()
