"""Addresses of kinds, under those of referrals."""

from django.urls import path

from alongside.support.desk.kinds import views

app_name = "kinds"
urlpatterns = [
    path("<uuid:pk>/part/", views.describe, name="describe"),
    path("<uuid:pk>/part/relative/", views.add_relative, name="add_relative"),
]
