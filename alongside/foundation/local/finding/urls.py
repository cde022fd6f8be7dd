"""Addresses of finding: one for anyone, in neutral words that may stay in a history; the rest for staff."""

from django.urls import path

from alongside.foundation.local.finding import views

app_name = "finding"
urlpatterns = [
    path("information/", views.find, name="find"),
    path("information/places/", views.places, name="places"),
    path("rulebook/searches/", views.missed, name="missed"),
    path("rulebook/searches/<uuid:pk>/learn/", views.learn, name="learn"),
    path("rulebook/searches/<uuid:pk>/set-aside/", views.set_aside, name="set_aside"),
]
