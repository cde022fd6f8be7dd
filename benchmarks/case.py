"""The page of a case with 2,000 moments, and a day with a caseload of 80, at one million cases.

Run `python -m benchmarks.case`. It uses the database of `benchmarks.pages` at a scale of 400 (a million cases), and
builds it where it is not there: `ALONGSIDE_DATABASE=benchcases`. The worker is of a charity of 500 cases, where a page
is slowest. Each page is asked for through every lock, with the session and the read log on; the first page of a case
as it is, and again with its many tables read one by one, which is what reading ahead (`rows.ahead`) is compared with.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from statistics import median, quantiles
from typing import Any

os.environ.setdefault("ALONGSIDE_DATABASE", "benchcases")
os.environ["ALONGSIDE_LOGIN"] = "owner"
os.environ["DJANGO_SETTINGS_MODULE"] = "alongside.config.settings"
os.environ.setdefault("ALONGSIDE_LOG_LEVEL", "ERROR")

import django

django.setup()

from django.conf import settings
from django.db import connection
from django.test import Client
from django.utils import timezone

from alongside.core.access.actor import Actor
from alongside.core.ids import uuid7
from alongside.core.models import Event, PersonKey
from alongside.core.privacy import fields
from alongside.core.rows import ahead
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework.models import Case, Contact
from alongside.support.cases.notes.models import Note
from benchmarks import pages

PLACE, MOMENTS, CASELOAD = "bench-small", 2000, 80
TARGETS = {"p95_ms": 120, "queries": 15}
NOT_QUESTIONS = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")


def prepare(scale: float) -> Case:
    """A charity's worker with eighty cases, one of which has two thousand moments."""
    pages.prepare(scale)
    place, user = Organisation.objects.get(code=PLACE), User.objects.get(email=f"bench@{PLACE}.example")
    held = Case.objects.filter(worker=user.pk).exclude(state="CLOSED")
    if not held.exists():
        keys = PersonKey.objects.values("person_id")
        mine = Case.objects.filter(provider_id=place.pk, closed_at=None)
        chosen = [*mine.filter(victim_id__in=keys)[:1], *mine.exclude(victim_id__in=keys)[: CASELOAD - 1]]
        Case.objects.filter(pk__in=[case.pk for case in chosen]).update(worker=user.pk)
        fill(chosen[0], Actor(realm=Realm.PROVIDER, user_id=user.pk, organisation_id=place.pk), timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    found: Case = held.filter(victim_id__in=PersonKey.objects.values("person_id")).get()
    return found


def fill(case: Case, by: Actor, now: datetime) -> None:
    """Contacts, notes and moves over two years, and what is due."""
    days = [now - timedelta(hours=8 * number) for number in range(1, MOMENTS + 1)]
    Contact.objects.bulk_create(contact(case, by, at) for at in days[::2])
    Note.objects.bulk_create(note(case, by, at) for at in days[1::4])
    Event.objects.bulk_create(
        Event(at=at, name="case.step_finished", subject=case.pk, user_id=by.user_id, organisation_id=by.organisation_id,
              realm=by.realm, details={}) for at in days[3::4]
    )  # fmt: skip
    for number in range(8):
        agenda.put(case, by=by, at=now, kind="plan.review", about=uuid7(), due_at=now + timedelta(days=number - 2),
                   details={})  # fmt: skip


def contact(case: Case, by: Actor, at: datetime) -> Contact:
    made = Contact(case=case, victim_id=case.victim_id, channel="phone", result="spoke", reached=True, minutes=20,
                   happened_at=at, recorded_at=at, recorded_by=by.user_id)  # fmt: skip
    fields.write(made, note="Talked about the week, and about what comes next.")
    return made


def note(case: Case, by: Actor, at: datetime) -> Note:
    made = Note(case=case, victim_id=case.victim_id, written_at=at, written_by=by.user_id)
    fields.write(made, words="Sample words of a note, as long as most of them are: two lines or so of what was agreed.")
    return made


@contextmanager
def one_by_one() -> Iterator[None]:
    """Nothing is read ahead: each domain asks for itself."""
    whole, ahead.read = ahead.read, lambda wanted: []
    try:
        yield
    finally:
        ahead.read = whole


def measured(ask: Callable[[], Any], runs: int) -> dict[str, Any]:
    """Milliseconds of a page, its questions to the database and their milliseconds; after ten to warm up."""
    took, spent, count = [], [], 0
    for _ in range(10):
        ask()
    for _ in range(runs):
        clock = Counting()
        with connection.execute_wrapper(clock):
            started = time.perf_counter()
            response = ask()
            took.append((time.perf_counter() - started) * 1000)
        assert response.status_code == 200, response.status_code
        spent.append(clock.spent)
        count = clock.count
    return {"p95_ms": round(quantiles(took, n=20)[-1], 1), "median_ms": round(median(took), 1), "queries": count,
            "database_ms": round(median(spent), 1), "bytes": len(response.content)}  # fmt: skip


class Counting(pages.Clock):
    """Counts questions, not where a transaction begins and ends."""

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        if str(sql).startswith(NOT_QUESTIONS):
            return execute(sql, params, many, context)
        return super().__call__(execute, sql, params, many, context)


def main() -> None:
    words = argparse.ArgumentParser()
    words.add_argument("--scale", type=float, default=400)
    words.add_argument("--runs", type=int, default=200)
    asked = words.parse_args()
    pages.prepare(asked.scale)
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = pages.session_of(PLACE, "caseworker")
    case = prepare(asked.scale)
    page = f"/casework/cases/{case.pk}/"
    result: dict[str, Any] = {"cases": Case.objects.count(), "targets": TARGETS}
    result["case, 2,000 moments"] = measured(lambda: client.get(page), asked.runs)
    with one_by_one():
        result["the same, each table by itself"] = measured(lambda: client.get(page), asked.runs)
    result["caseload of 80"] = measured(lambda: client.get("/casework/cases/"), asked.runs)
    result["day of a caseload of 80"] = measured(lambda: client.get("/casework/day/"), asked.runs)
    whole, apart = result["case, 2,000 moments"], result["the same, each table by itself"]
    result["ratio of medians"] = round(whole["median_ms"] / apart["median_ms"], 2)
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
