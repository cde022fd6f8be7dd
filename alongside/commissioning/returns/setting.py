"""Writes of an office about who answers which template, how much of it, and until when."""

from datetime import datetime

from django.db import transaction

from alongside.commissioning.returns import queries
from alongside.commissioning.returns.models import Arrangement
from alongside.commissioning.templates import queries as templates
from alongside.core import clocks, events
from alongside.core.access.actor import Actor
from alongside.core.errors import RuleBroken
from alongside.core.periods import Quarter
from alongside.foundation.office.organisations import queries as organisations
from alongside.foundation.office.organisations.models import Organisation


@transaction.atomic
def arrange(
    provider: Organisation, *, by: Actor, at: datetime, template: str, size: str, since: Quarter
) -> Arrangement:
    """From a quarter on a provider answers a template for an award of a size."""
    office, on = organisations.own(by), clocks.london_date(at)
    if provider not in queries.providers(office):
        raise RuleBroken("Choose a provider of your area.", "provider")
    if queries.asked_by(template, since) is None and templates.template(template, on) is None:
        raise RuleBroken("Choose a template that is in force.", "template")
    if size not in dict(templates.sizes(on)):
        raise RuleBroken("Choose the size of the award.", "size")
    held = Arrangement.objects.select_for_update().filter(office=office, provider=provider, template=template)
    if held.filter(until=None).exists():
        raise RuleBroken("They answer this template already. Change that one.", "template")
    made = Arrangement.objects.create(
        office=office, provider=provider, template=template, size=size, since=since.start, made_at=at,
        made_by=by.user_id,
    )  # fmt: skip
    events.record("return.arranged", made.pk, by=by, at=at, template=template, size=size, since=str(since))
    return made


@transaction.atomic
def resize(arrangement: Arrangement, *, by: Actor, at: datetime, size: str) -> None:
    """The award is of another size from the next return that opens; returns that are open stay as they are."""
    if size not in dict(templates.sizes(clocks.london_date(at))):
        raise RuleBroken("Choose the size of the award.", "size")
    held = _arrangement(arrangement, by)
    held.size = size
    held.save(update_fields=["size"])
    events.record("return.resized", held.pk, by=by, at=at, size=size)


@transaction.atomic
def end(arrangement: Arrangement, *, by: Actor, at: datetime, last: Quarter) -> None:
    """The last quarter that is asked about. Returns that were opened stay."""
    held = _arrangement(arrangement, by)
    if held.returns.filter(quarter__gt=str(last)).exists():
        raise RuleBroken("There is a return of a later quarter already.", "last")
    if last.end <= held.since:
        raise RuleBroken("It begins after that.", "last")
    held.until = last.end
    held.save(update_fields=["until"])
    events.record("return.ended", held.pk, by=by, at=at, last=str(last))


def _arrangement(arrangement: Arrangement, by: Actor) -> Arrangement:
    return Arrangement.objects.visible_to(by).select_for_update(of=("self",)).get(pk=arrangement.pk)
