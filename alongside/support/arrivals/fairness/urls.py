"""Addresses of the fairness report."""

from django.urls import path

from alongside.support.arrivals.fairness import views

app_name = "fairness"
urlpatterns = [
    path("", views.report, name="report"),
    path("download/", views.download, name="download"),
]
