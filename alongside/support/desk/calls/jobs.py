"""Background work of calls: forgetting what was recorded last."""

from django.utils import timezone

from alongside.core.jobs import job
from alongside.support.desk.calls import actions


@job("calls.forget", cron="41 3 * * *", lock="calls.forget")
def forget() -> None:
    """Every night: what can no longer be taken back is not remembered as somebody's last."""
    actions.forget(at=timezone.now())
