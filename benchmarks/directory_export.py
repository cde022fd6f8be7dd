"""The directory published whole in Open Referral UK 3.0, against two plain ways in the same run. Nothing is kept.

Run `python -m benchmarks.directory_export [SERVICES]`. Every service that leaves is held against the standard's schema.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ.setdefault("ALONGSIDE_DATABASE", "bench_directory")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings
from django.core import serializers
from django.core.management import call_command
from django.db import transaction
from django.test import RequestFactory
from django.utils import timezone

from alongside.core.management.commands.keys import write_ring
from alongside.core.privacy import crypt
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.exchange import api, presenters, queries
from alongside.foundation.local.exchange.tests import standard
from alongside.foundation.office.organisations.models import Council, Organisation

SERVICES, ROUNDS, PROVIDERS = 5_000, 3, 40
TARGETS = {"seconds": 3.0, "faults": 0}
CODES = {"crime_types": ("domestic_abuse", "stalking", "robbery", "burglary"), "needs": ("health", "money"),
         "made_for": ("women", "men"), "modes": ("phone", "face_to_face", "video")}  # fmt: skip


def build(number: int) -> None:
    """Services with two places, eleven codes, two languages and two councils each, of forty providers."""
    councils = list(Council.objects.order_by("pk").select_related("force")[:80])
    bodies = [
        Organisation.objects.create(code=f"bench-{i}", name=f"Sample Charity {i}", kind="provider",
                                    force=councils[i].force, since=timezone.localdate()) for i in range(PROVIDERS)
    ]  # fmt: skip
    Service.objects.bulk_create(_service(i, bodies, councils) for i in range(number))


def _service(i: int, bodies: list[Organisation], councils: list[Council]) -> Service:
    sites = [{"name": f"Sample Centre {n}", "address_1": f"{i + 1} Example Street", "city": "Exampleton",
              "postcode": f"ZZ{n} 1AA", "access": ["step_free"]} for n in (1, 2)]  # fmt: skip
    return Service(
        provider=bodies[i % len(bodies)], code=f"bench-{i}", name=f"Sample Service {i}", summary="Help. " * 60,
        what_happens="A worker calls. " * 20, councils=[one.pk for one in councils[i % 70 : i % 70 + 2]],
        languages=["en", "pl"], sites=sites, phone="01632 960401", email="help@sample.example",
        web="https://sample.example", hours="Weekdays 9 to 5", age_from=13, checked_on=timezone.localdate(),
        updated_at=timezone.now(), **{name: list(codes) for name, codes in CODES.items()},
    )  # fmt: skip


def export() -> bytes:
    """As another system gets it: the view, from the request to the bytes."""
    answer: Any = api.services(RequestFactory().get("/", {"format": "ndjson", "full": "true"}))
    return bytes(answer.content)


def one_by_one() -> bytes:
    """Each service asked for by its id, as a caller without the whole list would."""
    words = queries.words(timezone.localdate())
    keys = list(queries.published().values_list("pk", flat=True))
    told = [presenters.service_whole(queries.published().get(pk=key), words) for key in keys]
    return "\n".join(map(json.dumps, told)).encode()


def serialized() -> bytes:
    """Django's own serializer over the same rows: no ids of parts, no words for codes, not the standard's shape."""
    return serializers.serialize("json", queries.published()).encode()


def best(work: Callable[[], bytes], rounds: int = ROUNDS) -> tuple[bytes, float, float]:
    """What it made, with the median seconds on the clock, and of the processor alone."""
    taken, used = [], []
    for _ in range(rounds):
        started, began = time.perf_counter(), time.process_time()
        body = work()
        taken.append(time.perf_counter() - started)
        used.append(time.process_time() - began)
    return body, round(statistics.median(taken), 2), round(statistics.median(used), 2)


def measure(number: int) -> dict[str, Any]:
    with transaction.atomic():
        build(number)
        with inside(Realm.PUBLIC):
            body, took, used = best(export)
            _, plain, _ = best(one_by_one, 1)
            _, django_own, _ = best(serialized)
        transaction.set_rollback(True)
    services = [json.loads(line) for line in body.decode().splitlines()]
    faults = [fault for one in services for fault in standard.faults("service", one)]
    return {
        "services": len(services), "megabytes": round(len(body) / 1e6, 1), "seconds": took, "processor": used,
        "faults": len(faults),
        "one_query_each": plain, "ratio_to_one_query_each": round(took / plain, 2),
        "django_serializer": django_own, "ratio_to_django_serializer": round(took / django_own, 2), "targets": TARGETS,
    }  # fmt: skip


def main() -> int:
    if not Path(settings.KEY_RING_FILE).exists() and not settings.KEY_RING:
        write_ring(Path(settings.KEY_RING_FILE), crypt.new_ring())
    call_command("migrate", verbosity=0)
    found = measure(int(sys.argv[1]) if len(sys.argv) > 1 else SERVICES)
    print(json.dumps(found, indent=2))
    return int(found["faults"] > 0 or found["services"] == 0)


if __name__ == "__main__":
    sys.exit(main())
