"""Addresses of operations."""

from django.urls import path

from alongside.config.operations import views

app_name = "operations"
urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("erasures/", views.erasures, name="erasures"),
    path("<int:number>/try-again/", views.try_again, name="try_again"),
]
