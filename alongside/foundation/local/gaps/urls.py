"""Addresses of gaps, for staff."""

from django.urls import path

from alongside.foundation.local.gaps import views

app_name = "gaps"
urlpatterns = [
    path("", views.gaps, name="gaps"),
    path("overlaps/", views.overlaps, name="overlaps"),
    path("reach/", views.reach, name="reach"),
    path("changes/", views.changes, name="changes"),
    path("gaps.csv", views.download, name="download"),
]
