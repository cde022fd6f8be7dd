"""Background work of returns: a quarter's returns open by themselves, are filled in, reminded of, and forgotten."""

from django.utils import timezone

from alongside.commissioning.returns import actions
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job


@job("returns.open", cron="20 4 * * *", lock="returns.open")
def open_quarter() -> None:
    """Every night: what is due to open opens. Safe to run again."""
    actions.open_quarter(by=SYSTEM_ACTOR, at=timezone.now())


@job("returns.fill", lock="returns.open")
def fill(event: str, subject: str) -> None:
    """After `snapshot.written`: returns that wait for their quarter's figures get them."""
    actions.fill_empty(by=SYSTEM_ACTOR, at=timezone.now())


@job("returns.remind", cron="50 7 * * 1-5", lock="returns.remind")
def remind() -> None:
    """Every weekday morning. Safe to run again."""
    actions.remind(by=SYSTEM_ACTOR, at=timezone.now())


@job("returns.forget", cron="10 3 * * 0", lock="returns.forget")
def forget() -> None:
    """Once a week: what is past its time is deleted."""
    actions.forget(by=SYSTEM_ACTOR, at=timezone.now())
