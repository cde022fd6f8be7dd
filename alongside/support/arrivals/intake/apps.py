"""The intake application."""

from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "alongside.support.arrivals.intake"
    label = "intake"
