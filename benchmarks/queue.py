"""The hub's queue at one million referrals: every view, for the hub that has them all and for one that has 500.

Run `python -m benchmarks.queue`. It uses the database of `benchmarks.pages`, and builds it where it is not there.
For each view: the time that PostgreSQL itself says the list took (EXPLAIN ANALYZE, the median of nine, under the
hub's role with row security on) and the index that served it; then the counts of all views in their one question,
the wallboard, and all queries of whole pages as the application runs them.
"""

import argparse
import json
import os
import re
from collections.abc import Callable
from statistics import median
from typing import Any

os.environ.setdefault("ALONGSIDE_DATABASE", "bench")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"

import django

django.setup()

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.triage import queries, queue, views
from alongside.support.desk.triage.queue import Wanted
from benchmarks import pages

TARGET = 5.0
RUNS = 9
SMALL = "bench-small-hub"
MOVE = """
CREATE TEMP TABLE few AS
  (SELECT id, victim_id FROM referrals_referral WHERE state IN ('RECEIVED', 'IN_TRIAGE')
   ORDER BY md5(id::text) LIMIT 60)
  UNION ALL
  (SELECT id, victim_id FROM referrals_referral WHERE state NOT IN ('RECEIVED', 'IN_TRIAGE')
   ORDER BY md5(id::text) LIMIT 440);
ALTER TABLE referrals_referral DISABLE TRIGGER USER;
ALTER TABLE victims_victim DISABLE TRIGGER USER;
UPDATE referrals_referral SET hub_id = {new}, visible_orgs = ARRAY[{new}] WHERE id IN (SELECT id FROM few);
UPDATE victims_victim SET hub_id = {new}, visible_orgs = ARRAY[{new}] WHERE id IN (SELECT victim_id FROM few);
ALTER TABLE referrals_referral ENABLE TRIGGER USER;
ALTER TABLE victims_victim ENABLE TRIGGER USER;
"""
# Some of what waits came through a centre, with news, or back from a service: the synthetic year has few of them.
MARK = """
ALTER TABLE referrals_referral DISABLE TRIGGER USER;
UPDATE referrals_referral SET source = 'third_party_centre'
  WHERE state IN ('RECEIVED', 'IN_TRIAGE', 'OFFERED') AND get_byte(decode(md5(id::text), 'hex'), 0) < 8;
UPDATE referrals_referral SET unread = true
  WHERE state IN ('IN_TRIAGE', 'ACCEPTED') AND get_byte(decode(md5(id::text), 'hex'), 1) < 1;
ALTER TABLE referrals_referral ENABLE TRIGGER USER;
"""


def prepare(scale: float) -> None:
    """The county, and a small hub beside the large one."""
    pages.prepare(scale)
    call_command("collectstatic", interactive=False, verbosity=0)
    large = Organisation.objects.get(code="sample-hub")
    small, _ = Organisation.objects.get_or_create(
        code=SMALL, defaults={"name": "Bench Small Hub", "kind": "hub", "force": large.force, "since": large.since}
    )
    if not Referral.objects.filter(hub_id=small.pk).exists():
        with connection.cursor() as cursor:
            for statement in filter(str.strip, (MOVE.format(new=small.pk) + MARK).split(";")):
                cursor.execute(statement)  # one at a time: in one transaction checks of keys would wait in the way
            cursor.execute("VACUUM ANALYZE referrals_referral")


def actor(code: str) -> Actor:
    """A triage officer there, who has taken some of what waits."""
    place = Organisation.objects.get(code=code)
    user = User.objects.get(email=f"bench@{code}.example")
    waits = Referral.objects.filter(hub_id=place.pk, state="IN_TRIAGE").values("pk")[:40]
    Referral.objects.filter(pk__in=waits).update(worker=user.pk)
    return Actor(
        realm=Realm.HUB, user_id=user.pk, organisation_id=place.pk, permissions=permissions_of(["triage_officer"]),
        second_factor=True,
    )  # fmt: skip


def explained(rows: QuerySet[Any]) -> tuple[float, str]:
    """Milliseconds, the median of several, and the index that served it."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:  # nobody is away: Django knows without asking
        return 0.0, "not asked"
    took, plan = [], ""
    with connection.cursor() as cursor:
        for _ in range(RUNS):
            cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF) {sql}", params)
            plan = "\n".join(row[0] for row in cursor.fetchall())
            took.append(float(re.findall(r"Execution Time: ([\d.]+)", plan)[0]))
    used = re.findall(r"(?:using|on) (referrals_\w+)", plan)
    return median(took), "+".join(dict.fromkeys(name for name in used if name != "referrals_referral")) or "NONE"


def lists(by: Actor) -> dict[str, Any]:
    """Each view's first page, as its address asks for it."""
    at, found = timezone.now(), {}
    for view in queue.views(by, at):
        order = views.ORDERS[views.FIRST.get(view, "-received")]
        rows = queue.wanted(Referral.objects.visible_to(by), Wanted(view), by=by, at=at).order_by(*order)[:51]
        found[view] = rows
    return found


def spent(act: Callable[[], object]) -> dict[str, float]:
    """Milliseconds that an act's queries took as the application sees them: the median of several, and the least."""
    took = []
    for _ in range(RUNS):
        clock = pages.Clock()
        with connection.execute_wrapper(clock):
            act()
        took.append(clock.spent)
    return {"median": round(median(took), 2), "least": round(min(took), 2)}


def measure(code: str) -> dict[str, Any]:
    """One hub: every view's list, the counts, the wallboard, and whole pages."""
    by, at = actor(code), timezone.now()
    with inside(by.realm, orgs=by.orgs, user=by.user_id):
        each = {view: explained(rows) for view, rows in lists(by).items()}
        counts = queue.all_counts(by, [], at=at)
        counted = spent(lambda: queue.all_counts(by, [], at=at))
        wall = spent(lambda: queries.wall(by, at=at))
    return {
        "lists": {view: {"ms": round(took, 2), "index": index} for view, (took, index) in each.items()},
        "counts": counts, "counts_ms": counted, "wallboard_ms": wall,
        "slowest_list_ms": round(max(took for took, _ in each.values()), 2), "whole_pages_ms": whole(code),
    }  # fmt: skip


def whole(code: str) -> dict[str, dict[str, float]]:
    """All queries of the page of each view, as the application runs them."""
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = pages.session_of(code, "triage_officer")

    def ask(view: str) -> None:
        response = client.get(f"/referrals/?view={view}")
        assert response.status_code == 200, response.status_code

    views = ("to_do", "mine", "not_taken", "high_risk", "late", "due_today", "calls_due", "all")
    return {view: spent(lambda view=view: ask(view)) for view in views}  # type: ignore[misc]


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--scale", type=float, default=250)
    prepare(words.parse_args().scale)
    hubs = ("sample-hub", SMALL)
    for code in hubs:
        pages.session_of(code, "triage_officer")
    result = {"referrals": Referral.objects.count(), "target_ms": TARGET, "for": {code: measure(code) for code in hubs}}
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
