"""Background work of matching: every record is described soon after it comes, and again when it is put right."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.foundation.office.messages.models import ContactPoint
from alongside.support.people.matching import actions


@job("matching.describe_new", cron="*/2 * * * *", lock="matching.describe")
def describe_new() -> None:
    """Describes what came since the last time: a police feed tells no job of each of its rows."""
    actions.describe_new(by=SYSTEM_ACTOR, at=timezone.now())


@job("matching.describe_delivery", lock="matching.describe")
def describe_delivery(*, event: str, subject: str) -> None:
    """After `feed.loaded`: its rows are described at once, and not when the clock comes to it."""
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
    """After `victim.corrected`: what is compared follows, and whom they are likely to be."""
    actions.describe_anew(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())


@job("matching.describe_point")
def describe_point(*, event: str, subject: str) -> None:
    """After a telephone, an e-mail or an address is added, or is out of use: what is compared of its owner follows."""
    for person in ContactPoint.objects.filter(pk=subject).values_list("person_id", flat=True):
        actions.describe_anew(person, by=SYSTEM_ACTOR, at=timezone.now())
