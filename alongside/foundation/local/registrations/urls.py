"""Addresses of registrations: two for anyone, in neutral words that may stay in a history; the rest for staff."""

from django.urls import path

from alongside.foundation.local.registrations import views

app_name = "registrations"
urlpatterns = [
    path("information/groups/", views.register, name="register"),
    path("information/groups/noted/", views.registered, name="registered"),
    path("groups/registered/", views.registrations, name="registrations"),
    path("groups/registered/<uuid:pk>/", views.check, name="check"),
    path("groups/registered/<uuid:pk>/accept/", views.accept, name="accept"),
    path("groups/registered/<uuid:pk>/decline/", views.decline, name="decline"),
    path("groups/registered/<uuid:pk>/merge/<uuid:group>/", views.merge, name="merge"),
]
