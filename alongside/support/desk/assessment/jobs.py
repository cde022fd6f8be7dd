"""Background work of the first assessment: those on duty are told of danger, and changed facts ask for a new look."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.assessment import actions
from alongside.support.desk.assessment.models import Alarm
from alongside.support.people.matching import queries as matching
from alongside.support.people.victims import queries as victims


@job("assessment.tell")
def tell(*, event: str, subject: str) -> None:
    """After `danger.raised`."""
    for alarm in Alarm.objects.filter(pk=subject):
        actions.tell(alarm, by=SYSTEM_ACTOR, at=timezone.now())


@job("assessment.look_again")
def look_again(*, event: str, subject: str) -> None:
    """After `victim.corrected`: an age may be another now."""
    actions.look_again([UUID(subject)], by=SYSTEM_ACTOR, at=timezone.now())


@job("assessment.look_again_at_referral")
def look_again_at_referral(*, event: str, subject: str) -> None:
    """After `referral.corrected`: what the source says of the crime may be another thing now."""
    people = list(Referral.objects.filter(pk=subject).values_list("victim_id", flat=True))
    actions.look_again(people, by=SYSTEM_ACTOR, at=timezone.now())


@job("assessment.look_again_at_pair")
def look_again_at_pair(*, event: str, subject: str) -> None:
    """After `victim.judged` and `victim.judgement_undone`: who was a victim before may be another thing now."""
    pair = victims.pair(subject)
    ends = (pair.left_id, pair.right_id) if pair else ()
    people = {key for end in ends for key in matching.linked(end, by=SYSTEM_ACTOR)}
    actions.look_again(people, by=SYSTEM_ACTOR, at=timezone.now())
