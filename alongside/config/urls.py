"""Every address of the product. Undeclared views are refused by the access middleware."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from alongside.core.pages import errors, gallery

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("alongside.config.home.urls")),
    path("sign-in/", include("alongside.config.sign_in")),
    path("referrals/", include("alongside.support.referrals.urls")),
    path("jobs/", include("alongside.config.operations.urls")),
]
if settings.DEMO or settings.TESTING:
    urlpatterns += [
        path("components/", gallery.components, name="components"),
        path("demo/", include("alongside.config.demo.urls")),
    ]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
