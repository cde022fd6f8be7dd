"""Error pages: drawn without request, session, database or script, so that they say the same to everyone."""

import json
from collections.abc import Callable
from functools import partial
from http import HTTPStatus

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve


class ErrorPage(HttpResponse):
    """An error's page, and not an answer of a view's own with such a status."""


STATUSES = (400, 403, 404, 405, 413, 429, 500, 503)


def page(status: int, *, retry_after: int | None = None, name: str | None = None) -> HttpResponse:
    """The page of a status, with the number to call; `retry_after` in seconds tells machines when to come back."""
    words = render_to_string(f"core/errors/{name or status}.html", {"help_phone": settings.HELP_PHONE})
    response = ErrorPage(words, status=status)
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


WORDS = {
    400: "This request cannot be read.", 403: "This may not be done with this token.",
    404: "There is nothing at this address for this token.", 405: "This address does not take this method.",
    413: "The request is too large. Send fewer referrals at a time.", 500: "Something went wrong here. Send it again.",
    503: "We cannot answer at the moment. Send it again.",
}  # fmt: skip
PROBLEM = "application/problem+json"  # RFC 9457


def problem(status: int, code: str, words: str = "", *, retry_after: int | None = None, **more: object) -> HttpResponse:
    """Why another system's request was refused, for its log and its developer. Holds nothing of what was sent."""
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code,
            "detail": words or WORDS.get(status, HTTPStatus(status).phrase), **more}  # fmt: skip
    response = HttpResponse(json.dumps(body), status=status, content_type=PROBLEM)
    if retry_after is not None:
        response["Retry-After"] = str(retry_after)
    return response


def no_token(request: HttpRequest) -> HttpResponse:
    """RFC 6750: says nothing of why a token is not taken, beyond that none was brought."""
    brought = request.headers.get("Authorization", "")
    words = "The token is not valid here, or its time is over. Ask for a new one." if brought else "Bring a token."
    response = problem(401, "invalid_token" if brought else "no_token", words)
    response["WWW-Authenticate"] = 'Bearer realm="alongside"' + (', error="invalid_token"' if brought else "")
    return response


class ForSystems:
    """Answers another system in JSON wherever a person would be shown an error's page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not request.path.startswith(settings.API_ROOT):
            return response
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and "Allow" not in response.headers:
            response["Allow"] = _allowed(request.path)
        if response.status_code >= 400 and "json" not in response.get("Content-Type", ""):
            worded = problem(response.status_code, HTTPStatus(response.status_code).name.lower())
            for name in set(response.headers) & {"Allow", "Retry-After", "WWW-Authenticate"}:
                worded[name] = response[name]
            return worded
        return response


def _allowed(path: str) -> str:
    """The methods of an address, as its view says them."""
    try:
        return str(getattr(resolve(path).func, "methods", "GET"))
    except Resolver404:
        return "GET"


def _plain(path: str) -> bool:
    """Whether an address is of a page that may be opened by force, in whichever language."""
    return path.startswith(settings.PLAIN_ROOT) or f"/{path[1:].partition('/')[2]}".startswith(settings.PLAIN_ROOT)


class Plain:
    """Gives a page that may be opened by force an error's page that says as little as it does: the usual one tells how
    to call for help where nobody may hear it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if isinstance(response, ErrorPage) and _plain(request.path):
            response.content = render_to_string("core/errors/plain.html", {"first": settings.PLAIN_ROOT}).encode()
            response.headers.pop("Content-Length", None)
        return response


class Worded:
    """Gives words to Django's blank answer for an address that takes forms alone: somebody may reload it by hand."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if response.status_code == 405 and isinstance(response, HttpResponse) and not response.content:
            response.content = page(405).content
            response.headers.pop("Content-Length", None)  # 0 was noted already, and browsers would believe it
        return response
