"""Documents for tests: sent with a referral by a partner, read by an officer, passed on to a provider."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from alongside.core.models import Event
from alongside.core.rows.realms import Realm, inside
from alongside.support.arrivals.referrals.models import Standing
from alongside.support.arrivals.referrals.tests.arrivals import at_work
from alongside.support.arrivals.threads import actions as threads
from alongside.support.arrivals.threads.models import Attachment
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.tests.cases import accepted
from alongside.support.cases.papers import actions
from alongside.support.cases.papers.models import Passed
from tests.world import World

TEXT = b"Sample words of a risk assessment."
WHAT = "Risk assessment of 3 November"


def attached(world: World, referral: Any, content: bytes = TEXT) -> Attachment:
    """A document that whoever referred sent."""
    standing = Standing.objects.get(pk=referral)
    with at_work(world, "referrer") as by:
        post = threads.answer(standing, by=by, at=world.now, words="", file=content, called="Testina Sampleford.txt")
    return Attachment.objects.get(post=post)


def read(world: World, document: Attachment, person: str = "triage_officer") -> None:
    assert world.client(person).get(f"/referrals/documents/{document.pk}/").status_code == 200


def passed(world: World, document: Attachment, *, at: datetime | None = None, what: str = WHAT) -> Passed:
    """Chosen by the officer, who has read it."""
    read(world, document)
    with at_work(world, "triage_officer") as by:
        return actions.pass_on(document, by=by, at=at or world.now + timedelta(hours=2), what=what)


def on_a_case(world: World, person: str = "caseworker") -> tuple[Case, Passed]:
    """A case of a provider, with one document passed on to it."""
    case = accepted(world, person)
    return case, passed(world, attached(world, case.referral_id))


def run(job: Any, event: str) -> None:
    """What the worker does after the latest event of a name."""
    found = Event.objects.filter(name=event).latest("at", "id")
    with transaction.atomic(), inside(Realm.WORKER):
        job.func.__wrapped__(event=str(found.pk), subject=str(found.subject))
