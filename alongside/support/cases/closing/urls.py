"""Addresses of closing."""

from django.urls import path

from alongside.support.cases.closing import views

app_name = "closing"
urlpatterns = [
    path("casework/cases/<uuid:pk>/close/", views.close, name="close"),
    path("casework/cases/<uuid:pk>/carry-on/", views.carry_on, name="carry_on"),
]
