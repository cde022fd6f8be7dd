"""Addresses of stalled offers."""

from django.urls import path

from alongside.support.arrivals.stalled import views

app_name = "stalled"
urlpatterns = [path("stalled/", views.stalled, name="stalled")]
