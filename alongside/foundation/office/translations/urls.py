"""Addresses of translations."""

from django.urls import path

from alongside.foundation.office.translations import views

app_name = "translations"
urlpatterns = [
    path("", views.languages, name="languages"),
    path("<slug:language>/", views.sentences, name="sentences"),
    path("<slug:language>/download/", views.download, name="download"),
    path("<slug:language>/<slug:key>/", views.translate, name="translate"),
]
