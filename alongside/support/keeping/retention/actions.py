"""Erasing what is past its time, and keeping what must be kept longer."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.db.models import Model, Q
from django.db.models.functions import Coalesce, Right

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.jobs import brief
from alongside.core.models import Closed, Draft, Erasure, Grant, Named, PersonKey, Sealed
from alongside.core.privacy import crypt, fields
from alongside.core.rows import records
from alongside.foundation.local.community import actions as community
from alongside.foundation.local.freshness import actions as freshness
from alongside.foundation.local.freshness.models import Reminder
from alongside.foundation.local.registrations import actions as registrations
from alongside.foundation.office.messages.models import Barred, ContactHold, ContactPoint, Notice, Outgoing, Pointer
from alongside.foundation.office.organisations import actions as organisations
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.changes.models import Change
from alongside.support.arrivals.clocks.models import Pause
from alongside.support.arrivals.feeds.models import KeptRow, SentAgain
from alongside.support.arrivals.incoming.models import TakenDown
from alongside.support.arrivals.intake.models import Sent
from alongside.support.arrivals.mending.models import Mend
from alongside.support.arrivals.referrals.models import (
    Addition,
    Attempt,
    NeedsAssessment,
    Offer,
    Referral,
    Standing,
    Ticket,
)
from alongside.support.arrivals.referrals.rules import NOT_KNOWN
from alongside.support.arrivals.replies.models import Reply
from alongside.support.arrivals.routing.models import Decision as Routed
from alongside.support.arrivals.routing.models import Moved, Override
from alongside.support.arrivals.stalled.models import Step as StalledStep
from alongside.support.arrivals.threads.models import Attachment, Post
from alongside.support.cases.agenda.models import Item
from alongside.support.cases.appointments.models import Appointment
from alongside.support.cases.audits import actions as audits
from alongside.support.cases.audits.models import Finding
from alongside.support.cases.audits.models import Item as AuditItem
from alongside.support.cases.blanks.models import Asked
from alongside.support.cases.casework.models import Case, Contact, Need, Step
from alongside.support.cases.closing.models import Ending
from alongside.support.cases.groups import actions as groups
from alongside.support.cases.groups.models import Mark, Member
from alongside.support.cases.imports import actions as imports
from alongside.support.cases.imports import queries as imported
from alongside.support.cases.imports.models import Batch, Origin
from alongside.support.cases.imports.models import Row as ImportedRow
from alongside.support.cases.journey.models import Key as PageKey
from alongside.support.cases.journey.models import Page, Said, Voice
from alongside.support.cases.justice.models import Chase, Proceeding, Turn
from alongside.support.cases.material.models import Request
from alongside.support.cases.notes.models import Cabinet, Counsel, Note, Presence
from alongside.support.cases.others import actions as others
from alongside.support.cases.others.models import Clash, Condition, Danger, Key, Party
from alongside.support.cases.outcomes.models import Assessment
from alongside.support.cases.papers.models import Passed
from alongside.support.cases.plans.models import Given
from alongside.support.cases.plans.models import Review as PlanReview
from alongside.support.cases.plans.models import Sitting as PlanSitting
from alongside.support.cases.practical.models import Request as HelpRequest
from alongside.support.cases.related.models import Professional, Relative
from alongside.support.cases.risk.models import Alert as RiskAlert
from alongside.support.cases.risk.models import Sitting
from alongside.support.cases.safety.models import Entry, Paper
from alongside.support.cases.supervision import actions as supervision
from alongside.support.cases.supervision.models import Talked
from alongside.support.cases.tasks.models import Task
from alongside.support.cases.tools.models import Sending
from alongside.support.cases.transfers.models import Pack, Transfer
from alongside.support.cases.waiting.models import Entry as WaitingEntry
from alongside.support.cases.waiting.models import Place
from alongside.support.desk.assessment.models import Alarm, Decision, Detail, Heard, Review
from alongside.support.desk.kinds.models import Part
from alongside.support.keeping.restricted.models import Breaking, Conflict, Crossing, Restriction
from alongside.support.keeping.retention import queries
from alongside.support.keeping.retention.models import Hold
from alongside.support.keeping.retention.queries import Reckoning
from alongside.support.keeping.retention.rules import CHILD, SUPPORT, End
from alongside.support.people.matching.models import Pair, Profile
from alongside.support.people.victims.models import Agreement, Basis, Correction, Responsible, SamePerson, Victim

# What remains of a referral that led to no support: codes and days that the figures count, under keys of nobody.
REMAINS: tuple[type[Model], ...] = (Offer, Referral, Victim)
NOBODY: dict[type[Model], dict[str, object]] = {
    Offer: {"offered_by": None, "answered_by": None, "seen_at": None, "language": "", "needs": [], "reasons": [],
            "vulnerability": [], "markers": [], "access_needs": [], "interpreter": "", "stopped_at": None},
    Referral: {
        "content_hash": b"", "referred_by": None, "worker": None, "officer": b"", "notes": b"", "markers": [],
        "hate_strands": [], "entitlements": [], "needs": [], "vulnerable": "unknown", "intimidated": "unknown",
        "repeat": "unknown", "consent": "unknown", "offence_code": "", "occurred_from": None,
    },
    Victim: {
        "title": "", "given_name": "", "family_name": "", "business_name": "", "name_key": "", "birth_date": None,
        "age_said": None, "age_said_on": None, "said_under": None,
        "sex": "", "ethnicity": "", "language": "", "interpreter": "unknown", "council": "", "access_needs": b"",
        "location_protected": False,
    },
}  # fmt: skip
# Everything of a person, children before parents: the table, the column, and whose key stands in it.
# A test holds this against the privacy register: a model kept as `support` that is not here fails it.
ERASED: tuple[tuple[type[Model], str, str], ...] = (
    (Change, "victim_id", "victim"), (Reply, "referral_id", "referral"), (Outgoing, "person_id", "victim"),
    (ContactPoint, "person_id", "victim"), (ContactHold, "person_id", "victim"), (Barred, "person_id", "victim"),
    (Clash, "case_id", "case"), (Clash, "against_id", "case"), (Condition, "case_id", "case"),
    (Danger, "case_id", "case"), (Key, "case_id", "case"), (Party, "case_id", "case"),
    (Relative, "case_id", "case"), (Professional, "case_id", "case"),
    (Assessment, "case_id", "case"), (Assessment, "victim_id", "victim"),
    (Ending, "case_id", "case"), (Pack, "victim_id", "victim"), (Transfer, "victim_id", "victim"),
    (Origin, "case_id", "case"), (ImportedRow, "case_id", "case"),
    (Place, "case_id", "case"), (WaitingEntry, "case_id", "case"),
    (Voice, "case_id", "case"), (Said, "case_id", "case"), (PageKey, "victim_id", "victim"),
    (Page, "case_id", "case"),
    (RiskAlert, "case_id", "case"), (Sitting, "case_id", "case"), (Sending, "case_id", "case"),
    (Appointment, "case_id", "case"), (Mark, "case_id", "case"), (Member, "case_id", "case"),
    (Paper, "case_id", "case"), (Entry, "case_id", "case"),
    (Asked, "case_id", "case"), (Task, "case_id", "case"), (Finding, "case_id", "case"),
    (AuditItem, "case_id", "case"), (Talked, "case_id", "case"),
    (Item, "case_id", "case"), (Counsel, "case_id", "case"), (Cabinet, "case_id", "case"),
    (Presence, "case_id", "case"), (Request, "case_id", "case"), (Chase, "case_id", "case"), (Turn, "case_id", "case"),
    (Proceeding, "case_id", "case"),
    (PlanReview, "case_id", "case"), (PlanSitting, "case_id", "case"), (Given, "case_id", "case"),
    (HelpRequest, "case_id", "case"),
    (Note, "case_id", "case"), (Step, "case_id", "case"), (Need, "case_id", "case"), (Contact, "case_id", "case"),
    (Case, "victim_id", "victim"), (Addition, "victim_id", "victim"), (Ticket, "referral_id", "referral"),
    (Passed, "referral_id", "referral"), (Attachment, "standing_id", "referral"), (Post, "standing_id", "referral"),
    (Standing, "referral_id", "referral"), (Pause, "referral_id", "referral"),
    (Moved, "referral_id", "referral"), (Override, "referral_id", "referral"),
    (Routed, "referral_id", "referral"), (TakenDown, "referral_id", "referral"), (Detail, "referral_id", "referral"),
    (Review, "referral_id", "referral"), (Decision, "referral_id", "referral"), (Alarm, "referral_id", "referral"),
    (Heard, "referral_id", "referral"),
    (CallBack, "referral_id", "referral"), (Part, "referral_id", "referral"),
    (NeedsAssessment, "referral_id", "referral"),
    (Attempt, "referral_id", "referral"), (StalledStep, "offer_id", "offer"), (Offer, "referral_id", "referral"),
    (Referral, "victim_id", "victim"), (Reply, "kept_id", "kept"),
    (Profile, "victim_id", "victim"), (Pair, "left_id", "victim"), (Pair, "right_id", "victim"),
    (SamePerson, "left_id", "victim"), (SamePerson, "right_id", "victim"), (Agreement, "victim_id", "victim"),
    (Basis, "victim_id", "victim"), (Correction, "victim_id", "victim"), (Responsible, "victim_id", "victim"),
    (Hold, "victim_id", "victim"), (Restriction, "victim_id", "victim"), (Breaking, "victim_id", "victim"),
    (Crossing, "victim_id", "victim"), (Crossing, "person_id", "victim"),
    (Conflict, "victim_id", "victim"),
    (Victim, "id", "victim"),
)  # fmt: skip
Keys = dict[str, list[UUID]]
# What a case has from the moment in which it was brought along, and what comes by itself: nobody's work.
MADE_BY_BRINGING = (Origin, ImportedRow, WaitingEntry, Item, PlanReview, Note, Need, Presence, Key, Clash)
TAKEN_BACK_AT_ONCE = 100


@transaction.atomic
def erase_night(*, by: Actor, at: datetime, at_most: int | None = None) -> Erasure:
    """Erases what is past its time, the longest past first and so many a night at most, and notes what was done.

    Safe to run again: what is erased is gone, and the rest waits for its turn.
    """
    on = clocks.london_date(at)
    limit = rulebook.rule("limits", "erased_a_night", on).number("number") if at_most is None else at_most
    found = queries.reckon(on)
    erased = _erase(found.over[:limit], by=by, at=at)
    counts = {**erased, **_forget_what_no_person_owns(on), **_forget_staff_and_logs(on, by=by, at=at)}
    night = Erasure(at=at, erased=counts, waiting=_waiting(found, erased), soon=dict(found.soon), kept=found.kept)
    night.save(force_insert=True)
    events.record("erasure.done", night.pk, by=by, at=at, erased=counts, waiting=night.waiting)
    return night


def _waiting(found: Reckoning, erased: dict[str, int]) -> dict[str, int]:
    left = {code: count - erased.get(code, 0) for code, count in found.by_class.items()}
    return {code: count for code, count in left.items() if count}


def _erase(over: Iterable[End], *, by: Actor, at: datetime) -> dict[str, int]:
    """Erases the records that are still over once they are locked. Returns how many by class."""
    asked = [end.life.victim for end in over]
    locked = Victim.objects.select_for_update(of=("self",)).filter(pk__in=asked).order_by("pk")
    ends = queries.still_over(list(locked.values_list("pk", flat=True)), clocks.london_date(at))
    whole = [end.life.victim for end in ends if end.code in (SUPPORT, CHILD)]
    _delete(_keys(whole))
    _leave_counts(_keys([end.life.victim for end in ends if end.life.victim not in whole]))
    counts: dict[str, int] = {}
    for end in ends:
        whose = replace(by, organisation_id=end.life.hub)
        events.record("victim.erased", end.life.victim, by=whose, at=at, kept_as=end.code, rule=end.ref)
        counts[end.code] = counts.get(end.code, 0) + 1
    return counts


def _keys(victims: list[UUID]) -> Keys:
    """The keys of everything of these people that other tables name."""
    referrals = list(Referral.objects.filter(victim_id__in=victims).values_list("pk", flat=True))
    return {
        "victim": victims, "referral": referrals,
        "case": list(Case.objects.filter(victim_id__in=victims).values_list("pk", flat=True)),
        "offer": list(Offer.objects.filter(referral_id__in=referrals).values_list("pk", flat=True)),
        "paper": list(Passed.objects.filter(referral_id__in=referrals).values_list("pk", flat=True)),
        "kept": list(
            KeptRow.objects.filter(Q(referral_id__in=referrals) | Q(victim__in=victims)).values_list("pk", flat=True)
        ),
    }  # fmt: skip


def _delete(keys: Keys, *, but: Collection[type[Model]] = ()) -> None:
    """Deletes every row and the keys that sealed them, with what else names the records."""
    for model, column, whose in ERASED:
        if model not in but:
            _rows(model, column, keys[whose])
    for hangs_on in (Mend, SentAgain):
        _rows(hangs_on, "kept_id", keys["kept"])
    _rows(KeptRow, "id", keys["kept"])
    _rows(PersonKey, "person_id", [*keys["victim"], *keys["kept"], *keys["referral"]])
    everything = [key for found in keys.values() for key in found]
    _rows(Grant, "subject", everything)
    for model in (Sealed, Named, Closed):
        _rows(model, "person", keys["victim"])
    Draft.objects.annotate(about=Right("form", 36)).filter(about__in=[str(key) for key in everything]).delete()
    crypt.forget()


def _leave_counts(keys: Keys) -> None:
    """Of referrals that led to no support: what the figures of their quarter count stays, and nobody sees it again.

    Nothing of the person is in it: no name, words or reference; days without their hour; keys that nothing else knows.
    """
    _delete(keys, but=REMAINS)
    fresh = {key: uuid4() for kind in ("victim", "referral", "offer") for key in keys[kind]}
    for model, kind in ((Victim, "victim"), (Referral, "referral"), (Offer, "offer")):
        for row in model._default_manager.filter(pk__in=keys[kind]):
            blank = {**NOBODY[model], **_own(row, fresh), **_days(row)}
            model._default_manager.filter(pk=row.pk).update(**blank)
            _hide(kind, fresh[row.pk])


def _hide(kind: str, key: UUID) -> None:
    """Without a grant a record is nobody's: the trigger's function writes so."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rows_spread(%s, %s)", [kind, key])


def _own(row: Model, fresh: dict[UUID, UUID]) -> dict[str, object]:
    """New keys in place of every key that somebody may have seen."""
    keys = {name: fresh[value] for name, value in vars(row).items() if name != "_state" and _is_known(value, fresh)}
    return keys | (_unnamed(row) if isinstance(row, Referral) else {})


def _unnamed(referral: Referral) -> dict[str, object]:
    """No reference by which it is found, and no reason; that it is not known whether it was reported is counted."""
    secret, unknown = uuid4().hex, referral.why_not_reported == NOT_KNOWN
    told = NOT_KNOWN if unknown else ""
    return {"reference": f"~{secret[:11]}", "source_ref": secret, "why_not_reported": told}


def _is_known(value: object, fresh: dict[UUID, UUID]) -> bool:
    return isinstance(value, UUID) and value in fresh


def _days(row: Model) -> dict[str, object]:
    """Every moment as noon of its day in London."""
    moments = {name: value for name, value in vars(row).items() if isinstance(value, datetime)}
    return {
        name: datetime.combine(clocks.london_date(value), time(12), tzinfo=clocks.LONDON)
        for name, value in moments.items()
    }


def take_back(key: UUID, *, by: Actor, now: Callable[[], datetime]) -> None:
    """Erases everybody whom a file brought along, some at a time, but those on whose cases somebody has worked since.
    Safe to run again."""
    kept: list[UUID] = []
    while True:
        with brief():
            batch = Batch.objects.select_for_update().filter(pk=key, state="UNDOING").first()
            if batch is None:
                return
            some = list(Origin.objects.filter(batch_id=key).exclude(pk__in=kept).order_by("pk")[:TAKEN_BACK_AT_ONCE])
            if not some:
                imports.take_back(batch, kept=len(kept), by=by, at=now())
                return
            batch.moved_at = now()
            kept += _take_back(batch, some, by=by, at=now())


def _take_back(batch: Batch, some: list[Origin], *, by: Actor, at: datetime) -> list[UUID]:
    """Erases these but those that were worked on; which are kept."""
    victims = [one.victim_id for one in some]
    locked = set(Victim.objects.select_for_update(of=("self",)).filter(pk__in=victims).values_list("pk", flat=True))
    worked = imported.worked_on(some) | _more_of(some)
    gone = [one for one in some if one.case_id not in worked and one.victim_id in locked]
    imports.let_go_of(batch, [one.case_id for one in gone])
    _delete(_keys([one.victim_id for one in gone]))
    whose = replace(by, organisation_id=batch.provider_id)
    events.record_many("victim.erased", [one.victim_id for one in gone], by=whose, at=at, kept_as="brought_along")
    return [one.pk for one in some if one.pk not in {erased.pk for erased in gone}]


def _more_of(some: list[Origin]) -> set[UUID]:
    """Cases of which there is more than bringing them along makes, whoever made it; and people whom somebody holds."""
    cases = [one.case_id for one in some]
    theirs = [(model, column) for model, column, whose in ERASED if whose == "case" and model not in MADE_BY_BRINGING]
    found = {
        key for model, column in theirs
        for key in model._default_manager.filter(**{f"{column}__in": cases}).values_list(column, flat=True)
    }  # fmt: skip
    held = set(Hold.objects.filter(victim_id__in=[one.victim_id for one in some]).values_list("victim_id", flat=True))
    return found | {one.case_id for one in some if one.victim_id in held}


def _rows(model: type[Model], column: str, keys: list[UUID]) -> None:
    """Without Django's cascade, which would load every row to find what hangs on it; the database checks the order."""
    model._default_manager.filter(**{f"{column}__in": keys})._raw_delete("default")


def _forget_what_no_person_owns(on: date) -> dict[str, int]:
    """Messages and sent forms past their time, whoever they were of."""
    keep = queries.keeps(on)
    messages = Outgoing.objects.exclude(state=Outgoing.State.WAITING).annotate(last=Coalesce("sent_at", "asked_at"))
    gone = {
        "message": messages.filter(last__lt=_before(keep["message"], on)).delete()[0],
        "notice": sum(
            model.objects.filter(asked_at__lt=_before(keep["notice"], on)).delete()[0]
            for model in (Notice, Pointer, Reminder)
        ),
        "unfinished_form": Sent.objects.filter(sent_at__lt=_before(keep["unfinished_form"], on)).delete()[0],
        "group_contact": community.forget(before=_before(keep["group_contact"], on)),
        "registration": registrations.forget(before=_before(keep["registration"], on)),
        "other_party": others.forget(before=_before(keep["other_party"], on)),
        "brought_file": imports.forget(before=_before(keep["brought_file"], on)),
        **freshness.forget(flags_before=_before(keep["flag"], on), addresses_before=_before(keep["flag_address"], on)),
    }
    _delete(_keys(list(queries.remains(before=_before(keep["snapshot"], on)))))
    return {code: count for code, count in gone.items() if count}


def _forget_staff_and_logs(on: date, *, by: Actor, at: datetime) -> dict[str, int]:
    """Who worked here, and who did and saw what, past their times; but the log of a record that somebody holds."""
    keep = queries.keeps(on)
    held = _keys(list(Hold.objects.filter(ended_at=None).values_list("victim_id", flat=True).distinct()))
    gone = {
        "staff": organisations.forget_leavers(by=by, at=at, before=_before(keep["staff"], on)),
        "supervision": supervision.forget(before=_before(keep["staff"], on)),
        "audits": audits.forget(before=_before(keep["staff"], on)),
        "group_notes": groups.forget(before=_before(keep["staff"], on)),
        "audit": records.forget_logs(
            _before(keep["audit"], on), kept=[key for found in held.values() for key in found]
        ),
    }  # fmt: skip
    return {code: count for code, count in gone.items() if count}


def _before(keep: queries.Keep, on: date) -> datetime:
    """What ended before this moment is past its time on a day."""
    day = on
    while keep.after(day) > on:
        day -= timedelta(days=1)
    return datetime.combine(day + timedelta(days=1), time.min, tzinfo=clocks.LONDON)


@transaction.atomic
def hold(victim: Victim, *, by: Actor, at: datetime, reason: str, words: str, review_on: date) -> Hold:
    """Keeps a record beyond its time until somebody ends the hold."""
    on = clocks.london_date(at)
    if rulebook.find("keep_reasons", reason, on) is None:
        raise RuleBroken("Choose why the record must be kept.", "reason")
    if review_on <= on:
        raise RuleBroken("Choose a day in the future for looking at this again.", "review_on")
    if not Victim.objects.select_for_update().filter(pk=victim.pk).exists():
        raise RuleBroken("This record has been erased.")
    made = Hold(victim=victim, reason=reason, review_on=review_on, set_at=at, set_by=by.user_id)
    fields.write(made, words=words)
    made.save(force_insert=True)
    events.record("victim.held", victim.pk, by=by, at=at, reason=reason, review_on=review_on.isoformat())
    return made


@transaction.atomic
def end_hold(hold: Hold, *, by: Actor, at: datetime) -> Hold:
    """Ends a hold: the record is erased when its time is over, which may be the coming night."""
    fresh = Hold.objects.select_for_update(of=("self",)).get(pk=hold.pk)
    if fresh.ended_at is not None:
        raise RuleBroken("Somebody has ended this hold already.")
    fresh.ended_at, fresh.ended_by = at, by.user_id
    fresh.save(update_fields=["ended_at", "ended_by"])
    events.record("victim.hold_ended", fresh.victim_id, by=by, at=at, reason=fresh.reason)
    return fresh
