"""Addresses of the directory: two for anyone, in neutral words that may stay in a history; the rest for staff."""

from django.urls import path

from alongside.foundation.local.directory import views

app_name = "directory"
urlpatterns = [
    path("information/list/", views.browse, name="browse"),
    path("information/list/<uuid:pk>/", views.read, name="read"),
    path("services/", views.services, name="services"),
    path("services/listed/", views.listed, name="listed"),
    path("services/<uuid:pk>/", views.show, name="show"),
    path("services/<uuid:pk>/capacity/", views.capacity, name="capacity"),
    path("services/<uuid:pk>/confirm/", views.confirm, name="confirm"),
    path("services/<uuid:pk>/open/", views.open, name="open"),
    path("services/<uuid:pk>/close/", views.close, name="close"),
    path("services/<uuid:pk>/adopt/", views.adopt, name="adopt"),
    path("services/<uuid:pk>/signpost/", views.signpost, name="signpost"),
    path("services/<uuid:pk>/release/", views.release, name="release"),
]
