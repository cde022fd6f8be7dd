"""Background work of risk: managers are told that something waits, and not what."""

from django.utils import timezone

from alongside.core.access.actor import SYSTEM_ACTOR
from alongside.core.jobs import job
from alongside.support.cases.risk import actions
from alongside.support.cases.risk.models import Alert


@job("risk.tell")
def tell(*, event: str, subject: str) -> None:
    """After `risk.rose`."""
    for alert in Alert.objects.filter(pk=subject).select_related("case"):
        actions.tell(alert, by=SYSTEM_ACTOR, at=timezone.now())
