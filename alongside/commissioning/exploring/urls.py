"""Addresses of exploring, for the office and for a provider's own figures alike."""

from django.urls import path

from alongside.commissioning.exploring import views

app_name = "exploring"
urlpatterns = [
    path("", views.explore, name="explore"),
    path("chart.svg", views.chart, name="chart"),
    path("export/", views.export, name="export"),
    path("keep/", views.keep, name="keep"),
    path("views/", views.saved, name="saved"),
    path("views/<uuid:pk>/rename/", views.rename, name="rename"),
    path("views/<uuid:pk>/delete/", views.delete, name="delete"),
    path("views/<uuid:pk>/restore/", views.restore, name="restore"),
]
