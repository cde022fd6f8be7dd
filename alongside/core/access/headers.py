"""The outside of every request: what may come in at all, and the headers that go out with every page."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from alongside.core.pages import errors

METHODS = ("GET", "HEAD", "POST", "OPTIONS")

HEADERS = {
    "Cache-Control": "no-store",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}


class Headers:
    """Sets what a view did not set itself: nothing kept, nothing shared, nothing asked of the device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response


class Bounds:
    """Refuses a method that nothing here answers, and a body too big for its address before any of it is read."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in METHODS:
            return errors.page(405)
        if _length(request) > settings.BODIES_WITH_FILES.get(request.path, settings.BODY_MAX_BYTES):
            return errors.page(413)
        return self.get_response(request)


def _length(request: HttpRequest) -> int:
    """What the request says of its body; Django reads no more than that."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isascii() and said.isdigit() else 0
