"""The preview of a list of routing rules, and the fairness report, at a hundred thousand referrals.

Run `python -m benchmarks.routing`. The first run builds its database: ten thousand referrals of the synthetic year,
and copies of them. Both run as the hub, with row security on. The preview is held against asking for each referral
and its first offer by itself; the report against fetching every offer and counting in Python.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from statistics import median
from typing import Any

os.environ.setdefault("ALONGSIDE_DATABASE", "bench_routing")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.db import connection, transaction
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm, inside
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import permissions_of
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.fairness import queries as fairness
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.routing import previews, queries
from alongside.support.arrivals.routing.models import Preview, Version
from alongside.support.arrivals.routing.rules import AT_ONCE, SUGGEST, Reader, Rule, Then, When, rules_of
from benchmarks import pages

QUICK = 2.0  # seconds that a page may take
RUNS = 3
ASKED = 2_000  # referrals that the alternative asks for one by one; its rate hardly changes


def hub_user() -> User:
    """A manager of the hub."""
    user, _ = User.objects.get_or_create(
        email="bench@routing.example", defaults={"name": "Benny Bench", "created_at": timezone.now()}
    )
    return user


def actor() -> Actor:
    hub = Organisation.objects.get(code="sample-hub")
    return Actor(
        realm=Realm.HUB, user_id=hub_user().pk, organisation_id=hub.pk, permissions=permissions_of(["hub_manager"]),
        second_factor=True,
    )  # fmt: skip


def list_of_rules() -> None:
    """A list in force: for each kind of crime a rule for what is at high risk, one for adults, and one for the rest."""
    hub, first = Organisation.objects.get(code="sample-hub"), Referral.objects.earliest("received_at")
    if queries.in_force(hub.pk, timezone.now()):
        return
    keys = [str(service.pk) for service in queries.services(hub.pk)]
    crimes = sorted(Referral.objects.order_by().values_list("crime_type", flat=True).distinct())
    adults = ("18_to_24", "25_to_34", "35_to_44", "45_to_54", "55_to_64")
    made = [
        Rule(f"{number}-{part}", f"{crime} {part}", when, Then(does, keys[(number + shift) % len(keys)]))
        for number, crime in enumerate(crimes)
        for part, when, does, shift in (
            ("high", When(crime_types=(crime,), risk=("high",)), AT_ONCE, 0),
            ("adults", When(crime_types=(crime,), ages=adults, languages=("en",)), SUGGEST, 1),
            ("rest", When(crime_types=(crime,)), SUGGEST, 2),
        )
    ]
    Version.objects.create(
        hub_id=hub.pk, number=1, rules=[rule.as_json() for rule in made], reason="Benchmark", since=first.received_at,
        made_live_at=first.received_at, made_live_by=hub_user().pk,
    )  # fmt: skip


def timed(work: Callable[[Actor], Any]) -> tuple[float, Any]:
    """Seconds, the median of some runs as the hub, each undone; and what the last one found."""
    by, took, found = actor(), [], None
    for _ in range(RUNS):
        with transaction.atomic():
            with inside(by.realm, orgs=by.orgs, user=by.user_id):
                started = time.perf_counter()
                found = work(by)
                took.append(time.perf_counter() - started)
            transaction.set_rollback(True)
    return round(median(took), 3), found


def preview(by: Actor, first_on: date, last_on: date) -> tuple[int, dict[str, int]]:
    """The list in force held against a period, whole: read, weighed, and what would move kept."""
    at = timezone.now()
    now = queries.in_force(by.organisation_id or 0, at)
    assert now is not None and by.user_id is not None
    made = Preview.objects.create(
        hub_id=by.organisation_id or 0, rules=now.rules, first_on=first_on, last_on=last_on, asked_at=at,
        asked_by=by.user_id,
    )  # fmt: skip
    previews._run(made, at=at)
    return made.found["all"], made.found["by_rule"]


def one_by_one(by: Actor, first_on: date, last_on: date) -> tuple[int, dict[str, int]]:
    """The same for some of the period, each referral and its first offer asked for by itself."""
    hub, at = by.organisation_id or 0, timezone.now()
    now = queries.in_force(hub, at)
    assert now is not None
    reader, terms, found = Reader(rules_of(now.rules)), queries.terms(last_on), Counter[str]()
    place = queries.SLIM.index("received_at")
    period = Preview(hub_id=hub, first_on=first_on, last_on=last_on)
    keys = list(previews.received(period).order_by("received_at", "pk").values_list("pk", flat=True)[:ASKED])
    for key in keys:
        slim = Referral.objects.values_list(*queries.SLIM).get(pk=key)
        Offer.objects.filter(hub_id=hub, referral_id=key).order_by("offered_at", "pk").values("service_id").first()
        rule = reader.first(queries.known(slim, terms), clocks.london_date(slim[place]))
        found[rule.id if rule else ""] += 1
    return len(keys), dict(found)


def in_python(by: Actor, first_on: date, last_on: date) -> int:
    """Every offer of the period fetched with what one breakdown needs, and counted here."""
    sent = Offer.objects.visible_to(by).filter(
        hub_id=by.organisation_id or 0, offered_at__date__range=(first_on, last_on)
    )
    counted = Counter((one.service_id, one.state, one.declined_why) for one in sent.select_related("service"))
    return sum(counted.values())


def measure() -> dict[str, Any]:
    newest = Referral.objects.latest("received_at").received_at
    last = clocks.london_date(newest)
    month, year = previews.last_month(last), (last - timedelta(days=365), last)
    found: dict[str, Any] = {"referrals": Referral.objects.count(), "offers": Offer.objects.count()}
    for name, period in (("month", month), ("year", year)):
        seconds, (many, _) = timed(partial(preview, first_on=period[0], last_on=period[1]))
        found[f"preview_{name}"] = {"referrals": many, "seconds": seconds, "rate": round(many / seconds)}
    seconds, (many, _) = timed(lambda by: one_by_one(by, *month))
    found["one_by_one"] = {"referrals": many, "seconds": seconds, "rate": round(many / seconds)}
    each = {}
    for name in fairness.BY:
        each[name], rows = timed(partial(fairness.counted, by=name, first_on=year[0], last_on=year[1]))
        found["offers_of_a_year"] = sum(one.number for one in rows)
    found["fairness"] = each
    found["fairness_in_python"], _ = timed(lambda by: in_python(by, *year))
    found["ratios"] = {
        "preview_to_one_by_one": round(found["preview_year"]["rate"] / found["one_by_one"]["rate"], 1),
        "report_to_python": round(found["fairness_in_python"] / max(each.values()), 2),
    }
    return found


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--scale", type=float, default=25, help="25 is about 100,000 referrals")
    asked = words.parse_args()
    pages.prepare(asked.scale)
    list_of_rules()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    found = measure()
    print(json.dumps(found, indent=1))
    slow = [name for name, seconds in found["fairness"].items() if seconds > QUICK]
    month = found["preview_month"]
    at_once = month["referrals"] <= previews.QUICK  # of more the page says that a job is at it
    slow += ["preview of a month"] if at_once and month["seconds"] > QUICK else []
    sys.exit(f"Slower than a page may be: {', '.join(slow)}" if slow else 0)


if __name__ == "__main__":
    main()
