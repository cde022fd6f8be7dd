"""Writes of the workbench: views that people save."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction

from alongside.core import events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.foundation.accounts.permissions import Permission as P
from alongside.support.triage import queries, queue, rules
from alongside.support.triage.models import Desk, SavedView

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
