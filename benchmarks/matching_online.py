"""One referral matched online against a million people: cold and warm, beside a Splink prediction for the same record.

Run `ALONGSIDE_VAR=$(mktemp -d) python -m benchmarks.matching_online`: the database server is stopped between rounds, so
that its buffers are cold, and that must not be one that anybody else uses. Ratios are of one run.
"""

import argparse
import json
import os
import time
from collections.abc import Iterable
from statistics import median, quantiles
from typing import Any
from uuid import UUID

os.environ.setdefault("ALONGSIDE_DATABASE", "bench_match")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from alongside.config import embedded, env, running
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.rows.realms import Realm, inside
from alongside.support.people.matching import actions, engines, queries, training
from alongside.support.people.matching.models import Profile
from alongside.support.people.matching.tests.county import Told, county

HUB = 1
STAGE = "CREATE TEMP TABLE told (id uuid, given text, family text, born text, sex text, phone bytea, email bytea, " \
        "address bytea, postcode bytea)"  # fmt: skip


def key(number: int) -> UUID:
    return UUID(int=number + 1)


def token(value: str | None) -> str | None:
    return f"\\x{value.encode().hex():0>32}" if value else None


def load(people: Iterable[Told]) -> None:
    """Victims and profiles by COPY, their triggers off: a hub alone is let in."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(STAGE)
        with cursor.copy("COPY told FROM STDIN") as copy:
            for one in people:
                blind = [token(value) for value in (one.phone, one.email, one.address, one.postcode)]
                copy.write_row([key(one.record), one.given, one.family, one.born, one.sex, *blind])
        cursor.execute("ALTER TABLE victims_victim DISABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO victims_victim (id, visible_orgs, hub_id, kind, title, given_name, family_name, name_key, "
            "business_name, sex, ethnicity, language, interpreter, access_needs, council, location_protected, "
            f"created_at, version) SELECT id, ARRAY[{HUB}], {HUB}, 'person', '', given, family, family, '', "
            "coalesce(sex, ''), '', '', 'unknown', '', '', false, now(), 1 FROM told"
        )
        cursor.execute("ALTER TABLE victims_victim ENABLE TRIGGER USER")
        cursor.execute(
            "INSERT INTO matching_profile (victim_id, hub_id, kind, given, family, born, sex, phone, email, address, "
            f"postcode, described_at) SELECT id, {HUB}, 'person', given, family, born, sex, phone, email, address, "
            "postcode, now() FROM told"
        )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE matching_profile")


def restart() -> None:
    """Stops the server, so that the next question finds nothing in its memory."""
    connection.close()
    running.stop(env.var_folder())
    embedded.start(env.var_folder())


def timed(records: list[UUID]) -> list[float]:
    """Milliseconds of one referral's match, each in a transaction of the hub, as a page asks."""
    took = []
    for record in records:
        with transaction.atomic(), inside(Realm.HUB, orgs=[HUB]):
            started = time.perf_counter()
            queries.around(record, 0.0)
            took.append((time.perf_counter() - started) * 1000)
    return took


def at_once(records: list[UUID]) -> float:
    """Milliseconds of the match of all of these in one go, as a feed's rows are matched."""
    with transaction.atomic(), inside(Realm.HUB, orgs=[HUB]):
        held = list(Profile.objects.filter(pk__in=records))
        started = time.perf_counter()
        queries.weigh_all(held, queries.number_in_use(), 0.0)
        return (time.perf_counter() - started) * 1000


def summed(took: list[float]) -> dict[str, float]:
    return {"median_ms": round(median(took), 2), "p95_ms": round(quantiles(took, n=20)[-1], 2)}


def splink(people: list[Told], new: list[Told], rounds: int) -> dict[str, Any]:
    """Splink with everything loaded and its model trained, asked for one record and for five hundred."""
    trained, desk = queries.trained(queries.number_in_use()), engines.DuckDesk(one.row for one in people)
    linker = training.ready(desk, trained)
    everybody, told = desk.api.register("people"), {}
    for kind, many in (("one", 1), ("five hundred", 500)):
        took = []
        for turn in range(rounds):
            desk.arrive(name := f"new_{many}_{turn}", (one.row for one in new[turn : turn + many]))
            asked = desk.api.register(name)
            started = time.perf_counter()
            linker.inference.predict_between(asked, everybody, link_type="link_only", threshold_match_weight=0)
            took.append((time.perf_counter() - started) * 1000)
        told[kind] = round(median(took), 1)
    return told


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--records", type=int, default=1_000_000)
    asked = words.parse_args()
    people = county(asked.records, seed=3)
    call_command("migrate", verbosity=0, skip_checks=True)
    if not Profile.objects.exists():
        load(people)
        rows = (one.row for one in people[:200_000])
        actions.keep_model(training.train(rows), by=SYSTEM_ACTOR, at=timezone.now(), made_with=training.made_with())
    chosen = [key(one.record) for one in people[:500]]
    cold = []
    for turn in range(5):
        restart()
        timed(chosen[-2:])  # what every process has done before: the connection, the catalogue, the model
        cold += timed(chosen[turn * 100 : turn * 100 + 40])
    timed(chosen), at_once(chosen)
    warm, all_warm = timed(chosen), median(at_once(chosen) for _ in range(5))
    other = splink(people, people[:600], 3)
    print(json.dumps({
        "cold": summed(cold), "warm": summed(warm), "splink_ms": other, "five hundred here, ms": round(all_warm, 1),
        "one: Splink against warm": round(other["one"] / median(warm), 1),
        "five hundred: here against Splink": round(all_warm / other["five hundred"], 3),
    }, indent=1))  # fmt: skip


if __name__ == "__main__":
    main()
