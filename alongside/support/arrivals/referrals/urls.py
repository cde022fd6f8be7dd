"""Addresses of the triage of one referral."""

from django.urls import path

from alongside.support.arrivals.referrals import views

app_name = "referrals"
urlpatterns = [
    path("<uuid:pk>/", views.show, name="show"),
    path("<uuid:pk>/reveal/", views.reveal, name="reveal"),
    path("<uuid:pk>/take/", views.take, name="take"),
    path("<uuid:pk>/take-over/", views.take_over, name="take_over"),
    path("<uuid:pk>/record-attempt/", views.record_attempt, name="record_attempt"),
    path("<uuid:pk>/plan-attempt/", views.plan_attempt, name="plan_attempt"),
    path("<uuid:pk>/take-up-again/", views.take_up_again, name="take_up_again"),
    path("<uuid:pk>/close/", views.close, name="close"),
    path("<uuid:pk>/additions/<uuid:addition>/deal-with/", views.deal_with, name="deal_with"),
    path("attempts/<uuid:pk>/strike-out/", views.strike_out, name="strike_out"),
    path("offers/<uuid:pk>/call-back/", views.call_back, name="call_back"),
]
