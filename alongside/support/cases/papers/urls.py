"""Addresses of documents passed on, for the hub and for providers."""

from django.urls import path

from alongside.support.cases.papers import views

app_name = "papers"
urlpatterns = [
    path("referrals/documents/<uuid:pk>/pass-on/", views.pass_on, name="pass_on"),
    path("referrals/documents/passed-on/<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("casework/documents/<uuid:pk>/", views.document, name="document"),
]
