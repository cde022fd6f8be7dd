"""Addresses of retention."""

from django.urls import path

from alongside.support.keeping.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.held, name="held"),
    path("<uuid:pk>/", views.holds, name="holds"),
    path("<uuid:pk>/hold/", views.hold, name="hold"),
    path("holds/<uuid:pk>/end/", views.end_hold, name="end_hold"),
]
