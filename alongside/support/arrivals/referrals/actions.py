"""Every write to a referral and its offers, one function a verb."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.core.rows.realms import Realm, intend_for
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import lifecycle, queries, rules
from alongside.support.arrivals.referrals.models import NeedsAssessment, Offer, Referral, Standing, Ticket
from alongside.support.arrivals.referrals.rules import Point
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Agreement, Victim
from alongside.support.people.victims.queries import age_of

TRIES = 5
SENDING = "share_with_provider"
NO_ATTEMPT = {"next_attempt_at": None, "next_attempt_until": None}


@dataclass(frozen=True)
class Arrival:
    """Everything that a source may say of one victim in one crime. Codes are the rulebook's."""

    hub_id: int
    source: str
    identity: Identity
    crime_type: str
    points: tuple[Point, ...] = ()
    source_organisation: int | None = None
    feed: str = ""
    source_ref: str = ""
    twin: int = 0
    content_hash: bytes = b""
    referred_by: UUID | None = None
    reported: bool = True
    why_not_reported: str = ""
    reported_at: datetime | None = None
    occurred_from: date | None = None
    offence_code: str = ""
    markers: tuple[str, ...] = ()
    hate_strands: tuple[str, ...] = ()
    council: str = ""
    high_risk: bool = False
    vulnerable: str = "unknown"
    intimidated: str = "unknown"
    repeat: str = "unknown"
    officer: str = ""
    notes: str = ""
    consent: str = "unknown"


APART = ("identity", "points", "officer", "notes", "markers", "hate_strands")


@transaction.atomic
def receive(arrival: Arrival, *, by: Actor, at: datetime) -> Referral:
    """Takes in a referral with its victim. Needs insert alone, so the public and referrers may call it."""
    intend_for(arrival.hub_id)
    victim = victims.record(arrival.identity, by=by, at=at, hub_id=arrival.hub_id)
    referral = drafted(arrival, victim, at=at)
    save_with_reference(referral)
    for point in arrival.points:
        messages.add(victim.pk, by=by, at=at, organisation_id=arrival.hub_id, **vars(point))
    if (sender := arrival.source_organisation) is not None:
        _stand(referral, sender, at=at)
    if by.realm in (Realm.HUB, Realm.WORKER):
        note_consent(referral, by=by, at=at)
    events.record("referral.received", referral.pk, by=by, at=at, source=arrival.source, crime_type=arrival.crime_type)
    return referral


def drafted(arrival: Arrival, victim: Victim, *, at: datetime) -> Referral:
    said = {name: value for name, value in vars(arrival).items() if name not in APART}
    day = clocks.london_date(at)
    days = [queries.working_days(clock, day) for clock in ("first_contact_attempt", "first_offer")]
    attempt_due, offer_due = rules.due_times(at, attempt_days=days[0], offer_days=days[1])
    referral = Referral(
        **said, victim=victim, markers=list(arrival.markers), hate_strands=list(arrival.hate_strands),
        received_at=at, attempt_due_at=attempt_due, offer_due_at=offer_due,
        age_at_receipt=age_of(victim, day),
    )  # fmt: skip
    fields.write(referral, officer=arrival.officer, notes=arrival.notes)
    return referral


def save_with_reference(referral: Referral, *, tries: int = TRIES) -> None:
    """Saves under a fresh reference; the realm may not look whether it is taken, so the index says."""
    referral.reference = rules.new_reference(os.urandom(16))
    try:
        with transaction.atomic():
            referral.save(force_insert=True)
    except IntegrityError as error:
        if tries == 1 or "reference" not in str(error):
            raise
        save_with_reference(referral, tries=tries - 1)


def _stand(referral: Referral, sender: int, *, at: datetime) -> None:
    """What the referrer may follow: its own reference and a status word."""
    Standing(
        id=referral.pk, referral=referral, hub_id=referral.hub_id, reference=referral.reference,
        organisation_id=sender, source_ref=referral.source_ref, since=at, received_at=at,
        word=rules.status_word(referral.state, contacted=False),
    ).save(force_insert=True)  # fmt: skip


@transaction.atomic
def note_consent(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Records once what the source said that the victim agreed to: for the police, to be contacted."""
    if referral.consent not in ("yes", "no"):
        return
    police = referral.source == Referral.Source.POLICE_FEED
    about = Agreement.About.CONTACT if police else Agreement.About.SUPPORT
    if not Agreement.objects.filter(victim=referral.victim_id, about=about).exists():
        how = "police" if police else referral.source
        victims.agree(referral.victim, by=by, at=at, about=about, given=referral.consent == "yes", how=how)


@transaction.atomic
def correct(referral: Referral, *, by: Actor, at: datetime, sent: bytes, told: str, **said: object) -> None:
    """Puts right what was said of the crime, as it was sent again (`sent`: its digest). `told`: what it was."""
    referral = locked(referral.pk)
    changed = [name for name, value in said.items() if getattr(referral, name) != value]
    for name in changed:
        setattr(referral, name, said[name])
    referral.content_hash = sent
    fields.write(referral, notes="\n\n".join(part for part in (fields.read(referral, "notes"), told) if part))
    referral.save(update_fields=[*changed, "content_hash", "notes"])
    events.record("referral.corrected", referral.pk, by=by, at=at, changed=changed)


@transaction.atomic
def reckon_age(victim: Victim, *, by: Actor, at: datetime) -> None:
    """After a birth date was put right: the age at receipt of each of the person's referrals follows."""
    for referral in Referral.objects.select_for_update().filter(victim=victim):
        if referral.age_at_receipt != (age := age_of(victim, clocks.london_date(referral.received_at))):
            referral.age_at_receipt = age
            referral.save(update_fields=["age_at_receipt"])
            events.record("referral.age_reckoned", referral.pk, by=by, at=at)


def locked(key: UUID) -> Referral:
    """The row, held until the transaction ends. Raises RuleBroken where it is no longer seen."""
    found = Referral.objects.select_for_update().filter(pk=key).first()
    if found is None:
        raise RuleBroken("This referral is no longer open to you.")
    return found


def move(referral: Referral, verb: str, *, at: datetime, closed_as: str = "", **changes: object) -> None:
    """Makes a move on a locked row, with what changes beside the state, and tells those who wait."""
    changes["state"] = lifecycle.referral.target(referral.state, verb)
    if referral.next_attempt_at and changes["state"] not in rules.TO_DO:
        changes |= NO_ATTEMPT
    for name, value in changes.items():
        setattr(referral, name, value)
    referral.save(update_fields=list(changes))
    tell(referral, at=at, closed_as=closed_as)


def tell(referral: Referral, *, at: datetime, closed_as: str = "") -> None:
    """The status word that those who wait read, where it is another one now."""
    word = rules.status_word(referral.state, contacted=referral.first_contact_at is not None, closed_as=closed_as)
    for told in (Standing, Ticket):
        told.objects.filter(referral_id=referral.pk).exclude(word=word).update(word=word, since=at)


@transaction.atomic
def take(referral: Referral, *, by: Actor, at: datetime) -> Referral:
    """Takes a referral that nobody has: the taker is now the victim's single point of contact."""
    referral = locked(referral.pk)
    if referral.worker not in (None, by.user_id):
        raise RuleBroken("Somebody else has taken this referral already.")
    move(referral, "take", at=at, worker=by.user_id, taken_at=referral.taken_at or at)
    events.record("referral.taken", referral.pk, by=by, at=at)
    return referral


@transaction.atomic
def take_over(referral: Referral, *, by: Actor, at: datetime) -> Referral:
    """Takes a referral from a colleague, on purpose."""
    referral = locked(referral.pk)
    had = str(referral.worker or "")
    move(referral, "take_over", at=at, worker=by.user_id)
    events.record("referral.taken_over", referral.pk, by=by, at=at, had=had)
    return referral


@transaction.atomic
def let_go(worker: UUID, *, by: Actor, at: datetime, hub_id: int) -> int:
    """Frees what a leaver had taken, for the duty officer and whoever takes it next. Returns how many."""
    theirs = Referral.objects.select_for_update().filter(worker=worker, hub_id=hub_id).exclude(state=lifecycle.CLOSED)
    freed = list(theirs.values_list("pk", flat=True))
    Referral.objects.filter(pk__in=freed).update(worker=None)
    events.record_many("referral.let_go", freed, by=by, at=at)
    return len(freed)


@transaction.atomic
def assess(
    referral: Referral, *, by: Actor, at: datetime, needs: Sequence[str], vulnerability: Sequence[str],
    entitlements: Sequence[str], high_risk: bool, reason: str, access_needs: Sequence[str] = (),
) -> NeedsAssessment:  # fmt: skip
    """Records what goes with the referral of an assessment. Each stands; the referral shows the latest."""
    referral = locked(referral.pk)
    move(referral, "assess", at=at, needs=list(needs), entitlements=list(entitlements), high_risk=high_risk)
    assessment = NeedsAssessment(
        referral=referral, victim_id=referral.victim_id, needs=list(needs), vulnerability=list(vulnerability),
        entitlements=list(entitlements), high_risk=high_risk, access_needs=list(access_needs),
        assessed_at=at, assessed_by=by.user_id,
    )  # fmt: skip
    fields.write(assessment, reason=reason)
    assessment.save(force_insert=True)
    events.record("referral.assessed", referral.pk, by=by, at=at, needs=list(needs), high_risk=high_risk)
    return assessment


def mark(referral: Referral, **changes: object) -> Referral:
    """What was decided of a referral that is not closed, in the transaction and with the event of whoever decides."""
    found = locked(referral.pk)
    if found.state == lifecycle.CLOSED:
        raise RuleBroken("This referral is closed.")
    for name, value in changes.items():
        setattr(found, name, value)
    found.save(update_fields=list(changes))
    return found


@transaction.atomic
def offer(
    referral: Referral, *, by: Actor, at: datetime, service: Service, reasons: Sequence[str],
    agreed: bool | None = None,
) -> Offer:  # fmt: skip
    """Sends a summary to a provider, which may take up the whole. `agreed`: what the victim said of it. What nobody
    has taken is sent by a rule alone."""
    if agreed is False:
        raise RuleBroken("They said no, so it may not be sent. Ask again another day, or close it.", "agreed")
    provider = directory.receiver(service)
    if provider is None:
        raise RuleBroken(f"{service.name} does not take referrals here. Choose another service.", "service")
    referral = locked(referral.pk)
    rules.refuse_stopped(queries.stopped(referral))
    at_once = by.realm == Realm.WORKER and referral.state == lifecycle.RECEIVED
    move(
        referral,
        "offer_at_once" if at_once else "offer",
        at=at,
        returned=False,
        first_offer_at=referral.first_offer_at or at,
    )
    made = _summary(referral, service, by=by, at=at, reasons=reasons)
    made.save(force_insert=True)
    records.share("offer", made.pk, provider.pk, why="offered")
    records.offer("referral", referral.pk, provider.pk, why="offered")
    records.offer("victim", referral.victim_id, provider.pk, why="offered")
    _state_why(referral, by=by, at=at, provider=provider.pk, agreed=bool(agreed))
    events.record("referral.offered", referral.pk, by=by, at=at, service=service.code, provider=provider.pk)
    return made


def _state_why(referral: Referral, *, by: Actor, at: datetime, provider: int, agreed: bool) -> None:
    """The lawful basis of sending and, apart from it, the victim's agreement where it was asked."""
    basis = rulebook.rule("lawful_bases", SENDING, clocks.london_date(at)).text("article_6")[:60]
    victims.state_basis(referral.victim, by=by, at=at, purpose=SENDING, basis=basis)
    if agreed:
        victims.agree(
            referral.victim, by=by, at=at, about="share", given=True, with_organisation=provider,
            purpose=SENDING, how="asked by the hub",
        )  # fmt: skip


def _summary(referral: Referral, service: Service, *, by: Actor, at: datetime, reasons: Sequence[str]) -> Offer:
    """All that the provider sees before it accepts: no name, no address, no words of anybody's."""
    on = clocks.london_date(at)
    return Offer(
        referral_id=referral.pk, victim_id=referral.victim_id, hub_id=referral.hub_id, service=service,
        provider=service.provider, crime_type=referral.crime_type, council=referral.council,
        age_band=rulebook.age_band(referral.age_at_receipt, on), language=referral.victim.language,
        interpreter=referral.victim.interpreter, access_needs=queries.access_needs(referral),
        needs=referral.needs, vulnerability=queries.vulnerability(referral), high_risk=referral.high_risk,
        markers=list(queries.flags(referral, on)), reasons=list(reasons), offered_at=at, offered_by=by.user_id,
    )  # fmt: skip


def _answered(offer: Offer, verb: str, *, by: Actor, at: datetime, **changes: object) -> Offer:
    """Locks an offer and moves it; whoever comes second is told what happened."""
    found = Offer.objects.select_for_update().filter(pk=offer.pk).first()
    if found is None or (by.realm == Realm.PROVIDER and found.provider_id != by.organisation_id):
        raise RuleBroken("This offer is no longer open to you: it was answered or called back.")
    changes |= {"state": lifecycle.offer.target(found.state, verb), "answered_at": at, "answered_by": by.user_id}
    for name, value in changes.items():
        setattr(found, name, value)
    found.save(update_fields=list(changes))
    return found


@transaction.atomic
def call_back(offer: Offer, *, by: Actor, at: datetime, reason: str = "wrong_service") -> Referral:
    """Takes back an offer that was not answered yet. What the provider saw of it stays on record."""
    seen = queries.looks_by_provider(offer)
    offer = _answered(offer, "call_back", by=by, at=at, recalled_why=reason, seen_at=seen[-1].at if seen else None)
    for kind, subject in offer.reaches:
        records.withdraw(kind, subject, offer.provider_id)
    referral = locked(offer.referral_id)
    move(referral, "call_back", at=at, returned=True)
    events.record("offer.called_back", offer.pk, by=by, at=at, reason=reason, looks=len(seen))
    events.record("referral.returned", referral.pk, by=by, at=at, why="called_back")
    return referral


@transaction.atomic
def accept(offer: Offer, *, by: Actor, at: datetime) -> Referral:
    """The provider says yes: from here on it sees the referral and the victim, and is responsible."""
    offer = _answered(offer, "accept", by=by, at=at)
    records.take_up("referral", offer.referral_id)
    records.take_up("victim", offer.victim_id)
    referral = locked(offer.referral_id)
    rules.refuse_stopped(queries.stopped(referral))
    move(referral, "accept", at=at, accepted_at=at, returned=False)
    events.record("offer.accepted", offer.pk, by=by, at=at)
    return referral


@transaction.atomic
def decline(offer: Offer, *, by: Actor, at: datetime, reason: str) -> None:
    """The provider says no: the referral is back in the queue at once, and the provider sees none of it."""
    offer = _answered(offer, "decline", by=by, at=at, declined_why=reason)
    # Let in for the rest of this transaction and no longer, to put the referral back.
    records.take_up("referral", offer.referral_id)
    referral = locked(offer.referral_id)
    move(referral, "decline", at=at, returned=True)
    events.record("offer.declined", offer.pk, by=by, at=at, reason=reason)
    events.record("referral.returned", referral.pk, by=by, at=at, why=reason)
    for kind, subject in offer.reaches:
        records.give_back(kind, subject)


@transaction.atomic
def close(referral: Referral, *, by: Actor, at: datetime, reason: str, information_left: bool) -> Referral:
    """Closes in triage, with a reason of the rulebook and whether the victim knows how to come back."""
    referral = locked(referral.pk)
    on = clocks.london_date(at)
    why, wanted = queries.closure_reason(reason, on), queries.attempts_wanted(on)
    days = {clocks.london_date(attempt.attempted_at) for attempt in queries.tries(referral)}
    rules.check_closure(why, attempted_days=len(days), wanted_days=wanted)
    move(
        referral, "close", at=at, closed_as=why.status, closed_at=at, closed_why=reason, returned=False,
        information_left=information_left,
    )  # fmt: skip
    events.record("referral.closed", referral.pk, by=by, at=at, reason=reason, information_left=information_left)
    return referral


@transaction.atomic
def complete(referral: Referral, *, by: Actor, at: datetime, reason: str) -> Referral:
    """Closes a referral whose case has closed."""
    referral = locked(referral.pk)
    why = queries.closure_reason(reason, clocks.london_date(at))
    move(referral, "complete", at=at, closed_as=why.status, closed_at=at, closed_why=reason)
    events.record("referral.completed", referral.pk, by=by, at=at, reason=reason)
    return referral


@transaction.atomic
def reopen(referral: Referral, *, by: Actor, at: datetime) -> None:
    """Opens a referral again whose case is reopened; whoever waits reads the word that it had."""
    referral = locked(referral.pk)
    move(referral, "reopen", at=at, closed_at=None, closed_why="")
    events.record("referral.reopened", referral.pk, by=by, at=at)


@transaction.atomic
def correct_closing(referral: Referral, *, by: Actor, at: datetime, reason: str) -> None:
    """Puts right why a referral was closed whose case was closed for another reason."""
    referral = locked(referral.pk)
    why = queries.closure_reason(reason, clocks.london_date(at))
    move(referral, "correct_closing", at=at, closed_as=why.status, closed_why=reason)
    events.record("referral.closing_corrected", referral.pk, by=by, at=at, reason=reason)


@transaction.atomic
def stop(referral: Referral, *, by: Actor, at: datetime) -> None:
    """They asked us to stop: they agree no longer, and whoever was offered it reads so first. Safe to repeat."""
    victims.stop(referral.victim, by=by, at=at)
    Offer.objects.filter(referral_id=referral.pk, state="OFFERED", stopped_at=None).update(stopped_at=at)
    Referral.objects.filter(victim=referral.victim_id, next_attempt_at__isnull=False).update(**NO_ATTEMPT)
