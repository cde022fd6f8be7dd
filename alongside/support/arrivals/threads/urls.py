"""Addresses of questions and answers, for the hub and for referrers."""

from django.urls import path

from alongside.support.arrivals.threads import views

app_name = "threads"
urlpatterns = [
    path("referrals/questions/", views.waiting, name="waiting"),
    path("referrals/<uuid:pk>/questions/", views.ask, name="ask"),
    path("referrals/<uuid:pk>/questions/read/", views.read, name="read"),
    path("referrals/<uuid:pk>/questions/close/", views.close, name="close"),
    path("referrals/documents/<uuid:pk>/", views.document, name="document"),
    path("refer/yours/<uuid:pk>/", views.answer, name="answer"),
    path("refer/yours/<uuid:pk>/read/", views.seen, name="seen"),
]
