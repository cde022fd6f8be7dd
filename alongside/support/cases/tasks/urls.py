"""Addresses of tasks."""

from django.urls import path

from alongside.support.cases.tasks import views

app_name = "tasks"
urlpatterns = [
    path("tasks/<uuid:pk>/", views.show, name="show"),
    path("tasks/<uuid:pk>/drop/", views.drop, name="drop"),
]
