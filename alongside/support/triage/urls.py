"""Addresses of the hub's queue."""

from django.urls import path

from alongside.core.pages import searches
from alongside.foundation.accounts.permissions import Permission as P
from alongside.support.referrals.rules import tidy_reference
from alongside.support.triage import views

app_name = "triage"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("search/", searches.leads_to(P.REFERRAL_QUEUE, "triage:queue", plain=tidy_reference), name="search"),
]
