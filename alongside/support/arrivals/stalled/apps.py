"""The application of stalled offers."""

from django.apps import AppConfig


class StalledConfig(AppConfig):
    name = "alongside.support.arrivals.stalled"
    label = "stalled"
