"""The review clock of a plan: it starts with the first need, and a risk that rises brings it forward."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.casework.models import Case
from alongside.support.cases.plans import actions


@job("plans.begin")
def begin(*, event: str, subject: str) -> None:
    """A need was found. What of its case was erased meanwhile needs no clock."""
    for case in Case.objects.filter(pk=subject):
        actions.begin(case, by=SYSTEM_ACTOR, at=timezone.now())


@job("plans.look_sooner")
def look_sooner(*, event: str, subject: str) -> None:
    """The risk was asked about. Safe to run again."""
    for case in Case.objects.filter(pk=subject):
        actions.look_sooner(case, by=SYSTEM_ACTOR, at=timezone.now())
