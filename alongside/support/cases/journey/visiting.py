"""Writes of whoever opens a victim's own page, in the public's realm: they see the page that they opened alone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from alongside.core import events
from alongside.core.access.actor import PUBLIC_ACTOR
from alongside.core.clocks import due, london_date
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.privacy import crypt, fields
from alongside.core.rows import realms
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake.actions import Opened
from alongside.support.arrivals.intake.rules import ticket_key
from alongside.support.cases.casework.queries import working_days
from alongside.support.cases.journey import queries
from alongside.support.cases.journey.models import Key, Page, Said, Voice
from alongside.support.cases.journey.queries import Door

CHANNELS = ("phone", "email")
STOPPED = {"contact": "They ask us not to contact them any more.", "support": "They do not want support any more."}


@dataclass(frozen=True)
class Entered:
    """A visit that was opened. `own`: what opened is a page; otherwise it is what somebody sent to the hub."""

    opened: Opened
    own: bool


@transaction.atomic
def enter(reference: str, phrase: str, *, caller: bytes, at: datetime) -> Entered | None:
    """Opens a page by reference and four words, or else what somebody sent; None for what does not match.

    A page and a decoy take the same steps. Tries are counted with those of coming back. Raises RuleBroken for too many.
    """
    _count(caller)
    lookup = crypt.blind("ticket", ticket_key(reference, phrase))
    door = queries.door(lookup, at=at, fresh=True)
    if door is None or door.key.kind not in (Key.Kind.PHRASE, Key.Kind.DECOY):
        sent = intake.return_(reference, phrase, caller=caller, at=at)
        return Entered(sent, own=False) if sent else None
    return Entered(_begin(door, lookup, at=at), own=True)


def _count(caller: bytes) -> None:
    intake.one_at_a_time(caller)
    if not intake.may_try(caller):
        raise RuleBroken(intake.TOO_MANY)


@transaction.atomic
def open_link(token: str, *, caller: bytes, at: datetime) -> tuple[Opened, bool] | None:
    """Opens a page by a link, once, and says whether it asks how it was; None for one that opens nothing, whyever."""
    _count(caller)
    lookup = queries.token_lookup(token)
    door = queries.door(lookup, at=at, fresh=True)
    if door is None or not _use(door, lookup, at):
        intake.note_failure(caller)
        return None
    return _begin(door, lookup, at=at), door.feedback


def _use(door: Door, lookup: bytes, at: datetime) -> bool:
    """Whether it was this press that used the link: of two at once one alone does."""
    realms.present_ticket(lookup)
    used = Key.objects.filter(pk=door.key.pk, used_at=None).update(used_at=at)
    realms.present_ticket(bytes(door.page.handle))
    return bool(used)


def _begin(door: Door, lookup: bytes, *, at: datetime) -> Opened:
    """A visit that holds the way, and that the page was opened: the same statements for a page and for a decoy."""
    told = "decoy_opened_at" if door.decoy else "opened_at"
    Page.objects.filter(pk=door.page.pk).update(**{told: at})
    events.record("journey.opened", door.page.case_id, by=PUBLIC_ACTOR, at=at, kind=door.key.kind)
    return intake.come_with(lookup, at=at)


def door_of(opened: Opened, *, at: datetime) -> Door | None:
    """The page that a visit has open, while its way holds."""
    return queries.door(bytes.fromhex(opened.ticket), at=at, fresh=False) if opened.ticket else None


def _say(door: Door, kind: str, words: str, *, at: datetime, **details: object) -> None:
    """Keeps what was said, for the worker; on a decoy nothing is kept but that somebody wrote there."""
    if door.decoy:
        events.record("journey.opened", door.page.case_id, by=PUBLIC_ACTOR, at=at, kind=Key.Kind.DECOY, wrote=True)
        return
    said = Said(
        id=uuid7(), page=door.page, case_id=door.page.case_id, victim_id=door.page.victim_id, kind=kind, said_at=at
    )  # fmt: skip
    fields.write(said, words=words)
    said.save(force_insert=True)
    events.record("journey.said", door.page.case_id, by=PUBLIC_ACTOR, at=at, said=str(said.pk), kind=kind, **details)


@transaction.atomic
def say(door: Door, *, at: datetime, kind: str, words: str) -> None:
    """Tells the worker something, or asks for something else."""
    _say(door, Said.Kind.ASK if kind == Said.Kind.ASK else Said.Kind.WORDS, words, at=at)


@transaction.atomic
def change(door: Door, *, at: datetime, unsafe: Sequence[str], words: str) -> None:
    """Says what is not safe any more, which nothing goes to from this moment, and in words what is safe now."""
    stopped = [kind for kind in CHANNELS if kind in unsafe]
    if not door.decoy:
        _stop_using(stopped, at=at)
    told = [f"Not safe any more, and marked so: {', '.join(stopped)}." if stopped else "", words]
    _say(door, Said.Kind.CONTACT, "\n".join(line for line in told if line), at=at)


def _stop_using(kinds: Sequence[str], *, at: datetime) -> None:
    """The database's own function does it for the person of the page that is presented, and for nobody else."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM journey_stop_using(%s)", [list(kinds)])
        changed = [key for (key,) in cursor.fetchall()]
    for key in changed:
        events.record("contact_point.changed", UUID(str(key)), by=PUBLIC_ACTOR, at=at, safe="no", verified=False)


@transaction.atomic
def stop(door: Door, *, at: datetime, what: str, words: str) -> None:
    """Asks us to stop: nothing goes to any way of theirs from this moment, and the worker is told gently what."""
    if not door.decoy:
        _stop_using(CHANNELS, at=at)
    told = [STOPPED.get(what, STOPPED["contact"]), words]
    _say(door, Said.Kind.STOP, "\n".join(line for line in told if line), at=at, what=what)


def _voice(door: Door, kind: str, body: Mapping[str, object], *, at: datetime, due_at: datetime | None) -> None:
    voice = Voice(
        id=uuid7(), page=door.page, case_id=door.page.case_id, victim_id=door.page.victim_id,
        provider_id=door.page.provider_id, kind=kind, said_at=at, due_at=due_at,
    )  # fmt: skip
    fields.write(voice, body=json.dumps(body), outcome="")
    voice.save(force_insert=True)
    events.record("voice.heard", voice.pk, by=PUBLIC_ACTOR, at=at, kind=kind)


@transaction.atomic
def complain(door: Door, *, at: datetime, words: str) -> None:
    """Complains to whoever manages the service; the worker does not see it, and a clock runs."""
    if door.decoy:
        _say(door, Said.Kind.WORDS, words, at=at)
        return
    until = due(at, working_days("own_page_complaint", london_date(at)))
    _voice(door, Voice.Kind.COMPLAINT, {"words": words}, at=at, due_at=until)


@transaction.atomic
def answer(door: Door, opened: Opened, *, at: datetime, answers: Mapping[str, str], words: str) -> None:
    """Says how it was, once; then the visit is over."""
    if any(answers.values()) or words:
        given = {code: one for code, one in answers.items() if one}
        until = due(at, working_days("own_page_complaint", london_date(at)))
        _voice(door, Voice.Kind.FEEDBACK, {"answers": given, "words": words}, at=at, due_at=until)
    intake.leave(opened.secret)
