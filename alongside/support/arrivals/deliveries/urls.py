"""Addresses of deliveries: the office's pages, and apart from them the API."""

from django.urls import URLPattern, path

from alongside.support.arrivals.deliveries import views
from alongside.support.arrivals.deliveries.api import DECLARED, api, openapi

app_name = "deliveries"
urlpatterns: list[URLPattern] = [
    path("ways/", views.ways, name="ways"),
    path("ways/connect/", views.open_connection, name="open_connection"),
    path("ways/connections/<uuid:pk>/", views.connection, name="connection"),
    path("ways/connections/<uuid:pk>/renew-secret/", views.renew_secret, name="renew_secret"),
    path("ways/connections/<uuid:pk>/allow/", views.allow, name="allow"),
    path("ways/connections/<uuid:pk>/look-into-tries/", views.look_into_tries, name="look_into_tries"),
    path("ways/connections/<uuid:pk>/close/", views.close_connection, name="close_connection"),
    path("ways/folders/open/<slug:source>/", views.open_folder, name="open_folder"),
    path("ways/folders/<uuid:pk>/close/", views.close_folder, name="close_folder"),
    path("refusals/<uuid:pk>/note/", views.note_refusal, name="note_refusal"),
    path("guide/", views.guide, name="guide"),
]


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
