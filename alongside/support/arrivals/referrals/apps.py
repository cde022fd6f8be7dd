"""The referrals application."""

from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "alongside.support.arrivals.referrals"
    label = "referrals"
