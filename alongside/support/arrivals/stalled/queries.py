"""Reads of stalled offers: which are past their clock, what was done about each, and what comes next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID

from django.db.models import QuerySet

from alongside.core import clocks
from alongside.core.access.actor import Actor
from alongside.core.clocks import OfficeHours
from alongside.foundation.local.directory.rules import Fit
from alongside.foundation.office.organisations.models import Membership
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Offer, Referral
from alongside.support.arrivals.routing import queries as routing
from alongside.support.arrivals.stalled import rules
from alongside.support.arrivals.stalled.models import Step
from alongside.support.arrivals.stalled.rules import Onward, Planned, Row

CLOCK = "provider_answer"
BOOK = "stalled_offers"
HUB, PROVIDER = "hub_manager", "service_manager"


def rows(at: datetime) -> tuple[Row, ...]:
    """The steps that the rulebook lays down."""
    return tuple(
        Row(row.code, row.text("does"), row.number("after"), row.number("hour"), row.number("hours"))
        for row in rulebook.current(BOOK, clocks.london_date(at))
    )


def office(at: datetime) -> OfficeHours:
    """The hours between which steps are taken: the office's own. Where they make no sense, the whole day."""
    on = clocks.london_date(at)
    opens, closes = (rulebook.rule("limits", code, on).number("number") for code in ("office_opens", "office_closes"))
    if not 0 <= opens < closes <= clocks.LAST_HOUR:
        return OfficeHours(0, clocks.LAST_HOUR)
    return OfficeHours(opens, closes)


def goes_on(at: datetime) -> bool:
    """Whether the office lets what was called back go on to the next service by itself."""
    found = rulebook.find(BOOK, rules.CALL_BACK, clocks.london_date(at))
    return found is not None and found.flag("goes_on")


def due(offer: Offer, at: datetime) -> datetime:
    """By when the provider was to answer."""
    return clocks.due(offer.offered_at, referrals.working_days(CLOCK, clocks.london_date(at)))


def open_past_due(at: datetime) -> "QuerySet[Offer]":
    """Offers that wait for an answer and are past their clock."""
    allowed = referrals.working_days(CLOCK, clocks.london_date(at))
    day = clocks.london_date(at)
    while clocks.due(day, allowed) >= at:
        day -= clocks.ONE_DAY
    before = datetime.combine(day + clocks.ONE_DAY, time.min, tzinfo=clocks.LONDON)
    return Offer.objects.filter(state=Offer.State.OFFERED, offered_at__lt=before)


def stalled(by: Actor, at: datetime) -> "QuerySet[Offer]":
    """Those of the actor's hub."""
    past = open_past_due(at).filter(hub_id=by.organisation_id or 0)
    seen = Offer.objects.visible_to(by).values("pk")
    return past.filter(pk__in=seen).select_related("service", "provider")


def plans(offers: Sequence[Offer], at: datetime) -> dict[UUID, tuple[Planned, ...]]:
    """The steps of each offer, taken and to come."""
    taken: dict[UUID, dict[str, datetime]] = {offer.pk: {} for offer in offers}
    for step in Step.objects.filter(offer__in=taken):
        taken[step.offer_id][step.code] = step.taken_at
    laid, hours = rows(at), office(at)
    return {offer.pk: rules.plan(due(offer, at), laid, taken[offer.pk], hours) for offer in offers}


def escalated(by: Actor, at: datetime) -> int:
    """How many stalled offers the hub manager was told of."""
    return stalled(by, at).filter(steps__does=rules.ESCALATE).count()


def managers(organisation: int, role: str) -> list[UUID]:
    """Who is to be told at an organisation."""
    held = Membership.objects.current().filter(organisation_id=organisation, role=role, user__is_active=True)
    return list(held.order_by("user_id").values_list("user_id", flat=True).distinct())


def chases(offer: Offer) -> tuple[datetime, ...]:
    """When the provider was asked again."""
    asked = Step.objects.filter(offer=offer, does=rules.CHASE).order_by("taken_at")
    return tuple(asked.values_list("taken_at", flat=True))


def steps_of(referral: Referral) -> tuple[Step, ...]:
    """What was done about stalled offers of a referral, the latest first."""
    found = Step.objects.filter(referral_id=referral.pk).select_related("offer__service").order_by("-taken_at")
    return tuple(found)


def waiting(referral: Referral) -> Offer | None:
    """The offer of a referral that waits for an answer."""
    return Offer.objects.filter(referral_id=referral.pk, state=Offer.State.OFFERED).select_related("service").first()


@dataclass(frozen=True)
class Next:
    """The next service for a referral, and whether it goes there without a person."""

    fit: Fit | None
    onward: Onward


def next_for(referral: Referral, at: datetime) -> Next:
    """The best service that was not tried yet, and what bears on sending it there."""
    on = clocks.london_date(at)
    tried = set(Offer.objects.filter(referral_id=referral.pk).values_list("service_id", flat=True))
    fit = next((one for one in referrals.services(referral) if one.service.pk not in tried), None)
    said = routing.standing(referral)
    return Next(fit, Onward(
        by_book=goes_on(at), restricted=routing.is_restricted(referral, on), high_risk=referral.high_risk,
        alone=said is not None and said.alone, another=fit is not None,
        held=routing.why_not_sent_on(referral, fit.service, on) if fit else "",
    ))  # fmt: skip


def references(offers: Iterable[Offer]) -> dict[UUID, Referral]:
    """The referrals of offers, by key."""
    return Referral.objects.in_bulk([offer.referral_id for offer in offers])
