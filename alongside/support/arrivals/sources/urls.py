"""Addresses of sources."""

from django.urls import path

from alongside.support.arrivals.sources import views

app_name = "sources"
urlpatterns = [
    path("", views.sources, name="sources"),
    path("set-up/", views.set_up, name="set_up"),
    path("versions/<uuid:pk>/", views.version, name="version"),
    path("versions/<uuid:pk>/reschedule/", views.reschedule, name="reschedule"),
    path("<uuid:pk>/columns/", views.columns, name="columns"),
    path("<uuid:pk>/codes/", views.codes, name="codes"),
    path("<uuid:pk>/try-out/", views.try_out, name="try_out"),
    path("<uuid:pk>/keep/", views.keep, name="keep"),
    path("<uuid:pk>/throw-away/", views.throw_away, name="throw_away"),
]
