"""Jobs of restricted records: whom the rule names, who left, whom to tell, and what a conflict hands on."""

from uuid import UUID

from allauth.account.adapter import get_adapter
from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import london_date
from alongside.core.jobs import job
from alongside.core.models import Event
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import Outgoing
from alongside.support.arrivals.feeds.models import KeptRow
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.cases.casework.models import Case
from alongside.support.keeping.restricted import actions, conflicts, queries
from alongside.support.keeping.restricted.models import Breaking, Conflict
from alongside.support.people.duty import queries as duty

TOLD, COME_AND_SEE = "account/email/seal_broken", "come_and_see"


@job("restricted.name_elsewhere")
def name_elsewhere(*, event: str, subject: str) -> None:
    """After `record.restricted`: those whom the rule names at every other organisation that is let in."""
    chosen_at = Event.objects.get(pk=event).organisation_id
    for organisation in queries.let_in(UUID(subject)):
        if organisation != chosen_at and queries.sealed(UUID(subject)):
            actions.name_by_rule(UUID(subject), organisation, by=SYSTEM_ACTOR, at=timezone.now())


@job("restricted.name_provider")
def name_provider(*, event: str, subject: str) -> None:
    """After `referral.offered`: of a restricted record, the managers of the provider that it is offered to."""
    referral, told = Referral.objects.filter(pk=subject).first(), Event.objects.get(pk=event).details
    if referral and queries.sealed(referral.victim_id):
        actions.name_by_rule(referral.victim_id, told["provider"], by=SYSTEM_ACTOR, at=timezone.now())


@job("restricted.name_worker")
def name_worker(*, event: str, subject: str) -> None:
    """After `case.assigned` and `case.covered`: whoever was given a restricted case is named on it."""
    case, given = Case.objects.filter(pk=subject).first(), Event.objects.get(pk=event).details["worker"]
    if case and given and queries.sealed(case.victim_id):
        actions.name_worker(case.victim_id, case.provider_id, UUID(given), by=SYSTEM_ACTOR, at=timezone.now())


@job("restricted.name_officer")
def name_officer(*, event: str, subject: str) -> None:
    """After `referral.allocated`: whoever was given a restricted referral is named on it."""
    referral, given = Referral.objects.filter(pk=subject).first(), Event.objects.get(pk=event).details["to"]
    if referral and given and queries.sealed(referral.victim_id):
        actions.name_worker(referral.victim_id, referral.hub_id, UUID(given), by=SYSTEM_ACTOR, at=timezone.now())


@job("restricted.leave")
def leave(*, event: str, subject: str) -> None:
    """After `membership.ended`: a leaver is taken from every named list."""
    left = Event.objects.get(pk=event).details
    actions.leave(UUID(left["user"]), left["organisation"], by=SYSTEM_ACTOR, at=timezone.now())


@job("restricted.name_duty", cron="*/5 * * * *", lock="restricted.name_duty")
def name_duty() -> None:
    """Whoever is on duty is named on what a marker restricted; and what nobody may open any more is given back."""
    now = timezone.now()
    for found in queries.without_duty():
        officer = duty.on_duty(found.hub_id, london_date(now)).user_id
        actions.name_duty(found, officer, by=SYSTEM_ACTOR, at=now)
    for victim in queries.seen_by_nobody():
        actions.name_by_rule(victim.pk, victim.hub_id, by=SYSTEM_ACTOR, at=now)


@job("restricted.tell")
def tell(*, event: str, subject: str) -> None:
    """After `seal.broken`: the privacy officers and those who are named. What they are sent names nobody."""
    broken = Breaking.objects.filter(pk=subject).first()
    for address in queries.told_of(broken) if broken else ():
        get_adapter().render_mail(TOLD, address, {}).send()


@job("restricted.tell_crossing")
def tell_crossing(*, event: str, subject: str) -> None:
    """After `message.failed`: where a restricted record is why, those at the hub who are named on it are told."""
    now = timezone.now()
    for item in Outgoing.objects.filter(pk=subject):
        for crossing in actions.note_crossing(item, by=SYSTEM_ACTOR, at=now):
            for person in queries.named_at_hub(crossing.victim):
                messages.notify(person, by=SYSTEM_ACTOR, at=now, about=crossing.pk, template=COME_AND_SEE)


@job("restricted.tell_of_twin")
def tell_of_twin(*, event: str, subject: str) -> None:
    """After `feed_row.released`: where its reference stands on a restricted record too, those at the hub who are named
    there are told to come and see: the other referral is a likely match of theirs.
    """
    now = timezone.now()
    for kept in KeptRow.objects.filter(pk=subject, referral_id__isnull=False):
        for victim in queries.behind_same_reference(kept.referral_id):
            for person in queries.named_at_hub(victim):
                messages.notify(person, by=SYSTEM_ACTOR, at=now, about=kept.referral_id, template=COME_AND_SEE)


@job("restricted.hand_on")
def hand_on(*, event: str, subject: str) -> None:
    """After `conflict.declared`: what they had in hand is a colleague's; what bears a declared name is closed."""
    conflict = Conflict.objects.filter(pk=subject, lifted_at=None).first()
    if conflict:
        conflicts.hand_on(conflict, by=SYSTEM_ACTOR, at=timezone.now())
