"""A real list of services read twice by the office's road: what it took and what was odd, as JSON. Nothing is kept.

Read and prepared, all of it accepted at once, then read again: nothing may be different, and none may be lost.

Run `python -m benchmarks.directory_import [FILE]`. Councils' lists have no licence, so none is copied here: by
default the North Lincolnshire list is read from the shared data beside this repository.
"""

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

os.environ.setdefault("ALONGSIDE_DATABASE", "bench_directory")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.lists import actions, deciding, gathering
from alongside.foundation.local.lists.actions import Setting
from alongside.foundation.local.lists.models import Difference, List, Reading
from alongside.foundation.office.organisations.models import Force, Organisation

FEEDS = Path(__file__).resolve().parents[2] / "shared" / "data" / "oruk" / "real-feeds"
DEFAULT = FEEDS / "north_lincolnshire_services_v1_2024-12.json"
TARGETS = {"kept": 1.0, "changed_again": 0, "seconds": {"import": 5}}


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    return work(), round(time.perf_counter() - started, 3)


def by_the_office(raw: bytes) -> dict[str, Any]:
    """Reads, prepares and accepts as the worker does, and reads again; then undoes all of it."""
    with transaction.atomic():
        force = Force.objects.create(slug="benchmark", name="Benchmark")
        hub = Organisation.objects.create(
            code="benchmark", kind="hub", force=force, name="Benchmark", since=date.today()
        )
        with inside(Realm.WORKER):
            of = actions.add(Setting("Benchmark"), by=SYSTEM_ACTOR, at=timezone.now(), hub=hub)
            (first, reading), (done, accepting) = timed(lambda: taken_in(of, raw)), timed(lambda: accepted(of))
            again, once_more = timed(lambda: taken_in(of, raw))
            kept = Service.objects.filter(source=of.code).count()
        transaction.set_rollback(True)
    likely = Counter(bool(one) for one in done.heard)
    return {
        "services": first.services, "kept": kept / first.services, "likely_for_victims": likely[True],
        "changed_again": again.added + again.changed + again.gone,
        "seconds": {"read_and_prepare": reading, "accept": accepting, "import": round(reading + accepting, 3),
                    "again": once_more},
        "again_to_import": round(once_more / (reading + accepting), 2),
        "oddities": {f"{one['kind']}:{one['field']}": one["count"] for one in first.mends}, "not_kept": first.unused,
    }  # fmt: skip


def taken_in(of: List, raw: bytes) -> Reading:
    return actions.take_in(of, gathering.gather(raw), by=SYSTEM_ACTOR, at=timezone.now(), file="benchmark.json")


@dataclass(frozen=True)
class Accepted:
    count: int
    heard: list[list[str]]


def accepted(of: List) -> Accepted:
    found = list(Difference.objects.filter(list=of))
    done = deciding.accept_many(of, [one.pk for one in found], by=SYSTEM_ACTOR, at=timezone.now(), signposted=True)
    return Accepted(done.count, [one.heard for one in found])


def measure(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    return {"file": path.name, "sha256": sha256(raw).hexdigest(), "targets": TARGETS, **by_the_office(raw)}


def main() -> int:
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT
    if not path.exists():
        print(json.dumps({"file": path.name, "missing": "give the path of an Open Referral UK list"}))
        return 0
    call_command("migrate", verbosity=0)
    print(json.dumps(measure(path), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
