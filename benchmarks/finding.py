"""Find help at 5,000 services: the whole view, for questions and for words, against PostgreSQL's own text search.

Run `ALONGSIDE_DATABASE=bench_finding python -m benchmarks.finding`. The services are synthetic, of `--areas` police
areas: a quarter for the whole of one, the others for one to three of its councils. One area is the hardest.
"""

import argparse
import gzip
import json
import os
import random
import re
import time
from pathlib import Path
from statistics import median, quantiles

os.environ.setdefault("ALONGSIDE_DATABASE", "bench_finding")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.finding.tests.directory import BIRMINGHAM, relevance, service
from alongside.foundation.office.organisations.models import Council, Force, Organisation

SERVICES, ROUNDS, TARGET_MS, TARGET_KB = 5000, 1, 50, 100
FULL_TEXT = """
SELECT id FROM directory_service,
  to_tsvector('english', name || ' ' || provider_name || ' ' || summary || ' ' || replace(array_to_string(
    crime_types || needs || made_for || modes, ' '), '_', ' ')) told, websearch_to_tsquery('english', %s) asked
 WHERE state <> 'CLOSED' AND (councils @> ARRAY[%s]::varchar[] OR councils = '{}') AND told @@ asked
 ORDER BY ts_rank(told, asked) DESC LIMIT 23
"""
STREETS = ("Alder", "Birch", "Cedar", "Dell", "Elm", "Fern", "Gorse", "Hazel", "Iris", "Juniper", "Kestrel", "Larch")


def _area(force: str) -> tuple[Organisation, list[str]]:
    """A hub of a police area, and the area's councils."""
    found = Organisation.objects.filter(code=f"bench-{force}").first() or Organisation.objects.create(
        code=f"bench-{force}", name=f"Sample hub of {force}", kind="hub", force_id=force, since=timezone.localdate()
    )
    return found, list(Council.objects.filter(force=force, replaced_by="").values_list("pk", flat=True))


def fill(count: int) -> None:
    """The synthetic directory over and over, each time under another name."""
    call_command("migrate", verbosity=0)
    chance = random.Random(5)
    forces = list(Force.objects.exclude(pk="west-midlands").order_by("pk").values_list("pk", flat=True))
    areas = [_area(force) for force in ("west-midlands", *forces[: count - 1])]
    Service.objects.all().delete()
    made = []
    for number in range(SERVICES):
        row = dict(relevance()["services"][number % len(relevance()["services"])])
        row |= {"code": f"{row['code']}-{number}", "name": f"{chance.choice(STREETS)} {row['name']} {number}"}
        row["summary"] = " ".join([row["summary"]] * 3)
        hub, councils = areas[number % count]
        one = service(hub, row)
        one.councils = (
            [] if chance.random() < 0.25 else chance.sample(councils, min(len(councils), chance.randint(1, 3)))
        )
        one.phone, one.hours = "01632 960 401", "Weekdays 9 to 5"
        made.append(one)
    Service.objects.bulk_create(made, batch_size=500)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE directory_service")


def timed(asks: list[dict[str, str]]) -> tuple[list[float], int]:
    """Milliseconds of each whole view, and the heaviest answer in compressed bytes."""
    client, took, heaviest = Client(), [], 0
    for ask in asks:
        begun = time.perf_counter()
        answer = client.post("/information/", ask)
        took.append((time.perf_counter() - begun) * 1000)
        assert answer.status_code == 200, answer.status_code
        heaviest = max(heaviest, len(gzip.compress(answer.content)))
    return took, heaviest


def full_text(words: list[str]) -> list[float]:
    took = []
    for said in words:
        begun = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(FULL_TEXT, [said, BIRMINGHAM])
            cursor.fetchall()
        took.append((time.perf_counter() - begun) * 1000)
    return took


def weight() -> dict[str, int]:
    """Compressed bytes of the first page and of each file that it asks for."""
    page = Client().get("/information/")
    found = {"page": len(gzip.compress(page.content))}
    for address in sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.content.decode()))):
        name = re.sub(r"\.[0-9a-f]{12}(?=\.\w+$)", "", address.removeprefix("/static/"))
        path = finders.find(name)
        if path:
            found[name] = len(gzip.compress(Path(path).read_bytes()))
    return found


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--areas", type=int, default=10)
    areas = told.parse_args().areas
    settings.ALLOWED_HOSTS = ["*"]
    fill(areas)
    words = [one["words"] for half in ("tuning", "held_out") for one in relevance()[half]] * ROUNDS
    crimes = ("partner_or_family", "sexual", "followed", "tricked", "broken_into", "")
    by_questions = [{"council": BIRMINGHAM, "happened": crimes[n % 6], "who": "me"} for n in range(120)]
    by_words = [{"council": BIRMINGHAM, "words": said} for said in words]
    timed(by_words[:5])
    found = {"services": Service.objects.count(), "areas": areas, "on": str(timezone.localdate())}
    for name, (took, heaviest) in (("questions", timed(by_questions)), ("words", timed(by_words))):
        found[name] = {"median_ms": round(median(took), 1), "p95_ms": round(quantiles(took, n=20)[-1], 1),
                       "kb": round(heaviest / 1024, 1), "target_ms": TARGET_MS}  # fmt: skip
    alone = full_text(words)
    found["full_text_statement"] = {
        "median_ms": round(median(alone), 1),
        "p95_ms": round(quantiles(alone, n=20)[-1], 1),
    }
    found["ratio_p95"] = round(found["words"]["p95_ms"] / found["full_text_statement"]["p95_ms"], 2)
    parts = weight()
    found["weight_kb"] = {name: round(size / 1024, 1) for name, size in parts.items()}
    found["weight_kb"]["all"] = round(sum(parts.values()) / 1024, 1)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
