"""Addresses of reconciliation."""

from django.urls import path

from alongside.support.arrivals.reconciliation import views

app_name = "reconciliation"
urlpatterns = [
    path("", views.days, name="days"),
    path("reconciliation.csv", views.download, name="download"),
    path("alarms/<uuid:pk>/", views.acknowledge, name="acknowledge"),
    path("<slug:source>/<str:on>/", views.day, name="day"),
    path("<slug:source>/<str:on>/<slug:what>/", views.rows, name="rows"),
]
