"""Every night: a snapshot of the day before, and an end to keys whose time is over."""

from datetime import datetime, time

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import LONDON, london_date
from alongside.core.jobs import job
from alongside.facts.collect import actions
from alongside.facts.collect.models import Snapshot


@job("collect.write_snapshot", cron="30 2 * * *", lock="collect.write_snapshot")
def write_snapshot() -> None:
    """The end of yesterday in London; once, however often it runs. First what an earlier night left unfinished goes."""
    at = timezone.now()
    actions.clear_away(by=SYSTEM_ACTOR, at=at)
    midnight = datetime.combine(london_date(at), time.min, tzinfo=LONDON)
    if not Snapshot.objects.filter(as_at=midnight).exists():
        actions.write_snapshot(by=SYSTEM_ACTOR, at=at, as_at=midnight)


@job("collect.expire", cron="15 3 * * *", lock="collect.expire")
def expire() -> None:
    at = timezone.now()
    actions.expire(by=SYSTEM_ACTOR, at=at, on=london_date(at))
