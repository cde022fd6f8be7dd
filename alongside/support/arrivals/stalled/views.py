"""The hub's page of offers that nobody answered in time, and what other pages say of them."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.access.declare import access, actor_of, note_looks
from alongside.core.pages.beside import Card
from alongside.core.pages.paging import page_of
from alongside.core.pages.tables import page_links
from alongside.core.rows.realms import Realm
from alongside.foundation.office.accounts.permissions import Permission as P
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.stalled import presenters, queries


@access(P.REFERRAL_QUEUE, rows=Offer)
def stalled(request: HttpRequest, rows: "QuerySet[Offer]") -> HttpResponse:
    """Offers past their clock, the longest waiting first: what was done about each, and what comes next."""
    at, by = timezone.now(), actor_of(request)
    after, before = request.GET.get("after", ""), request.GET.get("before", "")
    page = page_of(queries.stalled(by, at), order=("offered_at", "id"), after=after, before=before)
    offers, crimes = list(page.rows), rulebook.titles("crime_types", clocks.london_date(at))
    note_looks(request, [key for offer in offers for key in (offer.referral_id, offer.victim_id)])
    found = presenters.lines(
        offers, queries.plans(offers, at), queries.references(offers),
        {offer.pk: queries.due(offer, at) for offer in offers}, crimes, at, queries.office(at),
    )  # fmt: skip
    context = {
        "rows": found,
        "pages": page_links(request, page),
        "may": by.may(P.RULEBOOK_READ),
    }
    return render(request, "stalled/stalled.html", context)


def beside(referral: Referral, *, by: Actor, at: datetime) -> Iterable[Card]:
    """What the page of a referral says of its stalled offer."""
    if by.may(P.REFERRAL_QUEUE):
        waiting = queries.waiting(referral)
        late = waiting if waiting and queries.due(waiting, at) < at else None
        planned = queries.plans([late], at)[late.pk] if late else ()
        card = presenters.late(late, planned, queries.steps_of(referral), at, queries.office(at))
        yield from [card] if card else []


def beside_offer(offer: Offer, *, by: Actor, at: datetime) -> Iterable[Card]:
    """What the provider's page of an offer says: that the hub asked again."""
    if by.realm == Realm.PROVIDER and offer.state == Offer.State.OFFERED:
        card = presenters.asked_again(queries.chases(offer))
        yield from [card] if card else []
