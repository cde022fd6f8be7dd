"""Reads of pathways: the office's words on a day, who takes such a case now, who knows most about it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.rows.realms import Realm
from alongside.foundation.local.directory import queries as directory
from alongside.foundation.local.directory.models import Service
from alongside.foundation.local.directory.rules import Fit, Seeker
from alongside.foundation.local.pathways.models import Draft, Lead
from alongside.foundation.local.pathways.rules import BOOK
from alongside.foundation.office.accounts.models import User
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.foundation.office.rulebook.rules import RuleRow

MOST = 3  # services that are compared side by side


def pathways(on: date) -> tuple[RuleRow, ...]:
    return rulebook.current(BOOK, on)


def pathway(code: str, on: date) -> RuleRow | None:
    """The words in force on a day."""
    return rulebook.find(BOOK, code, on)


def about(crime_type: str, on: date) -> RuleRow | None:
    """The pathway of a crime."""
    return next((row for row in pathways(on) if crime_type in row.codes("crime_types")), None)


def versions(code: str) -> tuple[RuleRow, ...]:
    """Every version of a pathway, newest first."""
    return rulebook.history(BOOK, code)


def open_version(code: str) -> RuleRow:
    """The newest version, in force or to come. Raises RuleBroken where there is none."""
    found = versions(code)
    if not found or found[0].until is not None:
        raise RuleBroken("This page has been withdrawn.")
    return found[0]


def office(by: Actor) -> int:
    """The organisation for which the actor writes."""
    assert by.organisation_id is not None  # whoever has a permission has it in an organisation
    return by.organisation_id


def draft(code: str, by: Actor) -> Draft | None:
    """The draft of the actor's own organisation."""
    return Draft.objects.visible_to(by).filter(code=code, organisation_id=office(by)).first()


def takers(row: RuleRow, by: Actor, on: date) -> tuple[Fit, ...]:
    """Services near the actor that take somebody after any of the pathway's crimes now, best first, each once."""
    found: dict[object, Fit] = {}
    for crime in row.codes("crime_types"):
        for fit in directory.services_for(Seeker(crime_type=crime), on=on, hub=by.organisation_id):
            if fit.service.pk not in found or fit.score > found[fit.service.pk].score:
                found[fit.service.pk] = fit
    return tuple(sorted(found.values(), key=lambda one: (-one.score, one.service.name)))


def leads_for(row: RuleRow, by: Actor) -> "QuerySet[Lead]":
    """Those who lead on any of the pathway's crimes here, before those who lead on all."""
    named = Q(crime_types__overlap=list(row.codes("crime_types")))
    return Lead.objects.visible_to(by).filter(named | Q(crime_types=[])).order_by("works_for", "name")


def keeps_leads(by: Actor) -> bool:
    """Whether the actor acts for a hub, which keeps the leads of its area."""
    return by.realm == Realm.HUB


def compared(keys: Sequence[str]) -> tuple[Service, ...]:
    """Up to three services of the directory by key, in the order asked; what is no key is left out."""
    asked = list(dict.fromkeys(filter(None, map(_key, keys))))[:MOST]
    known = {one.pk: one for one in Service.objects.running().filter(pk__in=asked).select_related("provider")}
    return tuple(known[key] for key in asked if key in known)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def address_of_leaver(user: UUID) -> str:
    """The e-mail address of whoever left, where they work nowhere here any more; else nothing."""
    if Membership.objects.current().filter(user_id=user).exists():
        return ""
    return User.objects.filter(pk=user).values_list("email", flat=True).first() or ""
