"""Every write of intake: a visit kept while somebody types, the referral that they send, and coming back to it."""

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, connection, transaction
from django.utils.datastructures import MultiValueDict

from alongside.core import clocks, events
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.pages.steps import Answers
from alongside.core.privacy import crypt, fields
from alongside.core.rows import realms
from alongside.foundation.office.messages import actions as messages
from alongside.foundation.office.messages.models import ContactPoint
from alongside.foundation.office.organisations import queries as organisations
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.intake import queries, rules
from alongside.support.arrivals.intake.models import Sent, Visit
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.actions import Arrival, Point
from alongside.support.arrivals.referrals.models import Addition, Referral, Ticket
from alongside.support.arrivals.referrals.rules import NOT_KNOWN, status_word
from alongside.support.people.victims import actions as victims
from alongside.support.people.victims.actions import Identity
from alongside.support.people.victims.models import Agreement

Texts = Mapping[str, Sequence[str]]
SEALED_FOR = "intake_visit"
TOO_MANY = "Too many tries. Wait 15 minutes and try again, or phone us."
TOO_BUSY = "Many forms were started from this internet connection in the last hour."


@dataclass
class Opened:
    """A visit, opened by the secret that its browser holds. `answers` are texts as they were typed, by question."""

    visit: Visit
    secret: str
    answers: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    ticket: str = ""
    sent: dict[str, str] = field(default_factory=dict)
    service: str = ""
    chosen: str = ""

    def texts(self, step: str) -> MultiValueDict[str, str] | None:
        """What was typed at one question, for its form."""
        return MultiValueDict(self.answers[step]) if step in self.answers else None


def _lookup(secret: str) -> bytes:
    return crypt.blind("visit", secret)


def _body(opened: Opened) -> bytes:
    said = {"answers": opened.answers, "ticket": opened.ticket, "sent": opened.sent, "service": opened.service,
            "chosen": opened.chosen}  # fmt: skip
    return crypt.seal_under(opened.secret, SEALED_FOR, json.dumps(said))


@transaction.atomic
def start(*, caller: bytes, at: datetime, service: str = "", chosen: str = "") -> Opened:
    """Starts a visit, unless its connection (a blind index) started too many this hour. Raises RuleBroken.

    The count is kept for an hour under a blind index of the connection and the hour: it links no two hours.
    """
    window = rules.window(at)
    key = f"intake-visits-{crypt.blind('visits', f'{window}|{caller.hex()}').hex()}"
    started, allowed = int(cache.get(key, 0)), queries.visits_allowed(clocks.london_date(at))
    if allowed is not None and started >= allowed:
        raise RuleBroken(TOO_BUSY)
    cache.set(key, started + 1, int(rules.VISITS_WITHIN.total_seconds()))
    return begin(at=at, service=service, chosen=chosen)


@transaction.atomic
def begin(*, at: datetime, service: str = "", chosen: str = "") -> Opened:
    """Starts a visit under a fresh secret. `service`, `chosen`: name and key of the one chosen in Find help."""
    secret = secrets.token_urlsafe(24)
    realms.present_ticket(_lookup(secret))
    opened = Opened(Visit(lookup=_lookup(secret), started_at=at, seen_at=at), secret, service=service, chosen=chosen)
    opened.visit.body = _body(opened)
    opened.visit.save(force_insert=True)
    return opened


@transaction.atomic
def resume(secret: str, *, at: datetime) -> Opened | None:
    """The visit of a browser, locked for this request; None when it is over, and then nothing of it is left."""
    realms.present_ticket(_lookup(secret))
    visit = Visit.objects.select_for_update().filter(lookup=_lookup(secret)).first()
    if visit is None:
        return None
    if not rules.alive(visit.started_at, visit.seen_at, at):
        visit.delete()
        return None
    visit.seen_at = at
    visit.save(update_fields=["seen_at"])
    return Opened(visit, secret, **json.loads(crypt.unseal_under(secret, SEALED_FOR, bytes(visit.body))))


def _keep(opened: Opened) -> None:
    realms.present_ticket(_lookup(opened.secret))
    opened.visit.body = _body(opened)
    opened.visit.save(update_fields=["body"])


@transaction.atomic
def answer(opened: Opened, step: str, texts: Texts, *, undone: Sequence[str] = ()) -> None:
    """Keeps the answer to one question, in place of an earlier one; forgets those that it undoes."""
    answers = {**opened.answers, step: {name: list(values) for name, values in texts.items()}}
    opened.answers = {name: said for name, said in answers.items() if name not in undone}
    _keep(opened)


@transaction.atomic
def leave(secret: str) -> None:
    """Forgets a visit at once."""
    realms.present_ticket(_lookup(secret))
    Visit.objects.filter(lookup=_lookup(secret)).delete()


@transaction.atomic
def forget_old(*, at: datetime) -> int:
    """Deletes visits that are over; run by the worker. Returns how many."""
    idle = Visit.objects.filter(seen_at__lte=at - rules.IDLE)
    old = Visit.objects.filter(started_at__lte=at - rules.LONGEST)
    return (idle | old).delete()[0]


@transaction.atomic
def forget_counts(*, at: datetime) -> int:
    """Deletes counts of tries and visits whose time is over, which a cache would leave lying; run by the worker."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM core_cache WHERE expires < %s", [at])
        return cursor.rowcount


@transaction.atomic
def send(opened: Opened, answers: Answers, *, at: datetime) -> None:
    """Makes one referral of a visit, with the reference and phrase to come back with. Again: does nothing."""
    if opened.sent:
        return
    arrival = _arrival(answers, queries.service_note(opened.service, opened.chosen), at=at)
    referral = referrals.receive(arrival, by=PUBLIC_ACTOR, at=at)
    phrase = rules.new_phrase(os.urandom(16), queries.words())
    give_ticket(referral, phrase, at=at)
    reachable = list(rules.reachable(answers))
    on, call = clocks.london_date(at), answers.get("call") if rules.to_be_called(answers) else None
    events.record("referral.self_sent", referral.pk, by=PUBLIC_ACTOR, at=at, channels=reachable,
                  own=not rules.for_other(answers), call=queries.call_asked(call, on) if call else {})  # fmt: skip
    opened.answers = {}
    opened.sent = {
        "reference": referral.reference, "phrase": phrase, "audience": rules.audience(answers, on),
        "call": queries.call_words(call, on) if call else "",
        "due": clocks.london_date(referral.attempt_due_at).isoformat() if reachable else "",
    }  # fmt: skip
    _keep(opened)


def give_ticket(referral: Referral, phrase: str, *, at: datetime) -> None:
    """What they come back with; the phrase itself is kept nowhere."""
    lookup = crypt.blind("ticket", rules.ticket_key(referral.reference, phrase))
    realms.present_ticket(lookup)
    Ticket(
        id=uuid7(), referral=referral, hub_id=referral.hub_id, victim_id=referral.victim_id, lookup=lookup,
        word=status_word(referral.state, contacted=False), since=at,
    ).save(force_insert=True)  # fmt: skip


def _arrival(answers: Answers, service: str, *, at: datetime) -> Arrival:
    """The referral that a visitor's answers amount to."""
    on = clocks.london_date(at)
    hub = queries.hub_of(rules.council(answers))
    if hub is None:
        raise RuleBroken("We do not know which area this is for.", "council")
    happened = queries.happened(answers["what"]["what"], on)
    relation = rulebook.titles("acting_for", on).get(answers.get("them", {}).get("relation", ""), "not said")
    found = rules.ways(answers, queries.safe_times(on))
    told, when = answers["told"]["reported"], answers["when"]
    crime = rules.crime_type(answers, happened.text("crime_type"), happened.text("young_crime_type"), on)
    return Arrival(
        hub_id=hub.pk, source="self", identity=_identity(answers), council=rules.council(answers),
        crime_type=rulebook.service_crime_type(crime, on, business=True) if rules.for_business(answers) else crime,
        points=tuple(Point(**asdict(way)) for way in found), reported=told == "yes",
        why_not_reported=rules.why_not_reported(answers),
        occurred_from=when.get("day"), consent=rules.consent(answers),
        markers=_markers(answers, on), high_risk=rules.in_danger(answers),
        notes=rules.notes(answers, happened.title, relation, service, on=on),
    )  # fmt: skip


def _markers(answers: Answers, on: date) -> tuple[str, ...]:
    held = {
        "child": rules.young(answers, on), "business": rules.for_business(answers),
        "through_adult": queries.through_adult(answers, on),
        "danger_not_known": rules.danger_not_known(answers),
    }  # fmt: skip
    return tuple(marker for marker, holds in held.items() if holds)


def _identity(answers: Answers) -> Identity:
    name, language = answers["name"], answers["language"]
    needs = answers["needs"]
    said = [*needs.get("needs_titles", ()), needs.get("other", "")]
    business = rules.for_business(answers)
    return Identity(
        kind=rules.kind(answers), given_name=name["given_name"], family_name=name["family_name"],
        business_name=answers["firm"]["business_name"] if business else "",
        birth_date=None if business else answers["born"].get("birth_date"), language=language["language"],
        age_said=None if business else answers["born"].get("age"), said_under=rules.said_under(answers),
        interpreter=language["interpreter"] or "unknown", access_needs="; ".join(part for part in said if part),
        council=rules.council(answers),
    )  # fmt: skip


# Coming back.


def _tries_key(caller: bytes) -> str:
    return f"intake-tries-{caller.hex()}"


def may_try(caller: bytes) -> bool:
    """Whether a caller (a blind index of where they come from) has not failed too often lately."""
    return int(cache.get(_tries_key(caller), 0)) < rules.TRIES


def one_at_a_time(caller: bytes) -> None:
    """Tries of one caller wait for each other until their transaction ends: otherwise many at once count as few."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_tries_key(caller)])


def note_failure(caller: bytes) -> None:
    tried = int(cache.get(_tries_key(caller), 0))
    cache.set(_tries_key(caller), tried + 1, int(rules.TRIES_WITHIN.total_seconds()))


@transaction.atomic
def return_(reference: str, phrase: str, *, caller: bytes, at: datetime) -> Opened | None:
    """Opens what somebody sent, by reference and phrase; None for what does not match, and that is counted.

    One lookup, whichever of the two is wrong. Raises RuleBroken for a caller that has failed too often.
    """
    one_at_a_time(caller)
    if not may_try(caller):
        raise RuleBroken(TOO_MANY)
    lookup = crypt.blind("ticket", rules.ticket_key(reference, phrase))
    realms.present_ticket(lookup)
    if queries.ticket() is None:
        note_failure(caller)
        return None
    return come_with(lookup, at=at)


def come_with(lookup: bytes, *, at: datetime) -> Opened:
    """Begins a visit that holds the blind index of what its browser came back with."""
    opened = begin(at=at)
    opened.ticket = lookup.hex()
    _keep(opened)
    return opened


def ticket_of(opened: Opened) -> Ticket | None:
    """The ticket that a visit came back with."""
    if not opened.ticket:
        return None
    realms.present_ticket(bytes.fromhex(opened.ticket))
    return queries.ticket()


def _leave_word(ticket: Ticket, kind: str, words: str, *, at: datetime, **said: object) -> Addition:
    addition = Addition(id=uuid7(), ticket=ticket, victim_id=ticket.victim_id, kind=kind, added_at=at)
    fields.write(addition, words=words)
    addition.save(force_insert=True)
    events.record("referral.added_to", ticket.referral_id, by=PUBLIC_ACTOR, at=at, kind=kind, **said)
    return addition


@transaction.atomic
def add(ticket: Ticket, *, at: datetime, words: str) -> Addition:
    """Adds to what was told; a task for the hub until somebody has dealt with it."""
    return _leave_word(ticket, Addition.Kind.WORDS, words, at=at)


@transaction.atomic
def change(ticket: Ticket, *, at: datetime, unsafe: Sequence[str], words: str) -> Addition:
    """Says what is no longer safe, which the worker stops at once, and in words what is safe now."""
    told = [f"No longer safe: {', '.join(unsafe)}." if unsafe else "", words]
    return _leave_word(
        ticket, Addition.Kind.CONTACT, "\n".join(line for line in told if line), at=at, unsafe=list(unsafe)
    )


@transaction.atomic
def withdraw(ticket: Ticket, *, at: datetime, words: str) -> Addition:
    """Asks us to stop: nothing automatic goes out any more, and the hub is told."""
    if ticket.withdrawn_at is None:
        ticket.withdrawn_at = at
        ticket.save(update_fields=["withdrawn_at"])
    words = words or "They ask us to stop."
    return _leave_word(ticket, Addition.Kind.WITHDRAW, words, at=at, unsafe=["phone", "email"])


# For the worker.


@transaction.atomic
def stop_using(victim_id: UUID, kinds: Sequence[str], *, by: Actor, at: datetime) -> int:
    """Marks a victim's ways of contact of these kinds as unsafe. Returns how many changed."""
    points = ContactPoint.objects.filter(person_id=victim_id, kind__in=kinds, retired_at=None).exclude(safe="no")
    found = list(points)
    for point in found:
        messages.change_safety(point, by=by, at=at, safe="no")
    return len(found)


@transaction.atomic
def note_agreements(referral: Referral, channels: Sequence[str], *, by: Actor, at: datetime) -> None:
    """Records the agreement to be contacted, by channel, that a victim gave in the form. Once."""
    known = Agreement.objects.filter(victim=referral.victim_id, about=Agreement.About.CONTACT)
    for channel in set(channels) - set(known.values_list("channel", flat=True)):
        victims.agree(referral.victim, by=by, at=at, about="contact", given=True, channel=channel, how="self")


# A referrer's form.


@transaction.atomic
def refer(said: Mapping[str, Any], *, by: Actor, at: datetime, token: UUID) -> str:
    """Sends one person to the hub for a partner agency. Returns the reference; again with one token: the same."""
    if rules.faults(said) or said["consent"] == "no":
        raise RuleBroken("This referral cannot be sent yet.")
    if before := _sent_before(token):
        return before.reference
    try:
        with transaction.atomic():
            return _refer(said, by=by, at=at, token=token)
    except IntegrityError:  # sent from another window meanwhile: what this one wrote is undone
        return Sent.objects.get(token=token).reference


def _sent_before(token: UUID) -> Sent | None:
    return Sent.objects.filter(token=token).first()


def _refer(said: Mapping[str, Any], *, by: Actor, at: datetime, token: UUID) -> str:
    assert by.organisation_id is not None
    referral = referrals.receive(_referral(said, by=by), by=by, at=at)
    events.record("referral.referred", referral.pk, by=by, at=at, consent=said["consent"])
    Sent(
        token=token, organisation_id=by.organisation_id, reference=referral.reference, sent_at=at
    ).save(force_insert=True)  # fmt: skip
    return referral.reference


def _referral(said: Mapping[str, Any], *, by: Actor) -> Arrival:
    """What a referrer's form amounts to. The hub is that of the victim's council, or else of the referrer's area."""
    assert by.organisation_id is not None
    own = Organisation.objects.get(pk=by.organisation_id)
    hub = queries.hub_of(said["postcode"]) or organisations.hub_for_force(own.force_id)
    if hub is None:
        raise RuleBroken("No hub takes referrals for this area yet.", "postcode")
    asked = said["consent"] != "not_asked"
    notes = said["notes"] if asked else f"Could not be asked: {said['why_not_asked']}\n{said['notes']}".strip()
    return Arrival(
        hub_id=hub.pk, source="partner", identity=Identity(**rules.identity(said)), crime_type=said["crime_type"],
        points=_points(said),
        source_organisation=by.organisation_id, source_ref=said["source_ref"], referred_by=by.user_id,
        reported=said["reported"] == "yes", why_not_reported=NOT_KNOWN if said["reported"] == "unknown" else "",
        occurred_from=said["occurred_from"], council=said["postcode"],
        high_risk=said["high_risk"] == "yes" or not asked, consent="yes" if asked else "unknown", officer=by.name,
        notes=notes, **rules.flags(said),
    )  # fmt: skip


def _points(said: Mapping[str, Any]) -> tuple[Point, ...]:
    """Ways of contact on another's word: none is verified, so nothing automatic goes to them."""
    return tuple(
        Point(kind, said[kind], said[f"{kind}_safe"], safe_times=said["safe_times"], instructions=rules.told_to(said))
        for kind in ("phone", "email") if said[kind]
    )  # fmt: skip
