"""Addresses of the rota."""

from django.urls import path

from alongside.support.duty import views

app_name = "duty"
urlpatterns = [
    path("", views.rota, name="rota"),
    path("week/", views.set_week, name="set_week"),
    path("day/", views.set_day, name="set_day"),
    path("<uuid:pk>/clear/", views.clear_day, name="clear_day"),
]
