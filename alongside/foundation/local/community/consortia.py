"""Writes of consortia: formed, worded, joined and left by groups and organisations, ended."""

from datetime import date, datetime

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.foundation.local.community import lifecycle as states
from alongside.foundation.local.community import queries, rules
from alongside.foundation.local.community.models import LEAD, Consortium, Group, Member
from alongside.foundation.office.organisations import queries as organisations
from alongside.foundation.office.organisations.models import Organisation
from alongside.foundation.office.rulebook import queries as rulebook

THE_HUBS = "The hub of the area keeps its consortia."


@transaction.atomic
def form(*, by: Actor, at: datetime, name: str, purpose: str, formed_on: date) -> Consortium:
    """A consortium of the hub's own area; who is in it comes after."""
    if by.realm != Realm.HUB:
        raise RuleBroken(THE_HUBS)
    _check(name, purpose)
    made = Consortium(
        force=organisations.own(by).force, name=name.strip(), purpose=purpose.strip(), formed_on=formed_on,
        updated_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    events.record("consortium.formed", made.pk, by=by, at=at)
    return made


@transaction.atomic
def reword(
    consortium: Consortium, *, by: Actor, at: datetime, name: str, purpose: str, formed_on: date
) -> Consortium:  # fmt: skip
    held = _held(consortium, by)
    _check(name, purpose)
    if held.members.filter(since__lt=formed_on).exists():
        raise RuleBroken("Somebody was in it before that day", "formed_on")
    held.name, held.purpose, held.formed_on, held.updated_at = name.strip(), purpose.strip(), formed_on, at
    held.save(update_fields=["name", "purpose", "formed_on", "updated_at"])
    events.record("consortium.reworded", held.pk, by=by, at=at)
    return held


@transaction.atomic
def join(
    consortium: Consortium, *, by: Actor, at: datetime, role: str, since: date, group: Group | None = None,
    organisation: Organisation | None = None,
) -> Member:  # fmt: skip
    """A group or an organisation of the area comes in. One at a time leads."""
    held = _held(consortium, by)
    _check_member(held, group, organisation, by)
    if rulebook.find("consortium_roles", role, clocks.london_date(at)) is None:
        raise RuleBroken("Choose what they do in it", "role")
    if since < held.formed_on:
        raise RuleBroken("The consortium was formed after that day", "since")
    now = held.members.current()
    if role == LEAD and now.filter(role=LEAD).exists():
        raise RuleBroken("Somebody leads it already. End that first.", "role")
    if now.filter(group=group, organisation=organisation).exists():
        raise RuleBroken("They are in it already.", "who")
    member = Member(consortium=held, group=group, organisation=organisation, role=role, since=since)
    member.save(force_insert=True)
    events.record("consortium.joined", held.pk, by=by, at=at, role=role)
    return member


def _check_member(held: Consortium, group: Group | None, organisation: Organisation | None, by: Actor) -> None:
    if held.ended_on is not None:
        raise RuleBroken("This consortium has ended.")
    known = queries.body(str(organisation.pk), by) if organisation else None
    ours = Group.objects.visible_to(by).filter(pk=group.pk, stage__in=states.ACTIVE).exists() if group else False
    if (known is None and not ours) or (group and organisation):
        raise RuleBroken("Choose one group or organisation of your area.", "who")


@transaction.atomic
def leave(member: Member, *, by: Actor, at: datetime, on: date) -> Member:
    """Goes out of a consortium on a day; that it was in it stays to be read."""
    _held(member.consortium, by)
    held = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if held.until is not None:
        raise RuleBroken("They have left already.")
    if on < held.since:
        raise RuleBroken("They came in after that day", "on")
    held.until = on
    held.save(update_fields=["until"])
    events.record("consortium.left", held.consortium_id, by=by, at=at)
    return held


@transaction.atomic
def end(consortium: Consortium, *, by: Actor, at: datetime) -> Consortium:
    """It is over: everybody leaves today."""
    held, today = _held(consortium, by), clocks.london_date(at)
    if held.ended_on is not None:
        raise RuleBroken("It has ended already.")
    for member in held.members.current():
        leave(member, by=by, at=at, on=max(today, member.since))
    held.ended_on, held.updated_at = max(today, held.formed_on), at
    held.save(update_fields=["ended_on", "updated_at"])
    events.record("consortium.ended", held.pk, by=by, at=at)
    return held


def _check(name: str, purpose: str) -> None:
    if not rules.name_key(name) or len(name) > rules.LONGEST_NAME:
        raise RuleBroken(f"Enter a name of {rules.LONGEST_NAME} letters or fewer", "name")
    if len(purpose) > rules.LONGEST_WORDS:
        raise RuleBroken(f"Say what it is for in {rules.LONGEST_WORDS:,} letters or fewer", "purpose")


def _held(consortium: Consortium, by: Actor) -> Consortium:
    """The consortium, locked, for the hub of its area."""
    found = Consortium.objects.visible_to(by).select_for_update(of=("self",), no_key=True).filter(pk=consortium.pk)
    held = found.first() if by.realm == Realm.HUB else None
    if held is None:
        raise RuleBroken(THE_HUBS)
    return held
