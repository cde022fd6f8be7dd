"""The hub's routing rules: a list that is in force, what it said of the latest referrals, and one that is to come."""

from dataclasses import replace
from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core import clocks
from alongside.core.access.actor import SYSTEM_ACTOR, Actor
from alongside.support.arrivals.referrals import actions as offers
from alongside.support.arrivals.referrals import queries as referrals
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.routing import actions, queries
from alongside.support.arrivals.routing.rules import AT_ONCE, HIGH, KEEP, NATIONAL, SUGGEST, Rule, Then, When
from alongside.support.arrivals.stalled.models import Step

IN_FORCE, WAITED = timedelta(days=28), timedelta(days=6)


def lay_out(cast: Cast, *, at: datetime) -> None:
    """A list from four weeks ago, followed since; and its successor, in force from the day after tomorrow."""
    if queries.versions(cast.hub.pk):
        return
    manager = replace(SYSTEM_ACTOR, user_id=cast.officers[0], organisation_id=cast.hub.pk)
    since = at - IN_FORCE
    listed = _rules(cast)
    _live(
        cast.hub.pk, listed[:-1], manager, since, since, "Specialists first; families bereaved to the national service"
    )
    came = Referral.objects.filter(hub_id=cast.hub.pk, received_at__gte=since).exclude(state="CLOSED")
    actions.decide(list(came.order_by("pk").values_list("pk", flat=True)), by=SYSTEM_ACTOR, at=at)
    soon = datetime.combine(clocks.london_date(at) + timedelta(days=2), datetime.min.time(), tzinfo=clocks.LONDON)
    _live(cast.hub.pk, listed, manager, at, soon, "Burglary of people over 65 goes to the service for them")
    let_wait(cast, at=at)


def let_wait(cast: Cast, *, at: datetime) -> None:
    """Some offers that nobody has answered for days: one was asked again, one is for the manager."""
    officer = replace(SYSTEM_ACTOR, user_id=cast.officers[0], organisation_id=cast.hub.pk)
    sent = clocks.due(at - WAITED, 0)
    waiting = Referral.objects.filter(hub_id=cast.hub.pk, state="IN_TRIAGE", received_at__lt=sent)
    steps = (("chase", "escalate"), ("chase",), ())
    for referral, taken in zip(
        waiting.exclude(worker=None).order_by("-received_at", "pk")[: len(steps)], steps, strict=False
    ):
        fits = referrals.services(referral)
        if not fits or referrals.stopped(referral):
            continue
        offer = offers.offer(referral, by=officer, at=sent, service=fits[0].service, reasons=fits[0].reasons)
        for hours, code in enumerate(taken, 1):
            Step.objects.create(offer=offer, hub_id=cast.hub.pk, referral_id=referral.pk, code=code, does=code,
                                taken_at=at - timedelta(hours=8 // hours))  # fmt: skip


def _live(hub: int, listed: list[Rule], by: Actor, at: datetime, since: datetime, reason: str) -> None:
    draft = actions.begin(hub, by=by, at=at)
    draft.rules = [rule.as_json() for rule in listed]
    draft.save(update_fields=["rules"])
    actions.make_live(draft, by=by, at=at, since=since, reason=reason, seen=draft.stamp)


def _rules(cast: Cast) -> list[Rule]:
    keys = {kind.code: str(service.pk) for kind, service in cast.services}

    def to(service: str, does: str = SUGGEST, *, tell: bool = False) -> Then:
        return Then(does, service=keys[service], tell=tell)

    younger, older = ("under_13", "13_to_17"), ("65_to_74", "75_and_over")
    named = {
        "Named people alone": (When(markers=("honour_based",)), to("hearth-womens-centre", tell=True), ""),
        "Families bereaved": (When(crime_types=("homicide_bereaved",)), Then(NATIONAL, route="homicide_service"), ""),
        "High-risk domestic abuse": (
            When(crime_types=("domestic_abuse",), risk=(HIGH,), ages=("18_to_24", "25_to_34", "35_to_44", "45_to_54")),
            to("lantern-advocates", AT_ONCE, tell=True), "The advocates are commissioned for adults",
        ),
        "Under 18": (
            When(crime_types=("child_sexual_abuse", "child_abuse", "violence", "robbery"), ages=younger),
            to("beacon-young-people"), "",
        ),
        "Businesses": (When(crime_types=("business_crime",), victims=("business",)), to("counterpoint-business"), ""),
        "Not told whether reported": (When(reported=("not_known",)), Then(KEEP, tell=True), ""),
        "Burglary of over 65s": (
            When(crime_types=("burglary",), ages=older), to("evergreen-over-55s"),
            "The service is for people over 55, to whom burglary does more harm",
        ),
    }  # fmt: skip
    return [
        Rule(id=actions.fresh_id(), name=name, when=when, then=then, because=because)
        for name, (when, then, because) in named.items()
    ]
