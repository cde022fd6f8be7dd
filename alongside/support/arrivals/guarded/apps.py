"""The guarded application."""

from django.apps import AppConfig


class GuardedConfig(AppConfig):
    name = "alongside.support.arrivals.guarded"
    label = "guarded"
