"""The changes application."""

from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "alongside.support.arrivals.changes"
    label = "changes"
