"""Addresses of oversight."""

from django.urls import path

from alongside.commissioning.oversight import views

app_name = "oversight"
urlpatterns = [
    path("centres/", views.centres, name="centres"),
    path("centres/<str:asked>/", views.centres, name="centres"),
    path("centres/<str:asked>/export/", views.export, name="export"),
]
