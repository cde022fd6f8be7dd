"""Reads of the workbench beside the queue itself: saved views, and what the queue opens on."""

from uuid import UUID

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.support.triage.models import Desk, SavedView

FIRST_VIEW = "to_do"


def saved_views(by: Actor) -> "QuerySet[SavedView]":
    """One's own views and those of the hub, by name."""
    return SavedView.objects.visible_to(by).order_by("shared", "name")


def saved_view(by: Actor, code: str) -> SavedView | None:
    """The saved view under a key that stands in an address; None for the code of a fixed one and for nonsense."""
    try:
        key = UUID(code)
    except ValueError:
        return None
    return SavedView.objects.visible_to(by).filter(pk=key).first()


def opens_on(by: Actor) -> str:
    """What this person's queue opens on: the code of a fixed view or the key of a saved one."""
    chosen = Desk.objects.visible_to(by).values_list("opens_on", flat=True).first()
    return chosen or FIRST_VIEW
