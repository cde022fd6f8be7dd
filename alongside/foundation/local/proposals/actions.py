"""Writes of proposals: begun, worded, sent, given back, agreed, made live on their day, dropped."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.proposals import lifecycle as states
from alongside.foundation.local.proposals import queries, rules
from alongside.foundation.local.proposals.models import Proposal
from alongside.foundation.office.organisations.models import Organisation

Kind = Proposal.Kind
CHANGED = "Somebody else changed this meanwhile. Look at it again before you go on; what you typed is still below."
LONGEST = 2000


@transaction.atomic
def begin(service: Service, *, by: Actor, at: datetime, kind: str = Kind.CHANGE) -> Proposal:
    """Begins a change to a service, or goes on with the one that is open: there is one of each kind at a time."""
    if not Service.objects.managed_by(by).filter(pk=service.pk).exists() or service.provider_id is None:
        raise RuleBroken("This is another organisation's service.")
    Service.objects.select_for_update(of=("self",), no_key=True).get(pk=service.pk)
    found = Proposal.objects.visible_to(by).filter(service=service, kind=kind, state__in=states.OPEN).first()
    if found:
        return found
    return _begun(Proposal(service=service, provider_id=service.provider_id, kind=kind), by, at)


@transaction.atomic
def begin_new(provider: Organisation, *, by: Actor, at: datetime, name: str) -> Proposal:
    """Begins a new service of an organisation. A provider proposes its own; a hub for any of its area."""
    areas = Organisation.objects.filter(pk__in=by.orgs).values("force")
    asked = Organisation.objects.filter(pk=provider.pk, until=None, kind__in=directory.RUN_BY, force__in=areas)
    if not asked.exists() or not (queries.is_hub(by) or provider.pk == by.organisation_id):
        raise RuleBroken("Choose the hub or a provider of your own area.", "provider")
    if not name.strip():
        raise RuleBroken("Give the service a name", "name")
    return _begun(Proposal(provider=provider, kind=Kind.NEW, changes={"name": name.strip()}), by, at)


def _begun(proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    proposal.state, proposal.begun_at, proposal.changed_at = states.proposal.initial, at, at
    proposal.begun_by, proposal.begun_for_id = by.user_id, by.organisation_id
    proposal.save(force_insert=True)
    events.record("proposal.begun", proposal.pk, by=by, at=at, kind=proposal.kind)
    return proposal


@transaction.atomic
def put(proposal: Proposal, wanted: Mapping[str, Any], *, by: Actor, at: datetime, seen: int) -> Proposal:
    """Some of the details as they are wanted, in place of what the proposal said of them. What is so already is no
    change. Raises RuleBroken where they cannot be, or where somebody else changed the proposal since `seen`."""
    held = _held(proposal, by)
    if held.state not in states.WRITTEN:
        raise RuleBroken("It is with the hub now. Take it back before you change it.")
    if held.stamp != seen:
        raise RuleBroken(CHANGED)
    if any(not rules.may_change(name, hub=queries.is_hub(by)) for name in wanted):
        raise RuleBroken("Only the hub changes this.")
    now = queries.now(held)
    details = directory.details_from({**now, **held.changes, **wanted})
    directory.check(details, changed=tuple(wanted))
    kept = {name: value for name, value in held.changes.items() if name not in wanted}
    kept = rules.different(now, directory.without_place(kept)) if details.location_protected else kept
    meant = directory.as_json(details)
    held.changes = {**kept, **rules.different(now, {name: meant[name] for name in wanted})}
    _save(held, at, "changes", stamp=held.stamp + 1)
    events.record("proposal.worded", held.pk, by=by, at=at, fields=sorted(wanted))
    return held


@transaction.atomic
def send(
    proposal: Proposal, *, by: Actor, at: datetime, words: str = "", applies_on: date | None = None,
    moves_to: Service | None = None,
) -> Proposal:  # fmt: skip
    """Sends it to the hub, with why; a hub agrees to its own at once, and it goes live if its day has come."""
    held = _held(proposal, by)
    _check(held, applies_on, words, at)
    held.state = states.proposal.target(held.state, "send")
    held.words, held.applies_on, held.moves_to, held.sent_at = words, applies_on, moves_to, at
    _save(held, at, "state", "words", "applies_on", "moves_to", "sent_at")
    events.record("proposal.sent", held.pk, by=by, at=at)
    if queries.is_hub(by):
        return agree(held, by=by, at=at, seen=queries.version_of(held.service))
    return held


def _check(held: Proposal, applies_on: date | None, words: str, at: datetime) -> None:
    if held.kind != Kind.CLOSE and not held.changes:
        raise RuleBroken("Nothing is different yet. Change something first, or drop it.")
    if held.kind != Kind.CLOSE and (asked := rules.missing(queries.wanted(held))):
        raise RuleBroken(f"Not ready yet. {'. '.join(asked)}.")
    if fault := rules.day_fault(applies_on, clocks.london_date(at)):
        raise RuleBroken(fault, "applies_on")
    if len(words) > LONGEST:
        raise RuleBroken(f"Say it in {LONGEST:,} letters or fewer.", "words")


@transaction.atomic
def agree(proposal: Proposal, *, by: Actor, at: datetime, seen: int) -> Proposal:
    """The hub agrees: it goes live at once, or on its day. `seen`: the number of the service's words that the hub
    looked at beside it; where they changed meanwhile it has to look again."""
    held = _held(proposal, by)
    if not queries.is_hub(by):
        raise RuleBroken("The hub agrees to what a service says of itself.")
    if queries.version_of(held.service) != seen:
        raise RuleBroken(
            "The service was changed meanwhile. What is different is shown anew: look at it and agree again."
        )
    held.state = states.proposal.target(held.state, "agree")
    held.decided_by, held.decided_at = by.user_id, at
    _save(held, at, "state", "decided_by", "decided_at")
    events.record("proposal.agreed", held.pk, by=by, at=at, applies_on=str(held.applies_on or ""))
    if held.applies_on is None or held.applies_on <= clocks.london_date(at):
        return publish(held, by=by, at=at)
    return held


@transaction.atomic
def publish(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    """Makes an agreed proposal what the directory says."""
    held = _held(proposal, by)
    held.state = states.proposal.target(held.state, "publish")
    held.before = {name: value for name, value in queries.now(held).items() if name in held.changes}
    held.service = _applied(held, by, at)
    held.live_at = at
    _save(held, at, "state", "before", "service", "live_at")
    if held.service.location_protected:
        _forget_place(held.service)
    events.record("proposal.published", held.pk, by=by, at=at, kind=held.kind)
    return held


def _forget_place(service: Service) -> None:
    """What proposals of a service held of its place, now that it must stay secret."""
    for one in Proposal.objects.filter(service=service):
        changes, before = directory.without_place(one.changes), directory.without_place(one.before)
        Proposal.objects.filter(pk=one.pk).update(changes=changes, before=before)


def _applied(held: Proposal, by: Actor, at: datetime) -> Service:
    if held.service is None:
        return directory.add(directory.details_from(held.changes), by=by, at=at, provider=held.provider)
    if held.kind == Kind.CLOSE:
        if held.service.state != Service.State.CLOSED:
            directory.close(held.service, by=by, at=at)
        return directory.hand_on(held.service, by=by, at=at, to=held.moves_to)
    return directory.revise(held.service, directory.details_from(queries.wanted(held)), by=by, at=at)


@transaction.atomic
def give_back(proposal: Proposal, *, by: Actor, at: datetime, answer: str) -> Proposal:
    """The hub gives it back with what to change."""
    if not queries.is_hub(by):
        raise RuleBroken("The hub answers a proposal.")
    if not answer.strip():
        raise RuleBroken("Say what should be different, so that they can go on", "answer")
    return _moved(proposal, "give_back", "proposal.given_back", by, at, answer=answer.strip())


@transaction.atomic
def take_back(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    return _moved(proposal, "take_back", "proposal.taken_back", by, at)


@transaction.atomic
def call_off(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    """The hub agrees no longer, before its day: it is a draft again."""
    if not queries.is_hub(by):
        raise RuleBroken("Ask the hub: it agreed to this already.")
    return _moved(proposal, "call_off", "proposal.called_off", by, at)


@transaction.atomic
def drop(proposal: Proposal, *, by: Actor, at: datetime) -> Proposal:
    return _moved(proposal, "drop", "proposal.dropped", by, at)


def _moved(proposal: Proposal, move: str, event: str, by: Actor, at: datetime, **values: Any) -> Proposal:
    held = _held(proposal, by)
    held.state = states.proposal.target(held.state, move)
    _save(held, at, "state", **values)
    events.record(event, held.pk, by=by, at=at)
    return held


def publish_due(*, by: Actor, at: datetime) -> dict[UUID, str]:
    """Makes live what is agreed and whose day has come, each by itself. Returns why, of those that could not be."""
    failed = {}
    for proposal in queries.due(clocks.london_date(at)):
        try:
            publish(proposal, by=by, at=at)
        except RuleBroken as broken:
            failed[proposal.pk] = broken.message
            _failed(proposal, broken.message, by, at)
    return failed


@transaction.atomic
def _failed(proposal: Proposal, words: str, by: Actor, at: datetime) -> None:
    """What cannot be made live on its day is a draft again, with why, for somebody to look at."""
    held = _held(proposal, by)
    held.state, held.answer = states.proposal.target(held.state, "call_off"), f"It could not go live: {words}"
    _save(held, at, "state", "answer")
    events.record("proposal.called_off", held.pk, by=by, at=at)


def _held(proposal: Proposal, by: Actor) -> Proposal:
    found = Proposal.objects.visible_to(by).select_for_update(of=("self",)).filter(pk=proposal.pk)
    held = found.select_related("service", "provider").first()
    if held is None:
        raise RuleBroken("This is another organisation's proposal.")
    return held


def _save(held: Proposal, at: datetime, *names: str, **values: Any) -> None:
    for name, value in values.items():
        setattr(held, name, value)
    held.changed_at = at
    held.save(update_fields=[*names, *values, "changed_at"])
