"""Writes of registrations: sent by anyone, accepted, merged or declined by the hub, told once, erased."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt
from alongside.core.privacy import fields as sealed
from alongside.foundation.local.community import actions as community
from alongside.foundation.local.community import queries as groups
from alongside.foundation.local.community.models import Group
from alongside.foundation.local.community.rules import about_fault
from alongside.foundation.local.registrations import lifecycle, queries, rules
from alongside.foundation.local.registrations.models import Registration
from alongside.foundation.local.registrations.rules import Sent
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.rulebook import queries as rulebook

BUSY = "Many were sent from this connection within the hour."
# What goes beyond these did not come from our page.
LONGEST = {"name": 120, "role": 120, "phone": 40, "email": 254, "address": 300, "how": 300}
MAPPED, NOT_MAPPED = "group_mapped", "group_not_mapped"


@transaction.atomic
def register(sent: Sent, *, at: datetime, once: UUID, hears: bool, caller: bytes) -> None:
    """Anyone makes a group known to the hub of its area. What was sent before under the same `once` is not sent again.

    Raises RuleBroken where something is wrong, or its connection (a blind index) sent too many.
    """
    _check(sent)
    hub = queries.hub_of(sent.about.councils[0])
    if hub is None:
        raise RuleBroken("Nobody looks at groups of that area here yet. Choose another council.", "council")
    _count(caller, at)
    made = Registration(id=uuid7(), force_id=hub.force_id, once=once, state=lifecycle.registration.initial, sent_at=at,
                        hears=hears and bool(sent.asked.email))  # fmt: skip
    try:
        with transaction.atomic():
            sealed.write(made, content=queries.as_text(sent))
            made.save(force_insert=True)
    except IntegrityError:
        return
    events.record("registration.sent", made.pk, by=PUBLIC_ACTOR, at=at)


def _check(sent: Sent) -> None:
    if fault := about_fault(sent.public):
        raise RuleBroken(*fault)
    if not sent.asked.name.strip():
        raise RuleBroken("Enter your name, or what we may call you", "person_name")
    if not (sent.asked.phone.strip() or sent.asked.email.strip()):
        raise RuleBroken("Enter a phone number or an email address", "person_phone")
    if fault_words := rules.place_fault(sent.place, sent.a_home):
        raise RuleBroken(fault_words, "a_home")
    if any(len(getattr(sent.person, name)) > most for name, most in LONGEST.items()):
        raise RuleBroken("Something is longer than its box. Say it in fewer words.")


def _count(caller: bytes, at: datetime) -> None:
    key = f"registrations-{crypt.blind('registrations', f'{rules.window(at)}|{caller.hex()}').hex()}"
    sent, allowed = int(cache.get(key, 0)), queries.allowed(clocks.london_date(at))
    if allowed is not None and sent >= allowed:
        raise RuleBroken(BUSY)
    cache.set(key, sent + 1, int(rules.WITHIN.total_seconds()))


@transaction.atomic
def accept(registration: Registration, *, by: Actor, at: datetime, although: bool = False) -> Group:
    """It is a group of its own: mapped, with whom to ask for and what it said that it needs."""
    held, sent = _held(registration, by)
    group = community.add(sent.public, by=by, at=at, although=although, registered_itself=True)
    _take_over(group, sent, by, at)
    _decide(held, "accept", group, by, at)
    return group


@transaction.atomic
def merge(
    registration: Registration, group: Group, *, by: Actor, at: datetime, take: Collection[str], seen: str
) -> Group:  # fmt: skip
    """It is a group that is mapped already. `take`: details of theirs that are right; all else stays as it is held.
    `seen`: the group's stamp when the page was opened."""
    held, sent = _held(registration, by)
    ours = groups.about(group)
    about = rules.merged(ours, sent.public, take)
    community.change(group, about, by=by, at=at, seen=seen)
    _take_over(group, sent, by, at)
    _decide(held, "merge", group, by, at)
    return group


def _take_over(group: Group, sent: Sent, by: Actor, at: datetime) -> None:
    """Whom to ask for, unless they are known; and what is needed, unless that is."""
    known = {bytes(index) for one in groups.people_of(group, by) for index in (one.phone_index, one.email_index)}
    if not known & set(filter(None, groups.indexes(sent.asked))):
        community.add_person(group, sent.person, by=by, at=at)
    noted = {need.code for need in groups.unmet(groups.needs_of([group], by)[group.pk])}
    on = clocks.london_date(at)
    for code in sent.needs:
        if code not in noted and rulebook.find("group_needs", code, on):
            community.note_need(group, by=by, at=at, code=code)


@transaction.atomic
def decline(registration: Registration, *, by: Actor, at: datetime, reason: str) -> Registration:
    """It is not put on the map. What was sent is erased."""
    held, _ = _held(registration, by)
    if rulebook.find(queries.REASONS, reason, clocks.london_date(at)) is None:
        raise RuleBroken("Choose why", "reason")
    held.reason = reason
    return _decide(held, "decline", None, by, at)


def _held(registration: Registration, by: Actor) -> tuple[Registration, Sent]:
    """The registration, locked, and what was sent; RuleBroken where somebody else decided meanwhile."""
    found = Registration.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=registration.pk)
    held = found.first()
    if held is None or held.state != lifecycle.WAITING:
        raise RuleBroken("Somebody else has decided this meanwhile.")
    return held, queries.sent(held)


def _decide(held: Registration, move: str, group: Group | None, by: Actor, at: datetime) -> Registration:
    held.state = lifecycle.registration.target(held.state, move)
    held.group, held.decided_at, held.decided_by, held.decided_for_id = group, at, by.user_id, by.organisation_id
    held.save(update_fields=["state", "reason", "group", "decided_at", "decided_by", "decided_for"])
    events.record("registration.decided", held.pk, by=by, at=at, move=move, reason=held.reason)
    return held


@transaction.atomic
def settle(registration: Registration, *, by: Actor, at: datetime) -> bool:
    """After a decision: hands the mailbox of whoever wants to hear to the door out, once, and erases what was sent.
    Safe to run again. Returns whether there was anything left to erase."""
    held = Registration.objects.select_for_update(of=("self",)).exclude(state=lifecycle.WAITING).get(pk=registration.pk)
    if not held.content:
        return False
    if held.hears and _told(held, at):
        assert held.decided_for_id is not None
        template = NOT_MAPPED if held.state == lifecycle.DECLINED else MAPPED
        mailbox = queries.sent(held).asked.email
        messages.let_hear(mailbox, by=by, at=at, organisation_id=held.decided_for_id, template=template)
    held.content = b""
    held.save(update_fields=["content"])
    PersonKey.objects.filter(person_id=held.pk).delete()
    events.record("registration.erased", held.pk, by=by, at=at)
    return True


def _told(held: Registration, at: datetime) -> bool:
    row = rulebook.find(queries.REASONS, held.reason, clocks.london_date(at)) if held.reason else None
    return held.state != lifecycle.DECLINED or (row is not None and row.flag("told"))


@transaction.atomic
def forget(*, before: datetime) -> int:
    """Registrations past their time, decided or not, with the keys that sealed them; run by the worker."""
    old = list(Registration.objects.filter(sent_at__lt=before).values_list("pk", flat=True))
    PersonKey.objects.filter(person_id__in=old).delete()
    Registration.objects.filter(pk__in=old).delete()
    return len(old)
