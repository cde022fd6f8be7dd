"""The mending application."""

from django.apps import AppConfig


class MendingConfig(AppConfig):
    name = "alongside.support.arrivals.mending"
    label = "mending"
