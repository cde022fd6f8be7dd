"""Addresses of case-file checks."""

from django.urls import path

from alongside.support.cases.checks import views

app_name = "checks"
urlpatterns = [
    path("checks/", views.show, name="show"),
    path("checks/download/", views.download, name="download"),
]
