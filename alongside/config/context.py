"""What every page is given: who acts, what they may open, the office's name."""

from django.conf import settings
from django.http import HttpRequest

from alongside.core.access.declare import actor_of


def page(request: HttpRequest) -> dict[str, object]:
    """Context of every page."""
    return {
        "actor": actor_of(request),
        "office_name": settings.OFFICE_NAME,
        "help_phone": settings.HELP_PHONE,
        "demo": settings.DEMO,
    }
