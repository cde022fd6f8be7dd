"""Tells a browser whose session was ended for a newer one why it must sign in again."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from alongside.foundation.accounts import queries

ENDED = "ended_elsewhere"
REDIRECT = 302


class SayWhyEnded:
    """Only an answer that sends somebody unknown to sign in, with a session's cookie, is looked into."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        if response.status_code == REDIRECT and request.session.is_empty() and queries.ended_elsewhere(key):
            request.session[ENDED] = True
        return response
