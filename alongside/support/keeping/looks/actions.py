"""Every write of findings: what a night found, what a person judged, what is past its time."""

from datetime import date, datetime

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import fields
from alongside.support.keeping.looks import lifecycle, queries, rules
from alongside.support.keeping.looks.models import Finding


@transaction.atomic
def detect(*, by: Actor, at: datetime) -> int:
    """Writes down what is unlike the work in the last seven days and was not found before. Returns how much."""
    found = [one for one in rules.detect(queries.week_until(clocks.london_date(at))) if not queries.known_already(one)]
    Finding.objects.bulk_create(
        Finding(rule=one.rule, organisation_id=one.organisation, user_id=one.user, number=one.number,
                people=list(one.people), first_on=one.first, last_on=one.last, found_at=at)
        for one in found
    )  # fmt: skip
    events.record("looks.detected", uuid7(), by=by, at=at, found=len(found))
    return len(found)


@transaction.atomic
def judge(finding: Finding, *, by: Actor, at: datetime, move: str, words: str) -> None:
    """What a person thinks of it; never of what they did themselves."""
    held = Finding.objects.select_for_update().get(pk=finding.pk)
    if held.user_id == by.user_id:
        raise RuleBroken("Nobody judges what they did themselves.")
    held.state = lifecycle.finding.target(held.state, move)
    held.judged_at, held.judged_by = at, by.user_id
    fields.write(held, outcome=words)
    held.save(update_fields=["state", "outcome", "judged_at", "judged_by"])
    events.record("looks.judged", held.pk, by=by, at=at, outcome=held.state)


@transaction.atomic
def forget(*, by: Actor, at: datetime, before: date) -> int:
    """Forgets findings with the log that they were made from, and the keys of what was said of them."""
    gone = list(Finding.objects.filter(last_on__lt=before).values_list("pk", flat=True))
    Finding.objects.filter(pk__in=gone).delete()
    PersonKey.objects.filter(person_id__in=gone).delete()
    if gone:
        events.record("looks.forgotten", uuid7(), by=by, at=at, number=len(gone))
    return len(gone)
