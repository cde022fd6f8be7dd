"""Writes of contact points, and the only door out: it looks at safety when asked and again when it sends."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import structlog
from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.accounts.permissions import Permission
from alongside.foundation.office.messages import queries, rules
from alongside.foundation.office.messages.contents import CONTENTS, HEARD, NOTICES, POINTERS, PURPOSES
from alongside.foundation.office.messages.gateway import Gateway, GatewayFailed, Notifier, gateway
from alongside.foundation.office.messages.models import Barred, ContactHold, ContactPoint, Notice, Outgoing, Pointer
from alongside.foundation.office.rulebook import queries as rulebook

log = structlog.get_logger("alongside.messages")
HOUR = timedelta(hours=1)
URGENT = "urgent"


@transaction.atomic
def add(
    person_id: UUID, *, by: Actor, at: datetime, organisation_id: int, kind: str, value: str, safe: str,
    safe_times: str = "", instructions: str = "", leave_message: bool = False, verified_how: str = "",
) -> ContactPoint:  # fmt: skip
    """Adds a way to reach a person, sealed. `verified_how`: how the victim gave it; empty means unverified."""
    plain = rules.normalise(kind, value)
    point = ContactPoint(
        person_id=person_id, recorded_by=organisation_id, kind=kind, safe=safe, safe_times=safe_times,
        leave_message=leave_message, verified_how=verified_how, verified_at=at if verified_how else None,
        expires_at=at + _lasts(at) if verified_how else None, recorded_at=at,
        lookup=crypt.blind(kind, plain) if plain else b"",  # what has nothing to compare is like nothing else
    )  # fmt: skip
    fields.write(point, value=value, instructions=instructions)
    point.save(force_insert=True)
    events.record("contact_point.added", point.pk, by=by, at=at, kind=kind, safe=safe, verified=bool(verified_how))
    return point


def _lasts(at: datetime) -> timedelta:
    """How long a verified way of contact is trusted before it is asked about again (rulebook, `limits`)."""
    return timedelta(days=int(rulebook.rule("limits", "safe_contact_lasts", at.date()).body["number"]))


@transaction.atomic
def change_safety(
    point: ContactPoint, *, by: Actor, at: datetime, safe: str, safe_times: str = "", leave_message: bool = False,
    verified_how: str = "",
) -> ContactPoint:  # fmt: skip
    """Says anew whether and when this way is safe; a verified one starts its time again."""
    point = ContactPoint.objects.select_for_update().get(pk=point.pk)
    if point.retired_at:
        raise RuleBroken("This way of contact is no longer in use. Add it again if it is safe once more.")
    point.safe, point.safe_times, point.leave_message = safe, safe_times, leave_message
    point.verified_how = verified_how
    point.verified_at = at if verified_how else None
    point.expires_at = at + _lasts(at) if verified_how else None
    point.save(update_fields=["safe", "safe_times", "leave_message", "verified_how", "verified_at", "expires_at"])
    events.record("contact_point.changed", point.pk, by=by, at=at, safe=safe, verified=bool(verified_how))
    return point


@transaction.atomic
def retire(point: ContactPoint, *, by: Actor, at: datetime, why: str) -> ContactPoint:
    """Takes a way of contact out of use for good; an old address may be read by somebody else."""
    point = ContactPoint.objects.select_for_update().get(pk=point.pk)
    point.retired_at, point.retired_why = at, why
    point.save(update_fields=["retired_at", "retired_why"])
    events.record("contact_point.retired", point.pk, by=by, at=at, why=why)
    return point


@transaction.atomic
def correct(
    point: ContactPoint, *, by: Actor, at: datetime, organisation_id: int, value: str, safe: str,
    safe_times: str = "", instructions: str = "", leave_message: bool = False, verified_how: str = "",
) -> ContactPoint:  # fmt: skip
    """Puts right a number or address: the wrong one is out of use for good, and what is safe is said of the new."""
    held = ContactPoint.objects.select_for_update().get(pk=point.pk)
    if held.retired_at:
        raise RuleBroken("Somebody else has put this right or stopped using it meanwhile. Look at the record again.")
    if bytes(held.lookup) == crypt.blind(held.kind, rules.normalise(held.kind, value)):
        raise RuleBroken("This is what we hold already.", "value")
    retire(held, by=by, at=at, why="wrong")
    return add(
        held.person_id, by=by, at=at, organisation_id=organisation_id, kind=held.kind, value=value, safe=safe,
        safe_times=safe_times, instructions=instructions, leave_message=leave_message, verified_how=verified_how,
    )  # fmt: skip


@transaction.atomic
def ask(
    person_id: UUID, *, by: Actor, at: datetime, organisation_id: int, purpose: str, template: str, hidden: bool,
    barred: Collection[str] = (), same: Collection[UUID] = (), link: str = "",
) -> Outgoing:  # fmt: skip
    """Asks for one approved message to one person. Kept as refused, with why, when no channel is safe.

    `barred`: kinds of channel that the person does not want to be used. `same`: other records of the same person.
    `link`: what opens once, for a text that goes with one.
    """
    if template not in CONTENTS or purpose not in PURPOSES or CONTENTS[template].linked != bool(link):
        raise RuleBroken("This message is not on the approved list.")
    point, why = _choose(person_id, at=at, template=template, barred=barred, same=same)
    moment = rules.next_safe_moment(at, point.safe_times) if point else None
    if point and moment is None:
        point, why = None, "times_in_words"
    if point and (held := queries.held(person_id, at)):
        moment, why = rules.opens(held.until), rules.ON_HOLD
    item = Outgoing(
        person_id=person_id, recorded_by=organisation_id, contact_point=point, purpose=purpose, template=template,
        state=Outgoing.State.WAITING if point else Outgoing.State.REFUSED, refused_why=why, asked_at=at,
        not_before=moment,
    )  # fmt: skip
    if point and link:
        fields.write(item, link=link)
    item.save(force_insert=True)
    events.record("message.asked" if point else "message.refused", item.pk, by=by, at=at, why=why)
    return item


def _choose(
    person_id: UUID, *, at: datetime, template: str, barred: Collection[str], same: Collection[UUID]
) -> tuple[ContactPoint | None, str]:  # fmt: skip
    """The first channel that may be used, or why none may. That a restricted record has it too is for `send` alone."""
    points = queries.points_of(person_id)
    shared, theirs = queries.shared_lookups(points, same=same, sealed=False), queries.never_ours(points, same=same)
    refusals = []
    for point in points:
        known = queries.facts(point, shared=bytes(point.lookup) in shared, barred=point.pk in theirs)
        why = rules.why_not_send(known, at=at)
        why = why or ("said_no" if point.kind in barred else "")
        if not why and point.kind in CONTENTS[template].channels:
            return point, ""
        refusals.append(why or "no_channel")
    return None, refusals[0] if refusals else "no_channel"


@transaction.atomic
def send(
    item: Outgoing, *, by: Actor, at: datetime, through: Gateway | None = None, same: Collection[UUID] = (),
    against: str = "",
) -> Outgoing:  # fmt: skip
    """Sends a waiting item once, after looking at safety again; otherwise refuses it. Does nothing before its time.

    `against`: why the person may not be written to now, as a code, where something beside the way is against it.
    """
    item = Outgoing.objects.select_for_update().get(pk=item.pk)
    if item.state != Outgoing.State.WAITING or not _is_time(item, at):
        return item
    point, waited = item.contact_point, item.refused_why == rules.ON_HOLD
    assert point is not None
    if waited and item.purpose == rules.REMINDER:
        return _settle(item, by=by, at=at, state=Outgoing.State.REFUSED, why=rules.TOO_LATE)
    shared = bytes(point.lookup) in queries.shared_lookups([point], same=same)
    known = queries.facts(point, shared=shared, barred=bool(queries.never_ours([point], same=same)))
    why = against or rules.why_not_send(known, at=at)
    if not why and point.safe_times and rules.next_safe_moment(at, point.safe_times) != at:
        item.not_before, item.refused_why = rules.next_safe_moment(at, point.safe_times), ""
        item.save(update_fields=["not_before", "refused_why"])
        return item
    if why:
        return _stop(item, point, why, by=by, at=at, same=same)
    return _deliver(item, point, by=by, at=at, through=through or gateway())


def _is_time(item: Outgoing, at: datetime) -> bool:
    """Whether its hour has come and nothing holds contact; what is held waits, and says so."""
    if held := queries.held(item.person_id, at):
        if item.refused_why != rules.ON_HOLD or item.not_before != rules.opens(held.until):
            item.not_before, item.refused_why = rules.opens(held.until), rules.ON_HOLD
            item.save(update_fields=["not_before", "refused_why"])
        return False
    return item.refused_why == rules.ON_HOLD or item.not_before is None or item.not_before <= at


def _stop(
    item: Outgoing, point: ContactPoint, why: str, *, by: Actor, at: datetime, same: Collection[UUID]
) -> Outgoing:  # fmt: skip
    """Here everybody's records are seen. That another holds the same number is for the hub alone (decision 11); that a
    restricted one does, for those who are named on that: to the rest it is like anything that the gateway did not take.
    """
    if why != "shared":
        return _settle(item, by=by, at=at, state=Outgoing.State.REFUSED, why=why)
    if queries.shared_lookups([point], same=same, sealed=False):
        return _settle(item, by=by, at=at, state=Outgoing.State.REFUSED, why=rules.SHARED_ELSEWHERE)
    return _settle(item, by=by, at=at, state=Outgoing.State.FAILED, why=rules.UNDELIVERED)


def _deliver(item: Outgoing, point: ContactPoint, *, by: Actor, at: datetime, through: Gateway) -> Outgoing:
    value, _ = queries.reveal(point)
    content = CONTENTS[item.template]
    if content.linked:
        content = replace(content, link=fields.read(item, "link"))
    try:
        item.gateway_id = through.deliver(item.pk, point.kind, value, content)
    except GatewayFailed as failure:
        log.warning("gateway", code=failure.code, id=str(item.pk))
        if failure.again:
            raise
        return _settle(item, by=by, at=at, state=Outgoing.State.FAILED, why=rules.UNDELIVERED)
    return _settle(item, by=by, at=at, state=Outgoing.State.SENT, why="")


def _settle(item: Outgoing, *, by: Actor, at: datetime, state: str, why: str) -> Outgoing:
    item.state, item.refused_why = state, why
    item.sent_at = at if state == Outgoing.State.SENT else None
    item.link = b""
    item.save(update_fields=["state", "refused_why", "sent_at", "gateway_id", "link"])
    events.record(f"message.{state.lower()}", item.pk, by=by, at=at, why=why)
    return item


@transaction.atomic
def bar(
    person_id: UUID, *, by: Actor, at: datetime, organisation_id: int, cause: UUID, ways: Collection[tuple[str, str]]
) -> None:  # fmt: skip
    """Says which numbers and mailboxes (kind and value) are somebody else's and never this person's, by one cause, in
    place of what was said by it before. In the same transaction no message can leave by them, and nobody calls."""
    lookups = {crypt.blind(kind, plain) for kind, value in ways if (plain := rules.normalise(kind, value))}
    held = {bytes(one.lookup): one for one in Barred.objects.filter(cause_id=cause, ended_at=None)}
    for lookup in held.keys() - lookups:
        held[lookup].ended_at = at
        held[lookup].save(update_fields=["ended_at"])
    for lookup in lookups - held.keys():
        Barred(person_id=person_id, recorded_by=organisation_id, cause_id=cause, lookup=lookup, barred_at=at).save(
            force_insert=True
        )  # fmt: skip
    if lookups != held.keys():
        events.record("contact.barred", cause, by=by, at=at, ways=len(lookups))


@transaction.atomic
def hold(
    person_id: UUID, *, by: Actor, at: datetime, organisation_id: int, reason: str, until: date, cause: UUID
) -> ContactHold:  # fmt: skip
    """Holds contact until a day, for a coded reason. `cause`: what ends it early."""
    made = ContactHold(
        person_id=person_id, recorded_by=organisation_id, cause_id=cause, reason=reason, until=until, set_at=at,
        set_by=by.user_id,
    )  # fmt: skip
    made.save(force_insert=True)
    events.record("contact.held", made.pk, by=by, at=at, reason=reason, until=until.isoformat())
    return made


@transaction.atomic
def end_hold(cause: UUID, *, by: Actor, at: datetime) -> None:
    """Lets contact go on before the day. Messages that waited are looked at again within minutes."""
    for held in ContactHold.objects.select_for_update().filter(cause_id=cause, ended_at=None):
        held.ended_at = at
        held.save(update_fields=["ended_at"])
        events.record("contact.let_go", held.pk, by=by, at=at)


@transaction.atomic
def check_contact(person_id: UUID, *, by: Actor, at: datetime, moment: datetime, despite: str = "") -> None:
    """Refuses contact at a moment within a hold. `despite`: why a manager lets it be, as a code; that is on record."""
    held = queries.held(person_id, at)
    if held is None or moment < held.since:
        return
    may = held.may_override and by.may(Permission.HOLD_OVERRIDE)
    if not despite:
        raise RuleBroken(held.words, "despite" if may else None)
    if not may:
        raise RuleBroken(held.words)
    if rulebook.find("hold_overrides", despite, clocks.london_date(at)) is None:
        raise RuleBroken("Choose why it could not wait.", "despite")
    events.record("contact.despite_hold", held.key, by=by, at=at, why=despite)


def check_plan(person_id: UUID, day: date, *, at: datetime) -> None:
    """Refuses to set a call for a day on which contact is held."""
    held = queries.held(person_id, at)
    if held and day < held.until:
        raise RuleBroken(held.words, "day")


@transaction.atomic
def notify(
    user_id: UUID, *, by: Actor, at: datetime, about: UUID, template: str, through: Gateway | None = None
) -> Notice | None:
    """Tells a member of staff by neutral e-mail that something waits for them. Run by the worker; safe to repeat.

    Once for each thing that it is `about`; what is not urgent, once an hour at most. None where nothing was sent.
    """
    if template not in NOTICES:
        raise RuleBroken("This message is not on the approved list.")
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None or _told_lately(user_id, at=at, about=about, template=template):
        return None
    notice = Notice(user_id=user_id, about=about, template=template, asked_at=at)
    try:
        notice.gateway_id = (through or gateway()).deliver(notice.pk, "email", user.email, NOTICES[template])
        notice.sent_at = at
    except GatewayFailed as failure:
        log.warning("gateway", code=failure.code, id=str(notice.pk))
        if failure.again:
            raise
        notice.failed_why = failure.code
    notice.save(force_insert=True)
    events.record("notice.sent" if notice.sent_at else "notice.failed", notice.pk, by=by, at=at, template=template)
    return notice


def _told_lately(user_id: UUID, *, at: datetime, about: UUID, template: str) -> bool:
    """Whether this was told, or something like it within the hour: a thread is no flood of e-mails."""
    told = Notice.objects.filter(user_id=user_id)
    if told.filter(about=about).exists():
        return True
    lately = told.filter(template=template, asked_at__gt=at - HOUR, sent_at__isnull=False)
    return template != URGENT and lately.exists()


@transaction.atomic
def point(mailbox: str, *, by: Actor, at: datetime, organisation_id: int, template: str, link: str) -> Pointer:
    """Asks that a professional at work be told of a page that waits for them. Raises RuleBroken for a mailbox that is
    not one of theirs (rulebook, `professional_mailboxes`): a private one may be read at home by anybody.
    """
    if template not in POINTERS:
        raise RuleBroken("This message is not on the approved list.")
    if not queries.is_professional(mailbox, at.date()):
        raise RuleBroken("We write only to mailboxes of the police and of partner agencies. This is none of them.")
    return _point(mailbox, by, at, organisation_id, template, link)


@transaction.atomic
def let_hear(mailbox: str, *, by: Actor, at: datetime, organisation_id: int, template: str) -> Pointer:
    """Asks that whoever left their address for an answer about the public directory be told it, in fixed words that
    name nothing. The address is forgotten once it is used."""
    if template not in HEARD:
        raise RuleBroken("This message is not on the approved list.")
    return _point(mailbox, by, at, organisation_id, template, "")


def _point(mailbox: str, by: Actor, at: datetime, organisation_id: int, template: str, link: str) -> Pointer:
    pointer = Pointer(organisation_id=organisation_id, template=template, asked_at=at)
    fields.write(pointer, mailbox=mailbox, link=link)
    pointer.save(force_insert=True)
    events.record("pointer.asked", pointer.pk, by=by, at=at, template=template)
    return pointer


@transaction.atomic
def bring(pointer: Pointer, *, by: Actor, at: datetime, through: Notifier | None = None) -> Pointer:
    """Sends a waiting pointer once, and forgets whose mailbox it was and which page."""
    pointer = Pointer.objects.select_for_update().get(pk=pointer.pk)
    if pointer.state != Outgoing.State.WAITING:
        return pointer
    mailbox, link = fields.read(pointer, "mailbox"), fields.read(pointer, "link")
    try:
        through = through or gateway()
        pointer.gateway_id = through.notify(pointer.pk, mailbox, {**POINTERS, **HEARD}[pointer.template], link)
        pointer.state, pointer.sent_at = Outgoing.State.SENT, at
    except GatewayFailed as failure:
        log.warning("gateway", code=failure.code, id=str(pointer.pk))
        if failure.again:
            raise
        pointer.state, pointer.refused_why = Outgoing.State.FAILED, failure.code
    pointer.mailbox = pointer.link = b""
    PersonKey.objects.filter(person_id=pointer.pk).delete()  # the key that sealed them goes too
    pointer.save(update_fields=["state", "refused_why", "sent_at", "gateway_id", "mailbox", "link"])
    events.record(f"pointer.{pointer.state.lower()}", pointer.pk, by=by, at=at, why=pointer.refused_why)
    return pointer
