"""People who asked to be called: some today, some on another day, and one whose call was missed."""

from datetime import datetime, timedelta

from alongside.config.demo.world.cast import Cast
from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.foundation.messages.models import ContactPoint
from alongside.support.callbacks import actions
from alongside.support.callbacks.models import CallBack
from alongside.support.callbacks.rules import Asked
from alongside.support.referrals.models import Referral

WANTED = (
    Asked(), Asked(hours="13:00-15:00"), Asked(hours="09:00-11:00", never=(0, 4)), Asked(hours="15:00-17:00"), Asked(),
)  # fmt: skip
MINUTE = timedelta(minutes=1)


def ask_for_calls(cast: Cast, *, until: datetime) -> None:
    """The newest who asked for themselves and whom nobody has tried yet; one of them asked days ago."""
    if CallBack.objects.filter(hub_id=cast.hub.pk).exists():
        return
    safe = ContactPoint.objects.filter(kind="phone", safe="yes", retired_at=None).values("person_id")
    new = Referral.objects.filter(hub_id=cast.hub.pk, source="self", state="RECEIVED", victim__in=safe)
    for number, (referral, wanted) in enumerate(zip(new.order_by("-received_at", "id"), WANTED, strict=False)):
        asked_at = until - timedelta(days=4) if number == 1 else until - MINUTE
        actions.schedule(referral, wanted, by=SYSTEM_ACTOR, at=until, asked_at=max(asked_at, referral.received_at))
    for call in CallBack.objects.filter(hub_id=cast.hub.pk, ends_at__lte=until):
        actions.miss(call, by=SYSTEM_ACTOR, at=until)
