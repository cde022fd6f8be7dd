"""Every write of events: setting one up, making a phone ready, an entry's way in, and mending what was held."""

import secrets
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.core.cache import cache
from django.db import IntegrityError, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import PUBLIC_ACTOR, Actor
from alongside.core.errors import RuleBroken
from alongside.core.models import PersonKey
from alongside.core.privacy import crypt, fields
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.actions import Arrival, Point
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.rules import NOT_KNOWN
from alongside.support.desk.onthespot import lifecycle, queries, rules
from alongside.support.desk.onthespot.models import Entry, Key, Occasion, Phone
from alongside.support.desk.onthespot.rules import NotTaken, Said
from alongside.support.people.victims.actions import Identity

HOUR = 3600
KEPT_AFTER = timedelta(days=7)  # a key after the last moment of sending, so that what was held can be tried again
TOO_MANY = "This phone has sent many entries in the last hour. They stay on it, and it tries again."


class Over(Exception):
    """A phone may not send any more: it was stopped, or its event is over. It then forgets everything it holds."""


# An event.


@transaction.atomic
def set_up(
    *, by: Actor, at: datetime, starts_at: datetime, ends_at: datetime, organisations: Collection[int],
    services: Collection[str], **said: str,
) -> Occasion:  # fmt: skip
    """Sets an event up, with keys of its own: what its phones take is opened by nothing else."""
    assert by.organisation_id is not None
    rules.check_times(starts_at, ends_at)
    public, private = rules.new_key()
    occasion = Occasion(
        hub_id=by.organisation_id, visible_orgs=sorted({by.organisation_id, *organisations}), starts_at=starts_at,
        ends_at=ends_at, services=list(services), public_key=public, **said,
    )  # fmt: skip
    occasion.save(force_insert=True)
    key = Key(occasion=occasion, hub_id=occasion.hub_id)
    fields.write(key, private=private)
    key.save(force_insert=True)
    events.record("occasion.set_up", occasion.pk, by=by, at=at, kind=occasion.kind)
    return occasion


@transaction.atomic
def change(
    occasion: Occasion, *, by: Actor, at: datetime, starts_at: datetime, ends_at: datetime,
    organisations: Collection[int], services: Collection[str], **said: str,
) -> None:  # fmt: skip
    """Puts right what is known of an event. Phones that are out already keep the end that they were told."""
    rules.check_times(starts_at, ends_at)
    held = Occasion.objects.select_for_update().get(pk=occasion.pk)
    wanted = {**said, "starts_at": starts_at, "ends_at": ends_at, "services": list(services),
              "visible_orgs": sorted({held.hub_id, *organisations})}  # fmt: skip
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    for name in changed:
        setattr(held, name, wanted[name])
    held.save(update_fields=changed)
    events.record("occasion.changed", held.pk, by=by, at=at, changed=changed)


# A phone.


@transaction.atomic
def take_phone(occasion: Occasion, *, by: Actor, at: datetime) -> str:
    """Makes a worker's phone ready for an event. Returns its token, told once: it sends entries and opens nothing."""
    assert by.organisation_id is not None and by.user_id is not None
    rules.check_open(occasion.starts_at, occasion.ends_at, at)
    token = secrets.token_urlsafe(24)
    phone = Phone(
        occasion=occasion, hub_id=occasion.hub_id, organisation_id=by.organisation_id, user_id=by.user_id,
        lookup=queries.lookup(token), taken_at=at, sends_until=queries.last_moment(occasion),
    )  # fmt: skip
    phone.save(force_insert=True)
    events.record("phone.taken", phone.pk, by=by, at=at, occasion=str(occasion.pk))
    return token


@transaction.atomic
def stop_phone(phone: Phone, *, by: Actor, at: datetime) -> None:
    """A phone that was lost or stolen sends nothing any more, and forgets what it holds when it next asks."""
    held = Phone.objects.select_for_update().get(pk=phone.pk)
    if held.stopped_at is not None:
        raise RuleBroken("This phone was stopped already.")
    _stop(held, "hub", by=by, at=at)


def _stop(phone: Phone, why: str, *, by: Actor, at: datetime) -> None:
    phone.stopped_at, phone.stopped_why = at, why
    phone.save(update_fields=["stopped_at", "stopped_why"])
    events.record("phone.stopped", phone.pk, by=by, at=at, why=why)


@transaction.atomic
def give_back(token: str, *, at: datetime) -> None:
    """The worker signed out on the phone: its token is worth nothing from now on. Safe to repeat."""
    phone = queries.phone_of(token)
    if phone is not None and phone.stopped_at is None:
        _stop(phone, "worker", by=PUBLIC_ACTOR, at=at)


# An entry.


@transaction.atomic
def send(token: str, entry: UUID, envelope: bytes, taken: object, *, at: datetime) -> bool:
    """Takes an entry from a phone, sealed as it is. Whether it is new: sending again is answered as the first time was.

    Raises Over for a phone that may not send, and RuleBroken for one that sends too much at once.
    """
    phone = queries.phone_of(token)
    if phone is None or phone.stopped_at is not None or at > phone.sends_until:
        raise Over
    _count(phone, at)
    made = Entry(
        id=entry, occasion_id=phone.occasion_id, phone=phone, hub_id=phone.hub_id, envelope=envelope, arrived_at=at,
        taken_at=rules.moment_taken(taken, since=phone.taken_at, arrived_at=at),
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return False
    events.record("spot_entry.arrived", made.pk, by=PUBLIC_ACTOR, at=at, occasion=str(phone.occasion_id))
    return True


def _count(phone: Phone, at: datetime) -> None:
    key = f"spot-{phone.pk.hex}-{int(at.timestamp() // HOUR)}"
    sent = int(cache.get(key, 0))
    if sent >= queries.limit("spot_entries", clocks.london_date(at)):
        raise RuleBroken(TOO_MANY)
    cache.set(key, sent + 1, HOUR)


@transaction.atomic
def open_(entry: Entry, *, by: Actor, at: datetime) -> None:
    """Opens an entry and takes it in; what cannot be is held whole, with the reason. Worker's realm; safe to repeat."""
    held = Entry.objects.select_for_update(of=("self",)).select_related("occasion", "phone").get(pk=entry.pk)
    if held.state != Entry.State.WAITING:
        return
    try:
        said = rules.read(_unsealed(held), queries.codes(clocks.london_date(held.taken_at)))
    except NotTaken as not_taken:
        _quarantine(held, not_taken, by=by, at=at)
        return
    _take_in(held, said, "take_in", by=by, at=at)


def _unsealed(entry: Entry) -> str:
    key = Key.objects.filter(occasion_id=entry.occasion_id).first()
    if key is None:
        raise NotTaken("unreadable")
    about = rules.bound(entry.occasion_id, entry.pk)
    return rules.unseal(fields.read(key, "private"), about, bytes(entry.envelope))


def _quarantine(entry: Entry, not_taken: NotTaken, *, by: Actor, at: datetime) -> None:
    """What opened is sealed anew, for the hub to read; what did not stays as it came."""
    entry.state, entry.why = lifecycle.entry.target(entry.state, "quarantine"), not_taken.code
    fields.write(entry, plain=not_taken.said)
    entry.guarded = queries.is_guarded(not_taken.said, clocks.london_date(at))
    entry.save(update_fields=["state", "why", "plain", "guarded"])
    events.record("spot_entry.quarantined", entry.pk, by=by, at=at, why=not_taken.code)


def _take_in(entry: Entry, said: Said, move: str, *, by: Actor, at: datetime) -> Referral:
    """The referral of an entry, of which nothing is kept here from then on."""
    entry.state = lifecycle.entry.target(entry.state, move)
    referral = referrals.receive(_arrival(entry, said), by=by, at=at)
    _settle(entry, by=by, at=at)
    events.record("spot_entry.taken_in", entry.pk, by=by, at=at, referral=str(referral.pk), move=move)
    return referral


def _settle(entry: Entry, *, by: Actor, at: datetime) -> None:
    entry.envelope, entry.plain, entry.why, entry.settled_at, entry.settled_by = b"", b"", "", at, by.user_id
    entry.save(update_fields=["state", "why", "envelope", "plain", "settled_at", "settled_by"])


def _arrival(entry: Entry, said: Said) -> Arrival:
    on, occasion = clocks.london_date(entry.taken_at), entry.occasion
    chosen, young = queries.crime(said["happened"], on), said["age"] == "young"
    crime = (young and chosen.text("young_crime_type")) or chosen.text("crime_type")
    return Arrival(
        hub_id=occasion.hub_id, source=queries.SOURCE, source_ref=str(entry.pk),
        referred_by=entry.phone.user_id if entry.phone else entry.settled_by,
        identity=Identity(given_name=said["given_name"], family_name=said["family_name"],
                          said_under=18 if said["age"] == "young" else None, council=occasion.council),
        points=_points(said, queries.hours(on)), crime_type=crime, council=occasion.council, reported=False,
        why_not_reported=NOT_KNOWN, high_risk=said["danger"] == "yes", markers=("child",) if young else (),
        consent="yes", notes=rules.notes(said, chosen.title, occasion.name),
    )  # fmt: skip


def _points(said: Said, hours: Mapping[str, str]) -> tuple[Point, ...]:
    """Ways of contact that the person gave to a worker by voice: verified where they said that they are safe."""
    times = [hours.get(code, code) for code in said["times"]]
    together = (";" if all(":" in time for time in times) else "; ").join(times)[:100]
    return tuple(
        Point(
            kind, said[kind], said[f"{kind}_safe"] if said[f"{kind}_safe"] in ("yes", "no") else "unknown",
            safe_times=together if kind == "phone" else "", instructions=said["others"],
            leave_message=kind == "phone" and said["message"] == "yes",
            verified_how="by_voice" if said[f"{kind}_safe"] == "yes" else "",
        ) for kind in ("phone", "email") if said[kind]
    )  # fmt: skip


# The hub, and a worker who has a signal.


@transaction.atomic
def take(occasion: Occasion, *, by: Actor, at: datetime, entry: UUID, said: Mapping[str, Any]) -> Referral | None:
    """Takes a referral on the page of the hub, for an event, without a phone's store. Again with one key: nothing."""
    checked = _checked(said, at)
    made = Entry(id=entry, occasion=occasion, hub_id=occasion.hub_id, taken_at=at, arrived_at=at, settled_by=by.user_id)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return None
    return _take_in(made, checked, "take_in", by=by, at=at)


def _checked(said: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    tidied = rules.tidy(said)
    if code := rules.fault(tidied, queries.codes(clocks.london_date(at))):
        raise RuleBroken(f"{rules.WHY[code]}.", FIELD_OF.get(code))
    return tidied


FIELD_OF = {"no_name": "given_name", "not_agreed": "agreed", "bad_phone": "phone", "bad_email": "email",
            "unsafe_not_said": "phone_safe"}  # fmt: skip


def _held(key: UUID) -> Entry:
    found = Entry.objects.select_for_update(of=("self",)).select_related("occasion", "phone").filter(pk=key).first()
    if found is None:
        raise RuleBroken("This entry is no longer open to you.")
    return found


@transaction.atomic
def mend(entry: Entry, *, by: Actor, at: datetime, said: Mapping[str, Any]) -> Referral:
    """Takes in what was held, as somebody at the hub put it right."""
    return _take_in(_held(entry.pk), _checked(said, at), "mend", by=by, at=at)


@transaction.atomic
def set_aside(entry: Entry, *, by: Actor, at: datetime) -> None:
    """Nothing can be made of it: its content is forgotten, that it came is not."""
    held = _held(entry.pk)
    why = held.why
    held.state = lifecycle.entry.target(held.state, "set_aside")
    _settle(held, by=by, at=at)
    events.record("spot_entry.set_aside", held.pk, by=by, at=at, why=why)


@transaction.atomic
def try_again(entry: Entry, *, by: Actor, at: datetime) -> None:
    """Asks the worker to open it once more, after what stood in its way was put right."""
    held = _held(entry.pk)
    held.state = lifecycle.entry.target(held.state, "try_again")
    held.save(update_fields=["state"])
    events.record("spot_entry.arrived", held.pk, by=by, at=at, again=True)


# For the worker.


@transaction.atomic
def forget_keys(*, by: Actor, at: datetime) -> int:
    """Destroys the keys of events from which nothing can come any more and of which nothing waits. Returns how many."""
    over = Key.objects.filter(occasion__ends_at__lt=at - KEPT_AFTER).select_related("occasion")
    waiting = Entry.objects.filter(state__in=[Entry.State.WAITING, Entry.State.QUARANTINED]).values("occasion_id")
    found = [key for key in over.exclude(occasion_id__in=waiting) if queries.last_moment(key.occasion) < at]
    gone = [key.occasion_id for key in found]
    Key.objects.filter(occasion_id__in=gone).delete()
    PersonKey.objects.filter(person_id__in=gone).delete()
    crypt.forget()
    events.record_many("occasion.key_destroyed", gone, by=by, at=at)
    return len(gone)
