"""A real list of services imported twice: what it took and what was odd, as JSON. Nothing is kept.

Run `python -m benchmarks.directory_import [FILE]`. Councils' lists have no licence, so none is copied here: by
default the North Lincolnshire list is read from the shared data beside this repository.
"""

import json
import os
import sys
import time
from collections.abc import Callable
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
from alongside.foundation.directory.actions import Receipt, import_services
from alongside.foundation.directory.openreferral import Feed, read

FEEDS = Path(__file__).resolve().parents[2] / "shared" / "data" / "oruk" / "real-feeds"
DEFAULT = FEEDS / "north_lincolnshire_services_v1_2024-12.json"
TARGETS = {"kept": 1.0, "changed_again": 0}


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    started = time.perf_counter()
    return work(), round(time.perf_counter() - started, 3)


def twice(feed: Feed) -> tuple[Receipt, Receipt, float, float]:
    """Imports as the worker does, and again; then undoes both."""

    def take() -> Receipt:
        return import_services(feed, by=SYSTEM_ACTOR, at=timezone.now(), source="benchmark")

    with transaction.atomic():
        with inside(Realm.WORKER):
            first, importing = timed(take)
            again, once_more = timed(take)
        transaction.set_rollback(True)
    return first, again, importing, once_more


def measure(path: Path) -> dict[str, Any]:
    raw = path.read_bytes()
    document = json.loads(raw.decode("utf-8-sig"))
    feed, reading = timed(lambda: read(document))
    first, again, importing, once_more = twice(feed)
    return {
        "file": path.name,
        "sha256": sha256(raw).hexdigest(),
        "services": first.services,
        "kept": first.added / len(document),
        "changed_again": again.added + again.changed,
        "seconds": {"read": reading, "import": importing, "again": once_more},
        "again_to_import": round(once_more / importing, 2),
        "targets": TARGETS,
        "oddities": feed.oddities,
        "not_kept": feed.unused,
    }


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
