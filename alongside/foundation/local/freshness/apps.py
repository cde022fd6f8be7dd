"""The app of freshness."""

from django.apps import AppConfig


class FreshnessConfig(AppConfig):
    name = "alongside.foundation.local.freshness"
    label = "freshness"
