"""Background work of referrals."""

from uuid import UUID

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.support.arrivals.referrals import actions
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.people.matching import actions as matching
from alongside.support.people.victims.models import Victim


@job("referrals.note_consent")
def note_consent(*, event: str, subject: str) -> None:
    """Records an agreement that came by a realm which may not write it. Safe to run again: once each."""
    referral = Referral.objects.filter(pk=subject).first()
    if referral:
        actions.note_consent(referral, by=SYSTEM_ACTOR, at=timezone.now())


@job("referrals.describe")
def describe(*, event: str, subject: str) -> None:
    """After `referral.received`: who came can be recognised at once. Safe to run again."""
    referral = Referral.objects.filter(pk=subject).first()
    if referral:
        matching.describe([referral.victim_id], by=SYSTEM_ACTOR, at=timezone.now())


@job("referrals.let_go")
def let_go(*, event: str, subject: str) -> None:
    """After `membership.ended`: what a leaver of a hub had taken is free to take."""
    left = Event.objects.get(pk=event).details
    actions.let_go(UUID(left["user"]), by=SYSTEM_ACTOR, at=timezone.now(), hub_id=left["organisation"])


@job("referrals.reckon_age")
def reckon_age(*, event: str, subject: str) -> None:
    """After `victim.corrected`: the ages of the person's referrals follow a corrected birth date."""
    victim = Victim.objects.filter(pk=subject).first()
    if victim:
        actions.reckon_age(victim, by=SYSTEM_ACTOR, at=timezone.now())
