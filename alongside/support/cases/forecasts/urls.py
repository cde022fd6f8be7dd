"""Addresses of forecasts. None holds an identity."""

from django.urls import path

from alongside.support.cases.forecasts import views

app_name = "forecasts"
urlpatterns = [
    path("area/", views.waits, name="waits"),
    path("lists/<uuid:pk>/how-long/", views.show, name="show"),
    path("lists/<uuid:pk>/how-long/ask/", views.ask, name="ask"),
    path("how-long/<uuid:pk>/", views.trial, name="tried"),
]
