"""Addresses of clocks."""

from django.urls import path

from alongside.support.arrivals.clocks import views

app_name = "clocks"
urlpatterns = [
    path("<uuid:pk>/pause/", views.pause, name="pause"),
    path("pauses/<uuid:pk>/resume/", views.resume, name="resume"),
]
