"""Addresses of deliveries: the office's pages, and apart from them the API."""

from django.urls import URLPattern, path

from alongside.support.deliveries.api import DECLARED, api, openapi

app_name = "deliveries"
urlpatterns: list[URLPattern] = []


def _declared(pattern: URLPattern) -> URLPattern:
    """The API's address with the access that its view declares: the middleware reads it there."""
    assert pattern.name is not None
    pattern.callback.declared, pattern.callback.methods = DECLARED[pattern.name]  # type: ignore[attr-defined]
    return pattern


api_urls = (
    [*(_declared(one) for one in api.urls[0] if isinstance(one, URLPattern) and one.name in DECLARED),
     path("openapi.json", openapi, name="openapi")],
    "api",
)  # fmt: skip
