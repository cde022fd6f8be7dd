"""Error pages: drawn without request, session, database or script, so that they say the same to everyone."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

STATUSES = (400, 403, 404, 413, 429, 500, 503)


def page(status: int, *, retry_after: int | None = None, name: str | None = None) -> HttpResponse:
    """The page of a status, with the number to call; `retry_after` in seconds tells machines when to come back."""
    words = render_to_string(f"core/errors/{name or status}.html", {"help_phone": settings.HELP_PHONE})
    response = HttpResponse(words, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _handler(request: HttpRequest, exception: Exception | None = None, *, status: int) -> HttpResponse:
    return page(status)


bad_request = partial(_handler, status=400)
permission_denied = partial(_handler, status=403)
page_not_found = partial(_handler, status=404)
server_error = partial(_handler, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that waited too long or came from elsewhere."""
    return page(403, name="expired")
