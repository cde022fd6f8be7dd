"""Addresses of gaps."""

from django.urls import path

from alongside.support.cases.blanks import views

app_name = "blanks"
urlpatterns = [
    path("missing/", views.mine, name="mine"),
    path("missing/next/", views.go_on, name="go_on"),
    path("missing/<uuid:pk>/<str:code>/", views.fill, name="fill"),
    path("missing/<uuid:pk>/<str:code>/set-aside/", views.set_aside, name="set_aside"),
    path("team/missing/", views.team, name="team"),
    path("team/missing/download/", views.download, name="download"),
]
