"""Addresses of calls, under those of referrals."""

from django.urls import path

from alongside.support.desk.calls import views

app_name = "calls"
urlpatterns = [
    path("<uuid:pk>/call/", views.begin, name="begin"),
    path("<uuid:pk>/call/outcome/", views.outcome, name="outcome"),
    path("<uuid:pk>/call/step/<slug:step>/", views.call, name="call"),
    path("call/attempts/<uuid:pk>/undo/", views.undo, name="undo"),
]
