"""Addresses of the day and of the team."""

from django.urls import path

from alongside.support.cases.day import views

app_name = "day"
urlpatterns = [
    path("day/", views.mine, name="mine"),
    path("day/steps/<uuid:pk>/finish/", views.finish_step, name="finish_step"),
    path("team/", views.team, name="team"),
    path("team/allocate/", views.allocate, name="allocate"),
    path("team/away/", views.note_absence, name="note_absence"),
    path("team/away/<uuid:pk>/cover/", views.cover_all, name="cover_all"),
    path("team/away/<uuid:pk>/come-back/", views.come_back, name="come_back"),
]
