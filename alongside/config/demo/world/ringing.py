"""People who asked to be called: some today, some on another day, and one whose call was missed."""

import os
from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.support.arrivals.callbacks import actions
from alongside.support.arrivals.callbacks.models import CallBack
from alongside.support.arrivals.callbacks.rules import Asked
from alongside.support.arrivals.intake import actions as intake
from alongside.support.arrivals.intake import queries, rules
from alongside.support.arrivals.referrals import actions as referrals
from alongside.support.arrivals.referrals.actions import Arrival
from alongside.support.arrivals.referrals.models import Referral
from alongside.support.arrivals.referrals.rules import Point
from alongside.support.people.victims.actions import Identity

WANTED = (
    Asked(), Asked(hours="13:00-15:00"), Asked(hours="09:00-11:00", never=(0, 4)), Asked(hours="15:00-17:00"), Asked(),
)  # fmt: skip
NAMES = ("Callista Sampleford", "Ringo Testerley", "Belle Mockridge", "Telly Exampleton", "Dialia Fictionby")
MINUTE = timedelta(minutes=1)


def ask_for_calls(cast: Cast, *, until: datetime) -> None:
    """People of today who asked for a call, and one who asked days ago and was missed."""
    if CallBack.objects.filter(hub_id=cast.hub.pk).exists():
        return
    for number, (name, wanted) in enumerate(zip(NAMES, WANTED, strict=True)):
        asked_at = until - timedelta(days=4) if number == 1 else until - MINUTE
        referral = _referral(name, cast, number, at=asked_at)
        actions.schedule(referral, wanted, by=SYSTEM_ACTOR, at=until, asked_at=asked_at)
    for call in CallBack.objects.filter(hub_id=cast.hub.pk, ends_at__lte=until):
        actions.miss(call, by=SYSTEM_ACTOR, at=until)


def _referral(name: str, cast: Cast, number: int, *, at: datetime) -> Referral:
    """Somebody who asked for no more than a call. The four words that they could come back with are nobody's."""
    given, family = name.split()
    referral = referrals.receive(
        Arrival(
            hub_id=cast.hub.pk, source="self", identity=Identity(given_name=given, family_name=family),
            crime_type="other", reported=False, consent="yes", notes="Asked for a call, and for no more than that.",
            points=(Point("phone", f"07700 900{420 + number}", "yes", verified_how="typed"),),
        ),
        by=SYSTEM_ACTOR, at=at,
    )  # fmt: skip
    intake.give_ticket(referral, rules.new_phrase(os.urandom(16), queries.words()), at=at)
    return referral
