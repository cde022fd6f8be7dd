"""A caseload page of 50 at one million referrals, for a charity of 500, for the largest charity and for the hub.

Run `python -m benchmarks.pages`. The first run builds the database (some minutes at a million); later runs use it:
ten thousand referrals of the synthetic year, and copies of them by SQL under new ids. A copy's sealed fields do not
open, and the list opens none.
Database time is read inside the application, each query's own; pages a second come from wrk (Debian package `wrk`)
against two sync workers with every lock, the read log and the session on.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("ALONGSIDE_DATABASE", "bench")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from alongside.config.demo.world import build
from alongside.core.management.commands.keys import write_ring
from alongside.core.privacy import crypt
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership, Organisation
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PORT = 8199
LIST = "/casework/cases/?whose="  # everybody's: a caseworker who asks for nothing is shown their own
LINES = 51  # fifty cases under a line of headings
TARGETS = {"database_ms": 5, "p95_ms": 100, "pages_a_second": 150}
MOVE = """
CREATE TEMP TABLE moved AS SELECT id, victim_id, referral_id, offer_id FROM casework_case
  WHERE provider_id <> {new} ORDER BY md5(id::text) LIMIT 500;
UPDATE core_grant SET organisation = {new} FROM moved m
  WHERE kind = 'case' AND subject = m.id AND organisation <> {hub};
UPDATE core_grant SET organisation = {new} FROM moved m
  WHERE kind IN ('victim', 'referral') AND subject IN (m.victim_id, m.referral_id) AND organisation <> {hub};
UPDATE casework_case SET provider_id = {new}, visible_orgs = ARRAY[{new}, {hub}] WHERE id IN (SELECT id FROM moved);
UPDATE victims_victim SET visible_orgs = ARRAY[{new}, {hub}] WHERE id IN (SELECT victim_id FROM moved);
UPDATE referrals_referral SET visible_orgs = ARRAY[{new}, {hub}] WHERE id IN (SELECT referral_id FROM moved);
"""


# Columns that must differ in a copy; every other is taken over.
KEYS = {
    "victims_victim": ("id",),
    "referrals_referral": ("id", "victim_id"),
    "referrals_offer": ("id", "referral_id", "victim_id"),
    "casework_case": ("id", "victim_id", "referral_id", "offer_id"),
    "core_grant": ("subject",),
}
OTHERS = {
    ("referrals_referral", "reference"): "'B' || upper(substr(md5(t.id::text || n), 1, 11))",
    ("referrals_referral", "source_ref"): "CASE t.source_ref WHEN '' THEN '' ELSE t.source_ref || '-' || n END",
    ("referrals_referral", "received_at"): "t.received_at + n * interval '1 minute'",
    ("casework_case", "accepted_at"): "t.accepted_at + n * interval '1 minute'",
}


def multiply(times: int) -> None:
    """Copies the year `times` - 1 times over, with triggers off: `visible_orgs` is copied with the rest."""
    with connection.cursor() as cursor:
        for table, keys in KEYS.items():
            cursor.execute(
                "SELECT column_name FROM information_schema.columns WHERE table_name = %s AND table_schema = 'public'",
                [table],
            )
            columns = [name for (name,) in cursor.fetchall() if (table, name) != ("core_grant", "id")]
            values = [
                f"md5(t.{name}::text || n)::uuid" if name in keys else OTHERS.get((table, name), f"t.{name}")
                for name in columns
            ]
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            cursor.execute(
                f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
                f"FROM {table} t, generate_series(1, {times - 1}) n"
            )
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("ANALYZE")


def prepare(scale: float) -> None:
    """The county: the demonstration's year many times over, and one charity of 500 cases."""
    path = Path(settings.KEY_RING_FILE)
    if not settings.KEY_RING and not path.exists():
        write_ring(path, crypt.new_ring())
    call_command("migrate", verbosity=0, skip_checks=True)
    if not Referral.objects.exists():
        build(scale=min(scale, 2.5), lean=True)
        multiply(max(1, int(scale / 2.5)))
    hub = Organisation.objects.get(code="sample-hub")
    small, made = Organisation.objects.get_or_create(
        code="bench-small",
        defaults={"name": "Bench Sample Charity", "kind": "provider", "force": hub.force, "since": date(2024, 4, 1)},
    )
    if made:
        with connection.cursor() as cursor:
            cursor.execute(MOVE.format(new=small.pk, hub=hub.pk))
            cursor.execute("ANALYZE")


def session_of(code: str, role: str) -> str:
    """A signed-in session of somebody who works there in that role."""
    place = Organisation.objects.get(code=code)
    user, _ = User.objects.get_or_create(
        email=f"bench@{code}.example",
        defaults={"name": "Benny Bench", "created_at": timezone.now(), "visible_orgs": [place.pk]},
    )
    Membership.objects.get_or_create(
        user=user, organisation=place, role=role, until=None, defaults={"since": timezone.now()}
    )
    client = Client()
    client.force_login(user, backend=BACKEND)
    session = SessionStore(client.cookies[settings.SESSION_COOKIE_NAME].value)
    session["second_factor"] = True
    session.save()
    return str(session.session_key)


class Clock:
    """Adds up the time that queries take, and keeps the longest."""

    def __init__(self) -> None:
        self.spent, self.count, self.longest = 0.0, 0, ("", (), 0.0)

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            took = (time.perf_counter() - started) * 1000
            self.spent, self.count = self.spent + took, self.count + 1
            if took > self.longest[2]:
                self.longest = (str(sql), params, took)


def database_time(session: str, address: str) -> dict[str, Any]:
    """Medians over 15 requests: milliseconds in the database, number of queries, and the longest query."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    spent, count, longest = [], 0, ""
    for _ in range(15):
        clock = Clock()
        with connection.execute_wrapper(clock):
            response = client.get(address)
        assert response.status_code == 200, response.status_code
        assert response.content.count(b"<tr") == LINES, "not a page of 50"
        spent.append(clock.spent)
        count, longest = clock.count, f"{clock.longest[2]:.1f} ms: {clock.longest[0][:90]}"
    return {"database_ms": round(median(spent), 2), "queries": count, "longest": longest}


def plan_of_list(organisations: list[int], realm: str, *, deep: bool) -> str:
    """The index that serves the list under the realm's role."""
    last = Case.objects.order_by("accepted_at").values_list("accepted_at", flat=True)[:1000]
    where = f"AND (accepted_at, id) < ('{list(last)[-1]}', 'ffffffff-ffff-ffff-ffff-ffffffffffff')" if deep else ""
    orgs = ",".join(map(str, organisations))
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute(f"SET LOCAL ROLE {connection.settings_dict['NAME']}_{realm}")
        cursor.execute("SELECT set_config('app.orgs', %s, true)", [orgs])
        cursor.execute(
            f"EXPLAIN (ANALYZE, TIMING OFF) SELECT id FROM casework_case WHERE visible_orgs && '{{{orgs}}}'::int[] "
            f"AND state <> 'CLOSED' {where} ORDER BY accepted_at DESC, id DESC LIMIT 51"
        )
        plan = "\n".join(row[0] for row in cursor.fetchall())
        cursor.execute("ROLLBACK")
    used = re.findall(r"(?:using|on) (casework_case_\w+)", plan)
    took = re.findall(r"Execution Time: ([\d.]+)", plan)
    return f"{'+'.join(dict.fromkeys(used)) or 'NO INDEX'} in {took[0]} ms"


@contextmanager
def served(port: int = PORT, *, workers: int = 2, **environ: str) -> Iterator[None]:
    """Sync workers on loopback, logged in as the application."""
    words = [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", str(workers)]
    said = {**os.environ, "ALONGSIDE_LOGIN": "app", **environ}
    server = subprocess.Popen(words, env=said, stdout=subprocess.DEVNULL)
    try:
        for _ in range(100):
            time.sleep(0.3)
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz/", timeout=2)
                break
            except OSError:
                continue
        yield
    finally:
        server.terminate()
        server.wait()


def load(session: str, address: str, *, connections: int, seconds: int) -> dict[str, float]:
    """Pages a second and latency in milliseconds, by wrk."""
    words = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", "benchmarks/p95.lua"]
    header = ["-H", f"Cookie: {settings.SESSION_COOKIE_NAME}={session}", f"http://127.0.0.1:{PORT}{address}"]
    said = subprocess.run([*words, *header], capture_output=True, text=True, check=True).stdout
    found = re.search(r"p95_ms=([\d.]+) rate=([\d.]+) errors=(\d+)", said)
    assert found and found[3] == "0", said
    return {"p95_ms": float(found[1]), "pages_a_second": float(found[2])}


def largest() -> str:
    """The charity with the most cases."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT o.code FROM casework_case c JOIN organisations_organisation o ON o.id = c.provider_id "
            "GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
        )
        return str(cursor.fetchone()[0])


def deep_address(session: str) -> str:
    """The address of a page near the end of the list, found by asking for the oldest first."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = session
    page = client.get(f"{LIST}&sort=accepted&state=all").content.decode()
    found = re.search(r'href="([^"]*after=[^"]*)"', page)
    return "/casework/cases/" + found[1].replace("&amp;", "&") if found else LIST


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--scale", type=float, default=250)
    words.add_argument("--seconds", type=int, default=10)
    asked = words.parse_args()
    prepare(asked.scale)
    people = {"charity of 500": ("bench-small", "caseworker", "provider"),
              "largest charity": (largest(), "caseworker", "provider"),
              "hub": ("sample-hub", "triage_officer", "hub")}  # fmt: skip
    sessions = {name: session_of(code, role) for name, (code, role, _) in people.items()}
    result: dict[str, Any] = {"referrals": Referral.objects.count(), "targets": TARGETS, "for": {}}
    for name, (code, _, realm) in people.items():
        place = Organisation.objects.get(code=code)
        result["for"][name] = {
            "first page": database_time(sessions[name], LIST),
            "deep page": database_time(sessions[name], deep_address(sessions[name])),
            "plan": plan_of_list([place.pk], realm, deep=False),
            "plan, last page": plan_of_list([place.pk], realm, deep=True),
        }
    if shutil.which("wrk"):
        with served():
            for name, session in sessions.items():
                load(session, LIST, connections=2, seconds=2)
                result["for"][name]["one reader"] = load(session, LIST, connections=1, seconds=5)
                result["for"][name]["load"] = load(session, LIST, connections=4, seconds=asked.seconds)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
