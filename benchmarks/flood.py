"""A public form flooded by a bot while a triage officer reads the queue at one million referrals.

Run `python -m benchmarks.flood`. It uses the database of `benchmarks.queue`. The bot (wrk, 32 connections, each request
from another address, with the token that the form asks for) starts self-referrals as fast as it is let; one reader asks
for the first page of the queue over and over. Three ways: no flood; the flood at public processes of their own, as
docs/operator.md says; and at the same processes as staff, as a demonstration runs. Ratios are of one run.
"""

import argparse
import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.conf import settings

from benchmarks import pages

HUB, PUBLIC = 8197, 8198
REPEATED = "flood" * 6 + "fl"  # what a form hands back of its cookie
STAFF = "auth,referrer,provider,hub,commissioning"


@contextmanager
def flooded(port: int, seconds: int, connections: int) -> Iterator[dict[str, float]]:
    """The bot, for a little longer than is measured; how many requests a second it made."""
    cookie = f"{settings.CSRF_COOKIE_NAME}={REPEATED}"
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds + 4}s", "-s", "benchmarks/flood.lua", "-H",
             f"Cookie: {cookie}", "-H", f"X-CSRFToken: {REPEATED}", f"http://127.0.0.1:{port}/support/"]  # fmt: skip
    bot, told = subprocess.Popen(words, stdout=subprocess.PIPE, text=True), dict[str, float]()
    try:
        time.sleep(2)  # its connections are open and its first requests answered
        yield told
    finally:
        said, _ = bot.communicate()
        found = re.search(r"rate=([\d.]+) refused=(\d+)", said)
        assert found, said
        told |= {"requests_a_second": float(found[1]), "refused": int(found[2])}


def read(session: str, seconds: int) -> dict[str, float]:
    """One reader's latency at the queue, in milliseconds, by wrk."""
    words = ["wrk", "-t1", "-c1", f"-d{seconds}s", "--latency", "--timeout", "30s", "-s", "benchmarks/p95.lua"]
    header = ["-H", f"Cookie: {settings.SESSION_COOKIE_NAME}={session}", f"http://127.0.0.1:{HUB}/referrals/"]
    said = subprocess.run([*words, *header], capture_output=True, text=True, check=True).stdout
    found = re.search(r"p95_ms=([\d.]+) rate=([\d.]+) errors=(\d+)", said)
    assert found and found[3] == "0", said
    return {"p95_ms": float(found[1]), "pages_a_second": float(found[2])}


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--seconds", type=int, default=8)
    words.add_argument("--connections", type=int, default=32)
    asked = words.parse_args()
    session, told = pages.session_of("sample-hub", "triage_officer"), {}
    here = partial(pages.served, ALONGSIDE_PROXIES="1", ALONGSIDE_LOG_LEVEL="ERROR")
    with here(HUB, ALONGSIDE_REALMS=STAFF), here(PUBLIC, workers=1, ALONGSIDE_REALMS="public"):
        read(session, 2)
        told["no flood"] = read(session, asked.seconds)
        with flooded(PUBLIC, asked.seconds, asked.connections) as bot:
            told["public processes flooded"] = read(session, asked.seconds)
        told["public processes flooded"] |= bot
    with here(HUB):
        read(session, 2)
        with flooded(HUB, asked.seconds, asked.connections) as bot:
            told["the same processes flooded"] = read(session, asked.seconds)
        told["the same processes flooded"] |= bot
    quiet = told["no flood"]["p95_ms"]
    ratios = {name: round(one["p95_ms"] / quiet, 1) for name, one in told.items()}
    print(json.dumps({"connections": asked.connections, "for": told, "p95_to_quiet": ratios}, indent=1))


if __name__ == "__main__":
    main()
