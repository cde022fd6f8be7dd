"""Deliveries at the same moment, and a load that is killed: one effect, or none."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection

from alongside.support.arrivals.feeds.models import Delivery, KeptRow
from alongside.support.arrivals.feeds.tests.samples import sample
from alongside.support.arrivals.feeds.tests.test_actions import feed, load, receipt
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.people.victims.models import Victim
from tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)

# Loads a file in batches of 100 as the worker does, and is killed with signal 9 once 300 rows are in the tables.
KILLED = """
import os, signal, sys
import django
django.setup()
from pathlib import Path
from urllib.parse import quote
from django.db import transaction
from django.utils import timezone
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.feeds import actions, loading
from alongside.support.people.victims.models import Victim
loading.BATCH = 100
def told(line):
    if line > 300:
        assert Victim.objects.count() >= 200
        os.kill(os.getpid(), signal.SIGKILL)
source = Organisation.objects.get(code="test-force")
with transaction.atomic(), inside(Realm.WORKER):
    actions.load(Path(sys.argv[1]), source=source, by=SYSTEM_ACTOR, at=timezone.now(), told=told)
"""


def counts() -> tuple[int, ...]:
    return (Victim.objects.count(), Referral.objects.count(), KeptRow.objects.count(), Delivery.objects.count())


def test_six_deliveries_of_one_file_at_once_have_one_effect(world: World, tmp_path: Path) -> None:
    rows = [sample(source_ref=f"WM/{number}", consent="no" if number % 10 == 0 else "yes") for number in range(200)]
    path = feed(tmp_path, *rows)

    def deliver(_: int) -> Delivery:
        try:
            return load(path, world.force)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        receipts = sorted(receipt(one)[1:3] for one in pool.map(deliver, range(6)))
    assert receipts == [(0, 200)] * 5 + [(180, 0)]
    assert counts() == (180, 180, 20, 6)


def test_a_load_killed_half_way_leaves_nothing_and_then_loads_right(world: World, tmp_path: Path) -> None:
    path = feed(tmp_path, *(sample(source_ref=f"WM/{number}") for number in range(1_000)))
    held = {name: quote(str(value), safe="") for name, value in connection.settings_dict.items()}
    host = "" if held["HOST"].startswith("%2F") else f"{held['HOST']}:{held['PORT']}"
    url = (
        f"postgresql://{held['USER']}:{held['PASSWORD']}@{host}/{held['NAME']}{'' if host else '?host=' + held['HOST']}"
    )
    place = {
        "DATABASE_URL": url, "DATABASE_OWNER_URL": url, "ALONGSIDE_KEY_RING": str(settings.KEY_RING),
        "DJANGO_SETTINGS_MODULE": "alongside.config.settings_tests",
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(path)], env={**os.environ, **place}, capture_output=True, check=False
    )
    assert done.returncode == -9, done.stderr.decode()
    assert counts() == (0, 0, 0, 0)
    assert receipt(load(path, world.force)) == (1_000, 1_000, 0, {}, {})
