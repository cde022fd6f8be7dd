"""Somebody who asks to be called, for tests. Everybody is made up."""

from typing import Any
from uuid import UUID

from django.test import Client

from alongside.core.models import Event
from alongside.support.arrivals.callbacks import jobs
from alongside.support.arrivals.referrals.models import Referral

SAID: dict[str, Any] = {
    "number": "07700 900321", "name": "Inventa", "council": "E08000025", "day": "any", "hours": "early_afternoon",
    "never": [], "message": "no", "others": "Say you are the library",
}  # fmt: skip


def begun(danger: str = "no") -> Client:
    """A browser that has said whether anybody is in danger."""
    client = Client()
    client.post("/support/call/", {"danger": danger})
    return client


def work(name: str, subject: UUID) -> None:
    """Runs the job that an event starts, for the latest event of that name."""
    told = Event.objects.filter(name=name, subject=subject).latest("at")
    jobs.schedule(event=str(told.pk), subject=str(subject))


def sent(**changed: Any) -> tuple[Client, Referral]:
    """Somebody who asked, and the referral that it became, with its call set."""
    client = begun()
    answer = client.post("/support/call/when/", {**SAID, **changed})
    assert answer.status_code == 302, answer.content.decode()
    referral = Referral.objects.latest("received_at")
    work("referral.self_sent", referral.pk)
    return client, referral
