"""Writes of freshness: who looks after a service, checks of several at once, reminders, flags and their answers."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from django.core.cache import cache
from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.freshness import lifecycle, queries, rules
from alongside.foundation.local.freshness.models import Flag, HearBack, Keeper, Reminder
from alongside.foundation.local.freshness.queries import Owed
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.gateway import Gateway, GatewayFailed

NOTICE = "come_and_see"
# One e-mail a day to each person, whatever it is about: its id is made of the day.
DAYS = UUID("5c2f7a54-31c9-5d0e-9d6c-0b9d7f6a2e11")
HEARS = {Flag.Answer.MENDED: "entry_mended", Flag.Answer.RIGHT: "entry_right", Flag.Answer.CANNOT_SAY: "entry_unknown"}
LONGEST = 400
CHANGED = "Somebody changed it since this page was opened. Look at it again below, then confirm it."
BUSY = "Many were sent from this connection within the hour."


@transaction.atomic
def name_keeper(service: Service, *, by: Actor, at: datetime, user: UUID) -> Keeper:
    """Names the person who looks after a service: somebody of the organisation that names them."""
    held = _held(service, by)
    if by.organisation_id is None or not queries.works_here(user, by):
        raise RuleBroken("Choose somebody who works at your organisation.", "keeper")
    Keeper.objects.filter(service=held).delete()
    keeper = Keeper.objects.create(
        service=held, organisation_id=by.organisation_id, user_id=user, named_by=by.user_id, named_at=at
    )
    events.record("service.keeper_named", held.pk, by=by, at=at, user=str(user))
    return keeper


@transaction.atomic
def free_keeper(service: Service, *, by: Actor, at: datetime) -> None:
    """Nobody in particular looks after it: its organisation's managers do."""
    held = _held(service, by)
    if Keeper.objects.filter(service=held).delete()[0]:
        events.record("service.keeper_freed", held.pk, by=by, at=at)


@transaction.atomic
def leave(user: UUID, organisation: int, *, by: Actor, at: datetime) -> int:
    """What a leaver looked after is the managers' again. Returns how many services."""
    left = Keeper.objects.filter(user_id=user, organisation=organisation)
    services = list(left.values_list("service", flat=True))
    left.delete()
    events.record_many("service.keeper_freed", services, by=by, at=at)
    return len(services)


@dataclass(frozen=True)
class Room:
    """How many more a service can take, and how long a new person waits; None is not said."""

    places_free: int | None
    wait_days: int | None


@transaction.atomic
def check(service: Service, *, by: Actor, at: datetime, seen: str, right: bool, room: Room | None) -> None:
    """What a manager says of one service on the page of several: its room, that all of it is right, or both.

    `seen`: the service's stamp when the page was opened. Nobody confirms words that they have not read.
    """
    held = _held(service, by)
    if seen != stamp(held):
        raise RuleBroken(CHANGED)
    if room:
        directory.say_capacity(held, by=by, at=at, places_free=room.places_free, wait_days=room.wait_days)
    if right:
        directory.confirm(held, by=by, at=at)


def stamp(service: Service) -> str:
    """Goes up with every change of a service."""
    return service.updated_at.isoformat()


def _held(service: Service, by: Actor) -> Service:
    held = Service.objects.managed_by(by).select_for_update(of=("self",), no_key=True).filter(pk=service.pk).first()
    if held is None or held.provider_id is None:
        raise RuleBroken("This is another organisation's service.")
    return held


def remind(*, by: Actor, at: datetime, through: Gateway | None = None) -> int:
    """Tells those who look after services of the reminders that have come; run by the worker. Safe to run again:
    each is told once. Whom the mail could not reach today is tried tomorrow. Returns how many people were told."""
    owed = queries.owed(clocks.london_date(at))
    return sum(_remind(user, due, by, at, through) for user, due in sorted(owed.items()))


def _remind(user: UUID, due: list[Owed], by: Actor, at: datetime, through: Gateway | None) -> bool:
    try:
        with transaction.atomic():
            about = uuid5(DAYS, clocks.london_date(at).isoformat())
            messages.notify(user, by=by, at=at, about=about, template=NOTICE, through=through)
            Reminder.objects.bulk_create(
                Reminder(service_id=one.service, user_id=user, due_on=one.due_on, step=one.step, asked_at=at)
                for one in due
            )
            events.record_many("service.reminded", [one.service for one in due], by=by, at=at)
    except GatewayFailed:
        return False
    return True


@transaction.atomic
def flag(service: Service, *, at: datetime, wrong: str, words: str, mailbox: str, caller: bytes) -> Flag:
    """Anyone says that an entry is wrong. Raises RuleBroken where its connection (a blind index) sent too many.

    The count is kept for an hour under a blind index of the connection and the hour: it links no two hours.
    """
    on = clocks.london_date(at)
    if wrong not in dict(queries.faults(on)):
        raise RuleBroken("Choose what is wrong", "wrong")
    if len(words) > LONGEST:
        raise RuleBroken(f"Say it in {LONGEST} letters or fewer", "words")
    _count(caller, at)
    found = Flag(id=uuid7(), service=service, wrong=wrong, hears=bool(mailbox), state=lifecycle.flag.initial,
                 sent_at=at)  # fmt: skip
    fields.write(found, words=words.strip())
    found.save(force_insert=True)
    if mailbox:
        back = HearBack(id=uuid7(), flag=found, service=service, left_at=at)
        fields.write(back, mailbox=mailbox)
        back.save(force_insert=True)
    events.record("flag.sent", found.pk, by=PUBLIC_ACTOR, at=at, wrong=wrong)
    return found


def _count(caller: bytes, at: datetime) -> None:
    key = f"flags-{crypt.blind('flags', f'{rules.window(at)}|{caller.hex()}').hex()}"
    sent, allowed = int(cache.get(key, 0)), queries.flags_allowed(clocks.london_date(at))
    if allowed is not None and sent >= allowed:
        raise RuleBroken(BUSY)
    cache.set(key, sent + 1, int(rules.WITHIN.total_seconds()))


@transaction.atomic
def answer(flag: Flag, *, by: Actor, at: datetime, answer: str) -> Flag:
    """Says what became of a flag. Whoever left an address hears it in fixed words; who that is nobody here learns."""
    held = Flag.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=flag.pk).first()
    if held is None:
        raise RuleBroken("This is about another organisation's service.")
    if answer not in Flag.Answer.values:
        raise RuleBroken("Choose what you found", "answer")
    held.state = lifecycle.flag.target(held.state, "answer")
    held.answer, held.answered_at, held.answered_by = answer, at, by.user_id
    held.answered_for_id = by.organisation_id
    held.save(update_fields=["state", "answer", "answered_at", "answered_by", "answered_for"])
    events.record("flag.answered", held.pk, by=by, at=at, answer=answer)
    return held


@transaction.atomic
def hear_back(flag: Flag, *, by: Actor, at: datetime) -> bool:
    """Hands the address of whoever flagged to the door out, once, and erases it. Safe to run again."""
    back = HearBack.objects.filter(flag=flag, flag__state=lifecycle.ANSWERED).first()
    mailbox = fields.read(back, "mailbox") if back else ""
    if back is None or not _erase([back.pk]):
        return False
    assert flag.answered_for_id is not None
    template = HEARS[Flag.Answer(flag.answer)]
    messages.let_hear(mailbox, by=by, at=at, organisation_id=flag.answered_for_id, template=template)
    events.record("flag.heard_back", flag.pk, by=by, at=at)
    return True


def _erase(addresses: Iterable[UUID]) -> int:
    """Addresses with the keys that sealed them. Returns how many there were."""
    found = list(addresses)
    gone = HearBack.objects.filter(pk__in=found).delete()[0]
    PersonKey.objects.filter(person_id__in=found).delete()
    return gone


@transaction.atomic
def forget(*, flags_before: datetime, addresses_before: datetime) -> dict[str, int]:
    """Flags and addresses past their time, with the keys that sealed them; run by the worker."""
    old = list(Flag.objects.filter(sent_at__lt=flags_before).values_list("pk", flat=True))
    left = HearBack.objects.filter(left_at__lt=addresses_before) | HearBack.objects.filter(flag__in=old)
    gone = {"flag_address": _erase(list(left.values_list("pk", flat=True))), "flag": len(old)}
    PersonKey.objects.filter(person_id__in=old).delete()
    Flag.objects.filter(pk__in=old).delete()
    return gone
