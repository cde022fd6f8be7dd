"""Reads of documents passed on: who may be given one, what was given, and who has opened it."""

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet

from alongside.core.access.actor import Actor
from alongside.core.models import Look
from alongside.core.privacy import fields
from alongside.core.rows import ahead
from alongside.foundation.office.accounts.models import User
from alongside.support.arrivals.referrals.models import Offer, Referral, Standing
from alongside.support.arrivals.threads import queries as threads
from alongside.support.arrivals.threads.models import Attachment
from alongside.support.arrivals.threads.queries import Named
from alongside.support.cases.casework.models import Case
from alongside.support.cases.papers import lifecycle
from alongside.support.cases.papers.models import Passed

# Pages that hand a document out: the hub's own copy, and what a provider was given. Their looks say who has read it.
OWN_DOOR, THEIR_DOOR = "threads:document", "papers:document"
MAY_HAVE = (Offer.State.OFFERED, Offer.State.ACCEPTED)


def receiver(referral: UUID, by: Actor) -> Offer | None:
    """The offer whose provider has the referral or may yet take it up."""
    found = Offer.objects.visible_to(by).filter(referral_id=referral, state__in=MAY_HAVE)
    offer: Offer | None = found.select_related("service", "provider").order_by("-offered_at", "-id").first()
    return offer if offer and not _over(offer) else None


def _over(offer: Offer) -> bool:
    return Case.objects.filter(offer_id=offer.pk, state=Case.State.CLOSED).exists()


def referral_of(attachment: Attachment) -> Referral:
    return Referral.objects.select_related("victim").get(pk=attachment.standing_id)


def case_of(passed: Passed) -> Case | None:
    found: Case | None = Case.objects.filter(offer_id=passed.offer_id).first()
    return found


def has_read(attachment: Attachment, by: Actor) -> bool:
    """Whether the actor has opened the document themselves."""
    looks = Look.objects.filter(user_id=by.user_id, route=OWN_DOOR, subjects__contains=[attachment.pk])
    return looks.exists()


def standing_for(attachment: UUID, offer: Offer) -> Passed | None:
    """The document as it was chosen for this provider, unless it was taken back."""
    states = (lifecycle.CHOSEN, lifecycle.PASSED)
    found: Passed | None = Passed.objects.filter(
        attachment_id=attachment, offer_id=offer.pk, state__in=states
    ).first()  # fmt: skip
    return found


def content(passed: Passed) -> bytes:
    return base64.b64decode(fields.read(passed, "content"))


def opened(passed: Passed) -> tuple[datetime, ...]:
    """When the provider opened it, the first first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT at FROM rows_looks('paper', %s) WHERE organisation_id = %s AND route = %s ORDER BY at",
            [passed.pk, passed.provider_id, THEIR_DOOR],
        )
        return tuple(at for (at,) in cursor.fetchall())


@dataclass(frozen=True)
class Given:
    """A document chosen for a provider: what it was called for them, who chose it, and when it was opened there."""

    passed: Passed
    what: str
    by: str
    ended_by: str
    opened: tuple[datetime, ...]


@dataclass(frozen=True)
class Paper:
    """A document that came with a referral, with every provider that it was chosen for, the first first."""

    named: Named
    given: tuple[Given, ...]


def papers(standing: Standing, by: Actor) -> tuple[Paper, ...]:
    """Every document that came with a referral, and where each went. For the hub."""
    found = list(Passed.objects.visible_to(by).filter(referral_id=standing.pk).select_related("provider"))
    found.sort(key=lambda one: (one.chosen_at, one.pk))
    people = _names(found)
    return tuple(
        Paper(named, tuple(_given(one, people) for one in found if one.attachment_id == named.pk))
        for named in threads.documents(standing, by)
    )


def _names(found: Iterable[Passed]) -> dict[UUID, str]:
    wanted = {person for one in found for person in (one.chosen_by, one.ended_by) if person}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _given(one: Passed, people: dict[UUID, str]) -> Given:
    by, ended_by = (people.get(person, "") if person else "" for person in (one.chosen_by, one.ended_by))
    return Given(one, fields.read(one, "what"), by, ended_by, opened(one) if one.passed_at else ())


def on_case(case: Case, by: Actor) -> tuple[tuple[Passed, str], ...]:
    """What was passed on to the provider of a case, with what each is, the first first. For the provider."""
    return tuple((one, fields.read(one, "what")) for one in _passed(case, by))


@ahead.question
def _passed(case: Case, by: Actor) -> "QuerySet[Passed]":
    found = Passed.objects.visible_to(by).filter(offer_id=case.offer_id, state=lifecycle.PASSED)
    return found.order_by("passed_at", "id")


def reads(case: Case, *, by: Actor, at: datetime) -> Iterable["QuerySet[Any]"]:
    """What the page of a case asks of this domain: to be read in one with more (`rows.ahead`)."""
    return (_passed(case, by),)


def chosen_for(offer: Offer) -> tuple[Passed, ...]:
    """What waits for the answer to an offer."""
    return tuple(Passed.objects.filter(offer_id=offer.pk, state=lifecycle.CHOSEN).order_by("chosen_at", "id"))
