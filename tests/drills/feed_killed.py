"""The drill: a load is killed with signal 9 half way, again and again, and then loads right.

Run `python -m tests.drills.feed_killed --rows 50000 --rounds 5`, on a database made for the benchmarks. Prints one line
a round and ends with an error if anything at all was left behind, or if the last load is not what a first load is.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import feed

TABLES = ("victims_victim", "referrals_referral", "feeds_keptrow", "feeds_delivery")


def counts() -> tuple[int, ...]:
    """How many rows there are of what a load makes, in the order of TABLES."""
    with feed.connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in TABLES))
        return tuple(cursor.fetchone())


def start(path: Path) -> "subprocess.Popen[bytes]":
    """The real command with the worker's own login."""
    command = [
        sys.executable,
        "-m",
        "alongside.config.cli",
        "feed",
        "load",
        str(path),
        "--source",
        "bench-force",
        "--json",
    ]
    return subprocess.Popen(command, env={**os.environ, "ALONGSIDE_LOGIN": "worker"}, stdout=subprocess.DEVNULL)


def kill_half_way(path: Path, after: float) -> str:
    child = start(path)
    time.sleep(after)
    finished = child.poll() is not None
    child.kill()
    child.wait()
    time.sleep(0.5)  # for the server to notice that nobody is there
    return "had finished" if finished else f"killed after {after:.1f} s"


def drill(rows: int, rounds: int) -> list[str]:
    """What is wrong; empty if nothing is."""
    faults = []
    feed.prepare()
    feed.empty()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.csv"
        feed.write_feed(path, rows)
        started = time.monotonic()
        start(path).wait()
        whole, took = counts(), time.monotonic() - started
        feed.empty()
        for number in range(rounds):
            done = kill_half_way(path, random.uniform(0.3, 0.9) * took)
            left = counts()
            print(f"round {number + 1}: {done}, left behind {left}", flush=True)
            if left not in ((0, 0, 0, 0), whole):
                faults.append(f"{left} rows were left behind")
        start(path).wait()
        if counts()[:3] != whole[:3]:
            faults.append(f"{counts()} after the last load, not {whole}")
        feed.empty()
    return faults


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--rows", type=int, default=50_000)
    words.add_argument("--rounds", type=int, default=5)
    asked = words.parse_args()
    found = drill(asked.rows, asked.rounds)
    sys.exit("; ".join(found) if found else 0)
