"""Reads for changes: those that wait for an organisation, and what differs in one."""

import json
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.privacy import fields
from alongside.core.rows import ahead
from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.changes.models import Change
from alongside.support.arrivals.feeds import queries as feeds
from alongside.support.arrivals.feeds.models import Delivery, KeptRow
from alongside.support.arrivals.feeds.rules import Difference
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.people.victims.models import Victim

State = Change.State


def differences(change: Change) -> tuple[Difference, ...]:
    return tuple(Difference(*one) for one in json.loads(fields.read(change, "differences")))


def decisions(change: Change) -> dict[str, str]:
    said = fields.read(change, "decisions")
    return dict(json.loads(said)) if said else {}


def waiting(rows: "QuerySet[Change]") -> "QuerySet[Change]":
    """Those that nobody has decided."""
    return rows.filter(state=State.OPEN).select_related("source")


def waiting_for(actor: Actor) -> int:
    """How many wait for the actor's own organisation."""
    return waiting(Change.objects.visible_to(actor)).filter(provider_id__in=actor.orgs).count()


@ahead.question
def waiting_on(referral: UUID, actor: Actor) -> "QuerySet[Change]":
    """Those of one referral that wait for the actor's own organisation, the oldest first."""
    rows = waiting(Change.objects.visible_to(actor)).filter(referral_id=referral, provider_id__in=actor.orgs)
    return rows.order_by("came_at", "id")


def reads(case: Any, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (waiting_on(case.referral_id, by),)


def of_row(kept: KeptRow) -> Change | None:
    """The change that a kept row was passed on as."""
    return Change.objects.filter(kept_id=kept.pk).first()


def victim_of(change: Change) -> Victim:
    return Victim.objects.get(pk=change.victim_id)


def references(rows: list[Change]) -> dict[UUID, str]:
    """Our reference of each change's referral."""
    found = Referral.objects.filter(pk__in=[one.referral_id for one in rows])
    return dict(found.values_list("pk", "reference"))


def holder(referral: Referral) -> int | None:
    """The provider that holds the case of a referral, while it does."""
    if referral.state != Referral.State.ACCEPTED:
        return None
    found = Offer.objects.filter(referral_id=referral.pk, state=Offer.State.ACCEPTED).order_by("-answered_at")
    return found.values_list("provider_id", flat=True).first()


def sent_again(delivery: Delivery) -> "QuerySet[KeptRow]":
    """Rows of a delivery that came with other content, and that nobody has dealt with."""
    return _changed().filter(delivery=delivery)


def sent_again_of(referral: Referral) -> "QuerySet[KeptRow]":
    """The same of one referral, whatever delivery they came with."""
    rows = _changed().filter(source_ref=referral.source_ref, delivery__source=referral.source_organisation)
    return rows if referral.source == Referral.Source.POLICE_FEED else rows.none()


def _changed() -> "QuerySet[KeptRow]":
    return feeds.open_rows(KeptRow.objects.filter(reason="changed"))


def titles(on: date) -> dict[str, dict[str, str]]:
    """By what differs, the rulebook's words for its codes."""
    return {what: dict(said) for what, said in feeds.words(on).titles.items()}


def passed_on(kept: KeptRow) -> str:
    """Who is asked to decide about a kept row; empty where nobody is."""
    change = Change.objects.filter(kept_id=kept.pk, state=State.OPEN).first()
    return Organisation.objects.get(pk=change.provider_id).name if change else ""
