"""Addresses of changes."""

from django.urls import path

from alongside.support.arrivals.changes import views

app_name = "changes"
urlpatterns = [
    path("", views.changes, name="changes"),
    path("<uuid:pk>/", views.decide, name="decide"),
]
