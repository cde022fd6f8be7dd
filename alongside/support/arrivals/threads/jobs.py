"""Background work of questions and answers."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.arrivals.threads import actions
from alongside.support.arrivals.threads.models import Post


@job("threads.forget_enclosed", cron="50 * * * *", lock="threads.forget_enclosed")
def forget_enclosed() -> None:
    """Every hour: documents chosen for referrals that were never sent."""
    actions.forget_enclosed(at=timezone.now())


@job("threads.tell")
def tell(*, event: str, subject: str) -> None:
    """After `thread.asked` and `thread.answered`: the other side is told that something waits."""
    for told in Event.objects.filter(pk=event):
        for post in Post.objects.filter(pk=told.details["post"]).select_related("standing"):
            actions.tell(post, by=SYSTEM_ACTOR, at=timezone.now())
