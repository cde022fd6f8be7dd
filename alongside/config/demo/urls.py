"""Addresses of the demonstration. Included only where the demonstration or the tests run."""

from django.urls import path

from alongside.config.demo import views

app_name = "demo"
urlpatterns = [
    path("", views.personas, name="personas"),
    path("<slug:key>/", views.become, name="become"),
]
