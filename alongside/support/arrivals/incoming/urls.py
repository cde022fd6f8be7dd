"""Addresses of incoming."""

from django.urls import path

from alongside.support.arrivals.incoming import views

app_name = "incoming"
urlpatterns = [
    path("new/", views.take_down, name="take_down"),
    path("new/not-agreed/", views.not_agreed, name="not_agreed"),
]
