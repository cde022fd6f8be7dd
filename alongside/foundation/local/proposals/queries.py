"""Reads of proposals: those that wait, what a service would be like, who may do what."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory import actions as directory
from alongside.foundation.local.directory.models import Service, Version
from alongside.foundation.local.proposals import lifecycle as states
from alongside.foundation.local.proposals.models import Proposal


def is_hub(actor: Actor) -> bool:
    """Whether the actor agrees to changes, and makes their own at once."""
    return actor.realm == Realm.HUB


def waiting(actor: Actor) -> QuerySet[Proposal]:
    """Those that are not decided yet, or wait for their day, newest first. Drafts are their writers' own."""
    found = Proposal.objects.visible_to(actor).filter(state__in=states.WAITING)
    own = Q(begun_for__in=actor.orgs) | ~Q(state__in=states.WRITTEN)
    return found.filter(own).select_related("service", "provider")


def to_decide(actor: Actor) -> int:
    """How many wait for the hub."""
    return Proposal.objects.visible_to(actor).filter(state=states.SENT).count() if is_hub(actor) else 0


def open_of(service: Service, actor: Actor) -> QuerySet[Proposal]:
    return Proposal.objects.visible_to(actor).filter(service=service, state__in=states.WAITING).order_by("begun_at")


def now(proposal: Proposal) -> dict[str, Any]:
    """The details of the service as they are; of a new one, those that everybody starts with."""
    return directory.worded(proposal.service) if proposal.service else directory.plain()


def wanted(proposal: Proposal) -> dict[str, Any]:
    """The details as they would be."""
    return {**now(proposal), **proposal.changes}


def version_of(service: Service | None) -> int:
    """The number of a service's words as they are now."""
    last = Version.objects.filter(service=service).order_by("-number").values_list("number", flat=True).first()
    return last or 0


def versions(service: Service) -> list[Version]:
    """How a service was worded, newest first."""
    return list(Version.objects.filter(service=service).select_related("organisation").order_by("-number"))


def due(on: date) -> QuerySet[Proposal]:
    """Those that are agreed and whose day has come."""
    return Proposal.objects.filter(state=states.AGREED).filter(Q(applies_on=None) | Q(applies_on__lte=on))


def destinations(proposal: Proposal) -> list[tuple[str, str]]:
    """Services to which the people of a closing one may go: open ones of the same police area."""
    found = Service.objects.open().filter(provider__force=proposal.provider.force_id)
    others = [one for one in found.select_related("provider") if one.pk != proposal.service_id]
    return [(str(one.pk), f"{one.name} ({one.run_by})") for one in others]
