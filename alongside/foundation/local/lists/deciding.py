"""The office's decisions: differences accepted, rejected, undone; entries that are services held already."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory import rules as standings
from alongside.foundation.local.directory.actions import Relayed
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.lists import lifecycle, queries, rules
from alongside.foundation.local.lists.actions import credit, locked
from alongside.foundation.local.lists.models import Difference, List, Tie

Kind = Difference.Kind
TIED = ["digest", "told", "gone_at"]
DECIDED = "Somebody decided this already, or a later reading of the list changed it. Look at it again."
CHANGED = "The service was changed here since this page was opened. Look at the difference again before you decide."
LATER = "Something changed later, so this cannot be undone in one step. Change the service itself instead."


@dataclass(frozen=True)
class Done:
    """The kinds of those that were decided, and why some were left for somebody to decide one by one."""

    kinds: tuple[str, ...]
    left: Mapping[str, int]

    @property
    def count(self) -> int:
        return len(self.kinds)


@transaction.atomic
def accept(
    difference: Difference, *, by: Actor, at: datetime, seen: str = "", take: Collection[str] | None = None,
    signposted: bool = False,
) -> Difference:  # fmt: skip
    """Takes a difference over. `seen`: the stamp of the service that somebody looked at beside it; `take`: those of the
    changed fields that are taken, all where it is None. `signposted`: what is new is left for signposting at once."""
    of = locked(difference.list, by)
    held = _open_one(of, difference)
    if held.service and seen and seen != stamp(held.service):
        raise RuleBroken(CHANGED)
    if held.kind == Kind.NEW:
        _add(of, [held], by, at, signposted)
    elif held.kind == Kind.GONE:
        _let_go(of, held, by, at)
    else:
        _take(of, held, by, at, take)
    _decided([held], "accept", by, at)
    return held


@transaction.atomic
def accept_many(of: List, keys: Iterable[Any], *, by: Actor, at: datetime, signposted: bool = False) -> Done:
    """Takes several over at once. Whatever a person should look at first is left: `Done.left` says why."""
    held = _open_ones(locked(of, by), keys)
    left = Counter(why for one in held if (why := alone(one)))
    fine = [one for one in held if not alone(one)]
    new = [one for one in fine if one.kind == Kind.NEW]
    as_sent = [one for one in fine if one.kind == Kind.CHANGED]
    _add(of, new, by, at, signposted)
    _take_as_sent(of, as_sent, by, at)
    gone = [one for one in fine if one.kind == Kind.GONE]
    for one in gone:
        _let_go(of, one, by, at)
    done = [*new, *as_sent, *gone]
    _decided(done, "accept", by, at)
    return Done(tuple(one.kind for one in done), left)


def alone(difference: Difference) -> str:
    """Why a difference is decided one by one; empty where it may be one of many."""
    service = difference.service
    if service is None:
        return "may be a service that is here already" if difference.likely_id else ""
    if service.location_protected:
        return "of a service whose place is secret"
    return "of a service that an organisation here runs" if service.provider_id else ""


@transaction.atomic
def reject(difference: Difference, *, by: Actor, at: datetime) -> Difference:
    """Leaves things as they are here. The same is not asked again."""
    held = _open_one(locked(difference.list, by), difference)
    _decided([held], "reject", by, at)
    return held


@transaction.atomic
def reject_many(of: List, keys: Iterable[Any], *, by: Actor, at: datetime) -> Done:
    held = _open_ones(locked(of, by), keys)
    _decided(held, "reject", by, at)
    return Done(tuple(one.kind for one in held), {})


@transaction.atomic
def undo(difference: Difference, *, by: Actor, at: datetime) -> Difference:
    """Takes a decision back, while nothing later rests on it."""
    of = locked(difference.list, by)
    held = Difference.objects.filter(list=of).select_related("service").get(pk=difference.pk)
    target = lifecycle.difference.target(held.state, "undo")
    if not queries.newest(held):
        raise RuleBroken(LATER)
    if held.state == lifecycle.ACCEPTED:
        _take_back(of, held, by, at)
    held.state, held.decided_by, held.decided_at, held.undo = target, None, None, {}
    held.save(update_fields=["state", "decided_by", "decided_at", "undo", "kind", "service"])
    events.record("difference.undone", held.pk, by=by, at=at)
    return held


@transaction.atomic
def same(difference: Difference, service: Service, *, by: Actor, at: datetime) -> Difference:
    """An entry is a service that is held already: what the list says otherwise of it is proposed as changes."""
    of = locked(difference.list, by)
    held = _open_one(of, difference)
    if held.kind != Kind.NEW:
        raise RuleBroken("It is known already which service this is.")
    if not Service.objects.managed_by(by).filter(pk=service.pk).exists():
        raise RuleBroken("Choose a service that your hub looks after.", "service")
    if Tie.objects.filter(list=of, service=service).exists():
        raise RuleBroken("Another entry of this list is held as that service already.", "service")
    tie = Tie.objects.create(list=of, source_id=held.source_id, service=service, own=False)
    if service.location_protected:
        held.told, held.oddities = rules.placeless(held.told), []
    held.kind, held.service, held.likely, held.alike = Kind.CHANGED, service, None, []
    ours = service.provider_id is not None
    held.changes = rules.different({}, held.told, queries.now_of(service), ours=ours)
    held.save(update_fields=["kind", "service", "likely", "alike", "changes", "told", "oddities"])
    events.record("difference.tied", held.pk, by=by, at=at, service=str(service.pk))
    if not held.changes:
        _tied(held, tie, {})
        tie.save(update_fields=TIED)
        _decided([held], "accept", by, at)
    return held


@transaction.atomic
def another(difference: Difference, *, by: Actor, at: datetime) -> Difference:
    """An entry is not the service that it looks like, or was said to be: it is new."""
    held = _open_one(locked(difference.list, by), difference)
    tie = Tie.objects.filter(list=held.list_id, source_id=held.source_id, own=False).first()
    other = tie.service_id if tie else held.likely_id
    if other is None:
        raise RuleBroken("Nothing changed: it is taken for no other service.")
    if tie:
        tie.delete()
    held.apart = sorted({*held.apart, str(other)})
    held.kind, held.service, held.likely, held.alike, held.changes = Kind.NEW, None, None, [], {}
    held.save(update_fields=["kind", "service", "likely", "alike", "changes", "apart"])
    events.record("difference.told_apart", held.pk, by=by, at=at, service=str(other))
    return held


@transaction.atomic
def forget_place(service: Service) -> None:
    """What lists said of the place of a service that must stay secret now; safe to run again."""
    if not service.location_protected:
        return
    for tie in Tie.objects.filter(service=service):
        Tie.objects.filter(pk=tie.pk).update(told=rules.placeless(tie.told))
    for one in Difference.objects.filter(service=service):
        kept = {name: rules.placeless(getattr(one, name)) for name in ("told", "changes")}
        Difference.objects.filter(pk=one.pk).update(oddities=[], undo={}, **kept)


def stamp(service: Service) -> str:
    """Goes up with every change of a service."""
    return service.updated_at.isoformat()


def _open_ones(of: List, keys: Iterable[Any]) -> list[Difference]:
    rows = Difference.objects.filter(list=of, state=lifecycle.OPEN, pk__in=list(keys)).select_related("service")
    return list(rows.order_by("pk"))


def _open_one(of: List, difference: Difference) -> Difference:
    found = _open_ones(of, [difference.pk])
    if not found:
        raise RuleBroken(DECIDED)
    return found[0]


def _decided(found: Collection[Difference], move: str, by: Actor, at: datetime) -> None:
    for one in found:
        one.state = lifecycle.difference.target(one.state, move)
        one.decided_by, one.decided_at = by.user_id, at
    keys = [one.pk for one in found]
    written = [one for one in found if one.undo]
    Difference.objects.bulk_update(written, ["service", "undo"], batch_size=200)
    decided = {"state": lifecycle.difference.target(lifecycle.OPEN, move), "decided_by": by.user_id, "decided_at": at}
    Difference.objects.filter(pk__in=keys).update(**decided)
    events.record_many({"accept": "difference.accepted", "reject": "difference.rejected"}[move], keys, by=by, at=at)


def _add(of: List, found: Sequence[Difference], by: Actor, at: datetime, signposted: bool) -> None:
    """Services as the list has them. One that was taken back before is the same row again."""
    known = {one.source_id: one for one in Service.objects.filter(
        source=of.code, source_id__in=[one.source_id for one in found]
    )}  # fmt: skip
    fresh = [
        Relayed(one.source_id, rules.as_columns(one.told), one.digest, one.oddities)
        for one in found if one.source_id not in known
    ]  # fmt: skip
    made = directory.relay(
        fresh, by=by, at=at, credit=credit(of), councils=of.councils, signposted=signposted
    )  # fmt: skip
    again = {known[one.source_id].pk: one for one in found if one.source_id in known}
    made += directory.relay_again(
        {key: {**rules.as_columns(one.told), **_sent(one)} for key, one in again.items()}, by=by, at=at
    )
    held = {one.source_id: one for one in made}
    for one in found:
        one.service = held[one.source_id]
        if signposted and standings.standing(one.service) == standings.UNDECIDED:
            one.service = directory.signpost(one.service, by=by, at=at)
    Tie.objects.bulk_create([
        Tie(list=of, source_id=one.source_id, service=held[one.source_id], digest=one.digest, told=one.told)
        for one in found
    ], batch_size=500)  # fmt: skip
    ties = Tie.objects.filter(list=of, source_id=OuterRef("source_id")).values("service")
    kept = Difference.objects.filter(pk__in=[one.pk for one in found])
    kept.update(service=Subquery(ties), undo={"stamp": at.isoformat()})


def _sent(difference: Difference) -> dict[str, Any]:
    return {"source_hash": difference.digest, "oddities": difference.oddities}


def _take(of: List, held: Difference, by: Actor, at: datetime, take: Collection[str] | None) -> None:
    """What changed, or those of its fields that somebody chose; the rest is not asked again until it changes."""
    tie = Tie.objects.get(list=of, source_id=held.source_id)
    taken, before = _taken(held, take)
    held.service = _written(_service(held), taken, _sent(held) if tie.own else {}, by, at)
    _tied(held, tie, before)
    tie.save(update_fields=TIED)


def _take_as_sent(of: List, found: Sequence[Difference], by: Actor, at: datetime) -> None:
    """The same for many services that nobody here runs, in few statements."""
    ties = {tie.source_id: tie for tie in Tie.objects.filter(list=of, source_id__in=[one.source_id for one in found])}
    taken = {one.pk: _taken(one, None) for one in found}
    told = {
        _service(one).pk: {**rules.as_columns(taken[one.pk][0]), **(_sent(one) if ties[one.source_id].own else {})}
        for one in found
    }
    written = {service.pk: service for service in directory.relay_again(told, by=by, at=at)}
    for one in found:
        one.service = written[_service(one).pk]
        _tied(one, ties[one.source_id], taken[one.pk][1])
    Tie.objects.bulk_update(ties.values(), TIED, batch_size=500)


def _taken(held: Difference, take: Collection[str] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """What of a difference is taken over, and what was there before."""
    taken = {name: value for name, value in held.changes.items() if take is None or name in take}
    if not taken:
        raise RuleBroken("Choose what of it to take over, or reject it.", "take")
    if taken.keys() & set(rules.PLACE):
        taken = {name: value for name, value in held.told.items() if name in rules.PLACE} | taken
    return taken, {name: value for name, value in queries.now_of(_service(held)).items() if name in taken}


def _service(held: Difference) -> Service:
    assert held.service is not None
    return held.service


def _written(service: Service, told: Mapping[str, Any], sent: Mapping[str, Any], by: Actor, at: datetime) -> Service:
    """The service with what a list says: as it is sent or, where an organisation here runs it, as agreed words."""
    if service.provider_id is None:
        return directory.relay_again({service.pk: {**rules.as_columns(told), **sent}}, by=by, at=at)[0]
    words = {name: value for name, value in told.items() if name != "state"}
    service = directory.revise(
        service, directory.details_from({**directory.worded(service), **words}), by=by, at=at
    )  # fmt: skip
    if (told.get("state", service.state) == rules.CLOSED) != (service.state == rules.CLOSED):
        closes = told["state"] == rules.CLOSED
        service = directory.close(service, by=by, at=at) if closes else directory.open(service, by=by, at=at)
    return service


def _tied(held: Difference, tie: Tie, before: Mapping[str, Any]) -> None:
    """The tie as it is from now on; the difference keeps how both were."""
    was = {"digest": tie.digest, "told": tie.told, "gone": tie.gone_at is not None}
    held.undo = {"before": before, "tie": was, "stamp": stamp(_service(held))}
    tie.digest, tie.told, tie.gone_at = held.digest, held.told, None


def _let_go(of: List, held: Difference, by: Actor, at: datetime) -> None:
    """What is in the list no more: a service that came from it closes; of any other only the tie goes."""
    tie = Tie.objects.get(list=of, source_id=held.source_id)
    if not tie.own:
        held.undo = {"untied": {"digest": tie.digest, "told": tie.told}, "stamp": stamp(_service(held))}
        tie.delete()
        return
    before = _service(held).state
    if before != rules.CLOSED:
        held.service = directory.close(_service(held), by=by, at=at)
    held.undo = {"state": before, "stamp": stamp(_service(held))}
    tie.gone_at = at
    tie.save(update_fields=["gone_at"])


def _take_back(of: List, held: Difference, by: Actor, at: datetime) -> None:
    """What accepting did, undone; refused where the service was changed since."""
    if held.undo.get("stamp", stamp(_service(held))) != stamp(_service(held)) or not held.undo:
        raise RuleBroken(LATER)
    if held.kind == Kind.NEW:
        _withdraw(of, held, by, at)
    elif held.kind == Kind.CHANGED:
        _restore(of, held, by, at)
    elif "untied" in held.undo:
        Tie.objects.create(
            list=of, source_id=held.source_id, service=_service(held), own=False, **held.undo["untied"]
        )  # fmt: skip
    else:
        Tie.objects.filter(list=of, source_id=held.source_id).update(gone_at=None)
        if held.undo["state"] != rules.CLOSED:
            directory.open(_service(held), by=by, at=at, waiting=held.undo["state"] == Service.State.WAITING)


def _withdraw(of: List, held: Difference, by: Actor, at: datetime) -> None:
    """A service that was new is shown no more. Its row stays, for when the entry is accepted after all."""
    Tie.objects.filter(list=of, source_id=held.source_id).delete()
    if _service(held).signposted_at:
        held.service = directory.release(_service(held), by=by, at=at)
    directory.relay_again({_service(held).pk: {"state": rules.CLOSED, "source_hash": ""}}, by=by, at=at)
    held.service = None


def _restore(of: List, held: Difference, by: Actor, at: datetime) -> None:
    tie = Tie.objects.get(list=of, source_id=held.source_id)
    before = held.undo["tie"]
    if held.undo["before"]:
        sent = {"source_hash": before["digest"], "oddities": _service(held).oddities} if tie.own else {}
        _written(_service(held), held.undo["before"], sent, by, at)
    tie.digest, tie.told, tie.gone_at = before["digest"], before["told"], at if before["gone"] else None
    tie.save(update_fields=TIED)
