"""Addresses of looks."""

from django.urls import path

from alongside.support.keeping.looks import views

app_name = "looks"
urlpatterns = [
    path("", views.findings, name="findings"),
    path("<uuid:pk>/", views.finding, name="finding"),
]
