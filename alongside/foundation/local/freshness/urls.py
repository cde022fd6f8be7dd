"""Addresses of freshness: two for anyone, in neutral words that may stay in a history; the rest for staff."""

from django.urls import path

from alongside.foundation.local.freshness import views

app_name = "freshness"
urlpatterns = [
    path("information/list/<uuid:pk>/note/", views.flag, name="flag"),
    path("information/list/noted/", views.flagged, name="flagged"),
    path("services/check/", views.check, name="check"),
    path("services/fresh/", views.report, name="report"),
    path("services/flags/", views.flags, name="flags"),
    path("services/flags/<uuid:pk>/", views.answer, name="answer"),
    path("services/<uuid:pk>/keeper/", views.keep, name="keep"),
]
