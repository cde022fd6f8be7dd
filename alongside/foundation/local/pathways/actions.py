"""Writes of pathways: words drafted, shown, dropped, undone; leads put on, changed, confirmed and taken off."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import clocks, events, reach
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.local.pathways import queries, rules
from alongside.foundation.local.pathways.models import Draft, Lead
from alongside.foundation.local.pathways.rules import BOOK
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import actions as rulebook
from alongside.foundation.office.rulebook.models import Rule

CHANGED = "Somebody else of your office changed this draft meanwhile. What you typed is below: look at theirs first."


@transaction.atomic
def draft(
    code: str, *, by: Actor, at: datetime, title: str, body: Mapping[str, Any], source: str, since: date, stamp: int = 0
) -> Draft:
    """Keeps words that are not shown yet, in place of the office's draft of this pathway if there is one.
    `stamp`: the draft that the writer saw, 0 where there was none."""
    _check_writer(by)
    latest = queries.open_version(code)
    rules.check(body)
    kept = Draft.objects.visible_to(by).select_for_update().filter(code=code, organisation_id=queries.office(by))
    held = kept.first() or Draft(organisation_id=queries.office(by), code=code, seen=latest.version, stamp=0)
    if held.stamp != stamp:
        raise RuleBroken(CHANGED)
    held.title, held.body, held.source, held.since = title, dict(body), source, since
    held.stamp, held.changed_at, held.changed_by = held.stamp + 1, at, by.user_id
    held.save()
    events.record("pathway.drafted", held.pk, by=by, at=at, code=code)
    return held


@transaction.atomic
def drop(draft: Draft, *, by: Actor, at: datetime) -> None:
    """Throws a draft away; what is shown stays as it is."""
    held = _held(draft, by)
    events.record("pathway.draft_dropped", held.pk, by=by, at=at, code=held.code)
    held.delete()


@transaction.atomic
def publish(draft: Draft, *, by: Actor, at: datetime, stamp: int) -> Rule:
    """The draft becomes a new version, shown from its day on. `stamp`: the draft that was looked at."""
    held = _held(draft, by)
    if held.stamp != stamp:
        raise RuleBroken("The draft was changed meanwhile. Look at it again.")
    rule = rulebook.revise(
        BOOK, held.code, by=by, at=at, title=held.title, body=held.body, source=held.source,
        since=max(held.since, clocks.london_date(at)), seen=held.seen,
    )  # fmt: skip
    events.record("pathway.published", held.pk, by=by, at=at, code=held.code, version=rule.version)
    held.delete()
    return rule


@transaction.atomic
def undo(code: str, *, by: Actor, at: datetime, version: int, seen: int) -> Rule:
    """Shows the words of an earlier version again, from today or from the day of what is planned: as a new version,
    so that this can be undone too. `seen`: the newest version that the writer saw."""
    _check_writer(by)
    latest = queries.open_version(code)
    wanted = next((row for row in queries.versions(code) if row.version == version), None)
    if wanted is None or wanted.version == latest.version:
        raise RuleBroken("Choose an earlier version.")
    since = max(latest.since, clocks.london_date(at))
    rule = rulebook.revise(
        BOOK, code, by=by, at=at, title=wanted.title, body=dict(wanted.body), source=wanted.source, since=since,
        seen=seen,
    )  # fmt: skip
    events.record("pathway.undone", rule.pk, by=by, at=at, code=code, to=version)
    return rule


def _check_writer(by: Actor) -> None:
    if not by.may(P.RULEBOOK_REVISE):
        raise RuleBroken("The office or the hub's manager writes these pages.")


def _held(draft: Draft, by: Actor) -> Draft:
    _check_writer(by)
    held = Draft.objects.visible_to(by).select_for_update().filter(pk=draft.pk).first()
    if held is None:
        raise RuleBroken("This draft is gone: somebody showed it or dropped it.")
    return held


@dataclass(frozen=True)
class Known:
    """What is said of a lead. Reached by phone or e-mail, or both. No crime types: any."""

    name: str
    role: str
    works_for: str
    phone: str = ""
    email: str = ""
    crime_types: tuple[str, ...] = ()

    def columns(self) -> dict[str, Any]:
        return {**asdict(self), "crime_types": list(self.crime_types)}


@transaction.atomic
def put_on(known: Known, *, by: Actor, at: datetime) -> Lead:
    """Puts somebody on the list of the hub's area."""
    _check_keeper(by)
    _check_known(known)
    lead = Lead.objects.create(hub_id=queries.office(by), checked_on=clocks.london_date(at), **known.columns())
    events.record("lead.put_on", lead.pk, by=by, at=at)
    return lead


@transaction.atomic
def change(lead: Lead, known: Known, *, by: Actor, at: datetime) -> Lead:
    """Says anew what is known of a lead: all of it is right today."""
    held = _held_lead(lead, by)
    _check_known(known)
    wanted = known.columns()
    changed = [name for name, value in wanted.items() if getattr(held, name) != value]
    return _save(held, "lead.changed", by, at, {name: wanted[name] for name in changed}, fields=changed)


@transaction.atomic
def confirm(lead: Lead, *, by: Actor, at: datetime) -> Lead:
    """Somebody who knows says that they still do this."""
    return _save(_held_lead(lead, by), "lead.confirmed", by, at, {})


@transaction.atomic
def take_off(lead: Lead, *, by: Actor, at: datetime) -> None:
    """Somebody left: their name, phone and e-mail are deleted at once. The event says that it was done, not who."""
    held = _held_lead(lead, by)
    events.record("lead.taken_off", held.pk, by=by, at=at)
    held.delete()


@transaction.atomic
def take_off_leaver(user: UUID, *, by: Actor, at: datetime) -> int:
    """Takes off whoever works nowhere here any more, found by their e-mail address. Returns how many."""
    address = queries.address_of_leaver(user)
    gone = list(Lead.objects.visible_to(by).filter(email__iexact=address)) if address else []
    for lead in gone:
        take_off(lead, by=by, at=at)
    return len(gone)


def _check_keeper(by: Actor) -> None:
    if not (queries.keeps_leads(by) and by.may(P.SERVICE_MANAGE)):
        raise RuleBroken("The manager of the hub keeps this list. Tell them who to add.")


def _check_known(known: Known) -> None:
    if not (known.phone or known.email):
        raise RuleBroken("Give a phone number or an e-mail address: somebody has to reach them", "phone")
    reach.check(phone=known.phone, email=known.email)


def _held_lead(lead: Lead, by: Actor) -> Lead:
    if by.user_id:
        _check_keeper(by)
    held = Lead.objects.visible_to(by).select_for_update().filter(pk=lead.pk).first()
    if held is None:
        raise RuleBroken("This person is not on your list any more.")
    return held


def _save(held: Lead, event: str, by: Actor, at: datetime, changed: Mapping[str, Any], **details: Any) -> Lead:
    for name, value in changed.items():
        setattr(held, name, value)
    held.checked_on = clocks.london_date(at)
    held.save(update_fields=[*changed, "checked_on"])
    events.record(event, held.pk, by=by, at=at, **details)
    return held
