"""Background work of matching: every record is described soon after it comes, and again when it is put right."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.matching import actions
from alongside.support.victims.models import Victim


@job("matching.describe_new", cron="*/2 * * * *", lock="matching.describe")
def describe_new() -> None:
    """Describes what came since the last time: a police feed tells no job of each of its rows."""
    actions.describe_new(by=SYSTEM_ACTOR, at=timezone.now())


@job("matching.describe_all", cron="41 2 * * *", lock="matching.describe")
def describe_all() -> None:
    """Describes whatever was left out."""
    actions.describe_new(by=SYSTEM_ACTOR, at=timezone.now(), whole=True)


@job("matching.link_all", cron="17 4 * * 0", lock="matching.link_all")
def link_all() -> None:
    """Links everything anew, weekly: by then the model may be another, and records were put right."""
    actions.link_all(by=SYSTEM_ACTOR, at=timezone.now())


@job("matching.describe_again")
def describe_again(*, event: str, subject: str) -> None:
    """After `victim.corrected`: what is compared follows."""
    if Victim.objects.filter(pk=subject).exists():
        actions.describe(
            [Victim.objects.values_list("pk", flat=True).get(pk=subject)], by=SYSTEM_ACTOR, at=timezone.now()
        )
