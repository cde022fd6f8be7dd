"""Background work of victims' own pages: written out again, ended with the case; and what came is told."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.cases.journey import actions, queries
from alongside.support.cases.journey.models import Key, Said


@job("journey.refresh")
def refresh(event: str, subject: str) -> None:
    """Something of a case has changed that its page may show. Safe to run again."""
    if case := queries.case_of(UUID(subject)):
        actions.refresh(case, at=timezone.now())


@job("journey.end_of_case")
def end_of_case(event: str, subject: str) -> None:
    """A case was closed. One that was reopened meanwhile keeps its page."""
    if case := queries.case_of(UUID(subject)):
        actions.end(case, by=SYSTEM_ACTOR, at=timezone.now())


@job("journey.note_opened")
def note_opened(event: str, subject: str) -> None:
    """A page was opened; where it was the decoy, the worker is told. Both start this job."""
    told, case = Event.objects.filter(pk=event).first(), queries.case_of(UUID(subject))
    if told and case and told.details["kind"] == Key.Kind.DECOY:
        actions.warn(case, by=SYSTEM_ACTOR, at=told.at)


@job("journey.tell")
def tell(event: str, subject: str) -> None:
    """Something was said on a page. Safe to run again."""
    told = Event.objects.filter(pk=event).first()
    said = queries.said(UUID(told.details["said"])) if told else None
    if said is None:
        return
    actions.tell(said, by=SYSTEM_ACTOR, at=timezone.now())
    if said.kind == Said.Kind.STOP:
        actions.stop_contact(said, by=SYSTEM_ACTOR, at=timezone.now())


@job("journey.tell_manager")
def tell_manager(event: str, subject: str) -> None:
    """A complaint came, or how it was. Safe to run again."""
    if voice := queries.voice(UUID(subject)):
        actions.tell_manager(voice, by=SYSTEM_ACTOR, at=timezone.now())
