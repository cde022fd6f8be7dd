"""Writes of community groups: mapped, worded, moved on, talked with, helped with what they need, forgotten."""

from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.ids import uuid7
from alongside.core.models import PersonKey
from alongside.core.privacy import fields as sealed
from alongside.core.rows.realms import Realm
from alongside.foundation.local.community import consortia, queries, rules
from alongside.foundation.local.community import lifecycle as states
from alongside.foundation.local.community.models import (
    INACTIVE,
    Consortium,
    Contact,
    ContactPerson,
    Group,
    Member,
    Need,
)
from alongside.foundation.local.community.rules import About, Asked
from alongside.foundation.office.organisations import queries as organisations
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.organisations.rules import postcode_key
from alongside.foundation.office.rulebook import queries as rulebook

THE_HUBS = "The hub of the area keeps the map of community groups."
CHANGED = "Somebody else changed this meanwhile. Look at it again before you go on; what you typed is still below."


@transaction.atomic
def add(
    about: About, *, by: Actor, at: datetime, although: bool = False, registered_itself: bool = False
) -> Group:  # fmt: skip
    """Puts a group on the map of the hub's own area. `although`: one that may be the same is there already."""
    _hub(by)
    _check(about, by, at)
    if not although and queries.twins(about, (), by):
        raise RuleBroken("It may be mapped already. Go to it, or say that this is another group.", "although")
    group = Group(
        **_columns(about), force=organisations.own(by).force, stage=states.group.initial, added_at=at, updated_at=at,
        added_by=by.user_id, registered_itself=registered_itself,
    )  # fmt: skip
    group.save(force_insert=True)
    events.record("group.added", group.pk, by=by, at=at, registered_itself=registered_itself)
    return group


@transaction.atomic
def change(group: Group, about: About, *, by: Actor, at: datetime, seen: str) -> Group:
    """Says anew what is known of a group. `seen`: its stamp when the page was opened."""
    held = _held(group, by)
    if stamp(held) != seen:
        raise RuleBroken(CHANGED)
    before = queries.about(held)
    _check(about, by, at, before)
    columns = _columns(about)
    for name, value in columns.items():
        setattr(held, name, value)
    _save(held, at, *columns)
    changed = sorted(one.name for one in fields(About) if getattr(before, one.name) != getattr(about, one.name))
    events.record("group.changed", held.pk, by=by, at=at, fields=changed)
    return held


def stamp(group: Group | Consortium) -> str:
    """Goes up with every change."""
    return group.updated_at.isoformat()


def _columns(about: About) -> dict[str, Any]:
    said = {name: list(value) if isinstance(value, tuple) else value.strip() for name, value in asdict(about).items()}
    return {**said, "name_key": rules.name_key(about.name), "postcode": postcode_key(about.postcode)[:8]}


def _check(about: About, by: Actor, at: datetime, held: About | None = None) -> None:
    """Refuses what is not said rightly. A code of a rule that ended meanwhile stays where it was said before."""
    if fault := rules.about_fault(about):
        raise RuleBroken(*fault)
    choices = queries.choices(by, clocks.london_date(at))
    for name, book in queries.BOOK_OF.items():
        known = {code for code, _ in choices[book]} | set(_codes(held, name) if held else ())
        if not set(_codes(about, name)) <= known:
            raise RuleBroken("Choose from the list", name)


def _codes(about: About, name: str) -> tuple[str, ...]:
    value = getattr(about, name)
    return value if isinstance(value, tuple) else tuple(filter(None, (value,)))


def _hub(by: Actor) -> None:
    if by.realm != Realm.HUB:
        raise RuleBroken(THE_HUBS)


def _held(group: Group, by: Actor) -> Group:
    """The group, locked, for the hub of its area."""
    _hub(by)
    held = Group.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=group.pk).first()
    if held is None:
        raise RuleBroken(THE_HUBS)
    return held


def _save(row: Group | Consortium, at: datetime, *names: str) -> None:
    row.updated_at = at
    row.save(update_fields=[*names, "updated_at"])


# How far a group is with us.


def get_in_touch(group: Group, *, by: Actor, at: datetime) -> Group:
    return _move(group, "get_in_touch", by, at)


def help_bid(group: Group, *, by: Actor, at: datetime) -> Group:
    return _move(group, "help_bid", by, at)


def work_together(group: Group, *, by: Actor, at: datetime) -> Group:
    return _move(group, "work_together", by, at)


def step_back(group: Group, *, by: Actor, at: datetime) -> Group:
    return _move(group, "step_back", by, at)


@transaction.atomic
def end(group: Group, *, by: Actor, at: datetime) -> Group:
    """It is no longer active: it leaves its consortia, and no contact is due. Whom to ask for is kept for its time."""
    held = _move(group, "end", by, at)
    held.next_contact_on = None
    held.save(update_fields=["next_contact_on"])
    for member in Member.objects.visible_to(by).current().filter(group=held):
        consortia.leave(member, by=by, at=at, on=max(member.since, clocks.london_date(at)))
    return held


def come_back(group: Group, *, by: Actor, at: datetime) -> Group:
    return _move(group, "come_back", by, at)


MOVES = {one.__name__: one for one in (get_in_touch, help_bid, work_together, step_back, end, come_back)}


@transaction.atomic
def _move(group: Group, move: str, by: Actor, at: datetime) -> Group:
    held = _held(group, by)
    held.stage = states.group.target(held.stage, move)
    _save(held, at, "stage")
    events.record("group.moved", held.pk, by=by, at=at, move=move)
    return held


@transaction.atomic
def erase(group: Group, *, by: Actor, at: datetime) -> None:
    """Takes a group that is no longer active off the map with all that hangs on it: they asked for it, or it was a
    mistake. The keys of whom to ask for and of talks go after it."""
    held = _held(group, by)
    if held.stage != INACTIVE:
        raise RuleBroken("Say first that it is no longer active.")
    sealed_rows = [str(row.pk) for model in (ContactPerson, Contact) for row in model.objects.filter(group=held)]
    events.record("group.erased", held.pk, by=by, at=at, keys=sealed_rows)
    Member.objects.filter(group=held).delete()
    held.delete()


@transaction.atomic
def link(group: Group, *, by: Actor, at: datetime, organisation: Organisation | None) -> Group:
    """Says which organisation here the group became; None: none. It gives nobody any right."""
    held = _held(group, by)
    if organisation is not None and queries.body(str(organisation.pk), by) is None:
        raise RuleBroken("Choose an organisation of your own area.", "organisation")
    held.organisation = organisation
    _save(held, at, "organisation")
    events.record("group.linked", held.pk, by=by, at=at, organisation=organisation.pk if organisation else None)
    return held


# Talks with a group, and whom to ask for.


@transaction.atomic
def record_contact(
    group: Group, *, by: Actor, at: datetime, on: date, way: str, purpose: str, answered: bool, note: str,
    next_on: date | None,
) -> Contact:  # fmt: skip
    """Writes down that somebody of the hub was in touch, and when they will be again. Whoever answered is in touch."""
    held, today = _held(group, by), clocks.london_date(at)
    if held.stage == INACTIVE:
        raise RuleBroken("This group is no longer active. Bring it back first.")
    _check_contact(on, today, way, purpose, note)
    if fault := rules.next_fault(max(on, today), next_on, queries.limit("group_contact_ahead", today)):
        raise RuleBroken(fault, "next_on")
    contact = Contact(
        id=uuid7(), group=held, on=on, way=way, purpose=purpose, answered=answered, by_user=by.user_id, written_at=at
    )
    sealed.write(contact, note=note.strip())
    contact.save(force_insert=True)
    held.last_contact_on, held.next_contact_on = max(held.last_contact_on or on, on), next_on
    held.save(update_fields=["last_contact_on", "next_contact_on"])
    if answered and held.stage == states.MAPPED:
        get_in_touch(held, by=by, at=at)
    events.record("group.contacted", held.pk, by=by, at=at, way=way, purpose=purpose, answered=answered)
    return contact


@transaction.atomic
def take_back_contact(contact: Contact, *, by: Actor, at: datetime) -> None:
    """Deletes a talk that was written down wrongly, or that says too much of somebody."""
    group = _held(contact.group, by)
    found = Contact.objects.visible_to(by).filter(pk=contact.pk)
    if not found.delete()[0]:
        raise RuleBroken("Somebody else has deleted it already.")
    group.last_contact_on = Contact.objects.visible_to(by).filter(group=group).aggregate(last=Max("on"))["last"]
    group.save(update_fields=["last_contact_on"])
    events.record("group.contact_taken_back", contact.pk, by=by, at=at, group=str(group.pk))


def _check_contact(on: date, today: date, way: str, purpose: str, note: str) -> None:
    if on > today:
        raise RuleBroken("The day of the contact must be today or earlier", "on")
    for name, book, code in (("way", "group_contact_ways", way), ("purpose", "group_contact_purposes", purpose)):
        if rulebook.find(book, code, today) is None:
            raise RuleBroken("Choose from the list", name)
    if len(note) > rules.LONGEST_NOTE:
        raise RuleBroken(f"The note must be {rules.LONGEST_NOTE:,} letters or fewer", "note")


@transaction.atomic
def add_person(group: Group, asked: Asked, *, by: Actor, at: datetime) -> ContactPerson:
    """Says whom to ask for at a group. They agreed to it, or published it themselves."""
    held = _held(group, by)
    _check_person(asked)
    person = ContactPerson(id=uuid7(), group=held, added_at=at, added_by=by.user_id)
    _seal(person, asked)
    person.save(force_insert=True)
    events.record("group.person_added", person.pk, by=by, at=at, group=str(held.pk))
    return person


@transaction.atomic
def change_person(person: ContactPerson, asked: Asked, *, by: Actor, at: datetime) -> ContactPerson:
    held = _person(person, by)
    _check_person(asked)
    _seal(held, asked)
    held.save(update_fields=[*(one.name for one in fields(Asked)), "phone_index", "email_index"])
    events.record("group.person_changed", held.pk, by=by, at=at)
    return held


@transaction.atomic
def take_off_person(person: ContactPerson, *, by: Actor, at: datetime) -> None:
    """Deletes what is held of somebody. Where they ask for it, this is how they are forgotten."""
    held = _person(person, by)
    events.record("group.person_taken_off", held.pk, by=by, at=at)
    held.delete()


@transaction.atomic
def shred(key: UUID) -> None:
    """Destroys the key of somebody who was taken off, or of a talk that was deleted; run by the worker. Of what is
    still held it does nothing."""
    if not any(model.objects.filter(pk=key).exists() for model in (ContactPerson, Contact)):
        PersonKey.objects.filter(person_id=key).delete()


def _person(person: ContactPerson, by: Actor) -> ContactPerson:
    _hub(by)
    held = ContactPerson.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=person.pk)
    if (found := held.first()) is None:
        raise RuleBroken("Somebody else has taken this person off.")
    return found


def _check_person(asked: Asked) -> None:
    if not asked.name.strip():
        raise RuleBroken("Enter a name, or what to call them", "name")
    if not (asked.phone.strip() or asked.email.strip() or asked.how.strip()):
        raise RuleBroken("Enter a phone number, an email address or how else to reach them", "phone")


def _seal(person: ContactPerson, asked: Asked) -> None:
    sealed.write(person, **{name: text.strip() for name, text in asdict(asked).items()})
    person.phone_index, person.email_index = queries.indexes(asked)


# What a group needs.


@transaction.atomic
def note_need(group: Group, *, by: Actor, at: datetime, code: str) -> Need:
    """A group needs something. What was met and comes up again is open again."""
    held, today = _held(group, by), clocks.london_date(at)
    if rulebook.find("group_needs", code, today) is None:
        raise RuleBroken("Choose what they need", "code")
    need = Need.objects.visible_to(by).select_for_update(of=("self",)).filter(group=held, code=code).first()
    if need and need.state != states.MET:
        raise RuleBroken("This is noted already.", "code")
    if need:
        return _move_need(need, "ask_again", by, at)
    need = Need(group=held, code=code, state=states.need.initial, since=today, changed_on=today)
    need.save(force_insert=True)
    events.record("group.need_noted", need.pk, by=by, at=at, code=code)
    return need


def help_need(need: Need, *, by: Actor, at: datetime) -> Need:
    return _move_need(need, "help", by, at)


def meet_need(need: Need, *, by: Actor, at: datetime) -> Need:
    return _move_need(need, "meet", by, at)


def ask_again(need: Need, *, by: Actor, at: datetime) -> Need:
    return _move_need(need, "ask_again", by, at)


NEED_MOVES = {"help": help_need, "meet": meet_need, "ask_again": ask_again}


@transaction.atomic
def _move_need(need: Need, move: str, by: Actor, at: datetime) -> Need:
    _held(need.group, by)
    held = Need.objects.select_for_update(of=("self",)).get(pk=need.pk)
    held.state = states.need.target(held.state, move)
    held.changed_on = clocks.london_date(at)
    held.save(update_fields=["state", "changed_on"])
    events.record("group.need_moved", held.pk, by=by, at=at, move=move, code=held.code)
    return held


@transaction.atomic
def forget(*, before: datetime) -> int:
    """Talks before a moment, and whom to ask for at groups that nobody was in touch with since, with the keys that
    sealed them; run by the worker. Returns how many there were."""
    day = clocks.london_date(before)
    quiet = Q(group__last_contact_on=None) | Q(group__last_contact_on__lt=day)
    people = ContactPerson.objects.filter(quiet, added_at__lt=before)
    talks = Contact.objects.filter(on__lt=day)
    old = [*people.values_list("pk", flat=True), *talks.values_list("pk", flat=True)]
    PersonKey.objects.filter(person_id__in=old).delete()
    ContactPerson.objects.filter(pk__in=old).delete()
    Contact.objects.filter(pk__in=old).delete()
    return len(old)
