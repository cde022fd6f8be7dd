"""Background work of mending: a row about which the officer answered waits for a person again;
and rows of a kind that is restricted by now are closed."""

from dataclasses import replace

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.mending import actions
from alongside.support.arrivals.replies.models import Reply


@job("mending.guard_all", cron="12 * * * *", lock="mending.guard_all")
def guard_all() -> None:
    """Rows whose kind the rulebook restricts by now are closed to all but those whom it names."""
    actions.guard_all(by=SYSTEM_ACTOR, at=timezone.now())


@job("mending.take_up_again")
def take_up_again(*, event: str, subject: str) -> None:
    """Safe to run again: a row that waits already is left."""
    for reply in Reply.objects.filter(pk=subject, kept_id__isnull=False):
        by = replace(SYSTEM_ACTOR, organisation_id=reply.hub_id)
        for kept in KeptRow.objects.filter(pk=str(reply.kept_id), settled_how=KeptRow.Settled.RETURNED):
            actions.reopen(kept, by=by, at=timezone.now())
