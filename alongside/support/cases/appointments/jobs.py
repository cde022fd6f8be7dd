"""Background work of appointments."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.cases.appointments import actions, calendars


@job("appointments.let_go")
def let_go(*, event: str, subject: str) -> None:
    """After `membership.ended`: what the person had planned is nobody's."""
    ended = Event.objects.get(pk=UUID(event)).details
    calendars.let_go(
        UUID(ended["user"]), organisation_id=ended["organisation"], by=SYSTEM_ACTOR, at=timezone.now()
    )  # fmt: skip


@job("appointments.follow")
def follow(*, event: str, subject: str) -> None:
    """After `case.assigned`: what was planned with its worker goes with the case."""
    given = Event.objects.get(pk=UUID(event))
    was, worker = (UUID(given.details[key]) if given.details.get(key) else None for key in ("was", "worker"))
    calendars.follow(UUID(subject), was=was, worker=worker, by=SYSTEM_ACTOR, at=given.at)


@job("appointments.end_all")
def end_all(*, event: str, subject: str) -> None:
    """After `case.closed`: nothing is planned any more."""
    calendars.end_all(UUID(subject), by=SYSTEM_ACTOR, at=timezone.now())


@job("appointments.forget_contact")
def forget_contact(*, event: str, subject: str) -> None:
    """After `appointment.taken_back`: the contact that was written with it is gone too."""
    if contact := Event.objects.get(pk=UUID(event)).details["contact"]:
        actions.forget_contact(UUID(contact), by=SYSTEM_ACTOR, at=timezone.now())
