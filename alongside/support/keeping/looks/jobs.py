"""Jobs of looks: every night, what is unlike the work; and what is past its time."""

from datetime import timedelta

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.clocks import london_date
from alongside.core.jobs import job
from alongside.foundation.office.rulebook import queries as rulebook
from alongside.support.keeping.looks import actions

YEAR = timedelta(days=366)


@job("looks.detect", cron="41 2 * * *", lock="looks.detect")
def detect() -> None:
    """Looks through the last seven days. Safe to run again: what was found before is not found twice."""
    now = timezone.now()
    actions.detect(by=SYSTEM_ACTOR, at=now)
    keep = rulebook.rule("retention", "audit", london_date(now)).number("keep")
    actions.forget(by=SYSTEM_ACTOR, at=now, before=london_date(now) - max(1, keep) * YEAR)
