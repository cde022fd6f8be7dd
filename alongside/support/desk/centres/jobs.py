"""Background work of centres: the source of a referral from a poster, and forgetting reports past their time."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.desk.centres import actions
from alongside.support.desk.centres.models import Report


@job("centres.name_source")
def name_source(*, event: str, subject: str) -> None:
    """Safe to run again: a source that is named stays so."""
    report = Report.objects.select_related("centre").filter(pk=subject).first()
    if report is not None and report.support:
        actions.name_source(report, by=SYSTEM_ACTOR, at=timezone.now())


@job("centres.forget_old", cron="35 3 * * *", lock="centres.forget_old")
def forget_old() -> None:
    """Every night: warns of what is erased before long, then erases what is over."""
    actions.warn_of_old(by=SYSTEM_ACTOR, at=timezone.now())
    actions.forget_old(by=SYSTEM_ACTOR, at=timezone.now())
