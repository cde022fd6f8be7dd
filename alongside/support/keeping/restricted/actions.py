"""Every write of restricted records: restricting, naming, lifting, breaking the seal and judging that."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.privacy import fields
from alongside.core.rows import records
from alongside.foundation.office.messages import queries as messages
from alongside.foundation.office.messages.models import Outgoing
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.rules import tidy_reference
from alongside.support.keeping.restricted import lifecycle, queries, rules
from alongside.support.keeping.restricted.models import Breaking, Conflict, Crossing, Restriction
from alongside.support.people.victims.models import Victim
from alongside.support.people.victims.queries import same_people

NOTHING_FITS = "No record that you could open this way has that reference. Check it, letter by letter."


def _here(by: Actor) -> tuple[UUID, int]:
    assert by.user_id is not None and by.organisation_id is not None
    return by.user_id, by.organisation_id


@transaction.atomic
def restrict(
    victim: Victim, *, by: Actor, at: datetime, reason: str, words: str, people: Collection[UUID]
) -> Restriction:
    """Puts all of a person's records behind the people chosen here. Those of other organisations follow by rule."""
    user, place = _here(by)
    if reason not in dict(queries.reasons(clocks.london_date(at))):
        raise RuleBroken("Choose why it is restricted.", "reason")
    chosen = [person for person in queries.colleagues(place) if person in set(people)]
    if not chosen:
        raise RuleBroken("Name at least one person here.", "people")
    Victim.objects.select_for_update(of=("self",)).get(pk=victim.pk)
    if queries.restriction_of(victim):
        raise RuleBroken("Somebody has restricted this record meanwhile.")
    made = Restriction(victim=victim, hub_id=victim.hub_id, reason=reason, restricted_at=at, restricted_by=user)
    made.chosen_at = at
    fields.write(made, words=words)
    made.save(force_insert=True)
    for person in (user, *chosen):  # whoever restricts it sees it done, and may take themselves from the names
        records.name(victim.pk, person, place, why="chosen")
    records.seal(victim.pk)
    events.record("record.restricted", victim.pk, by=by, at=at, reason=reason, by_rule=False)
    return made


def _restricted(victim: Victim) -> Restriction:
    """The restriction that stands, locked."""
    found = Restriction.objects.select_for_update(of=("self",)).filter(victim=victim)
    held = found.exclude(state=lifecycle.LIFTED).first()
    if held is None:
        raise RuleBroken("This record is not restricted any more.")
    return held


@transaction.atomic
def name(victim: Victim, *, by: Actor, at: datetime, person: UUID) -> None:
    """Names a colleague."""
    _, place = _here(by)
    held = _restricted(victim)
    if person not in queries.colleagues(place):
        raise RuleBroken("Choose somebody who works here now and may read records.", "person")
    records.name(victim.pk, person, place, why="chosen")
    _chosen(held, at)
    events.record("record.named", victim.pk, by=by, at=at, user=str(person))


@transaction.atomic
def unname(victim: Victim, *, by: Actor, at: datetime, person: UUID) -> None:
    """Takes a colleague from the names; never the last one here, nor the last privacy officer."""
    _, place = _here(by)
    held = _restricted(victim)
    here = {
        one.user_id for one in records.named(victim.pk) if one.organisation_id == place and one.until is None
    }  # fmt: skip
    if against := rules.unname_obstacle(person, named=here, keepers=queries.keepers(here, place)):
        raise RuleBroken(against)
    _chosen(held, at)
    records.unname(victim.pk, person, place)  # last: it may be themselves
    events.record("record.unnamed", victim.pk, by=by, at=at, user=str(person))


def _chosen(held: Restriction, at: datetime) -> None:
    """Somebody has chosen: from now on the rule names nobody by itself."""
    held.chosen_at = held.chosen_at or at
    held.save(update_fields=["chosen_at"])


@transaction.atomic
def ask_to_lift(victim: Victim, *, by: Actor, at: datetime, why: str) -> None:
    """Asks that a record be opened to its organisations again. Nothing happens until a second person confirms."""
    held = _restricted(victim)
    held.state = lifecycle.restriction.target(held.state, "ask_to_lift")
    held.lift_asked_by, held.lift_asked_at = by.user_id, at
    fields.write(held, lift_why=why)
    held.save(update_fields=["state", "lift_asked_by", "lift_asked_at", "lift_why"])
    events.record("record.lift_asked", victim.pk, by=by, at=at)


@transaction.atomic
def keep(victim: Victim, *, by: Actor, at: datetime) -> None:
    """Refuses to lift it, or takes the asking back."""
    held = _restricted(victim)
    held.state = lifecycle.restriction.target(held.state, "keep")
    held.lift_asked_by = held.lift_asked_at = None
    held.lift_why = b""
    held.save(update_fields=["state", "lift_asked_by", "lift_asked_at", "lift_why"])
    events.record("record.kept_restricted", victim.pk, by=by, at=at)


@transaction.atomic
def lift(victim: Victim, *, by: Actor, at: datetime) -> None:
    """The second person confirms: the record is open again to whoever its organisations are by now."""
    held = _restricted(victim)
    state = lifecycle.restriction.target(held.state, "lift")
    if against := rules.lift_obstacle(by.user_id, held.lift_asked_by):
        raise RuleBroken(against)
    held.state, held.lifted_by, held.lifted_at = state, by.user_id, at
    held.save(update_fields=["state", "lifted_by", "lifted_at"])
    records.unseal(victim.pk)
    events.record("record.lifted", victim.pk, by=by, at=at)


@dataclass(frozen=True)
class Opened:
    """What a broken seal shows, and until when."""

    breaking: Breaking
    referral_id: UUID


@transaction.atomic
def break_seal(typed: str, *, by: Actor, at: datetime, reason: str, words: str) -> Opened | None:
    """Opens a restricted record to one person for a while, by its exact reference. The privacy officer is told.

    None where nothing fits, which is noted and, when it happens too often, refused: whether there is such a record and
    whether it is restricted is told by opening it alone.
    """
    on = clocks.london_date(at)
    if rulebook.find("seal_reasons", reason, on) is None:
        raise RuleBroken("Choose why you must open it now.", "reason")
    most, minutes = (rulebook.rule("limits", code, on).number("number") for code in ("seal_tries", "seal_minutes"))
    if not rules.tries_left(queries.tried(by, at), most):
        raise RuleBroken("Too many references were tried. Ask the privacy officer, or try again in an hour.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM restricted_break(%s, %s, %s)", [tidy_reference(typed) or "", reason, minutes])
        found = cursor.fetchone()
    if found is None:
        user, _ = _here(by)
        events.record("seal.tried", user, by=by, at=at)
        return None
    return _opened(*found, by=by, at=at, words=words)


def _opened(breaking: UUID, referral: UUID, victim: UUID, *, by: Actor, at: datetime, words: str) -> Opened:
    """Puts the words to what the database has noted. The words are the one thing that this request may add."""
    made = Breaking(pk=breaking, victim_id=victim, referral_id=referral)
    fields.write(made, words=words)
    with connection.cursor() as cursor:
        cursor.execute("SELECT restricted_say(%s, %s)", [breaking, bytes(made.words)])
    events.record("seal.broken", breaking, by=by, at=at)
    return Opened(made, referral)


@transaction.atomic
def review(breaking: Breaking, *, by: Actor, at: datetime, move: str, words: str) -> None:
    """What the privacy officer thinks of a broken seal. That it was broken stands."""
    held = Breaking.objects.select_for_update(of=("self",)).get(pk=breaking.pk)
    state = lifecycle.breaking.target(held.state, move)
    if against := rules.review_obstacle(by.user_id, held.user_id):
        raise RuleBroken(against)
    held.state, held.reviewed_at, held.reviewed_by = state, at, by.user_id
    fields.write(held, outcome=words)
    held.save(update_fields=["state", "outcome", "reviewed_at", "reviewed_by"])
    events.record("seal.reviewed", held.pk, by=by, at=at, outcome=state)


@transaction.atomic
def note_crossing(item: Outgoing, *, by: Actor, at: datetime) -> tuple[Crossing, ...]:
    """Keeps, beside each restricted record that has its number or address, that a message was stopped. For jobs."""
    theirs = messages.sealed_sharers(item, same=same_people(item.person_id))
    made = []
    for victim in sorted(theirs):
        crossing, new = Crossing.objects.get_or_create(
            victim_id=victim, message_id=item.pk, defaults={"person_id": item.person_id, "stopped_at": at}
        )
        made += [crossing] if new else []
    events.record_many("message.crossed", [one.pk for one in made], by=by, at=at)
    return tuple(made)


@transaction.atomic
def name_by_rule(victim: UUID, organisation: int, *, by: Actor, at: datetime, also: Collection[UUID] = ()) -> int:
    """Names whom the rulebook says at an organisation, and these. For jobs; safe to run again. Returns how many."""
    before = len(records.named(victim))
    for person in (*queries.by_rule(organisation, clocks.london_date(at)), *also):
        records.name(victim, person, organisation, why="by_rule")
    added = len(records.named(victim)) - before
    if added:
        events.record("record.named_by_rule", victim, by=by, at=at, organisation=organisation, people=added)
    return added


@transaction.atomic
def name_worker(victim: UUID, organisation: int, person: UUID, *, by: Actor, at: datetime) -> None:
    """Names whoever was given one of a person's restricted records by somebody who is named. For jobs."""
    if person not in {one.user_id for one in records.named(victim)}:
        records.name(victim, person, organisation, why="works_on_it")
        events.record("record.named", victim, by=by, at=at, user=str(person))


@transaction.atomic
def leave(user: UUID, organisation: int, *, by: Actor, at: datetime) -> int:
    """Takes a leaver from every named list of an organisation; where nobody is left there, the rule names again."""
    done = 0
    for victim in queries.named_on(user, organisation):
        others = {one.user_id for one in records.named(victim) if one.organisation_id == organisation} - {user}
        if not others:
            name_by_rule(victim, organisation, by=by, at=at)
        records.unname(victim, user, organisation)
        events.record("record.unnamed", victim, by=by, at=at, user=str(user))
        done += 1
    Conflict.objects.filter(user_id=user, organisation_id=organisation, victim_id=None).delete()  # names of relatives
    return done


@transaction.atomic
def name_duty(restriction: Restriction, officer: UUID | None, *, by: Actor, at: datetime) -> None:
    """Names whoever is on duty on a record that a marker restricted, unless somebody has chosen by then."""
    if officer is not None and restriction.chosen_at is None:
        records.name(restriction.victim_id, officer, restriction.hub_id, why="on_duty")
    restriction.duty_named_at = at
    restriction.save(update_fields=["duty_named_at"])
    events.record("record.duty_named", restriction.victim_id, by=by, at=at, user=str(officer or ""))
