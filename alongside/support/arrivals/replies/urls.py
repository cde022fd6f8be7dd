"""Addresses of replies: the officer's, which anybody may ask for, and the hub's."""

from django.urls import path

from alongside.support.arrivals.replies import views

app_name = "replies"
urlpatterns = [
    path("answer/", views.open_, name="open"),
    path("answer/read/", views.read, name="read"),
    path("answer/<slug:secret>/", views.arrive, name="arrive"),
    path("replies/<uuid:pk>/", views.preview, name="preview"),
    path("replies/referrals/<uuid:pk>/", views.tell, name="tell"),
]
