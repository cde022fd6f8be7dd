"""Writes of the workbench: views that people save, and referrals that change hands, many at once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.clocks import london_date
from alongside.core.errors import RuleBroken
from alongside.core.pages.filters import date_words
from alongside.core.rows import records
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.desk.triage import queries, queue, rules
from alongside.support.desk.triage.models import Batch, Desk, SavedView
from alongside.support.desk.triage.rules import Stands
from alongside.support.people.duty import queries as duty

TAKEN = "There is a view of this name already. Choose another name."
NOT_YOURS = "Only whoever shares the hub’s views may change this one."


def _own(by: Actor) -> dict[str, object]:
    return {"hub_id": by.organisation_id, "owner_id": by.user_id}


@transaction.atomic
def save_view(
    *, by: Actor, at: datetime, name: str, view: str, filters: Mapping[str, str], sort: str = "", shared: bool = False
) -> SavedView:  # fmt: skip
    """Keeps a view under a name, for oneself or, where one may share, for the whole hub."""
    if shared and not by.may(P.QUEUE_SHARE):
        raise RuleBroken("Only a manager shares a view with the hub.", "shared")
    already = SavedView.objects.filter(**_own(by)).count()
    rules.check_saved(view=view, sort=sort, known=frozenset(queue.views(by, at)), already=already)
    saved = SavedView(
        **_own(by), name=name, view=view, filters=rules.kept(filters), sort=sort, shared=shared, saved_at=at
    )  # fmt: skip
    _write(saved, force_insert=True)
    events.record("view.saved", saved.pk, by=by, at=at, view=view, shared=shared)
    return saved


def _write(saved: SavedView, **how: object) -> None:
    """Saves it; the database says whether the name is free, however many save at once."""
    try:
        with transaction.atomic():
            saved.save(**how)  # type: ignore[arg-type]
    except IntegrityError as error:
        raise RuleBroken(TAKEN, "name") from error


def _changeable(saved: SavedView, by: Actor) -> SavedView:
    """The row, locked, if it is theirs to change."""
    fresh = SavedView.objects.select_for_update().filter(pk=saved.pk).first()
    if fresh is None:
        raise RuleBroken("This view has been deleted meanwhile.")
    if fresh.owner_id != by.user_id and not (fresh.shared and by.may(P.QUEUE_SHARE)):
        raise RuleBroken(NOT_YOURS)
    return fresh


@transaction.atomic
def rename_view(saved: SavedView, *, by: Actor, at: datetime, name: str) -> SavedView:
    saved = _changeable(saved, by)
    saved.name = name
    _write(saved, update_fields=["name"])
    events.record("view.renamed", saved.pk, by=by, at=at)
    return saved


@transaction.atomic
def delete_view(saved: SavedView, *, by: Actor, at: datetime) -> None:
    """Deletes a view; whoever's queue opened on it opens on what is to do."""
    saved = _changeable(saved, by)
    key = saved.pk
    saved.delete()
    events.record("view.deleted", key, by=by, at=at)


@transaction.atomic
def open_on(code: str, *, by: Actor, at: datetime) -> None:
    """Sets what this person's queue opens on."""
    if code not in queue.views(by, at) and queries.saved_view(by, code) is None:
        raise RuleBroken("This view has been deleted meanwhile. Choose another one.")
    assert by.user_id is not None and by.organisation_id is not None
    desk, _ = Desk.objects.update_or_create(
        hub_id=by.organisation_id, user_id=by.user_id, defaults={"opens_on": code}
    )  # fmt: skip
    events.record("view.opened_on", desk.pk, by=by, at=at, view=code if len(code) < 36 else "saved")


Seen = Mapping[UUID, UUID | None]  # referrals with whose each was on the page


@transaction.atomic
def allocate(chosen: Seen, *, by: Actor, at: datetime, worker: UUID | None) -> Batch:
    """Gives referrals to a colleague or oneself, or puts them back in the pool (`worker` None), each that still can.

    What changed hands meanwhile stays as it is now and is told, as is what the colleague may not open. Rows are locked
    in one order, so that two people who allocate the same ones at once wait for each other and never block each other.
    """
    rules.check_chosen(chosen)
    if worker is not None:
        _check_here(worker, by=by, at=at)
    rows = _locked(chosen, by)
    shut = _not_open(rows, worker, by)
    why = {
        key: rules.refusal(stands(rows.get(key)), seen=seen, to=worker, may_open=key not in shut)
        for key, seen in chosen.items()
    }
    moved = [row for key, row in rows.items() if not why[key]]
    before = [_as_it_was(row) for row in moved]
    for row in moved:
        taken_at = (row.taken_at or at) if worker else row.taken_at
        referrals.move(row, rules.verb_of(worker), at=at, worker=worker, taken_at=taken_at)
    refused = [{"referral": str(key), "why": code} for key, code in why.items() if code]
    return _note(before, refused, by=by, at=at, worker=worker)


def _not_open(rows: Mapping[UUID, Referral], worker: UUID | None, by: Actor) -> set[UUID]:
    """Of these referrals those whose record this colleague may not open: not named on it, or they know the person."""
    if worker is None:
        return set()
    theirs = records.open_to({row.victim_id for row in rows.values()}, worker, by.organisation_id or 0)
    return {key for key, row in rows.items() if row.victim_id not in theirs}


def _note(before: list[Any], refused: list[Any], *, by: Actor, at: datetime, worker: UUID | None) -> Batch:
    """Keeps how it was, for a while, and says what happened to each; forgets this person's batches that are past."""
    Batch.objects.visible_to(by).filter(done_at__lt=at - rules.BATCH_KEPT).delete()
    whose: dict[str, Any] = {"hub_id": by.organisation_id, "user_id": by.user_id}
    batch = Batch(**whose, done_at=at, worker=worker, before=before, refused=refused)
    batch.save(force_insert=True)
    name = "referral.allocated" if worker else "referral.put_back"
    for row in before:
        events.record(name, UUID(row["referral"]), by=by, at=at, had=row["worker"], to=str(worker or ""))
    return batch


def _check_here(worker: UUID, *, by: Actor, at: datetime) -> None:
    """Refuses somebody who does not work in triage here now, or is away today."""
    hub, on = by.organisation_id or 0, london_date(at)
    known = {one.user_id: one.name for one in duty.officers(hub)}
    if worker not in known:
        raise RuleBroken("Choose somebody who works in triage here now.", "worker")
    if gone := duty.away(hub, on).get(worker):
        raise RuleBroken(f"{known[worker]} is away until {date_words(gone.until)}. Choose somebody else.", "worker")


def _locked(keys: Iterable[UUID], by: Actor) -> dict[UUID, Referral]:
    """The rows that this person may still see, held until the transaction ends, in the order of their keys."""
    rows = Referral.objects.visible_to(by).filter(pk__in=list(keys), hub_id=by.organisation_id or 0)
    return {row.pk: row for row in rows.select_for_update().order_by("pk")}


def stands(row: Referral | None) -> Stands | None:
    return Stands(row.worker, row.state) if row else None


def _as_it_was(row: Referral) -> dict[str, str]:
    taken_at = row.taken_at.isoformat() if row.taken_at else ""
    return {"referral": str(row.pk), "worker": str(row.worker or ""), "state": row.state, "taken_at": taken_at}


@transaction.atomic
def undo(batch: Batch, *, by: Actor, at: datetime) -> tuple[int, int]:
    """Puts back what was allocated in one go as it was, but for what somebody has gone on with.

    Returns how many were put back, and how many were left as they are now."""
    fresh = Batch.objects.select_for_update().get(pk=batch.pk)
    minutes = queries.undo_minutes(london_date(at))
    rules.check_undo(done_at=fresh.done_at, undone=fresh.undone_at is not None, at=at, minutes=minutes)
    was = {UUID(one["referral"]): one for one in fresh.before}
    rows, touched = _locked(was, by), queries.touched_since(was, fresh.done_at)
    touched |= {
        key for key, one in was.items()
        if one["worker"] and key in rows and _not_open({key: rows[key]}, UUID(one["worker"]), by)
    }  # fmt: skip
    put = [key for key, one in was.items() if _put_back(rows.get(key), one, fresh, touched=key in touched, at=at)]
    fresh.undone_at = at
    fresh.save(update_fields=["undone_at"])
    for key in put:
        events.record("referral.allocation_undone", key, by=by, at=at, to=was[key]["worker"])
    return len(put), len(was) - len(put)


def _put_back(row: Referral | None, was: Mapping[str, str], batch: Batch, *, touched: bool, at: datetime) -> bool:
    """Whether one referral is as it was again."""
    worker = UUID(was["worker"]) if was["worker"] else None
    verb = rules.undo_verb(Stands(worker, was["state"]), stands(row), to=batch.worker, touched=touched)
    if row is None or verb is None:
        return False
    taken_at = datetime.fromisoformat(was["taken_at"]) if was["taken_at"] else None
    referrals.move(row, verb, at=at, worker=worker, taken_at=taken_at)
    return True


@transaction.atomic
def forget_batches(*, by: Actor, at: datetime) -> int:
    """Forgets what nobody can take back any more. Returns how many."""
    found = Batch.objects.filter(done_at__lt=at - rules.BATCH_KEPT).delete()[0]
    if found:
        events.record("allocation.forgotten", UUID(int=0), by=by, at=at, batches=found)
    return found
