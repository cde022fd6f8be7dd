"""Addresses of matching. None holds an identity."""

from django.urls import path

from alongside.support.people.matching import views

app_name = "matching"
urlpatterns = [
    path("", views.pairs, name="pairs"),
    path("<uuid:pk>/", views.likely, name="likely"),
    path("<uuid:pk>/with/<uuid:other>/", views.pair, name="pair"),
    path("<uuid:pk>/with/<uuid:other>/judge/", views.judge, name="judge"),
]
