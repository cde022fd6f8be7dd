"""Background work of group work."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.cases.groups import actions


@job("groups.let_go")
def let_go(*, event: str, subject: str) -> None:
    """After `membership.ended`: the person leads no group any more."""
    ended = Event.objects.get(pk=UUID(event)).details
    actions.let_go(UUID(ended["user"]), organisation_id=ended["organisation"], by=SYSTEM_ACTOR, at=timezone.now())


@job("groups.end_of_group")
def end_of_group(*, event: str, subject: str) -> None:
    """After `group.ended`: nobody is in it any more."""
    actions.end_places(by=SYSTEM_ACTOR, at=timezone.now(), group=UUID(subject))


@job("groups.end_of_case")
def end_of_case(*, event: str, subject: str) -> None:
    """After `case.closed`: their places are free again."""
    actions.end_places(by=SYSTEM_ACTOR, at=timezone.now(), case=UUID(subject))


@job("groups.forget_contact")
def forget_contact(*, event: str, subject: str) -> None:
    """After `group.mark_corrected`: what it had counted as is gone."""
    contact = Event.objects.get(pk=UUID(event)).details["contact"]
    actions.forget_contact(UUID(contact), UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())


@job("groups.look_again")
def look_again(*, event: str, subject: str) -> None:
    """After `others.added` or `others.revised`: somebody in a group of theirs may be on the other side."""
    actions.look_again(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())
