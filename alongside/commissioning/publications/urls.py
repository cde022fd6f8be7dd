"""Addresses of what was published."""

from django.urls import path

from alongside.commissioning.publications import views

app_name = "publications"
urlpatterns = [
    path("published/", views.publications, name="publications"),
    path("published/<uuid:pk>/", views.publication, name="publication"),
]
