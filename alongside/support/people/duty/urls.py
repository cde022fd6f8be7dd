"""Addresses of the rota."""

from django.urls import path

from alongside.support.people.duty import views

app_name = "duty"
urlpatterns = [
    path("", views.rota, name="rota"),
    path("week/", views.set_week, name="set_week"),
    path("day/", views.set_day, name="set_day"),
    path("absence/", views.set_absence, name="set_absence"),
    path("absence/<uuid:pk>/end/", views.end_absence, name="end_absence"),
    path("<uuid:pk>/clear/", views.clear_day, name="clear_day"),
]
