"""Reads of incoming: whose area it is, and what was taken down on a page already."""

from uuid import UUID

from alongside.foundation.office.organisations.models import Organisation
from alongside.support.arrivals.incoming.models import TakenDown
from alongside.support.arrivals.intake import queries as intake


def other_hub(council: str, own: int) -> Organisation | None:
    """The hub of a council, where it is another than one's own."""
    found = intake.hub_of(council) if council else None
    return found if found is not None and found.pk != own else None


def before(token: UUID) -> TakenDown | None:
    """What was taken down on the page with this token."""
    return TakenDown.objects.select_related("referral").filter(token=token).first()
