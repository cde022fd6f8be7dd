"""Writes of those who work on a case: what the page shows, the ways that open it, and what is done with what came."""

import json
import os
import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import due, london_date
from alongside.core.errors import RuleBroken
from alongside.core.models import Event
from alongside.core.privacy import crypt, fields
from alongside.foundation.office.messages.models import Outgoing
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake import queries as intake
from alongside.support.arrivals.intake import rules as phrases
from alongside.support.cases.agenda import actions as agenda
from alongside.support.cases.casework import actions as casework
from alongside.support.cases.casework.models import Case
from alongside.support.cases.casework.queries import working_days
from alongside.support.cases.casework.rules import STALE
from alongside.support.cases.journey import queries, rules
from alongside.support.cases.journey.models import Key, Page, Said, Voice
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.models import Agreement

NOT_ON = "Turn the page on first."
OPENS = "page/link/{}/"


@transaction.atomic
def set_up(
    case: Case, *, by: Actor, at: datetime, parts: Collection[str], called: str, words: str, decoy: str, seen: int
) -> Page:  # fmt: skip
    """Says what the page shows. One that is turned on shows it at once. `seen`: the version that its writer read."""
    case = casework.locked(case)
    page = Page.objects.select_for_update(of=("self",)).filter(case=case).first()
    if (page.version if page else 0) != seen:
        raise RuleBroken(STALE)
    _check(case, at=at, called=called, words=words, decoy=decoy)
    page = page or Page(
        case=case, victim_id=case.victim_id, provider_id=case.provider_id, handle=os.urandom(16), version=0,
        written_at=at,
    )  # fmt: skip
    page.parts, page.called, page.called_for, page.decoy = rules.parts(parts), called, case.worker, decoy
    if page.state == Page.State.ENDED:
        page.state, page.ended_at = Page.State.OFF, None
    page.version += 1
    fields.write(page, words=words)
    _write(case, page, at=at)
    page.save()
    events.record("journey.set_up", case.pk, by=by, at=at, parts=page.parts, named=bool(called))
    return page


def _check(case: Case, *, at: datetime, called: str, words: str, decoy: str) -> None:
    on = london_date(at)
    if fault := rules.wrong_name(called):
        raise RuleBroken(fault, "called")
    if called and case.worker is None:
        raise RuleBroken("Nobody works on this case yet: give it to somebody before a name is shown.", "called")
    if fault := queries.wrong_words(case, words, on):
        raise RuleBroken(fault, "words")
    if decoy and rulebook.find("decoy_pages", decoy, on) is None:
        raise RuleBroken("Choose what the other page is about.", "decoy")


def _write(case: Case, page: Page, *, at: datetime) -> None:
    page.written_at = at
    fields.write(page, content=json.dumps(queries.written(case, page)))


def _held(case: Case, *, on: bool) -> Page:
    """The page of a case that goes on, held."""
    casework.locked(case)
    page: Page | None = Page.objects.select_for_update(of=("self",)).filter(case=case).first()
    if page is None or (on and page.state != Page.State.ON):
        raise RuleBroken(NOT_ON)
    return page


@transaction.atomic
def turn_on(case: Case, *, by: Actor, at: datetime, checked: bool = False) -> Page:
    """Turns the page on, once whoever does has looked at it. Nobody can open it before a way is given to do so."""
    page = _held(case, on=False)
    if why := queries.not_for(case, london_date(at), checked=checked):
        raise RuleBroken(why)
    if page.state == Page.State.ON:
        return page
    page.state, page.turned_on_at = Page.State.ON, at
    _write(case, page, at=at)
    page.save(update_fields=["state", "turned_on_at", "written_at", "content"])
    events.record("journey.turned_on", case.pk, by=by, at=at, parts=page.parts)
    return page


@transaction.atomic
def turn_off(case: Case, *, by: Actor, at: datetime) -> Page:
    """Nothing opens the page any more, and what is open closes with the next press."""
    page = _held(case, on=True)
    page.state = Page.State.OFF
    page.save(update_fields=["state"])
    _end_keys(page, at=at)
    events.record("journey.turned_off", case.pk, by=by, at=at)
    return page


def _end_keys(page: Page, *, at: datetime, kinds: Collection[str] = Key.Kind.values) -> int:
    return Key.objects.filter(page=page, kind__in=kinds, ended_at=None).update(ended_at=at)


@transaction.atomic
def give_phrase(case: Case, *, by: Actor, at: datetime, decoy: bool = False) -> str:
    """Four new words that open the page with the case's reference, told once; those before open nothing any more.

    `decoy`: words that open the other page.
    """
    page = _held(case, on=True)
    kind = Key.Kind.DECOY if decoy else Key.Kind.PHRASE
    if decoy and not page.decoy:
        raise RuleBroken("Choose what the other page is about first.", "decoy")
    phrase = phrases.new_phrase(os.urandom(16), intake.words())
    _end_keys(page, at=at, kinds=(kind,))
    _key(page, kind, crypt.blind("ticket", phrases.ticket_key(case.reference, phrase)), by=by, at=at)
    events.record("journey.phrase_given", case.pk, by=by, at=at, kind=kind)
    return phrase


def _key(
    page: Page, kind: str, lookup: bytes, *, by: Actor, at: datetime, expires_at: datetime | None = None
) -> None:  # fmt: skip
    Key(
        page=page, victim_id=page.victim_id, handle=page.handle, kind=kind, lookup=lookup, given_at=at,
        given_by=by.user_id, expires_at=expires_at,
    ).save(force_insert=True)  # fmt: skip


@transaction.atomic
def stop_ways(case: Case, *, by: Actor, at: datetime, kind: str) -> None:
    """Words or links of a kind open nothing any more."""
    page = _held(case, on=False)
    if _end_keys(page, at=at, kinds=(kind,)):
        events.record("journey.ways_stopped", case.pk, by=by, at=at, kind=kind)


@transaction.atomic
def send_link(case: Case, *, by: Actor, at: datetime) -> Outgoing:
    """Asks that a link which opens the page once goes to the victim's verified safe way, or is refused with why."""
    return _send(_held(case, on=True), case, Key.Kind.LINK, "own_page", "own_page_link", by=by, at=at)


@transaction.atomic
def invite(case: Case, *, by: Actor, at: datetime) -> Outgoing:
    """After the end asks how it was, by the same door. Refused with the reason where asking would not be safe."""
    if why := queries.not_asked(case, london_date(at)):
        raise RuleBroken(why)
    page = Page.objects.select_for_update(of=("self",)).filter(case=case).first()
    if page is None:
        page = Page(
            case=case, victim_id=case.victim_id, provider_id=case.provider_id, handle=os.urandom(16),
            state=Page.State.ENDED, ended_at=at, written_at=at,
        )  # fmt: skip
        page.save(force_insert=True)
    return _send(page, case, Key.Kind.FEEDBACK, "how_was_it", "own_page_feedback", by=by, at=at)


def _send(page: Page, case: Case, kind: str, template: str, limit: str, *, by: Actor, at: datetime) -> Outgoing:
    """One link that opens once; the one before opens nothing any more. Pressed twice at once it is one."""
    token = secrets.token_urlsafe(24)
    item = victims.send(
        case.victim, by=by, at=at, template=template, link=f"{settings.SITE_URL}/{OPENS.format(token)}"
    )  # fmt: skip
    if item.asked_at == at and item.state == Outgoing.State.WAITING:
        _end_keys(page, at=at, kinds=(kind,))
        until = queries.link_until(item.not_before or at, limit, london_date(at))
        _key(page, kind, queries.token_lookup(token), by=by, at=at, expires_at=until)
        events.record("journey.link_sent", case.pk, by=by, at=at, kind=kind)
    return item


@transaction.atomic
def read(said: Said, *, by: Actor, at: datetime) -> None:
    """Somebody has read what was said and seen to it. Pressed twice it is once."""
    fresh = Said.objects.select_for_update(of=("self",)).get(pk=said.pk)
    if fresh.read_at:
        return
    fresh.read_at, fresh.read_by = at, by.user_id
    fresh.save(update_fields=["read_at", "read_by"])
    agenda.drop(fresh.case, by=by, at=at, kind=rules.SAID, about=fresh.pk)
    events.record("journey.read", fresh.case_id, by=by, at=at, kind=fresh.kind)


@transaction.atomic
def take(voice: Voice, *, by: Actor, at: datetime) -> None:
    """A manager has read a complaint and sees to it: from now on it is due when the answer is. Twice is once."""
    fresh = Voice.objects.select_for_update(of=("self",)).get(pk=voice.pk)
    if fresh.taken_at or fresh.settled_at or fresh.due_at is None:
        return
    fresh.taken_at = at
    fresh.save(update_fields=["taken_at"])
    agenda.put(fresh.case, by=by, at=at, kind=rules.COMPLAINT, about=fresh.pk, due_at=fresh.due_at)
    events.record("voice.taken", fresh.pk, by=by, at=at)


@transaction.atomic
def settle(voice: Voice, *, by: Actor, at: datetime, outcome: str) -> None:
    """A manager has answered a complaint, or read how it was, and says what came of it."""
    fresh = Voice.objects.select_for_update(of=("self",)).get(pk=voice.pk)
    if fresh.settled_at:
        raise RuleBroken("Somebody has settled this meanwhile.")
    if fresh.kind == Voice.Kind.COMPLAINT and not outcome.strip():
        raise RuleBroken("Say how it was answered.", "outcome")
    fresh.settled_at, fresh.settled_by = at, by.user_id
    fields.write(fresh, outcome=outcome)
    fresh.save(update_fields=["settled_at", "settled_by", "outcome"])
    agenda.drop(fresh.case, by=by, at=at, kind=rules.COMPLAINT, about=fresh.pk)
    events.record("voice.settled", fresh.pk, by=by, at=at, kind=fresh.kind)


# For the worker that runs jobs.


@transaction.atomic
def refresh(case: Case, *, at: datetime) -> None:
    """Writes the page out again after something of the case has changed. No event: what changed has its own."""
    page = Page.objects.select_for_update(of=("self",)).filter(case=case, state=Page.State.ON).first()
    if page:
        _write(case, page, at=at)
        page.save(update_fields=["content", "written_at"])


@transaction.atomic
def end(case: Case, *, by: Actor, at: datetime) -> None:
    """The case has closed: nothing opens its page any more, and what it said is gone."""
    page = Page.objects.select_for_update(of=("self",)).filter(case=case).exclude(state=Page.State.ENDED).first()
    if page is None or case.state != Case.State.CLOSED:
        return
    page.state, page.ended_at, page.content = Page.State.ENDED, at, b""
    page.save(update_fields=["state", "ended_at", "content"])
    _end_keys(page, at=at)
    events.record("journey.ended", case.pk, by=by, at=at)


def _note(name: str, case: Case, *, by: Actor, at: datetime, **details: object) -> None:
    """An event of the public's realm once more where the provider reads: once for each moment."""
    if not Event.objects.filter(name=name, subject=case.pk, at=at).exists():
        by = replace(by, organisation_id=case.provider_id)
        events.record(name, case.pk, by=by, at=at, **details)


@transaction.atomic
def tell(said: Said, *, by: Actor, at: datetime) -> None:
    """What was said comes into the worker's day, and onto the log of the case. Safe to repeat."""
    _note("journey.told", said.case, by=by, at=said.said_at, kind=said.kind)
    if said.read_at is None:
        until = due(said.said_at, working_days("own_page_read", london_date(said.said_at)))
        agenda.put(
            said.case, by=by, at=at, kind=rules.SAID, about=said.pk, due_at=until, details={"kind": said.kind}
        )  # fmt: skip


@transaction.atomic
def tell_manager(voice: Voice, *, by: Actor, at: datetime) -> None:
    """A complaint comes into the manager's day to be read, and never onto the page of the case. Safe to repeat."""
    if voice.settled_at is None and voice.taken_at is None and voice.kind == Voice.Kind.COMPLAINT:
        until = due(voice.said_at, working_days("own_page_read", london_date(voice.said_at)))
        agenda.put(voice.case, by=by, at=at, kind=rules.COMPLAINT, about=voice.pk, due_at=until)


@transaction.atomic
def warn(case: Case, *, by: Actor, at: datetime) -> None:
    """Somebody has opened the other page: a sign of risk, for today. Once for each opening."""
    if Event.objects.filter(name="journey.warned", subject=case.pk, at=at).exists():
        return
    _note("journey.warned", case, by=by, at=at)
    agenda.put(case, by=by, at=at, kind=rules.DECOY, about=case.pk, due_at=at)


@transaction.atomic
def heed(case: Case, *, by: Actor, at: datetime) -> None:
    """Somebody has seen that the other page was opened, and has thought of what it means."""
    Page.objects.filter(case=case).update(heeded_at=at)
    agenda.drop(case, by=by, at=at, kind=rules.DECOY)
    events.record("journey.heeded", case.pk, by=by, at=at)


@transaction.atomic
def stop_contact(said: Said, *, by: Actor, at: datetime) -> None:
    """They asked us to stop: no agreement to be supported or written to stands any more. Safe to repeat."""
    victims.stop(said.case.victim, by=by, at=said.said_at)
    about = Agreement.About.CONTACT
    for channel in ("text", "email"):
        known = Agreement.objects.filter(victim=said.victim_id, about=about, channel=channel, given=False)
        if not known.filter(recorded_at=said.said_at).exists():
            victims.agree(
                said.case.victim, by=by, at=said.said_at, about=about, given=False, channel=channel, how="own_page"
            )  # fmt: skip
