"""Error pages: drawn without request, session, database or script, so that they say the same to everyone."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string

STATUSES = (400, 403, 404, 405, 413, 429, 500, 503)


def page(status: int, *, retry_after: int | None = None, name: str | None = None) -> HttpResponse:
    """The page of a status, with the number to call; `retry_after` in seconds tells machines when to come back."""
    words = render_to_string(f"core/errors/{name or status}.html", {"help_phone": settings.HELP_PHONE})
    response = HttpResponse(words, status=status)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def _handler(request: HttpRequest, exception: Exception | None = None, *, status: int) -> HttpResponse:
    return page(status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """What could not be read, or was too big to be."""
    return page(413 if isinstance(exception, RequestDataTooBig) else 400)


permission_denied = partial(_handler, status=403)
page_not_found = partial(_handler, status=404)
server_error = partial(_handler, status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form that waited too long or came from elsewhere."""
    return page(403, name="expired")


class Worded:
    """Gives words to Django's blank answer for an address that takes forms alone: somebody may reload it by hand."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 405 and isinstance(response, HttpResponse) and not response.content:
            response.content = page(405).content
        return response
